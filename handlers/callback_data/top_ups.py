"""Buttons of paying in: of the citizen who does, and of the staff who look for the money.

None says whose the money is. A citizen's button leads only to what is their own.
"""

from __future__ import annotations

from enum import StrEnum

from handlers.callback_data import Payload, number_in


class TopUpPress(StrEnum):
    """What a button of the citizen's flow does; short, because a button carries little."""

    WAY = "w"
    AMOUNT = "m"  # one that is offered
    UNIT = "u"  # what a bare number counts
    CHANGE = "c"
    SEND = "y"
    CANCEL = "x"


class TopUpVerb(StrEnum):
    """What a button under the card of a top-up does or opens."""

    CARD = "card"  # below, from a list
    VERIFY = "verify"
    REJECT = "reject"  # this and the following prompt for the reason
    REVERSE = "reverse"


class TopUpBegins(Payload):
    """Begin to pay in at an office; without one, where there is a wallet."""

    prefix = "wt"
    office_id: str = ""


class TopUpNeeded(Payload):
    """Begin to pay in what is missing for something."""

    prefix = "wtn"
    office_id: str
    amount_rial: str

    @property
    def amount(self) -> int:
        """The amount, as untrusted as the button."""
        return number_in(self.amount_rial)


class TopUpDialoguePressed(Payload):
    """Answer a step; the token names the run of the flow."""

    prefix = "wtd"
    token: str
    verb: str
    value: str = ""


class MyTopUpsPressed(Payload):
    """List one's own top-ups."""

    prefix = "wtl"


class ClaimWithdrawn(Payload):
    """Take back a claim of one's own, which is asked about once."""

    prefix = "wtb"
    code: str
    step: str = ""  # "y" once it is sure


class TopUpDeskPressed(Payload):
    """Do something to a top-up, in the admin chat."""

    prefix = "mt"
    code: str
    verb: str


class TopUpsListed(Payload):
    """Show what waits at an office, from a line on; as the page with the button, or below it."""

    prefix = "mtl"
    office_id: str
    offset: str

    @property
    def start(self) -> int:
        """The line to start from, as untrusted as the button."""
        return number_in(self.offset)
