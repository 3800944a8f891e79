"""Every query about who may not write to an office, and about codes that name people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, select

from bot.citizens.model import Ban, CitizenId
from bot.citizens.repository.veiling import veiled
from bot.citizens.tables import ban, ban_reasons, person_code
from bot.kit.database import insert_new, insert_or_replace, keyring_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction

# Asked for before anything new is begun, and so built once: that takes longer than to run it.
_FIND: Final = (
    select(ban)
    .where(
        (ban.c.citizen_id == bindparam("citizen_id")) | (ban.c.citizen_id == bindparam("veiled")),
        ban.c.office_id == bindparam("office_id"),
        ban.c.until > bindparam("now"),
    )
    .order_by(ban.c.until.desc())
    .limit(1)
)
_COLUMN: Final = "ban.citizen_id"


class BanRepository:
    """Bans that go on, and the codes of people."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def save(self, one: Ban) -> None:
        """Ban a person, or change for how long and why."""
        whose, keyring = (one.citizen_id, one.office_id), keyring_of(self._tx)
        row = {
            "citizen_id": one.citizen_id,
            "office_id": one.office_id,
            "reason": ban_reasons.seal(keyring, one.reason, *whose),
            "banned_by": one.banned_by,
            "banned_at": one.banned_at,
            "until": one.until,
        }
        await self._tx.execute(insert_or_replace(ban), row)

    async def find(self, citizen_id: CitizenId, office_id: str, now: datetime) -> Ban | None:
        """Find the ban of a person by an office, if it goes on."""
        own, hidden = self._numbers(citizen_id)
        asked = {"citizen_id": own, "veiled": hidden, "office_id": office_id, "now": now}
        row = (await self._tx.execute(_FIND, asked)).one_or_none()
        return None if row is None else _ban(row, keyring_of(self._tx))

    async def of_office(self, office_id: str, now: datetime, *, limit: int) -> list[Ban]:
        """List the bans of an office that go on, the first to end first."""
        query = select(ban).where(ban.c.office_id == office_id, ban.c.until > now)
        rows = await self._tx.execute(query.order_by(ban.c.until, ban.c.citizen_id).limit(limit))
        return [_ban(row, keyring_of(self._tx)) for row in rows]

    async def of_citizen(self, citizen_id: CitizenId, now: datetime) -> list[Ban]:
        """List the bans of a person that go on."""
        numbers = self._numbers(citizen_id)
        query = select(ban).where(ban.c.citizen_id.in_(numbers), ban.c.until > now)
        return [
            _ban(row, keyring_of(self._tx))
            for row in await self._tx.execute(query.order_by(ban.c.office_id))
        ]

    async def remove(self, citizen_id: CitizenId, office_id: str) -> None:
        """End a ban."""
        mine = ban.c.citizen_id.in_(self._numbers(citizen_id)) & (ban.c.office_id == office_id)
        await self._tx.execute(delete(ban).where(mine))

    async def veil(self, citizen_id: CitizenId) -> None:
        """Put in a person's place a number that only the keys of the desk lead to.

        Of two bans of an office, one from before they were erased earlier, the longer one stays.
        """
        numbers = self._numbers(citizen_id)
        is_theirs = ban.c.citizen_id.in_(numbers)
        found = await self._tx.execute(select(ban).where(is_theirs).order_by(ban.c.until))
        bans = [_ban(row, keyring_of(self._tx)) for row in found]
        await self._tx.execute(delete(ban).where(is_theirs))
        for one in bans:
            await self.save(replace(one, citizen_id=numbers[-1]))

    def _numbers(self, citizen_id: CitizenId) -> tuple[CitizenId, CitizenId]:
        """By which a person is found: their own, and the one that is left when they are erased."""
        return citizen_id, veiled(self._tx, citizen_id, column=_COLUMN)

    async def forget_over(self, now: datetime) -> None:
        """Forget the bans that are over."""
        await self._tx.execute(delete(ban).where(ban.c.until <= now))

    async def code_of(self, citizen_id: CitizenId) -> str | None:
        """Say by which code a person is named, if by any."""
        query = select(person_code.c.code).where(person_code.c.citizen_id == citizen_id)
        return (await self._tx.execute(query)).scalar_one_or_none()

    async def name(self, citizen_id: CitizenId, code: str) -> None:
        """Name a person by a code, unless they or it are taken."""
        row = {"citizen_id": citizen_id, "code": code}
        await self._tx.execute(insert_new(person_code), row)

    async def named(self, code: str) -> CitizenId | None:
        """Find the person whom a code names."""
        query = select(person_code.c.citizen_id).where(person_code.c.code == code)
        found: int | None = (await self._tx.execute(query)).scalar_one_or_none()
        return None if found is None else CitizenId(found)


def _ban(row: Row[tuple[object, ...]], keyring: Keyring) -> Ban:
    return Ban(
        citizen_id=CitizenId(row.citizen_id),
        office_id=row.office_id,
        reason=ban_reasons.open(keyring, row.reason, row.citizen_id, row.office_id),
        banned_by=CitizenId(row.banned_by),
        banned_at=row.banned_at,
        until=row.until,
    )
