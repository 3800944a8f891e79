"""Every query about flows of several messages, and about what was done how often."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import bindparam, delete, select, update

from bot.citizens.model import CitizenId, Dialogue
from bot.citizens.repository.veiling import veiled
from bot.citizens.tables import dialogue, drafts, spent_limit
from bot.kit.crypto import WrongKey
from bot.kit.database import insert_new, insert_or_replace, keyring_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row

    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction

_log = logging.getLogger(__name__)
# Built once: the first is asked for every update.
_FIND_ALL = select(dialogue).where(dialogue.c.citizen_id.in_(bindparam("ids", expanding=True)))
_SAVE = insert_or_replace(dialogue)
_NEW_SPENT = insert_new(spent_limit)


class DialogueRepository:
    """Where people are in a flow: at most in one in a chat."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def of_all(self, citizen_ids: Collection[CitizenId]) -> list[Dialogue]:
        """List the flows that several people are in, in any chat."""
        keyring = keyring_of(self._tx)
        rows = await self._tx.execute(_FIND_ALL, {"ids": list(citizen_ids)})
        return [talk for row in rows if (talk := _dialogue(row, keyring)) is not None]

    async def save(self, talk: Dialogue) -> None:
        """Remember where a person is, in place of any other flow of theirs there."""
        row = {
            "citizen_id": talk.citizen_id,
            "chat_id": talk.chat_id,
            "name": talk.name,
            "step": talk.step,
            "draft": drafts.seal(
                keyring_of(self._tx), orjson.dumps(talk.draft), talk.citizen_id, talk.chat_id
            ),
            "token": talk.token,
            "expires_at": talk.expires_at,
        }
        await self._tx.execute(_SAVE, row)

    async def remove(self, talk: Dialogue) -> None:
        """Forget this run of a flow, and no later one."""
        await self._tx.execute(
            delete(dialogue).where(
                dialogue.c.citizen_id == talk.citizen_id,
                dialogue.c.chat_id == talk.chat_id,
                dialogue.c.token == talk.token,
            )
        )

    async def forget_expired(self, now: datetime) -> int:
        """Forget the flows that were left alone, and count them."""
        gone = await self._tx.execute(delete(dialogue).where(dialogue.c.expires_at <= now))
        return gone.rowcount


class LimitRepository:
    """How often somebody did something lately."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def spent(self, citizen_id: CitizenId, kind: str) -> dict[datetime, int]:
        """Count what was done, by the ends of the slots of time it was done in."""
        ids = (citizen_id, self._veiled(citizen_id))
        query = select(spent_limit.c.slot_ends_at, spent_limit.c.count.label("times")).where(
            spent_limit.c.citizen_id.in_(ids), spent_limit.c.kind == kind
        )
        found: Counter[datetime] = Counter()
        for row in await self._tx.execute(query):
            found[row.slot_ends_at] += row.times
        return found

    async def spend(
        self,
        citizen_id: int,
        kind: str,
        slot_ends_at: datetime,
        forget_at: datetime,
        times: int = 1,
    ) -> None:
        """Note that it was done once more in a slot, or several times."""
        row = {"citizen_id": citizen_id, "kind": kind, "slot_ends_at": slot_ends_at}
        added = await self._tx.execute(_NEW_SPENT, {**row, "count": times, "forget_at": forget_at})
        if added.rowcount == 0:
            is_it = [spent_limit.c[name] == value for name, value in row.items()]
            once_more = update(spent_limit).where(*is_it).values(count=spent_limit.c.count + times)
            await self._tx.execute(once_more)

    async def veil(self, citizen_id: CitizenId) -> None:
        """Put in a person's place a number that only the keys of the desk lead to.

        Whoever is forgotten and comes back finds their limits as they were: forgetting lifts none.
        """
        is_theirs = spent_limit.c.citizen_id == citizen_id
        columns = spent_limit.c
        query = select(
            columns.kind, columns.slot_ends_at, columns.forget_at, columns.count.label("times")
        )
        spent = (await self._tx.execute(query.where(is_theirs))).mappings().all()
        await self._tx.execute(delete(spent_limit).where(is_theirs))
        hidden = self._veiled(citizen_id)
        for row in spent:
            await self.spend(hidden, **row)

    def _veiled(self, citizen_id: CitizenId) -> int:
        return veiled(self._tx, citizen_id, column="spent_limit.citizen_id")

    async def forget_over(self, now: datetime) -> int:
        """Forget what no longer counts, and count it."""
        gone = await self._tx.execute(delete(spent_limit).where(spent_limit.c.forget_at <= now))
        return gone.rowcount


def _dialogue(row: Row[Any], keyring: Keyring) -> Dialogue | None:
    """Read a flow; whose draft was tampered with is in none, and may begin anew."""
    try:
        draft = drafts.open_bytes(keyring, row.draft, row.citizen_id, row.chat_id)
    except WrongKey:
        _log.error("the draft of a flow cannot be opened: it is not what was put there")
        return None
    return Dialogue(
        chat_id=row.chat_id,
        citizen_id=CitizenId(row.citizen_id),
        name=row.name,
        step=row.step,
        draft=orjson.loads(draft),
        token=row.token,
        expires_at=row.expires_at,
    )
