"""Queries that hold payouts against the ledger, their own history, and who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, case, cast, func, literal, or_, select

from bot.wallet.model import OPEN_STATES, HoldState, PayoutState, TransferCode
from bot.wallet.tables import account, hold, payout, payout_batch, payout_event, transfer

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from bot.kit.database import Transaction

_PAID = (PayoutState.PAID, PayoutState.RETURNED_LATE)
_AT_BANK = (PayoutState.SENT, PayoutState.RETURNED, *_PAID)
_original = transfer.alias("original")
_reference = literal("payout:") + cast(payout.c.id, String)


class PayoutAuditRepository:
    """What an auditor reads of payouts; each query names what is wrong, by its number."""

    def __init__(self, tx: Transaction, *, limit: int) -> None:
        self._tx = tx
        self._limit = limit

    async def held_otherwise(self) -> list[int]:
        """Name the payouts whose hold is not what their state says, or not all of their money."""
        expected = case(
            (_stands(*OPEN_STATES), HoldState.OPEN.value),
            (_stands(*_PAID), HoldState.POSTED.value),
            else_=HoldState.VOIDED.value,
        )
        wallet = (
            literal("wallet:") + cast(payout.c.citizen_id, String) + ":cash@" + payout.c.office_id
        )
        differs = or_(
            hold.c.id.is_(None),
            hold.c.state != expected,
            hold.c.amount_rial != payout.c.amount_rial,
            and_(_stands(*_PAID), hold.c.posted_rial != payout.c.amount_rial),
            hold.c.reference != _reference,
            account.c.code != wallet,
        )
        query = (
            select(payout.c.id)
            .outerjoin(hold, hold.c.id == payout.c.hold_id)
            .outerjoin(account, account.c.id == hold.c.account_id)
            .where(differs)
        )
        return await self._first(query.order_by(payout.c.id))

    async def holds_of_none(self) -> list[int]:
        """Name the holds that say they are for a payout which has none of it."""
        query = (
            select(hold.c.id)
            .outerjoin(payout, payout.c.hold_id == hold.c.id)
            .where(hold.c.reference.like("payout:%"), payout.c.id.is_(None))
        )
        return await self._first(query.order_by(hold.c.id))

    async def moved_otherwise(self) -> list[int]:
        """Name the payouts whose transfers are not what their state says."""
        whole = transfer.c.amount_rial == payout.c.amount_rial
        of_hold = transfer.c.hold_id == payout.c.hold_id
        about = transfer.c.reference == _reference
        went = _count(of_hold, whole, transfer.c.code == TransferCode.PAYOUT.value)
        came = _count(about, whole, transfer.c.code == TransferCode.PAYOUT_RETURNED.value)
        expected_went = case((_stands(*_PAID), 1), else_=0)
        expected_came = case((_stands(PayoutState.RETURNED_LATE), 1), else_=0)
        differs = or_(
            went != expected_went,
            came != expected_came,
            _count(about) != expected_went + expected_came,
        )
        return await self._first(select(payout.c.id).where(differs).order_by(payout.c.id))

    async def reversed_ones(self) -> list[int]:
        """Name the transfers of payouts that were reversed: they are returned, never reversed."""
        codes = (TransferCode.PAYOUT.value, TransferCode.PAYOUT_RETURNED.value)
        query = (
            select(_original.c.id)
            .join(transfer, transfer.c.reverses_id == _original.c.id)
            .join(payout, _original.c.reference == _reference)
            .where(_original.c.code.in_(codes))
        )
        return await self._first(query.order_by(_original.c.id))

    async def wrongly_approved(self) -> list[int]:
        """Name the payouts that too few approved, or one person twice, or who gets the money."""
        is_approved = _stands(PayoutState.APPROVED, *_AT_BANK)
        differs = or_(
            payout.c.citizen_id.in_(
                [payout.c.reviewer, payout.c.approved_by, payout.c.seconded_by]
            ),
            payout.c.approved_by == payout.c.seconded_by,
            and_(or_(is_approved, _stands(PayoutState.SECONDING)), payout.c.approved_by.is_(None)),
            and_(is_approved, payout.c.needs_second, payout.c.seconded_by.is_(None)),
        )
        return await self._first(select(payout.c.id).where(differs).order_by(payout.c.id))

    async def unproven(self) -> list[int]:
        """Name the payouts that are paid, sent or returned without what shows it."""
        differs = or_(
            and_(_stands(*_PAID), func.coalesce(payout.c.bank_reference, "") == ""),
            and_(
                _stands(PayoutState.RETURNED_LATE),
                func.coalesce(payout.c.return_reference, "") == "",
            ),
            _stands(*_AT_BANK) != payout.c.batch_id.is_not(None),
        )
        return await self._first(select(payout.c.id).where(differs).order_by(payout.c.id))

    async def elsewhere_than_history(self) -> list[int]:
        """Name the payouts that do not stand where their last step led."""
        last = (
            select(func.max(payout_event.c.id))
            .where(payout_event.c.payout_id == payout.c.id)
            .correlate(payout)
            .scalar_subquery()
        )
        query = select(payout.c.id).outerjoin(payout_event, payout_event.c.id == last)
        differs = func.coalesce(payout_event.c.to_state, "") != payout.c.state
        return await self._first(query.where(differs).order_by(payout.c.id))

    async def broken_histories(self) -> list[int]:
        """Name the steps that do not begin where the step before them led."""
        before = func.lag(payout_event.c.to_state).over(
            partition_by=payout_event.c.payout_id, order_by=payout_event.c.id
        )
        steps = select(payout_event, before.label("before")).subquery()
        differs = func.coalesce(steps.c.before, "") != func.coalesce(steps.c.from_state, "")
        return await self._first(select(steps.c.id).where(differs).order_by(steps.c.id))

    async def kinds_of_steps(self) -> dict[tuple[str, str], int]:
        """Name from where to where payouts went, each with one of them."""
        begins, ends = payout_event.c.from_state, payout_event.c.to_state
        query = (
            select(begins, ends, func.min(payout_event.c.payout_id))
            .where(begins.is_not(None))
            .group_by(begins, ends)
        )
        return {(row[0], row[1]): row[2] for row in await self._tx.execute(query)}

    async def steps_by_owners(self) -> list[int]:
        """Name the steps that somebody of the office took on a payout to themselves."""
        query = (
            select(payout_event.c.id)
            .join(payout, payout.c.id == payout_event.c.payout_id)
            .where(payout_event.c.actor == literal("staff:") + cast(payout.c.citizen_id, String))
        )
        return await self._first(query.order_by(payout_event.c.id))

    async def batches_of_other_sums(self) -> list[int]:
        """Name the batches that are not the payouts in them."""
        query = (
            select(payout_batch.c.id)
            .outerjoin(
                payout,
                and_(
                    payout.c.batch_id == payout_batch.c.id,
                    payout.c.office_id == payout_batch.c.office_id,
                ),
            )
            .group_by(payout_batch.c.id)
            .having(
                or_(
                    func.count(payout.c.id) != payout_batch.c["count"],
                    func.coalesce(func.sum(payout.c.amount_rial), 0) != payout_batch.c.total_rial,
                )
            )
        )
        return await self._first(query.order_by(payout_batch.c.id))

    async def _first(self, query: Select[tuple[Any]]) -> list[Any]:
        return list((await self._tx.scalars(query.limit(self._limit))).all())


def _stands(*states: PayoutState) -> ColumnElement[bool]:
    return payout.c.state.in_([state.value for state in states])


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    query = select(func.count(transfer.c.id)).where(*conditions)
    return query.correlate(payout).scalar_subquery()
