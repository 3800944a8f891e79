"""How a survey refuses."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.errors import Conflict, InvalidInput, NotFound


@dataclass(eq=False)
class NoSuchSurvey(NotFound):
    """There is no such question, or it was asked of somebody else."""


@dataclass(eq=False)
class SurveyOver(Conflict):
    """It was answered before, or asked too long ago."""


@dataclass(eq=False)
class CommentTooLong(InvalidInput):
    """The remark is longer than is kept."""

    units: int
    units_max: int
