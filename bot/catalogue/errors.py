"""How the catalogue refuses a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.kit.errors import Conflict, InvalidInput, NotAllowed, NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from bot.catalogue.model import LearntState
    from bot.kit.identity import PersonalData


@dataclass(eq=False)
class PersonalDataInQuestion(InvalidInput):
    """A question holds a number that belongs to a person; it is not looked up and not kept."""

    kinds: frozenset[PersonalData]


@dataclass(eq=False)
class QuestionGone(NotFound):
    """The question is no longer kept, or the choice was never offered."""


@dataclass(eq=False)
class LearntGone(NotFound):
    """No drafted answer has this number, or it is another office's: never told apart."""


@dataclass(eq=False)
class QuestionTaken(Conflict):
    """A colleague has drafted an answer to this question already."""


@dataclass(eq=False)
class SelfApproval(NotAllowed):
    """Whoever wrote an answer does not approve it; a second person reads it first."""


@dataclass(eq=False)
class AlreadyDecided(Conflict):
    """The drafted answer was approved, rejected or replaced in the meantime."""

    state: LearntState


@dataclass(eq=False)
class AnswerMissing(InvalidInput):
    """There are no words in the answer."""


@dataclass(eq=False)
class AnswerTooLong(InvalidInput):
    """The answer, or the summary of a circular, is longer than one may be."""

    units: int
    units_max: int


@dataclass(eq=False)
class PersonalDataInAnswer(InvalidInput):
    """A text for the public holds a number that belongs to a person; it is not kept."""

    kinds: frozenset[PersonalData]


@dataclass(eq=False)
class DecisionReasonMissing(InvalidInput):
    """Whoever rejects or withdraws an answer tells its author why."""


@dataclass(eq=False)
class CircularTaken(Conflict):
    """A circular of this number has been entered already."""

    number: str


@dataclass(eq=False)
class CircularIncomplete(InvalidInput):
    """A circular has a number, a summary and at least one service that it changes."""


@dataclass(eq=False)
class NotYetDispatched(InvalidInput):
    """A circular holds from its dispatch on, and this one lies ahead (MZ-24)."""

    dispatched_at: datetime


@dataclass(eq=False)
class IssuedAfterDispatch(InvalidInput):
    """A circular cannot have been dispatched before it was issued."""


@dataclass(eq=False)
class ReferenceMissing(InvalidInput):
    """An agreement ends only by a document, which is named (MZ-26)."""


@dataclass(eq=False)
class AgreementOver(Conflict):
    """The end of this agreement has been entered already."""


@dataclass(eq=False)
class VersionGone(NotFound):
    """No version of the catalogue has this number, or it is another office's."""


@dataclass(eq=False)
class VersionDecided(Conflict):
    """The workbook was applied or discarded already."""


@dataclass(eq=False)
class WorkshopsMoved(Conflict):
    """Workshops changed after the preview was shown; it has to be made again."""


@dataclass(eq=False)
class CatalogueMoved(Conflict):
    """Another version came into force since this preview was shown."""


@dataclass(eq=False)
class NothingToUndo(Conflict):
    """What the files say is in force, and was before; there is nothing to go back to."""
