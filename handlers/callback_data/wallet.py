"""Buttons of the wallet, and of credit. None says whose it is: one's own is who presses."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wallet.model import ProposalId
from handlers.callback_data import Payload, number_in


@dataclass(frozen=True)
class WalletPressed(Payload):
    """Show one's own wallet at an office; without one, where there is a wallet."""

    prefix = "w"
    office_id: str = ""


@dataclass(frozen=True)
class StatementPressed(Payload):
    """Show one's own statement at an office, from before a line on; 0 is from the latest."""

    prefix = "ws"
    office_id: str
    before: str

    @property
    def before_line(self) -> int | None:
        """The line to go back from, as untrusted as the button."""
        return number_in(self.before) or None


@dataclass(frozen=True)
class _Proposal(Payload):
    """A proposal of service credit, in the admin chat."""

    proposal_id: str

    @property
    def proposal(self) -> ProposalId:
        """The proposal, as untrusted as the button."""
        return ProposalId(number_in(self.proposal_id))


@dataclass(frozen=True)
class CreditApproved(_Proposal):
    """Approve it: the money moves at once."""

    prefix = "wca"


@dataclass(frozen=True)
class CreditRejected(_Proposal):
    """Reject it; the reason is asked for."""

    prefix = "wcr"
