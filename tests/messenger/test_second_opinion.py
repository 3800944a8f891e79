"""The same messenger against an emulator that others wrote, with their idea of a valid call."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from lo_bot_api_emulator import LoBotApiEmulator
from lo_bot_api_emulator.journal import verdict

from bot.kit.database import Database
from bot.messenger.contract import Desk
from bot.messenger.platforms import TELEGRAM
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from tests.messenger.support import EchoDesk, eventually, running

TOKEN = "123456:" + "a" * 35


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
async def emulator(journal: Path) -> AsyncIterator[tuple[LoBotApiEmulator, str]]:
    emulator = LoBotApiEmulator(journal=journal)
    runner = web.AppRunner(emulator.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield emulator, f"http://{host}:{port}/bot"
    await runner.cleanup()


async def test_an_update_is_answered_there_too(
    emulator: tuple[LoBotApiEmulator, str], database: Database, journal: Path
) -> None:
    others, address = emulator
    person = {"id": 7, "is_bot": False, "first_name": "S"}
    message = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 7, "type": "private"},
        "from": person,
        "text": "hello",
    }
    echo = EchoDesk()
    async with (
        Wire() as wire,
        running(
            database,
            BotApi(TELEGRAM.at(address), TOKEN, wire),
            Desk(echo.answer, echo.refuse),
        ),
    ):
        await others.enqueue_update({"message": message}, token=TOKEN)

        async def is_answered() -> bool:
            return any(line.get("method") == "sendMessage" for line in _lines(journal))

        await eventually(is_answered)
    assert echo.heard == ["hello"]
    opinion = verdict(journal, require_response=True, require_methods=["sendMessage"])
    assert opinion["ok"], opinion


def _lines(journal: Path) -> list[dict[str, object]]:
    return (
        [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else []
    )
