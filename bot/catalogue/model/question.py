"""A question that somebody asked, without who it was."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class Outcome(StrEnum):
    """What became of a question that was asked."""

    ANSWERED = "answered"
    CLARIFIED = "clarified"  # the person was asked which of a few things they meant
    UNANSWERED = "unanswered"  # the desk had no sure answer
    MISSED = "missed"  # an answer was given, and the person said that it did not help


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it was asked: its words and its outcome, never the person (MZ-18)."""

    id: int  # random: it stands in a button, and nobody can guess another's
    asked_on: date
    office_id: str | None
    text: str
    outcome: Outcome
    entry_id: str | None
