"""How the catalogue refuses a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.kit.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from bot.kit.identity import PersonalData


@dataclass(eq=False)
class PersonalDataInQuestion(InvalidInput):
    """A question holds a number that belongs to a person; it is not looked up and not kept."""

    kinds: frozenset[PersonalData]


@dataclass(eq=False)
class QuestionGone(NotFound):
    """The question is no longer kept, or the choice was never offered."""
