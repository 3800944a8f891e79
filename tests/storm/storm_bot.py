"""A bot whose only effect is a row that must come exactly once, for storms to kill.

`effect` refuses a second row for an update; `effect_log` would show one that was refused.
"""

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, event, insert

from bot.kit.database import Database, Transaction
from bot.kit.database_file import held
from bot.kit.errors import DeskError
from bot.kit.logs import set_up
from bot.kit.migrating import migrate
from bot.messenger.contract import Desk, Outcome
from bot.messenger.messenger import Messenger, stop_on_signals
from bot.messenger.platforms import TELEGRAM
from bot.messenger.transport import CALL_SECONDS, BotApi
from bot.messenger.wire import Wire
from bot.outbox.model import OutgoingMessage
from tests.keys_support import KEYS

tables = MetaData()
effect = Table("effect", tables, Column("op_key", String, primary_key=True))
effect_log = Table(
    "effect_log",
    tables,
    Column("id", Integer, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("op_key", String, nullable=False),
)


async def answer(tx: Transaction, update: dict[str, Any], _now: datetime) -> Outcome:
    """Leave the effect of an update and say that it is there."""
    message = update["message"]
    chat_id, text = message["chat"]["id"], message["text"]
    await tx.execute(insert(effect_log), {"chat_id": chat_id, "op_key": text})
    if text.startswith("poison"):
        raise ZeroDivisionError
    await tx.execute(insert(effect), {"op_key": text})
    return Outcome([OutgoingMessage(chat_id, "sendMessage", {"text": f"echo {text}"})])


async def refuse(
    _tx: Transaction, _update: dict[str, Any], error: DeskError, _now: datetime
) -> Outcome:
    """Never happens here."""
    raise error


class Mortality:
    """Kills this very process at its n-th statement, commit or side of a call, if told to."""

    def __init__(self, left: int) -> None:
        self.left = left

    def burn(self, *_args: object) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalApi(BotApi):
    """Dies on either side of a call."""

    mortality: Mortality

    async def call(
        self, method: str, params: dict[str, Any], *, timeout_seconds: float = CALL_SECONDS
    ) -> object:
        self.mortality.burn()
        result = await super().call(method, params, timeout_seconds=timeout_seconds)
        self.mortality.burn()
        return result


async def main(address: str, token: str, path: Path) -> None:
    """Run until killed, or told to stop."""
    set_up("WARNING")
    url = f"sqlite+aiosqlite:///{path}"
    with held(url):
        migrate(url)
        database = Database.open(url, keyring=KEYS)
        async with database.transaction() as tx:
            await tx.run_sync(tables.create_all)
        mortality = Mortality(int(os.environ.get("STORM_DIES_AT", "0")))
        event.listen(database._engine.sync_engine, "before_cursor_execute", mortality.burn)
        event.listen(database._engine.sync_engine, "commit", mortality.burn)
        stop = asyncio.Event()
        stop_on_signals(stop)
        async with Wire() as wire:
            api = MortalApi(TELEGRAM.at(address), token, wire)
            api.mortality = mortality
            await Messenger(database, api, Desk(answer, refuse)).run(stop)
        await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
