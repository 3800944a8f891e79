"""Every query about messages to be said."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Row,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    select,
    tuple_,
    update,
)

from bot.kit.crypto import Keyring, WrongKey
from bot.kit.database import Transaction, insert_new, insert_or_replace, keyring_of
from bot.outbox.model import Claimed, OutboxId, OutboxState, Packed, Priority
from bot.outbox.tables import chat_standing, contents, is_dead, is_queued, outbox

_TAMPERED = "cannot be opened"
_NOBODY = 0  # no messenger gives this number to a chat
_earlier = outbox.alias("earlier")
# Written out: in RETURNING the names of columns lose their table, and "chat_id = chat_id" is true.
_standing = chat_standing.c.chat_id == literal_column("outbox.chat_id")
_unreachable = select(chat_standing.c.unreachable).where(_standing).scalar_subquery()
_moved_to = select(chat_standing.c.moved_to).where(_standing).scalar_subquery()


def _is_head() -> ColumnElement[bool]:
    has_earlier = exists().where(
        is_queued(_earlier),
        _earlier.c.chat_id == outbox.c.chat_id,
        tuple_(_earlier.c.priority, _earlier.c.id) < tuple_(outbox.c.priority, outbox.c.id),
    )
    return is_queued(outbox) & ~has_earlier


# Built once: to build one of these takes as long as to execute it.
_ADD_NEW = insert_new(outbox)
_PROMOTE = (
    update(outbox)
    .where(
        is_queued(outbox),
        outbox.c.chat_id.in_(bindparam("chats", expanding=True)),
        outbox.c.priority > Priority.ANSWER,
    )
    .values(priority=Priority.ANSWER)
)
_HEADS = (
    select(outbox.c.id)
    .where(
        _is_head(),
        outbox.c.run_at <= bindparam("now"),
        outbox.c.priority <= bindparam("lowest"),
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(bindparam("most"))
)
# Apart from the rest, so that a server looks for heads once; what another claims it leaves out.
_due = _HEADS.with_for_update(skip_locked=True).cte("due")
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(select(_due.c.id)))
    .values(
        run_at=bindparam("leased_until"),
        is_leased=True,
        has_spoken=False,
        attempts=outbox.c.attempts + 1,
    )
    .returning(
        outbox.c.id,
        outbox.c.dedupe_key,
        outbox.c.chat_id,
        outbox.c.method,
        outbox.c.params,
        outbox.c.priority,
        outbox.c.attempts,
        outbox.c.created_at,
        outbox.c.about,
        _unreachable.label("unreachable"),
        _moved_to.label("moved_to"),
    )
)
_NEXT_RUN_AT = select(func.min(outbox.c.run_at)).where(_is_head())
_MARK_SENT = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), is_queued(outbox))
    .values(
        state=OutboxState.SENT,
        params=None,
        chat_id=case((outbox.c.chat_id > 0, _NOBODY), else_=outbox.c.chat_id),
        done_at=bindparam("now"),
    )
)
_NOTE_SPOKEN = (
    update(outbox)
    .where(
        is_queued(outbox),
        outbox.c.chat_id.in_(bindparam("chats", expanding=True)),
        outbox.c.is_leased.is_(True),
    )
    .values(has_spoken=True)
)
_NOTE_STANDING = insert_or_replace(chat_standing)
_FORGET_UNREACHABLE = delete(chat_standing).where(
    chat_standing.c.chat_id.in_(bindparam("chats", expanding=True)),
    chat_standing.c.moved_to.is_(None),
)


class OutboxRepository:
    """The rows of the outbox, as messages."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add_new(self, packed: Sequence[Packed], now: datetime) -> None:
        """Queue the messages that were not queued before, in the order given."""
        keyring = keyring_of(self._tx)
        rows = [
            {
                "dedupe_key": message.dedupe_key,
                "chat_id": message.chat_id,
                "method": message.method,
                "params": contents.seal(keyring, message.params, message.dedupe_key),
                "priority": message.priority,
                "about": message.about,
                "state": OutboxState.QUEUED,
                "attempts": 0,
                "run_at": now,
                "is_leased": False,
                "has_spoken": False,
                "created_at": now,
            }
            for message in packed
        ]
        await self._tx.execute(_ADD_NEW, rows)

    async def promote(self, chat_ids: Collection[int]) -> None:
        """Let the notices of these chats go at the pace of the answers now behind them."""
        await self._tx.execute(_PROMOTE, {"chats": list(chat_ids)})

    async def claim(
        self, now: datetime, leased_until: datetime, limit: int, *, lowest: Priority
    ) -> list[Claimed]:
        """Take the first waiting message of each chat for the length of a lease.

        One that was tampered with is given up, and holds up no other.
        """
        taken = await self._tx.execute(
            _CLAIM,
            {"now": now, "lowest": lowest, "most": limit, "leased_until": leased_until},
        )
        keyring = keyring_of(self._tx)
        claimed, unreadable = [], {}
        for row in taken:
            try:
                claimed.append(_claimed(row, keyring))
            except WrongKey:
                unreadable[OutboxId(row.id)] = _TAMPERED
        if unreadable:
            await self.bury(unreadable, now)
        return sorted(claimed, key=lambda message: (message.priority, message.id))

    async def next_run_at(self) -> datetime | None:
        """Say when the next message may be claimed, if any waits."""
        moment: datetime | None = await self._tx.scalar(_NEXT_RUN_AT)
        return moment

    async def mark_sent(self, ids: Collection[OutboxId], now: datetime) -> None:
        """Mark messages as sent, and blank what they said and to whom.

        An answer stands beside what its update told a desk: it must not name an anonymous author.
        """
        await self._tx.execute(_MARK_SENT, {"ids": list(ids), "now": now})

    async def bury(self, reasons: Mapping[OutboxId, str], now: datetime) -> None:
        """End messages that will not be said, each with its reason, and blank them."""
        await self._tx.execute(
            update(outbox)
            .where(outbox.c.id == bindparam("message"), is_queued(outbox))
            .values(state=OutboxState.DEAD, params=None, done_at=now, reason=bindparam("why")),
            [{"message": id_, "why": reason} for id_, reason in reasons.items()],
        )

    async def postpone(self, moments: Mapping[OutboxId, datetime]) -> None:
        """Let messages wait until their moments."""
        await self._tx.execute(
            update(outbox)
            .where(outbox.c.id == bindparam("message"), is_queued(outbox))
            .values(run_at=bindparam("moment"), is_leased=False),
            [{"message": id_, "moment": moment} for id_, moment in moments.items()],
        )

    async def end_leases(self, now: datetime) -> None:
        """Take back what a sender that is no more had claimed."""
        await self._tx.execute(
            update(outbox)
            .where(is_queued(outbox), outbox.c.is_leased.is_(True))
            .values(run_at=now, is_leased=False)
        )

    async def readdress(self, old_chat_id: int, new_chat_id: int) -> None:
        """Send everything that waits for a chat to the place it has moved to."""
        await self._tx.execute(
            update(outbox)
            .where(is_queued(outbox), outbox.c.chat_id == old_chat_id)
            .values(chat_id=new_chat_id)
        )

    async def note_standing(
        self,
        chat_id: int,
        now: datetime,
        *,
        unreachable: str | None = None,
        moved_to: int | None = None,
    ) -> None:
        """Remember of a chat that it cannot be reached, or where it went."""
        await self._tx.execute(
            _NOTE_STANDING,
            {
                "chat_id": chat_id,
                "unreachable": unreachable,
                "moved_to": moved_to,
                "noted_at": now,
            },
        )

    async def forget_unreachable(self, chat_ids: Collection[int]) -> None:
        """Forget that these chats could not be reached; what is on its way may still say so."""
        await self._tx.execute(_FORGET_UNREACHABLE, {"chats": list(chat_ids)})
        await self._tx.execute(_NOTE_SPOKEN, {"chats": list(chat_ids)})

    async def chats_back(self, ids: Collection[OutboxId], chat_ids: Collection[int]) -> set[int]:
        """Say which chats were heard from while these messages were on their way, or had them.

        It is no longer known whose a message was that was sent before: then it may be any of them.
        """
        query = select(outbox.c.chat_id).where(
            outbox.c.id.in_(ids), ~is_queued(outbox) | outbox.c.has_spoken.is_(True)
        )
        back = set(await self._tx.scalars(query))
        return set(chat_ids) if _NOBODY in back else back

    async def count_dead(self) -> int:
        """Count the messages that ended unsaid and are still remembered."""
        query = select(func.count()).where(is_dead(outbox))
        return await self._tx.scalar(query) or 0

    async def waiting(self) -> tuple[int, datetime | None]:
        """Count the messages that wait, and say when the oldest of them was queued."""
        query = select(func.count(), func.min(outbox.c.created_at)).where(is_queued(outbox))
        count, since = (await self._tx.execute(query)).one()
        return count, since

    async def forget_chat(self, chat_id: int) -> None:
        """Delete what waits for a chat, and every row whose key or number names it."""
        is_its = (outbox.c.chat_id == chat_id) | outbox.c.dedupe_key.like(f"{chat_id}:%")
        await self._tx.execute(delete(outbox).where(is_its))
        await self._tx.execute(delete(chat_standing).where(chat_standing.c.chat_id == chat_id))

    async def drop_about(self, about: Collection[str]) -> None:
        """Delete what waits to be said about something."""
        await self._tx.execute(delete(outbox).where(is_queued(outbox), outbox.c.about.in_(about)))

    async def forget_unreachable_before(self, before: datetime) -> int:
        """Forget which chats could not be reached long ago, and count them."""
        is_old = chat_standing.c.unreachable.is_not(None) & (chat_standing.c.noted_at < before)
        return (await self._tx.execute(delete(chat_standing).where(is_old))).rowcount

    async def purge(self, done_before: datetime) -> int:
        """Forget the messages that ended before this moment."""
        purged = await self._tx.execute(delete(outbox).where(outbox.c.done_at < done_before))
        return purged.rowcount


def _claimed(row: Row[Any], keyring: Keyring) -> Claimed:
    return Claimed(
        id=OutboxId(row.id),
        chat_id=row.chat_id,
        method=row.method,
        params=orjson.loads(contents.open_bytes(keyring, row.params, row.dedupe_key)),
        priority=Priority(row.priority),
        attempts=row.attempts,
        created_at=row.created_at,
        unreachable=row.unreachable,
        moved_to=row.moved_to,
        about=row.about,
    )
