"""How money refuses.

A refusal that was the answer to a key is kept with it, and answers that key ever after. Two are
not kept: KeyReused, for its key has an answer already, and NoSuchHold, which is about nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.kit.errors import Conflict, InvalidInput, NotAllowed, NotFound

if TYPE_CHECKING:
    from bot.wallet.model import CellFault, PayoutState


@dataclass(eq=False)
class InsufficientFunds(Conflict):
    """There is less available than is needed."""

    needed_rial: int
    available_rial: int


@dataclass(eq=False)
class KeyReused(Conflict):
    """What was done under this key was something else."""

    key: str


@dataclass(eq=False)
class ReferenceHeld(Conflict):
    """Money has been held for this already, under another key."""

    reference: str


@dataclass(eq=False)
class NoSuchHold(NotFound):
    """There is no such hold."""

    hold_id: int


@dataclass(eq=False)
class HoldResolved(Conflict):
    """What was held has been taken or set free already."""

    reference: str


@dataclass(eq=False)
class MoreThanHeld(Conflict):
    """More is to be taken than was held."""

    amount_rial: int
    held_rial: int


@dataclass(eq=False)
class NoSuchJournal(NotFound):
    """No money moved under this number."""

    journal_id: str


@dataclass(eq=False)
class AlreadyReversed(Conflict):
    """It has been reversed, and that is done once."""

    journal_id: str


@dataclass(eq=False)
class IsReversal(Conflict):
    """It is a reversal itself; what it undid is done anew, not by undoing twice."""

    journal_id: str


@dataclass(eq=False)
class NoSuchTopUp(NotFound):
    """There is no such top-up, or it is somebody else's."""


@dataclass(eq=False)
class TopUpOutOfRange(InvalidInput):
    """It is less or more than the office takes at once."""

    amount_rial: int
    amount_rial_min: int
    amount_rial_max: int


@dataclass(eq=False)
class TooManyTopUps(Conflict):
    """So many of the citizen's top-ups are open that no other is begun."""

    count_max: int


@dataclass(eq=False)
class TopUpMoved(Conflict):
    """It stands where this can be done no longer; `state` is a TopUpState."""

    state: str


@dataclass(eq=False)
class BillNotAsWritten(Conflict):
    """Another amount or currency is about to be paid than the bill says."""


@dataclass(eq=False)
class NotInRials(Conflict):
    """What was paid is no amount in rials, so no wallet can hold it."""


@dataclass(eq=False)
class ReferenceUnreadable(InvalidInput):
    """What was typed is no reference of a bank."""

    length_min: int
    length_max: int


@dataclass(eq=False)
class ReferenceIsAccount(InvalidInput):
    """What was typed is the number of a card or of an account."""


@dataclass(eq=False)
class ReferenceClaimed(Conflict):
    """The reference is that of another payment; of whose top-up it is not said, of a payout is."""

    payout_code: str | None = None


@dataclass(eq=False)
class OwnTopUp(NotAllowed):
    """Nobody decides about their own money."""


@dataclass(eq=False)
class SameVerifier(NotAllowed):
    """Who verified a top-up does not take it back."""


@dataclass(eq=False)
class TopUpReasonTooLong(InvalidInput):
    """A reason is longer than a line of a statement."""

    length: int
    length_max: int


@dataclass(eq=False)
class NoSuchProposal(NotFound):
    """No service credit was proposed under this number, or it is another office's."""


@dataclass(eq=False)
class ProposalUnreadable(InvalidInput):
    """What was typed is no amount in rials with a reason after it."""


@dataclass(eq=False)
class CreditOutOfRange(InvalidInput):
    """An amount is nothing at all, or more than one proposal may give."""

    amount_rial: int
    amount_rial_max: int


@dataclass(eq=False)
class CreditReasonTooLong(InvalidInput):
    """A reason is longer than a line of a statement."""

    length: int
    length_max: int


@dataclass(eq=False)
class CreditForNobody(Conflict):
    """The matter is anonymous: there is no wallet to which credit could go."""


@dataclass(eq=False)
class CreditForOneself(NotAllowed):
    """Nobody proposes or approves credit for themselves."""


@dataclass(eq=False)
class CreditSelfApproval(NotAllowed):
    """Who proposed credit does not approve it."""


@dataclass(eq=False)
class CreditSameJudge(NotAllowed):
    """Who rejected a claim does not decide about it again: an objection is for another manager."""


@dataclass(eq=False)
class ProposalWaits(Conflict):
    """Credit is proposed for this matter already, and waits for a manager."""


@dataclass(eq=False)
class ProposalDecided(Conflict):
    """A manager has decided about it."""


@dataclass(eq=False)
class IbanUnreadable(InvalidInput):
    """What was typed is no Iranian account number (sheba) whose digits add up."""


@dataclass(eq=False)
class OwnerUnreadable(InvalidInput):
    """What was typed is no name of an account's owner."""

    length_max: int


@dataclass(eq=False)
class PayoutTooSmall(InvalidInput):
    """Less is asked for than the office pays out."""

    amount_rial: int
    amount_rial_min: int


@dataclass(eq=False)
class PayoutReasonUnreadable(InvalidInput):
    """A reason is missing, or longer than a line of a statement."""

    length: int
    length_max: int


@dataclass(eq=False)
class TooManyPayouts(Conflict):
    """As many payouts as may be open at once are open."""

    open_max: int


@dataclass(eq=False)
class NoSuchPayout(NotFound):
    """No payout was asked for under this code, or it is another's."""


@dataclass(eq=False)
class PayoutMoved(Conflict):
    """The payout stands elsewhere, where this is not done to it."""

    state: PayoutState


@dataclass(eq=False)
class OwnPayout(NotAllowed):
    """Nobody acts for the office on a payout to themselves."""


@dataclass(eq=False)
class SamePerson(NotAllowed):
    """Who approved a payout is not the second person who approves it."""


@dataclass(eq=False)
class NothingToSend(Conflict):
    """No approved payout waits to be sent to the bank."""


@dataclass(eq=False)
class NoSuchBatch(NotFound):
    """No payouts were sent together under this number."""


@dataclass(eq=False)
class BankFileUnreadable(InvalidInput):
    """Cells of a file cannot be read, so nothing of it was taken."""

    faults: tuple[CellFault, ...]
    count: int


@dataclass(eq=False)
class NoSuchBankLine(NotFound):
    """There is no such money in suspense, or it is another office's."""


@dataclass(eq=False)
class LineMoved(Conflict):
    """The money is no longer in suspense; `state` is a LineState."""

    state: str
