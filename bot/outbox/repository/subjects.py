"""Every query about what messages are about."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, tuple_, update

from bot.kit.database import Transaction, insert_or_replace
from bot.outbox.model import OutboxId, Said, Undelivered
from bot.outbox.tables import chat_standing, is_dead, outbox, said_about

_NOTE = insert_or_replace(said_about)


class SubjectRepository:
    """The rows that say what was about what, as values."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def note(self, said: Sequence[Said], now: datetime) -> None:
        """Remember what messages are about; a message that was changed is about the last thing."""
        await self._tx.execute(
            _NOTE,
            [
                {
                    "chat_id": one.chat_id,
                    "message_id": one.message_id,
                    "about": one.about,
                    "said_at": now,
                }
                for one in said
            ],
        )

    async def about(self, chat_id: int, message_id: int) -> str | None:
        """Say what a message is about, if that is known."""
        query = select(said_about.c.about).where(
            said_about.c.chat_id == chat_id, said_about.c.message_id == message_id
        )
        about: str | None = await self._tx.scalar(query)
        return about

    async def about_before_move(self, chat_id: int, message_id: int) -> str | None:
        """Say what a message is about that was said where this chat was before it moved."""
        query = (
            select(said_about.c.about)
            .join(chat_standing, chat_standing.c.chat_id == said_about.c.chat_id)
            .where(chat_standing.c.moved_to == chat_id, said_about.c.message_id == message_id)
            .limit(1)
        )
        about: str | None = await self._tx.scalar(query)
        return about

    async def forget(self, about: Collection[str]) -> None:
        """Forget which messages were about something that is itself forgotten."""
        await self._tx.execute(delete(said_about).where(said_about.c.about.in_(about)))

    async def forget_chat(self, chat_id: int) -> None:
        """Forget what was about what in a chat."""
        await self._tx.execute(delete(said_about).where(said_about.c.chat_id == chat_id))

    async def forget_before(self, before: datetime) -> int:
        """Forget what was said before a moment, and count it."""
        gone = await self._tx.execute(delete(said_about).where(said_about.c.said_at < before))
        return gone.rowcount

    async def said_before(self, about: str, before: datetime, limit: int) -> list[tuple[int, int]]:
        """List the messages about something that were said before a moment."""
        query = (
            select(said_about.c.chat_id, said_about.c.message_id)
            .where(said_about.c.about == about, said_about.c.said_at < before)
            .order_by(said_about.c.chat_id, said_about.c.message_id)
            .limit(limit)
        )
        return [(row.chat_id, row.message_id) for row in await self._tx.execute(query)]

    async def forget_messages(self, said: Sequence[tuple[int, int]]) -> None:
        """Forget what messages were about."""
        is_one = tuple_(said_about.c.chat_id, said_about.c.message_id).in_(said)
        await self._tx.execute(delete(said_about).where(is_one))

    async def undelivered(self, since: datetime, limit: int) -> list[Undelivered]:
        """List what was about something and was given up since then, the oldest first."""
        query = (
            select(
                outbox.c.id, outbox.c.chat_id, outbox.c.about, outbox.c.reason, outbox.c.done_at
            )
            .where(is_dead(outbox), outbox.c.about.is_not(None), outbox.c.done_at >= since)
            .order_by(outbox.c.id)
            .limit(limit)
        )
        return [
            Undelivered(OutboxId(row.id), row.chat_id, row.about, row.reason, row.done_at)
            for row in await self._tx.execute(query)
        ]

    async def forget_undelivered(self, ids: Collection[OutboxId]) -> None:
        """Let messages that were given up be about nothing any more."""
        await self._tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(about=None))
