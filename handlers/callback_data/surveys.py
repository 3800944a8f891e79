"""Buttons of a question about an answer: its number, and what was chosen."""

from __future__ import annotations

from typing import TypeVar

from bot.surveys.model import SCORES, Reason, Solved, SurveyId
from handlers.callback_data import Payload, StaleButton, number_in

_Choice = TypeVar("_Choice", Reason, Solved)


class _OfSurvey(Payload):
    """A press that belongs to one question."""

    survey_id: str

    @property
    def survey(self) -> SurveyId:
        """The question, as untrusted as the button."""
        return SurveyId(number_in(self.survey_id))


class RatedPressed(_OfSurvey):
    """The answer was this good."""

    prefix = "sv"
    value: str

    @property
    def score(self) -> int:
        """The score; raises StaleButton for what is none."""
        score = number_in(self.value)
        if score not in SCORES:
            raise StaleButton
        return score


class ReasonPressed(_OfSurvey):
    """It was so good or so poor for this reason."""

    prefix = "svr"
    value: str

    @property
    def reason(self) -> Reason:
        """The reason; raises StaleButton for what is none."""
        return _member(Reason, self.value)


class SolvedPressed(_OfSurvey):
    """It was, or was not, really solved."""

    prefix = "svf"
    value: str

    @property
    def solved(self) -> Solved:
        """The answer; raises StaleButton for what is none."""
        return _member(Solved, self.value)


class RemarkPressed(_OfSurvey):
    """I want to add something in words."""

    prefix = "svw"


class SkipPressed(_OfSurvey):
    """I do not want to add anything."""

    prefix = "svs"


def _member(choices: type[_Choice], value: str) -> _Choice:
    found = next((choice for choice in choices if choice.value == value), None)
    if found is None:
        raise StaleButton
    return found
