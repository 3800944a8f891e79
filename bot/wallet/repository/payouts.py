"""Queries about payouts and the steps they took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from bot.citizens.model import CitizenId
from bot.kit.database import insert_new, keyring_of
from bot.wallet.model import (
    OPEN_STATES,
    BatchId,
    HoldId,
    Payout,
    PayoutEvent,
    PayoutId,
    PayoutState,
)
from bot.wallet.tables import event_reasons, payout, payout_event, payout_reasons

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select

    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction
    from bot.wallet.model import PayoutStep

_CAME_TO_NOTHING = (PayoutState.REJECTED, PayoutState.WITHDRAWN, PayoutState.RETURNED)


class PayoutRepository:
    """Payouts, each of which stands in one state and goes from there by one step at a time."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._keyring = keyring_of(tx)

    async def find(self, code: str) -> Payout | None:
        """Find a payout by its code."""
        return await self._coded(code, select(payout))

    async def claim(self, code: str) -> Payout | None:
        """Find a payout, and let nobody else change it until this transaction is over."""
        return await self._coded(code, select(payout).with_for_update())

    async def by_key(self, key: str) -> tuple[Payout, bytes] | None:
        """Find what was asked for under a key, with the digest of its account number."""
        row = (await self._tx.execute(select(payout).where(payout.c.key == key))).one_or_none()
        return None if row is None else (payout_of(row, self._keyring), row.iban_index)

    async def add(self, values: Mapping[str, object], now: datetime) -> PayoutId | None:
        """Write a payout down, unsealed parts alone; None where its key has one already."""
        statement = insert_new(payout).values(
            iban=b"",
            owner=b"",
            state=PayoutState.REQUESTED.value,
            requested_at=now,
            changed_at=now,
            **values,
        )
        number = (await self._tx.execute(statement.returning(payout.c.id))).scalar_one_or_none()
        return None if number is None else PayoutId(number)

    async def complete(
        self, payout_id: PayoutId, *, hold_id: HoldId, iban: bytes, owner: bytes
    ) -> None:
        """Write down what takes the number of the row: its hold, and what is sealed for it."""
        statement = update(payout).where(payout.c.id == payout_id)
        await self._tx.execute(statement.values(hold_id=hold_id, iban=iban, owner=owner))

    async def advance(
        self,
        found: Payout,
        step: PayoutStep,
        values: Mapping[str, object],
        now: datetime,
        *,
        reason: str | None,
    ) -> bool:
        """Take a step from where the payout stood, and say whether it still stood there."""
        why = payout_reasons.seal_any(self._keyring, reason, found.id)
        statement = (
            update(payout)
            .where(payout.c.id == found.id, payout.c.state == step.begins.value)
            .values(state=step.ends.value, changed_at=now, reason=why, **values)
        )
        return (await self._tx.execute(statement)).rowcount == 1

    async def paid_under(self, reference: str, *, besides: Payout) -> Payout | None:
        """Find a payout of the office that has a reference and was not in the same file."""
        query = select(payout).where(
            payout.c.office_id == besides.office_id,
            payout.c.bank_reference == reference,
            payout.c.id != besides.id,
            payout.c.batch_id.is_distinct_from(besides.batch_id),
        )
        row = (await self._tx.execute(query.order_by(payout.c.id).limit(1))).one_or_none()
        return None if row is None else payout_of(row, self._keyring)

    async def correct_reference(self, found: Payout, step: PayoutStep, reference: str) -> bool:
        """Put another reference in the place of one, and say whether it still stood there."""
        statement = (
            update(payout)
            .where(
                payout.c.id == found.id,
                payout.c.state == step.begins.value,
                payout.c.bank_reference == found.bank_reference,
            )
            .values(bank_reference=reference)
        )
        return (await self._tx.execute(statement)).rowcount == 1

    async def add_event(self, payout_id: PayoutId, event: PayoutEvent) -> None:
        """Write down a step for ever."""
        step = payout_id, event.to_state.value, event.at
        values = {
            "payout_id": payout_id,
            "from_state": None if event.from_state is None else event.from_state.value,
            "to_state": event.to_state.value,
            "actor": event.actor,
            "reason": event_reasons.seal_any(self._keyring, event.reason, *step),
            "at": event.at,
        }
        await self._tx.execute(insert(payout_event), values)

    async def events(self, payout_id: PayoutId, *, limit: int) -> list[PayoutEvent]:
        """List the steps of a payout, the first one first."""
        query = select(payout_event).where(payout_event.c.payout_id == payout_id)
        rows = await self._tx.execute(query.order_by(payout_event.c.id).limit(limit))
        return [_event_of(row, self._keyring) for row in rows]

    async def count_open(self, office_id: str, citizen_id: CitizenId) -> int:
        """Count the payouts of a citizen for which money is held."""
        is_open = payout.c.state.in_([state.value for state in OPEN_STATES])
        query = select(func.count()).where(_is_theirs(office_id, citizen_id), is_open)
        return int((await self._tx.execute(query)).scalar_one())

    async def asked_since(self, office_id: str, citizen_id: CitizenId, since: datetime) -> int:
        """Add up the rials that a citizen asked for since then and did not get refused."""
        total = func.coalesce(func.sum(payout.c.amount_rial), 0)
        query = select(total).where(
            _is_theirs(office_id, citizen_id),
            payout.c.requested_at >= since,
            payout.c.state.not_in([state.value for state in _CAME_TO_NOTHING]),
        )
        return int((await self._tx.execute(query)).scalar_one())

    async def reasons(self, references: Collection[str]) -> dict[str, str]:
        """Say what was last said of these, by what the ledger calls them."""
        ids = [int(reference.partition(":")[2]) for reference in references]
        found = await self._listed(select(payout).where(payout.c.id.in_(ids)))
        return {one.reference: one.reason for one in found if one.reason is not None}

    async def of_citizen(
        self, office_id: str, citizen_id: CitizenId, *, limit: int
    ) -> list[Payout]:
        """List what a citizen asked for, the latest first."""
        query = select(payout).where(_is_theirs(office_id, citizen_id))
        return await self._listed(query.order_by(payout.c.id.desc()).limit(limit))

    async def in_states(
        self, office_id: str, states: Collection[PayoutState], *, after_id: int, limit: int
    ) -> list[Payout]:
        """List the payouts of an office that stand there, the oldest first."""
        query = select(payout).where(
            payout.c.office_id == office_id,
            payout.c.state.in_([state.value for state in states]),
            payout.c.id > after_id,
        )
        return await self._listed(query.order_by(payout.c.id).limit(limit))

    async def counts(self, office_id: str) -> dict[PayoutState, int]:
        """Count the payouts of an office by where they stand."""
        query = (
            select(payout.c.state, func.count())
            .where(payout.c.office_id == office_id)
            .group_by(payout.c.state)
        )
        return {PayoutState(state): count for state, count in await self._tx.execute(query)}

    async def count_sharers(self, found: Payout) -> int:
        """Count the other citizens of the office who gave the same account."""
        index = select(payout.c.iban_index).where(payout.c.id == found.id).scalar_subquery()
        query = select(func.count(payout.c.citizen_id.distinct())).where(
            payout.c.iban_index == index,
            payout.c.office_id == found.office_id,
            payout.c.citizen_id != found.citizen_id,
        )
        return int((await self._tx.execute(query)).scalar_one())

    async def claim_approved(
        self, office_id: str, *, but_of: CitizenId, codes: Collection[str] | None, limit: int
    ) -> list[Payout]:
        """Find what waits for the bank, the oldest first, and let nobody else change it."""
        query = select(payout).where(
            payout.c.office_id == office_id,
            payout.c.state == PayoutState.APPROVED.value,
            payout.c.citizen_id != but_of,
        )
        if codes is not None:
            query = query.where(payout.c.code.in_(codes))
        return await self._listed(query.order_by(payout.c.id).limit(limit).with_for_update())

    async def of_batch(self, batch_id: BatchId) -> list[Payout]:
        """List what was sent together, the oldest first."""
        query = select(payout).where(payout.c.batch_id == batch_id)
        return await self._listed(query.order_by(payout.c.id))

    async def _coded(self, code: str, query: Select[Any]) -> Payout | None:
        if not code.isalnum():
            return None  # A forged button can hold signs that a server does not even look for.
        row = (await self._tx.execute(query.where(payout.c.code == code))).one_or_none()
        return None if row is None else payout_of(row, self._keyring)

    async def _listed(self, query: Select[Any]) -> list[Payout]:
        return [payout_of(row, self._keyring) for row in await self._tx.execute(query)]


