"""When a question about an answer may still be answered, and what fits which answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.surveys.errors import CommentTooLong, SurveyOver
from bot.surveys.model import (
    ANSWERABLE_FOR,
    COMMENT_UNITS_MAX,
    SCORES,
    Reason,
    Satisfaction,
    Survey,
)

if TYPE_CHECKING:
    from datetime import datetime

_LOW_SCORE_MAX = 3
_POOR_SCORE_MAX = 2
_RATINGS_TO_NAME = 2  # One voice is not the reputation of a service.
_NAMED_BELOW = 4.0


def ensure_answerable(survey: Survey, now: datetime) -> None:
    """Refuse an answer to a question that was not asked yet, or was asked too long ago."""
    if survey.asked_at is None or now >= survey.asked_at + ANSWERABLE_FOR:
        raise SurveyOver


def reasons_for(score: int) -> tuple[Reason, Reason]:
    """Name the two ready reasons that are offered for a score."""
    assert score in SCORES
    if score <= _LOW_SCORE_MAX:
        return (Reason.SLOW, Reason.UNCLEAR)
    return (Reason.FAST, Reason.CLEAR)


def is_poor(score: int) -> bool:
    """True for a score after which the person is offered to reopen the matter."""
    assert score in SCORES
    return score <= _POOR_SCORE_MAX


def ensure_short(comment: str) -> None:
    """Refuse a remark that is longer than is kept; counted as the messenger counts."""
    units = len(comment.encode("utf-16-le", "surrogatepass")) // 2
    if units > COMMENT_UNITS_MAX:
        raise CommentTooLong(units, COMMENT_UNITS_MAX)


def is_worth_naming(satisfaction: Satisfaction) -> bool:
    """True for ratings that say of a service that something is wrong with it."""
    if satisfaction.mean is None or satisfaction.count < _RATINGS_TO_NAME:
        return False
    return satisfaction.mean < _NAMED_BELOW
