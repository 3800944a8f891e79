"""A person who talks with the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from bot.kit.words import Language

CitizenId = NewType("CitizenId", int)  # the messenger's user id


@dataclass(frozen=True)
class Citizen:
    """What the desk remembers of a person: nothing, until they choose something."""

    id: CitizenId
    language: Language | None = None
    office_id: str | None = None
