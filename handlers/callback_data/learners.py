"""Buttons of those whom a person registers: themselves, and the children in their care.

None carries a name: who is meant is looked up among those of whoever presses.
"""

from __future__ import annotations

from enum import StrEnum

from bot.citizens.model import LearnerId
from bot.workshops.model import WorkshopId
from handlers.callback_data import Payload, number_in


class LearnerVerb(StrEnum):
    """What is done to those whom one registers."""

    LIST = "l"
    SHOW = "s"
    ADD = "a"
    ADD_SELF = "m"
    REMOVE = "r"  # asks once
    REMOVE_SURELY = "g"


class LearnersPressed(Payload):
    """Do something to those whom one registers; with a workshop, on the way to it."""

    prefix = "wle"
    verb: str
    learner_id: str = "0"
    workshop_id: str = "0"

    @property
    def learner(self) -> LearnerId:
        """The learner, as untrusted as the button."""
        return LearnerId(number_in(self.learner_id))

    @property
    def workshop(self) -> WorkshopId | None:
        """The workshop on the way to which it happens, as untrusted as the button."""
        number = number_in(self.workshop_id)
        return WorkshopId(number) if number else None


class LearnerPress(StrEnum):
    """What a button does of the flow in which a learner is described."""

    SAVE = "y"
    NAME = "n"  # again
    BIRTH = "b"  # again
    CANCEL = "x"


class LearnerDialoguePressed(Payload):
    """Answer a step of that flow; the token names the run of it.

    With a workshop it leads on to there, though the run be over: fingers tap twice.
    """

    prefix = "wld"
    token: str
    verb: str
    workshop_id: str = "0"

    @property
    def workshop(self) -> WorkshopId | None:
        """The workshop on the way to which it happens, as untrusted as the button."""
        number = number_in(self.workshop_id)
        return WorkshopId(number) if number else None
