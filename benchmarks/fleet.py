"""What one bot more takes in a process that serves several: `python -m benchmarks.fleet`.

Each bot is at a simulator of its own in this process, says its first page and answers a question.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.path import known_questions
from bot.simulator import Simulator

ROOT = Path(__file__).parents[1]
_START_SECONDS = 60.0
_SETTLED_SECONDS = 6.0
_LEARNT_SECONDS = 45.0


async def megabytes(count: int, folder: Path, *, with_meanings: bool) -> float:
    """Start so many bots, ask each something, and say what the process holds then."""
    simulators = [Simulator(token=f"{number + 1}1:bench") for number in range(count)]
    files: list[str] = []
    async with AsyncExitStack() as stack:
        for number, simulator in enumerate(simulators):
            address = await stack.enter_async_context(simulator.serve())
            files += ["--bot", str(_settings(folder, number, simulator.token, address))]
        surroundings = {
            "MIZBAN_SEMANTIC": str(with_meanings).lower(),
            "MIZBAN_HEALTH_PORT": "0",
            "MIZBAN_CACHE_DIR": str(folder / "cache"),
            "PYTHONPATH": str(ROOT),
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", *files),
            cwd=folder,
            env=os.environ | surroundings,
            stderr=asyncio.subprocess.DEVNULL,
        )
        for simulator in simulators:
            for said, text in enumerate(("/start", known_questions()[0]), start=1):
                simulator.say("sara", text)
                await simulator.until(
                    lambda said=said, simulator=simulator: (
                        len(simulator.journal.of("sendMessage")) >= said
                    ),
                    _START_SECONDS,
                )
        await asyncio.sleep(_LEARNT_SECONDS if with_meanings else _SETTLED_SECONDS)
        held = _resident(process.pid)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    return held


def _settings(folder: Path, number: int, token: str, address: str) -> Path:
    file = folder / f"bot{number}.env"
    file.write_text(
        f"MIZBAN_BOT_TOKEN={token}\nMIZBAN_API_BASE_URL={address}/bot\n"
        f"MIZBAN_DATABASE_URL=sqlite+aiosqlite:///{folder}/bot{number}.sqlite3\n"
        f"MIZBAN_KEYRING_FILE={folder}/bot{number}.keyring.json\n"
    )
    file.chmod(0o600)
    return file


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


async def main() -> None:
    """Print megabytes for one bot, two and three."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet", description=__doc__)
    parser.add_argument("--most", type=int, default=3, help="the bots in the last run")
    parser.add_argument("--meanings", action="store_true", help="with the semantic signal")
    asked = parser.parse_args()
    before = 0.0
    for count in range(1, asked.most + 1):
        with tempfile.TemporaryDirectory() as folder:
            held = await megabytes(count, Path(folder), with_meanings=asked.meanings)
        more = f", {held - before:.1f} more" if before else ""
        print(f"{count} bots: {held:.1f} MB{more}", flush=True)
        before = held


if __name__ == "__main__":
    asyncio.run(main())
