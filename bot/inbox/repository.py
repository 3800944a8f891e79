"""Every query about received updates."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)

from bot.inbox.model import Letter, LetterId, LetterState, Owner, Received
from bot.inbox.tables import inbox, installation, is_dead, is_new, payloads
from bot.kit.crypto import Keyring, WrongKey
from bot.kit.database import Transaction, insert_new, keyring_of
from bot.kit.repository import is_file

_log = logging.getLogger(__name__)
_NOTHING = b"{}"
_NOBODY = 0  # no messenger gives this number to a chat
_earlier = inbox.alias("earlier")


def _is_head() -> ColumnElement[bool]:
    has_earlier = exists().where(
        is_new(_earlier),
        _earlier.c.chat_key == inbox.c.chat_key,
        _earlier.c.update_id < inbox.c.update_id,
    )
    return is_new(inbox) & ~has_earlier


# Built once: to build one of these takes as long as to execute it.
_ADD_NEW = insert_new(inbox)
_HEADS: Select[Any] = (
    select(
        inbox.c.id,
        inbox.c.bot_id,
        inbox.c.update_id,
        inbox.c.chat_key,
        inbox.c.payload,
        inbox.c.attempts,
        inbox.c.received_at,
    )
    .where(_is_head(), inbox.c.run_at <= bindparam("now"))
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
)
_HEADS_OF = _HEADS.where(inbox.c.chat_key.in_(bindparam("chats", expanding=True)))
_CHATS = 0x43686174 << 32  # what no number of a chat reaches: locks of chats are told from others


def _taking(heads: Select[Any]) -> Select[Any]:
    """Lock those heads that nobody else works on, and their chats until the commit.

    Another letter may become the head of a chat whose head is locked: one with a lower number
    that arrives late, or was committed late. Only the lock of the chat keeps it waiting.
    """
    locked = heads.with_for_update(skip_locked=True).cte("locked")
    lock = func.pg_try_advisory_xact_lock(locked.c.chat_key.bitwise_xor(_CHATS))
    return select(locked, lock.label("is_ours")).order_by(locked.c.id)


_TAKE, _TAKE_OF = _taking(_HEADS), _taking(_HEADS_OF)
_NEXT_RUN_AT = select(func.min(inbox.c.run_at)).where(_is_head())
_MARK_DONE = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)), is_new(inbox))
    .values(state=LetterState.DONE, payload=None, chat_key=_NOBODY, done_at=bindparam("now"))
)


class InboxRepository:
    """The rows of the inbox, as letters."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def settle(self, owner: Owner, now: datetime) -> None:
        """Write down whose the database is, unless it is somebody's already."""
        row = {"id": 1, "settled_at": now, **asdict(owner)}
        await self._tx.execute(insert_new(installation), row)

    async def owner(self) -> Owner:
        """Say whose the database is."""
        columns = installation.c.platform, installation.c.bot_id
        row = (await self._tx.execute(select(*columns))).one()
        return Owner(row.platform, row.bot_id)

    async def add_new(self, updates: Sequence[Received], now: datetime) -> None:
        """Keep the updates that were not here yet, in the order given, in one statement."""
        keyring = keyring_of(self._tx)
        rows = [
            {
                "bot_id": received.bot_id,
                "update_id": received.update_id,
                "chat_key": received.chat_key,
                "payload": payloads.seal(
                    keyring, received.payload, received.bot_id, received.update_id
                ),
                "state": LetterState.NEW,
                "attempts": 0,
                "run_at": now,
                "received_at": now,
            }
            for received in updates
        ]
        await self._tx.execute(_ADD_NEW, rows)

    async def heads(
        self, now: datetime, limit: int, of: Collection[int] | None = None
    ) -> list[Letter]:
        """List the first unanswered letter of each chat whose time has come, oldest first."""
        query, bound = _HEADS, {"now": now, "most": limit}
        if of is not None:
            query, bound = _HEADS_OF, {**bound, "chats": list(of)}
        keyring = keyring_of(self._tx)
        return [_letter(keyring, row) for row in await self._tx.execute(query, bound)]

    async def take(
        self, now: datetime, limit: int, of: Collection[int] | None = None
    ) -> list[Letter]:
        """List the heads that nobody else works on, and keep them and their chats to the end."""
        if is_file(self._tx):
            return await self.heads(now, limit, of)
        query, bound = _TAKE, {"now": now, "most": limit}
        if of is not None:
            query, bound = _TAKE_OF, {**bound, "chats": list(of)}
        keyring = keyring_of(self._tx)
        taken = await self._tx.execute(query, bound)
        return [_letter(keyring, row) for row in taken if row.is_ours]

    async def waiting_of(self, chat_keys: Collection[int]) -> dict[int, int]:
        """Count the unanswered letters of some chats; a chat that has none is not named."""
        query = (
            select(inbox.c.chat_key, func.count())
            .where(is_new(inbox), inbox.c.chat_key.in_(chat_keys))
            .group_by(inbox.c.chat_key)
        )
        return {row[0]: row[1] for row in await self._tx.execute(query)}

    async def has_more_than(self, count: int) -> bool:
        """Look whether there is one behind so many unanswered letters."""
        query = select(inbox.c.id).where(is_new(inbox)).order_by(inbox.c.id)
        return await self._tx.scalar(query.offset(count).limit(1)) is not None

    async def next_run_at(self) -> datetime | None:
        """Say when the next letter may be worked on, if any waits."""
        moment: datetime | None = await self._tx.scalar(_NEXT_RUN_AT)
        return moment

    async def mark_done(self, ids: Sequence[LetterId], now: datetime) -> int:
        """Mark letters as done, and blank them and whose they were; say how many were still new.

        The moment of an anonymous case is the moment at which its author's letter was done.
        """
        done = await self._tx.execute(_MARK_DONE, {"ids": list(ids), "now": now})
        return done.rowcount

    async def postpone(
        self, letter: LetterId, attempts: int, run_at: datetime, error: str
    ) -> None:
        """Write down a failure and when to try again."""
        await self._tx.execute(
            update(inbox)
            .where(inbox.c.id == letter, is_new(inbox))
            .values(attempts=attempts, run_at=run_at, error=error)
        )

    async def bury(self, letter: LetterId, attempts: int, error: str, now: datetime) -> None:
        """Give a letter up; what was in it stays for whoever mends the defect."""
        await self._tx.execute(
            update(inbox)
            .where(inbox.c.id == letter, is_new(inbox))
            .values(state=LetterState.DEAD, attempts=attempts, error=error, done_at=now)
        )

    async def count_dead(self) -> int:
        """Count the letters that were given up."""
        query = select(func.count()).where(is_dead(inbox))
        return await self._tx.scalar(query) or 0

    async def count_new(self) -> int:
        """Count the letters that wait."""
        query = select(func.count()).where(is_new(inbox))
        return await self._tx.scalar(query) or 0

    async def oldest_new_at(self) -> datetime | None:
        """Say when the letter that waits longest was received."""
        query = select(inbox.c.received_at).where(is_new(inbox)).order_by(inbox.c.id).limit(1)
        moment: datetime | None = await self._tx.scalar(query)
        return moment

    async def forget_chat(self, chat_key: int) -> None:
        """Blank what could not be answered in a chat; what still waits there is answered."""
        await self._tx.execute(
            update(inbox)
            .where(is_dead(inbox), inbox.c.chat_key == chat_key)
            .values(payload=None, chat_key=_NOBODY)
        )

    async def forget_before(self, moment: datetime, *, is_dead: bool) -> int:
        """Forget letters done, or those given up, before a moment, and count them."""
        state = LetterState.DEAD if is_dead else LetterState.DONE
        is_old = (inbox.c.state == state) & (inbox.c.done_at < moment)
        return (await self._tx.execute(delete(inbox).where(is_old))).rowcount


def _letter(keyring: Keyring, row: Row[Any]) -> Letter:
    return Letter(
        LetterId(row.id),
        row.update_id,
        row.chat_key,
        _opened(keyring, row.payload, row.bot_id, row.update_id),
        row.attempts,
        row.received_at,
    )


def _opened(keyring: Keyring, payload: bytes, bot_id: int, update_id: int) -> bytes:
    """Open an update; one that was tampered with says nothing, and holds up no other chat."""
    try:
        return payloads.open_bytes(keyring, payload, bot_id, update_id)
    except WrongKey:
        _log.error("update %s cannot be opened: it is not what was put there", update_id)
        return _NOTHING
