"""Lines of a bank file that tell of a payout: its code stands in the reference or beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.errors import DeskError
from bot.kit.tracking import code_in
from bot.wallet.errors import NoSuchPayout
from bot.wallet.model import FileFinding, LineOutcome, PayoutState
from bot.wallet.use_cases.payouts import mark_paid
from bot.wallet.use_cases.payouts_looking import find_payout

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import Staff
    from bot.kit.database import Transaction
    from bot.wallet.model import Payout, RawLine

_BACK = (PayoutState.RETURNED, PayoutState.RETURNED_LATE)
_AWAY = (PayoutState.SENT, PayoutState.PAID)


async def matched_payout(
    tx: Transaction, office_id: str, line: RawLine, *, actor: Staff | None, now: datetime
) -> FileFinding | None:
    """Say what a line means for the payout that it names; None where it names none.

    One that was sent and has left the account is paid. One that came back is for a person to
    enter, who reads why.
    """
    code = code_in(line.note) or code_in(line.reference)
    if code is None:
        return None
    try:
        payout = await find_payout(tx, code=code, office_id=office_id)
    except NoSuchPayout:
        return None
    is_same = abs(line.amount_rial) == payout.amount_rial
    if line.amount_rial > 0:
        return _came_back(line, payout) if is_same else None
    if not is_same:
        return _found(line, LineOutcome.AMOUNT_DIFFERS, payout)
    if payout.bank_reference == line.reference:
        return _found(line, LineOutcome.MATCHED, payout)
    is_paid = actor is not None and await _is_marked(tx, payout, line, actor, now)
    return _found(line, LineOutcome.PAID if is_paid else LineOutcome.UNKNOWN_OUT, payout)


def _came_back(line: RawLine, payout: Payout) -> FileFinding | None:
    """Say what money that came in is to a payout; what never left cannot come back."""
    if payout.state in _AWAY:
        return _found(line, LineOutcome.RETURNED, payout)
    return _found(line, LineOutcome.MATCHED, payout) if payout.state in _BACK else None


async def _is_marked(
    tx: Transaction, payout: Payout, line: RawLine, actor: Staff, now: datetime
) -> bool:
    """Mark a payout paid, and say whether that could be done, in its state and by this person."""
    try:
        async with tx.begin_nested():
            await mark_paid(
                tx, code=payout.code, bank_reference=line.reference, actor=actor, now=now
            )
    except DeskError:
        return False
    return True


def _found(line: RawLine, outcome: LineOutcome, payout: Payout) -> FileFinding:
    differs = outcome is LineOutcome.AMOUNT_DIFFERS
    return FileFinding(
        seq=line.row,
        outcome=outcome,
        reference=line.reference,
        amount_rial=line.amount_rial,
        on=line.on,
        other_rial=payout.amount_rial if differs else None,
        code=payout.code,
    )
