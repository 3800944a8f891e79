"""The whole program, as an operator starts it: a person asks in the simulator and is answered."""

import asyncio
import os
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
START_SECONDS = 60
END_SECONDS = 8  # a silent platform is waited for 25 seconds by itself
PHONE = "09121234567"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(directory: Path, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start `python -m bot run` in an empty directory, without a token."""
    names = {f"MIZBAN_{name.upper()}" for name in Settings.model_fields}
    surroundings = {name: value for name, value in os.environ.items() if name not in names}
    chosen = {"MIZBAN_SIMULATOR_PORT": "0", "MIZBAN_SEMANTIC": "false", **settings}
    with (directory / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=directory,
            env={**surroundings, **chosen, "PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def page_address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(START_SECONDS):
        line = (await process.stdout.readline()).decode()
    found = re.fullmatch(r"Chat page: (http://127\.0\.0\.1:[0-9]+)/\n", line)
    assert found, line
    return found[1]


class Person:
    """Sara, at the chat page of the simulator."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.id = 0
        self.heard: tuple[int, int] = (0, 0)  # the last message, and when it was edited

    async def get(self, deed: str, **wishes: Any) -> Any:
        async with self._session.get(f"/sim/{deed}", params=wishes) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def do(self, deed: str, **wishes: Any) -> dict[str, Any]:
        """Do something, and wait for what the bot says to it."""
        body = {"person": "sara", **wishes}
        async with self._session.post(f"/sim/{deed}", json=body) as response:
            assert response.status == 200, await response.text()
        async with asyncio.timeout(START_SECONDS):
            while True:
                messages = await self.get("messages", chat=self.id)
                said = [message for message in messages if message["is_from_bot"]]
                last = said[-1] if said else {"message_id": 0}
                heard = (last["message_id"], last.get("edit_date") or 0)
                if heard > self.heard:  # a page may also take the place of one that is deleted
                    self.heard = heard
                    return dict(last)
                await asyncio.sleep(0.05)

    async def press(self, message: dict[str, Any], data: str) -> dict[str, Any]:
        return await self.do("press", message_id=message["message_id"], data=data)


def buttons(message: dict[str, Any]) -> list[str]:
    rows = message["keyboard"]["inline_keyboard"]
    return [button["callback_data"] for row in rows for button in row]


async def ask_around(session: aiohttp.ClientSession, *, edits_pages: bool) -> None:
    sara = Person(session)
    people = (await sara.get("state"))["people"]
    sara.id = next(person["id"] for person in people if person["key"] == "sara")

    welcome = await sara.do("say", text="/start")
    assert "خوش آمدید" in welcome["text"]
    office = await sara.press(welcome, "o:kanoon")
    assert (office["message_id"] == welcome["message_id"]) is edits_pages
    assert "s:kanoon:virtual-workshops" in buttons(office)

    answer = await sara.do("say", text="اگر کارگاه به حد نصاب نرسد هزینه‌ام برمی‌گردد؟")
    assert "KN-16" in answer["text"]
    assert "<b>" not in answer["text"], "the messenger read the markup"
    missed = next(data for data in buttons(answer) if data.startswith("x:"))
    assert buttons(await sara.press(answer, missed))
    refused = await sara.do("say", text=f"شماره من {PHONE} است")
    assert "شماره" in refused["text"]


@pytest.mark.parametrize("platform", ["telegram", "bale"])
async def test_the_program_answers_in_its_own_messenger_and_ends_in_order(
    tmp_path: Path, platform: str
) -> None:
    health_port = free_port()
    async with running(
        tmp_path, MIZBAN_PLATFORM=platform, MIZBAN_HEALTH_PORT=str(health_port)
    ) as process:
        address = await page_address(process)
        async with aiohttp.ClientSession(address) as session:
            async with session.get("/") as page:
                assert 'dir="rtl"' in await page.text()
            await ask_around(session, edits_pages=platform == "telegram")
            async with session.get(f"http://127.0.0.1:{health_port}/health") as health:
                assert health.status == 200, await health.text()
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(START_SECONDS):
            assert await process.wait() == 0
        assert time.monotonic() - begun < END_SECONDS
    look_behind(tmp_path)


@pytest.mark.parametrize("platform", ["telegram", "bale"])
async def test_the_whole_program_works_with_updates_that_are_posted(
    tmp_path: Path, platform: str
) -> None:
    port, health_port = free_port(), free_port()
    secret = "q7Xb2LkP0vRt9ZsW4mNc8YdE1uHg5JfA"
    async with running(
        tmp_path,
        MIZBAN_PLATFORM=platform,
        MIZBAN_HEALTH_PORT=str(health_port),
        MIZBAN_WEBHOOK_URL=f"http://127.0.0.1:{port}/mizban",
        MIZBAN_WEBHOOK_SECRET=secret,
        MIZBAN_WEBHOOK_PORT=str(port),
    ) as process:
        address = await page_address(process)
        async with aiohttp.ClientSession(address) as session:
            await ask_around(session, edits_pages=platform == "telegram")
            async with session.get(f"http://127.0.0.1:{health_port}/health") as health:
                assert health.status == 200, await health.text()
            async with session.get("/sim/journal") as journal:
                called = {call["method"] for call in (await journal.json())["calls"]}
        assert "setWebhook" in called
        assert "getUpdates" not in called
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(START_SECONDS):
            assert await process.wait() == 0
        assert time.monotonic() - begun < END_SECONDS
    look_behind(tmp_path)
    assert secret not in (tmp_path / "log").read_text()


def look_behind(directory: Path) -> None:
    """Check what the program left on the disk."""
    log = (directory / "log").read_text()
    assert "Traceback" not in log
    assert "demo-token" not in log
    assert (directory / "var" / "demo.sqlite3").stat().st_mode & 0o777 == 0o600
    left = b"".join(file.read_bytes() for file in directory.rglob("*") if file.is_file())
    assert "حد نصاب".encode() in left, "questions are kept, and this search finds them"
    assert PHONE.encode() not in left


async def test_told_to_stop_while_the_platform_is_silent_it_ends_in_order(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.setblocking(False)  # noqa: FBT003 - the standard library's signature
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/bot"
        settings = {"MIZBAN_BOT_TOKEN": "123:abc", "MIZBAN_API_BASE_URL": address}
        async with running(tmp_path, **settings, MIZBAN_HEALTH_PORT="0") as process:
            async with asyncio.timeout(START_SECONDS):
                asking, _ = await asyncio.get_running_loop().sock_accept(silent)
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(START_SECONDS):
                assert await process.wait() == 0
            asking.close()
        assert time.monotonic() - begun < END_SECONDS
