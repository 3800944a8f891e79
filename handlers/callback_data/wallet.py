"""Buttons of the wallet, and of credit. None says whose it is: one's own is who presses."""

from __future__ import annotations

from enum import StrEnum

from bot.wallet.model import ProposalId
from handlers.callback_data import Payload, StaleButton, number_in


class WalletPressed(Payload):
    """Show one's own wallet at an office; without one, where there is a wallet."""

    prefix = "w"
    office_id: str = ""


class StatementPressed(Payload):
    """Show one's own statement at an office, from before a line on; 0 is from the latest."""

    prefix = "ws"
    office_id: str
    before: str

    @property
    def before_line(self) -> int | None:
        """The line to go back from, as untrusted as the button."""
        return number_in(self.before) or None


class StatementForm(StrEnum):
    """What a statement can be taken along as."""

    XLSX = "xlsx"
    PAGE = "html"


class StatementStretch(StrEnum):
    """Over how long; months are Jalali, and end now."""

    MONTH = "1"
    THREE_MONTHS = "3"
    ALL = "0"


class StatementFilesPressed(Payload):
    """Ask over how long one's own statement is to be, and in which form."""

    prefix = "wsf"
    office_id: str


class StatementFilePressed(Payload):
    """Make one's own statement a file."""

    prefix = "wsg"
    office_id: str
    stretch: str
    form: str

    def read(self) -> tuple[StatementStretch, StatementForm]:
        """Over how long and in which form; raises StaleButton for what is none of them."""
        try:
            return StatementStretch(self.stretch), StatementForm(self.form)
        except ValueError:
            raise StaleButton from None


class _Proposal(Payload):
    """A proposal of service credit, in the admin chat."""

    proposal_id: str

    @property
    def proposal(self) -> ProposalId:
        """The proposal, as untrusted as the button."""
        return ProposalId(number_in(self.proposal_id))


class CreditApproved(_Proposal):
    """Approve it: the money moves at once."""

    prefix = "wca"


class CreditRejected(_Proposal):
    """Reject it; the reason is asked for."""

    prefix = "wcr"
