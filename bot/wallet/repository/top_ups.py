"""Queries about money that is paid in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select, update

from bot.citizens.model import CitizenId
from bot.kit.database import insert_new, keyring_of
from bot.wallet.model import JournalId, TopUp, TopUpId, TopUpState, TopUpWay
from bot.wallet.tables import top_up, top_up_reasons

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select

    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction

_OPEN: Final = (TopUpState.CREATED, TopUpState.PENDING)
_CLAIMING: Final = (TopUpState.PENDING, TopUpState.VERIFIED)
_RECEIVED: Final = (TopUpState.VERIFIED, TopUpState.UNMATCHED)


class TopUpRepository:
    """Top-ups, each of which is decided once."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._keyring = keyring_of(tx)

    async def find(self, code: str) -> TopUp | None:
        """Find a top-up by its code."""
        return await self._one(select(top_up).where(top_up.c.code == code))

    async def find_to_change(self, code: str) -> TopUp | None:
        """Find a top-up by its code, and let nobody else change it until this is committed."""
        return await self._one(select(top_up).where(top_up.c.code == code).with_for_update())

    async def by_charge(self, provider: str, charge_id: str) -> TopUp | None:
        """Find what a payment was received for."""
        return await self._one(
            select(top_up).where(top_up.c.provider == provider, top_up.c.charge_id == charge_id)
        )

    async def claim_of(self, office_id: str, reference: str) -> TopUp | None:
        """Find the claim that stands for a bank's reference."""
        return await self._one(
            select(top_up).where(
                top_up.c.office_id == office_id,
                top_up.c.reference == reference,
                top_up.c.way == TopUpWay.BANK.value,
                _is_in(_CLAIMING),
            )
        )

    async def claims_among(self, office_id: str, references: Collection[str]) -> list[TopUp]:
        """Find the claims that stand for these references of a bank."""
        return await self._all(
            select(top_up).where(
                top_up.c.office_id == office_id,
                top_up.c.reference.in_(references),
                top_up.c.way == TopUpWay.BANK.value,
                _is_in(_CLAIMING),
            )
        )

    async def charges_among(self, office_id: str, charges: Collection[str]) -> list[TopUp]:
        """Find what was received under these numbers of a gateway, its own or the provider's."""
        return await self._all(
            select(top_up).where(
                top_up.c.office_id == office_id,
                or_(top_up.c.reference.in_(charges), top_up.c.charge_id.in_(charges)),
                top_up.c.way == TopUpWay.INVOICE.value,
                _is_in(_RECEIVED),
            )
        )

    async def open_bill(
        self, office_id: str, citizen_id: CitizenId, amount_rial: int, now: datetime
    ) -> TopUp | None:
        """Find a bill of this amount that the citizen has and can still pay."""
        query = select(top_up).where(
            top_up.c.office_id == office_id,
            top_up.c.citizen_id == citizen_id,
            top_up.c.amount_rial == amount_rial,
            top_up.c.way == TopUpWay.INVOICE.value,
            top_up.c.expires_at > now,
            _is_in(_OPEN),
        )
        return await self._one(query.order_by(top_up.c.id.desc()).limit(1))

    async def count_open(self, citizen_id: CitizenId, now: datetime) -> int:
        """Count what a citizen has begun and is not decided."""
        query = select(func.count()).where(
            top_up.c.citizen_id == citizen_id, top_up.c.expires_at > now, _is_in(_OPEN)
        )
        return int((await self._tx.execute(query)).scalar_one())

    async def of(self, citizen_id: CitizenId, *, limit: int) -> list[TopUp]:
        """List the top-ups of a citizen, the latest first."""
        query = select(top_up).where(top_up.c.citizen_id == citizen_id)
        return await self._all(query.order_by(top_up.c.id.desc()).limit(limit))

    async def claimed_rial(self, office_id: str, citizen_id: CitizenId) -> int:
        """Sum up what a citizen says to have paid at the bank and finance has not decided."""
        query = select(func.coalesce(func.sum(top_up.c.amount_rial), 0)).where(
            top_up.c.office_id == office_id,
            top_up.c.citizen_id == citizen_id,
            top_up.c.way == TopUpWay.BANK.value,
            top_up.c.state == TopUpState.PENDING.value,
        )
        return int((await self._tx.execute(query)).scalar_one())

    async def waiting(self, office_id: str, *, limit: int, offset: int) -> tuple[list[TopUp], int]:
        """List what waits for finance, the oldest first, and count it."""
        is_waiting = (top_up.c.office_id == office_id) & (
            ((top_up.c.way == TopUpWay.BANK.value) & _is_in([TopUpState.PENDING]))
            | _is_in([TopUpState.UNMATCHED])
        )
        count = (await self._tx.execute(select(func.count()).where(is_waiting))).scalar_one()
        query = select(top_up).where(is_waiting).order_by(top_up.c.id)
        return await self._all(query.limit(limit).offset(offset)), int(count)

    async def overdue(self, now: datetime, *, limit: int) -> list[TopUp]:
        """List what is open beyond its time, the oldest first."""
        query = select(top_up).where(_is_in(_OPEN), top_up.c.expires_at <= now)
        query = query.order_by(top_up.c.id).limit(limit)
        return await self._all(query.with_for_update(skip_locked=True))

    async def add(
        self,
        *,
        code: str,
        reason: str | None = None,
        **values: Any,  # noqa: ANN401 - columns of several types
    ) -> TopUp | None:
        """Keep a top-up; None where another has its reference or its charge already."""
        why = top_up_reasons.seal_any(self._keyring, reason, code)
        statement = insert_new(top_up).values(code=code, reason=why, **values)
        result = await self._tx.execute(statement.returning(top_up))
        row = result.one_or_none()
        return None if row is None else top_up_of(row, self._keyring)

    async def change(
        self,
        found: TopUp,
        states: Collection[TopUpState],
        *,
        reason: str | None = None,
        **values: Any,  # noqa: ANN401 - columns of several types
    ) -> TopUp | None:
        """Change a top-up that is in one of these states; None where it is no longer."""
        if reason is not None:
            values["reason"] = top_up_reasons.seal(self._keyring, reason, found.code)
        statement = update(top_up).where(top_up.c.id == found.id, _is_in(states)).values(**values)
        row = (await self._tx.execute(statement.returning(top_up))).one_or_none()
        return None if row is None else top_up_of(row, self._keyring)

    async def _one(self, query: Select[Any]) -> TopUp | None:
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else top_up_of(row, self._keyring)

    async def _all(self, query: Select[Any]) -> list[TopUp]:
        return [top_up_of(row, self._keyring) for row in await self._tx.execute(query)]


def _is_in(states: Collection[TopUpState]) -> ColumnElement[bool]:
    return top_up.c.state.in_([state.value for state in states])


def _person(id_: int | None) -> CitizenId | None:
    return None if id_ is None else CitizenId(id_)


def top_up_of(row: Row[Any], keyring: Keyring) -> TopUp:
    """Read a row as a top-up."""
    return TopUp(
        id=TopUpId(row.id),
        code=row.code,
        office_id=row.office_id,
        citizen_id=CitizenId(row.citizen_id),
        way=TopUpWay(row.way),
        amount_rial=row.amount_rial,
        state=TopUpState(row.state),
        created_at=row.created_at,
        expires_at=row.expires_at,
        reference=row.reference,
        provider=row.provider,
        charge_id=row.charge_id,
        decided_by=_person(row.decided_by),
        decided_at=row.decided_at,
        reversed_by=_person(row.reversed_by),
        reversed_at=row.reversed_at,
        reason=top_up_reasons.open_any(keyring, row.reason, row.code),
        journal_id=None if row.journal_id is None else JournalId(row.journal_id),
    )
