"""Buttons of the service credit that staff propose where a make-up class is overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet.model import ProposalId
from bot.workshops.model import MakeUpId
from handlers.callback_data import Payload, number_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from bot.wallet.model import CreditProposal


class LateCreditAsked(Payload):
    """Propose credit to everybody who is owed a make-up class that is overdue."""

    prefix = "dwlp"
    make_up_id: str

    @property
    def make_up(self) -> MakeUpId:
        """The make-up, as untrusted as the button."""
        return MakeUpId(number_in(self.make_up_id))


class _OfProposals(Payload):
    """Proposals that were made together, named by the first one."""

    make_up_id: str
    proposal_id: str

    @classmethod
    def on(cls, make_up_id: MakeUpId, proposals: Sequence[CreditProposal]) -> Self:
        """Make a button about what was proposed."""
        return cls(str(make_up_id), str(proposals[0].id))

    @property
    def make_up(self) -> MakeUpId:
        """The make-up, as untrusted as the button."""
        return MakeUpId(number_in(self.make_up_id))

    @property
    def first(self) -> ProposalId:
        """The first of the proposals, as untrusted as the button."""
        return ProposalId(number_in(self.proposal_id))


class LateCreditApproved(_OfProposals):
    """Approve them all: the money moves at once."""

    prefix = "dwla"


class LateCreditRejected(_OfProposals):
    """Reject them all; the reason is asked for."""

    prefix = "dwlr"
