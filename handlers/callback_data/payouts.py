"""Buttons of payouts (KN-17): of the citizen who asks for one, and of the staff who decide.

None carries an account, a name or a person. A citizen's button leads only to what is their own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.wallet.model import BatchId
from handlers.callback_data import Payload, number_in

if TYPE_CHECKING:
    from bot.wallet.model import Payout


class PayoutPress(StrEnum):
    """What a button of the citizen's flow does; short, because a button carries little."""

    ALL = "a"  # of what can be paid out
    UNIT = "u"  # what a bare number counts
    CHANGE = "c"
    CANCEL = "x"


class MyPayoutVerb(StrEnum):
    """What a citizen does with a payout of theirs."""

    SHOW = "show"  # in place of the page
    OPEN = "open"  # below a message that is worth keeping
    WITHDRAW = "withdraw"  # asks once
    WITHDRAW_SURELY = "gone"


class PayoutVerb(StrEnum):
    """What a button under the card of a payout does or opens."""

    CARD = "card"  # as it stands by now
    OPEN = "open"  # below, from a list
    TAKE = "take"
    APPROVE = "approve"
    SECOND = "second"
    REJECT = "reject"  # this and the following prompt for words
    RECALL = "recall"
    PAID = "paid"
    RETURNED = "returned"
    LATE = "late"
    CORRECT = "correct"


class PayoutBegins(Payload):
    """Begin a request for a payout at an office; without one, where there is a wallet."""

    prefix = "wy"
    office_id: str = ""


class PayoutDialoguePressed(Payload):
    """Answer a step of the request; the token names the run of the flow."""

    prefix = "wyd"
    token: str
    verb: str
    value: str = ""


class PayoutConfirmed(Payload):
    """Send the request that was shown under this number, which the desk has drawn."""

    prefix = "wyc"
    operation: str


class MyPayoutsPressed(Payload):
    """List one's own payouts at an office."""

    prefix = "wyl"
    office_id: str
    page: str


class MyPayoutPressed(Payload):
    """Do something with a payout of one's own."""

    prefix = "wyp"
    code: str
    verb: str

    @classmethod
    def on(cls, payout: Payout, verb: MyPayoutVerb) -> MyPayoutPressed:
        """Make the button of a payout that is known."""
        return cls(payout.code, verb.value)


class PayoutDeskPressed(Payload):
    """Do something to a payout, in the admin chat."""

    prefix = "mp"
    code: str
    verb: str

    @classmethod
    def on(cls, payout: Payout, verb: PayoutVerb) -> PayoutDeskPressed:
        """Make the button of a payout that is known."""
        return cls(payout.code, verb.value)


class PayoutCountsPressed(Payload):
    """Show how many payouts each list has."""

    prefix = "mps"


class PayoutListPressed(Payload):
    """Show the payouts of an office in one state, from after one on."""

    prefix = "mpq"
    office_id: str
    state: str
    after: str

    @property
    def after_id(self) -> int:
        """The last one shown before, as untrusted as the button; 0 begins."""
        return number_in(self.after)


class ExportAsked(Payload):
    """Ask what would go to the bank now."""

    prefix = "mpe"
    office_id: str


class ExportConfirmed(Payload):
    """Send to the bank exactly what was shown under this mark."""

    prefix = "mpx"
    office_id: str
    mark: str


class BatchesPressed(Payload):
    """List the last files for the bank of an office."""

    prefix = "mpl"
    office_id: str


class BatchSentAgain(Payload):
    """Send the file of a batch once more, to whoever presses."""

    prefix = "mpb"
    batch_id: str

    @property
    def batch(self) -> BatchId:
        """The batch, as untrusted as the button."""
        return BatchId(number_in(self.batch_id))
