"""Every query about the choices that people were offered last."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from bot.kit.crypto import WrongKey
from bot.kit.database import Transaction, insert_or_replace, keyring_of
from bot.outbox.tables import choices, offered

# Built once: to build one of these takes as long as to execute it.
_NOTE = insert_or_replace(offered)
_OF_CHATS = select(offered.c.chat_id, offered.c.choices).where(
    offered.c.chat_id.in_(bindparam("chats", expanding=True))
)


class OfferRepository:
    """The rows of what was offered; what stands in them is read by who wrote it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def note(self, offers: Mapping[int, bytes], now: datetime) -> None:
        """Keep what these chats were offered, in place of what they were offered before."""
        keyring = keyring_of(self._tx)
        await self._tx.execute(
            _NOTE,
            [
                {
                    "chat_id": chat_id,
                    "choices": choices.seal(keyring, offer, chat_id),
                    "offered_at": now,
                }
                for chat_id, offer in sorted(offers.items())  # none wait in a ring
            ],
        )

    async def of_chats(self, chat_ids: Collection[int]) -> dict[int, bytes]:
        """Find what these chats were offered; what cannot be opened is nothing."""
        keyring = keyring_of(self._tx)
        found = {}
        for row in await self._tx.execute(_OF_CHATS, {"chats": list(chat_ids)}):
            try:
                found[row.chat_id] = choices.open_bytes(keyring, row.choices, row.chat_id)
            except WrongKey:
                continue
        return found

    async def forget_chat(self, chat_id: int) -> None:
        """Forget what a chat was offered."""
        await self._tx.execute(delete(offered).where(offered.c.chat_id == chat_id))

    async def forget_before(self, before: datetime) -> int:
        """Forget what was offered before a moment, and count it."""
        gone = await self._tx.execute(delete(offered).where(offered.c.offered_at < before))
        return gone.rowcount
