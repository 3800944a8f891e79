"""Buttons of the questions without an answer, and of the answers that staff write to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalogue.model import LearntId
from handlers.callback_data import Payload, number_in

if TYPE_CHECKING:
    from typing import Self

    from bot.catalogue.model import LearntAnswer


class UnansweredPressed(Payload):
    """Show the questions without an answer, from a line on."""

    prefix = "ln"
    office_id: str
    offset: str

    @property
    def start(self) -> int:
        """The line to start from, as a number."""
        return number_in(self.offset)


class UnansweredOpened(Payload):
    """Show them from the first, below whatever has the button."""

    prefix = "lno"
    office_id: str


class _Question(Payload):
    """A question stands for its group, which is found anew."""

    office_id: str
    question_id: str

    @property
    def question(self) -> int:
        """The question, as untrusted as the button."""
        return number_in(self.question_id)


class WriteAnswerPressed(_Question):
    """Write an answer to a group of questions; its words are asked for."""

    prefix = "lnw"


class DismissQuestionsPressed(_Question):
    """The questions of this group are not for this office."""

    prefix = "lnd"


class DraftsPressed(Payload):
    """Show the next answer of an office that waits for a manager."""

    prefix = "lnq"
    office_id: str


class _Learnt(Payload):
    """One version of an answer that staff wrote."""

    learnt_id: str

    @classmethod
    def on(cls, learnt: LearntAnswer) -> Self:
        """Make the button of this version."""
        return cls(str(learnt.id))

    @property
    def learnt(self) -> LearntId:
        """The version, as untrusted as the button."""
        return LearntId(number_in(self.learnt_id))


class ApprovePressed(_Learnt):
    """Answer citizens with it from now on."""

    prefix = "lna"


class RejectPressed(_Learnt):
    """Send it back; the reason is asked for."""

    prefix = "lnr"


class RewritePressed(_Learnt):
    """Write its next version; the words are asked for."""

    prefix = "lnv"


class RetirePressed(_Learnt):
    """Stop answering with it; the reason is asked for."""

    prefix = "lnx"
