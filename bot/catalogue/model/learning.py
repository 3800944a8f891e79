"""What the desk learns: drafted answers, circulars, and how an agreement ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from bot.catalogue.model.common import Facet

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.catalogue.model.question import AskedQuestion
    from bot.citizens.model import CitizenId

LearntId = NewType("LearntId", int)
CircularId = NewType("CircularId", int)


class LearntState(StrEnum):
    """Where a drafted answer stands."""

    DRAFT = "draft"
    APPROVED = "approved"  # answered from then on
    REJECTED = "rejected"
    RETIRED = "retired"  # replaced by a later version, or no longer true


@dataclass(frozen=True, slots=True)
class LearntAnswer:
    """An answer that staff wrote to a question the catalogue did not know; one version of it.

    `key` is the same for all versions. `question_ids` are the asked questions it answers, and
    `wordings` the words in which they were asked.
    """

    id: LearntId
    key: str
    version: int
    office_id: str
    service_id: str | None
    question: str
    answer: str
    state: LearntState
    author_id: CitizenId
    drafted_at: datetime
    reason: str | None = None
    approver_id: CitizenId | None = None
    decided_at: datetime | None = None
    question_ids: tuple[int, ...] = ()
    wordings: tuple[str, ...] = ()
    facet: Facet = Facet.DESCRIPTION


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions that ask the same: the most usual wording, and how many there are."""

    text: str
    questions: tuple[AskedQuestion, ...]

    @property
    def count(self) -> int:
        """How often it was asked."""
        return len(self.questions)


@dataclass(frozen=True, slots=True)
class Circular:
    """A circular that changes how services are done, from its dispatch on (MZ-24)."""

    id: CircularId
    office_id: str
    number: str
    issued_on: date | None
    dispatched_at: datetime
    published_at: datetime  # when it was entered here
    service_ids: tuple[str, ...]
    summary: str
    entered_by: CitizenId


@dataclass(frozen=True, slots=True)
class ServiceVersion:
    """The terms of a service from a moment on; version 1 is what the catalogue shipped."""

    office_id: str
    service_id: str
    number: int
    effective_from: datetime | None
    circular: Circular | None


class EndReason(StrEnum):
    """The only reasons for which an agreement ends (MZ-26)."""

    INSTRUCTION = "instruction"
    CIRCULAR = "circular"
    PROCEDURE = "procedure"


@dataclass(frozen=True, slots=True)
class AgreementEnd:
    """How and when an agreement ended, and by which document."""

    office_id: str
    agreement_id: str
    reason: EndReason
    document_ref: str
    ended_on: date
    entered_by: CitizenId
    entered_at: datetime
