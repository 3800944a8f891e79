"""The bots that are measured, each in a process of its own on one core.

`python -m benchmarks.bots stock` is python-telegram-bot's echo as its documentation shows it;
`… fast` is the same on the desk's own wire and on uvloop, with 32 chats at a time; `… desk` is
`python -m bot run` told that its platform takes 100,000 messages a second.
"""

import asyncio
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.machine import BOT_CORE, ROOT
from bot.simulator import DEMO_TOKEN, Simulator

SHIPPED = ("-m", "bot", "run")
UNBRIDLED = ("-m", "benchmarks.bots", "desk")
STOCK = ("-m", "benchmarks.bots", "stock")
FAST = ("-m", "benchmarks.bots", "fast")
_START_SECONDS_MAX = 30.0
_STOP_SECONDS_MAX = 15.0
_FIRST_CHAT = 100_000
_AT_ONCE = 32


@dataclass
class Running:
    """A bot that has asked for its first updates."""

    process: Process
    lines: asyncio.Queue[str]

    async def says(self, words: str, timeout_seconds: float) -> None:
        """Wait until its log holds these words."""
        async with asyncio.timeout(timeout_seconds):
            while words not in await self.lines.get():
                pass

    def memory_megabytes(self) -> float:
        """Say how much memory it keeps resident."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def processor_seconds(self) -> float:
        """Say how long it has kept its core busy."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def environment(address: str, folder: Path, *, semantic: bool) -> dict[str, str]:
    """Set what the desk reads; nothing of the caller's own settings gets through.

    With the packages of development httpx would bring click and rich, 4 MB that no image has.
    """
    absent = folder / "absent"
    absent.mkdir(exist_ok=True)
    (absent / "click.py").write_text("raise ImportError\n", encoding="utf-8")
    inherited = {name: it for name, it in os.environ.items() if not name.startswith("MIZBAN_")}
    return inherited | {
        "PYTHONPATH": str(absent),
        "MIZBAN_BOT_TOKEN": DEMO_TOKEN,
        "MIZBAN_API_BASE_URL": f"{address}/bot",
        "MIZBAN_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/bench.sqlite3",
        "MIZBAN_KEYRING_FILE": f"{folder}/keyring.json",
        "MIZBAN_SEMANTIC": str(semantic).lower(),
        "MIZBAN_CACHE_DIR": str(ROOT / "var" / "cache"),
        "MIZBAN_HEALTH_PORT": "0",
    }


@asynccontextmanager
async def running(
    simulator: Simulator,
    command: tuple[str, ...],
    variables: Mapping[str, str],
    cores: str = str(BOT_CORE),
) -> AsyncIterator[Running]:
    """Start a bot on its core and wait for its first getUpdates; end it by its own id."""
    process = await asyncio.create_subprocess_exec(
        "/usr/bin/env", "taskset", "-c", cores, sys.executable, *command,
        env=variables, cwd=ROOT, stdout=DEVNULL, stderr=PIPE,
    )  # fmt: skip
    lines: asyncio.Queue[str] = asyncio.Queue()
    try:
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(_read(process, lines))
            counts = simulator.journal.counts
            await simulator.until(
                lambda: "getUpdates" in counts or process.returncode is not None,
                _START_SECONDS_MAX,
            )
            if process.returncode is not None:
                said = "".join(lines.get_nowait() for _ in range(lines.qsize()))
                message = f"the bot ended at its start:\n{said}"
                raise RuntimeError(message)
            yield Running(process, lines)
            reading.cancel()
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS_MAX)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _read(process: Process, lines: asyncio.Queue[str]) -> None:
    assert process.stderr is not None
    async for line in process.stderr:
        lines.put_nowait(line.decode(errors="replace"))


def peopled(chats: int) -> tuple[Simulator, list[int]]:
    """Make a messenger in which so many people have started the bot."""
    simulator = Simulator()
    people = list(range(_FIRST_CHAT, _FIRST_CHAT + chats))
    for person in people:
        simulator.add_person(f"p{person}", person, "P")
        simulator.world.chats[person].is_started = True
    return simulator, people


def _echo(*, is_fast: bool) -> None:
    from telegram import Update  # noqa: PLC0415 - each bot pays for its own imports alone
    from telegram.ext import (  # noqa: PLC0415 - as above
        ApplicationBuilder,
        ContextTypes,
        MessageHandler,
        filters,
    )

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        assert update.message.text is not None
        await update.message.reply_text(update.message.text)

    address = os.environ["MIZBAN_API_BASE_URL"]
    builder = ApplicationBuilder().token(DEMO_TOKEN).base_url(address)
    if is_fast:
        builder = _on_our_wire(builder)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


def _on_our_wire(builder: Any) -> Any:  # noqa: ANN401 - a builder has six parameters of type
    import uvloop  # noqa: PLC0415 - each bot pays for its own imports alone

    from bot.messenger.platforms import TELEGRAM  # noqa: PLC0415 - as above
    from bot.messenger.transport import AiohttpRequest  # noqa: PLC0415 - as above
    from bot.messenger.wire import Wire  # noqa: PLC0415 - as above

    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    wire = Wire()

    class Opening(AiohttpRequest):
        async def initialize(self) -> None:
            await wire.open()

        async def shutdown(self) -> None:
            await wire.close()

    request, asking = Opening(TELEGRAM, wire), Opening(TELEGRAM, wire)
    return builder.request(request).get_updates_request(asking).concurrent_updates(_AT_ONCE)


def _desk() -> int:
    from bot.__main__ import main  # noqa: PLC0415 - each bot pays for its own imports alone
    from bot.messenger import platforms  # noqa: PLC0415 - as above

    unbridled = replace(platforms.TELEGRAM, overall_per_second=100_000)
    platforms.PLATFORMS["telegram"] = unbridled
    return main(["run"])


if __name__ == "__main__":
    if sys.argv[1] in ("stock", "fast"):
        logging.disable(logging.CRITICAL)
        _echo(is_fast=sys.argv[1] == "fast")
    else:
        sys.exit(_desk())
