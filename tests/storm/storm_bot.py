"""A bot whose only effect is a row that must come exactly once, for storms to kill.

`effect` refuses a second row for an update; `effect_log` would show one that was refused.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, event, insert

from bot.kit.database import Database, Transaction
from bot.kit.database_file import held
from bot.kit.errors import DeskError
from bot.kit.logs import set_up
from bot.kit.migrating import migrate
from bot.kit.replicas import replica_of
from bot.messenger import messenger as messengers
from bot.messenger.contract import Desk, Outcome
from bot.messenger.listener import Listener
from bot.messenger.messenger import Messenger, stop_on_signals
from bot.messenger.platforms import TELEGRAM
from bot.messenger.transport import CALL_SECONDS, BotApi
from bot.messenger.webhook import Posts, Webhook
from bot.messenger.webhook_address import address_of
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


class MortalWebhook(Webhook):
    """Dies after the n-th commit of what was posted, before the platform hears of it."""

    left = int(os.environ.get("STORM_DIES_BEFORE_200", "0"))

    async def take(self, body: bytes) -> None:
        await super().take(body)
        MortalWebhook.left -= 1
        if MortalWebhook.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


async def serve(messenger: Callable[[Posts | None], Messenger], api: BotApi) -> None:
    """Ask for updates, or have them posted at a port if one is named."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    port = int(os.environ.get("STORM_WEBHOOK_PORT", "0"))
    if not port:
        await messenger(None).run(stop)
        return
    listener = Listener()
    url = os.environ.get("STORM_WEBHOOK_URL", f"http://127.0.0.1:{port}/storm")
    door = listener.add(address_of(url, "q7Xb2LkP0vRt9ZsW4mNc8YdE1uHg5JfA", TELEGRAM, api.bot_id))
    async with asyncio.TaskGroup() as group:
        group.create_task(listener.run("127.0.0.1", port, stop))
        await messenger(Posts(listener, door)).run(stop)


async def replicate(address: str, token: str, url: str) -> None:
    """Run as one of several on a server that has been prepared."""
    set_up("WARNING")
    database = Database.open(url, keyring=KEYS)
    async with Wire() as wire:
        api = BotApi(TELEGRAM.at(address), token, wire)
        one, desk = replica_of(database, api.bot_id), Desk(answer, refuse)
        await serve(lambda posts: Messenger(database, api, desk, posts=posts, replica=one), api)
    await database.close()


async def main(address: str, token: str, place: str) -> None:
    """Run until killed, or told to stop."""
    if place.startswith("postgresql"):
        await replicate(address, token, place)
        return
    set_up("WARNING")
    messengers.Webhook = MortalWebhook  # type: ignore[misc]  # it is to die where no other can
    url = f"sqlite+aiosqlite:///{place}"
    with held(url):
        migrate(url)
        database = Database.open(url, keyring=KEYS)
        async with database.transaction() as tx:
            await tx.run_sync(tables.create_all)
        mortality = Mortality(int(os.environ.get("STORM_DIES_AT", "0")))
        event.listen(database._engine.sync_engine, "before_cursor_execute", mortality.burn)
        event.listen(database._engine.sync_engine, "commit", mortality.burn)
        async with Wire() as wire:
            api = MortalApi(TELEGRAM.at(address), token, wire)
            api.mortality = mortality
            desk = Desk(answer, refuse)
            await serve(lambda posts: Messenger(database, api, desk, posts=posts), api)
        await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3]))
