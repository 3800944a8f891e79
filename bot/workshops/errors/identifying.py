"""How workshops refuse where they want to know who takes part."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.errors import Conflict, InvalidInput, NotAllowed


@dataclass(eq=False)
class NationalIdUnreadable(InvalidInput):
    """What was typed is no national ID: of ten digits the last one checks the others."""

    digit_count: int


@dataclass(eq=False)
class NationalIdNeeded(Conflict):
    """The office requires the national ID of the learner of this registration first."""

    registration_id: int


@dataclass(eq=False)
class NationalIdTaken(Conflict):
    """The person has a place, or a turn in the line, in this workshop already.

    Whose registration that is, is not said. `registration_id` is the one that is refused.
    """

    registration_id: int
    is_own: bool  # the payer gave the same number for another learner


class NobodyToVouchFor(Conflict):
    """Of nobody there a national ID is waited for."""


class OwnLearner(NotAllowed):
    """Who registered a learner does not vouch for them as one of the staff."""
