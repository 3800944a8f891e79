"""A question about an answer: how good it was, and four weeks later whether it really helped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.citizens.model import CitizenId

SurveyId = NewType("SurveyId", int)

SCORES = range(1, 6)
COMMENT_UNITS_MAX = 500
FOLLOW_UP_AFTER = timedelta(weeks=4)
ANSWERABLE_FOR = timedelta(days=14)  # after it was asked; an older button says so kindly


class SurveyKind(StrEnum):
    """What is asked."""

    RATING = "rating"  # 1 to 5, once per resolution
    FOLLOW_UP = "follow_up"  # was it really solved?


class Reason(StrEnum):
    """The ready reasons; two are offered for a score, one pair for low and one for high."""

    SLOW = "slow"
    UNCLEAR = "unclear"
    FAST = "fast"
    CLEAR = "clear"


class Solved(StrEnum):
    """The answer to the follow-up."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Survey:
    """One question to one person about one resolution (`subject`, such as "case:12")."""

    id: SurveyId
    kind: SurveyKind
    subject: str
    resolution: int  # a reopened case has a second one, and is asked about again
    office_id: str
    service_id: str | None
    citizen_id: CitizenId
    officer_id: CitizenId | None  # who had answered when it was planned
    due_at: datetime
    asked_at: datetime | None = None
    score: int | None = None
    reason: Reason | None = None
    comment: str | None = None
    solved: Solved | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The scores of a period: how many, and their mean; None where nobody answered."""

    count: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody wrote to their score; who it was is nobody's business."""

    score: int
    text: str


@dataclass(frozen=True, slots=True)
class Opinions:
    """What was said beside the scores of a period: reasons, whether it helped, and remarks."""

    reasons: Mapping[Reason, int]
    solved: Mapping[Solved, int]
    remarks: tuple[Remark, ...]  # the latest ones, newest first


@dataclass(frozen=True, slots=True)
class ServiceScore:
    """How one service was rated; for the worst-rated line of a digest."""

    service_id: str | None
    satisfaction: Satisfaction