def _is_theirs(office_id: str, citizen_id: CitizenId) -> ColumnElement[bool]:
    return (payout.c.citizen_id == citizen_id) & (payout.c.office_id == office_id)


def payout_of(row: Row[Any], keyring: Keyring) -> Payout:
    """Read a payout; its account and owner stay sealed."""
    return Payout(
        id=PayoutId(row.id),
        code=row.code,
        office_id=row.office_id,
        citizen_id=CitizenId(row.citizen_id),
        amount_rial=row.amount_rial,
        iban=row.iban,
        owner=row.owner,
        iban_tail=row.iban_tail,
        state=PayoutState(row.state),
        hold_id=HoldId(row.hold_id),
        needs_second=row.needs_second,
        requested_at=row.requested_at,
        changed_at=row.changed_at,
        reviewer=_person(row.reviewer),
        approved_by=_person(row.approved_by),
        seconded_by=_person(row.seconded_by),
        batch_id=None if row.batch_id is None else BatchId(row.batch_id),
        bank_reference=row.bank_reference,
        return_reference=row.return_reference,
        reason=payout_reasons.open_any(keyring, row.reason, row.id),
    )


def _person(number: int | None) -> CitizenId | None:
    return None if number is None else CitizenId(number)


def _event_of(row: Row[Any], keyring: Keyring) -> PayoutEvent:
    step = row.payout_id, row.to_state, row.at
    return PayoutEvent(
        from_state=None if row.from_state is None else PayoutState(row.from_state),
        to_state=PayoutState(row.to_state),
        actor=row.actor,
        reason=event_reasons.open_any(keyring, row.reason, *step),
        at=row.at,
    )
