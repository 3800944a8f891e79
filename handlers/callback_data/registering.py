"""Buttons of workshops by which citizens register, wait, and follow what is their own.

None carries a name or a person: what is one's own is looked up for who presses.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.citizens.model import LearnerId
from bot.workshops.model import RegistrationId, WaitingEntryId, WorkshopId
from handlers.callback_data import Payload, StaleButton, number_in
from handlers.callback_data.workshops import OfWorkshop

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBERS_MAX: Final = 8  # learners that are registered together, with room to spare
_BETWEEN: Final = "-"


def numbers_in(text: str) -> tuple[int, ...]:
    """Read some different numbers from a button; raise StaleButton for anything else."""
    parts = text.split(_BETWEEN)
    if len(parts) > _NUMBERS_MAX or len(set(parts)) < len(parts):
        raise StaleButton
    return tuple(number_in(part) for part in parts)


def written(numbers: Iterable[int]) -> str:
    """Write numbers so that `numbers_in` reads them."""
    return _BETWEEN.join(str(number) for number in numbers)


@dataclass(frozen=True)
class _OfRegistration(Payload):
    """Something about a registration of one's own."""

    registration_id: str

    @property
    def registration(self) -> RegistrationId:
        """The registration, as untrusted as the button."""
        return RegistrationId(number_in(self.registration_id))


@dataclass(frozen=True)
class _OfRegistrations(Payload):
    """Something about registrations of one's own that go together."""

    registration_ids: str

    @property
    def registrations(self) -> tuple[RegistrationId, ...]:
        """The registrations, as untrusted as the button."""
        return tuple(RegistrationId(number) for number in numbers_in(self.registration_ids))


@dataclass(frozen=True)
class _OfTurn(Payload):
    """Something about a turn of one's own in a waiting list."""

    entry_id: str

    @property
    def entry(self) -> WaitingEntryId:
        """The turn, as untrusted as the button."""
        return WaitingEntryId(number_in(self.entry_id))


# Registering.


@dataclass(frozen=True)
class RegisterPressed(OfWorkshop):
    """Begin to register somebody for a workshop."""

    prefix = "wr"


@dataclass(frozen=True)
class LearnersChosen(OfWorkshop):
    """Register these learners for a workshop; none yet chosen is an empty text."""

    prefix = "wrl"
    learner_ids: str = ""

    @property
    def learners(self) -> tuple[LearnerId, ...]:
        """The learners, as untrusted as the button."""
        if not self.learner_ids:
            return ()
        return tuple(LearnerId(number) for number in numbers_in(self.learner_ids))


@dataclass(frozen=True)
class TermsAccepted(_OfRegistrations):
    """Accept the terms in the version that was shown (KN-23)."""

    prefix = "wra"
    version: str

    @property
    def version_number(self) -> int:
        """The version, as untrusted as the button."""
        return number_in(self.version)


@dataclass(frozen=True)
class PayPressed(_OfRegistrations):
    """Pay for held places under the number of this operation, which the desk has drawn."""

    prefix = "wrp"
    operation: str


@dataclass(frozen=True)
class AbandonPressed(_OfRegistrations):
    """Leave what was begun and is not paid for."""

    prefix = "wrx"


# Waiting.


@dataclass(frozen=True)
class JoinLinePressed(_OfRegistrations):
    """Wait for places; `is_auto` is 1 where they are to be paid for as soon as they are free."""

    prefix = "wj"
    is_auto: str = "0"


@dataclass(frozen=True)
class OfferAccepted(_OfTurn):
    """Take what was offered, under the number of this operation, which the desk has drawn."""

    prefix = "wja"
    operation: str


@dataclass(frozen=True)
class OfferDeclined(_OfTurn):
    """Say no to what was offered."""

    prefix = "wjd"
    step: str = ""


@dataclass(frozen=True)
class LineLeft(_OfTurn):
    """Leave a line."""

    prefix = "wjl"
    step: str = ""


# What is one's own.


@dataclass(frozen=True)
class MyWorkshopsPressed(Payload):
    """List one's own registrations, from before one on; 0 is from the latest."""

    prefix = "wm"
    before: str = "0"

    @property
    def before_id(self) -> int | None:
        """The last registration shown before, as untrusted as the button."""
        return number_in(self.before) or None


@dataclass(frozen=True)
class MyRegistrationPressed(_OfRegistration):
    """Show a registration, with everything still possible."""

    prefix = "wmr"


class Step(StrEnum):
    """Before something that cannot be taken back, the desk asks once."""

    ASK = "a"
    SURELY = "s"


@dataclass(frozen=True)
class DropPressed(_OfRegistration):
    """Give a place back: asked about, then done."""

    prefix = "wmd"
    step: str

    def read(self) -> Step:
        """Whether it was asked about; raises StaleButton for what is no step."""
        try:
            return Step(self.step)
        except ValueError:
            raise StaleButton from None


@dataclass(frozen=True)
class MovePressed(_OfRegistration):
    """Choose another workshop to move to, from after one on; 0 begins."""

    prefix = "wmm"
    after: str = "0"

    @property
    def after_id(self) -> int:
        """The last workshop shown before, as untrusted as the button."""
        return number_in(self.after)


@dataclass(frozen=True)
class MoveChosen(_OfRegistration):
    """Move to another workshop; asked about while there is no operation, done with one."""

    prefix = "wmt"
    workshop_id: str
    operation: str = ""

    @property
    def workshop(self) -> WorkshopId:
        """The workshop to move to, as untrusted as the button."""
        return WorkshopId(number_in(self.workshop_id))


@dataclass(frozen=True)
class CalendarFilePressed(_OfRegistration):
    """Send the sessions of a registration as a calendar file."""

    prefix = "wmi"


@dataclass(frozen=True)
class CreditAsked(_OfRegistration):
    """Ask for the fee instead of what is owed after a cancellation."""

    prefix = "wmc"
    step: str = ""


class LearnerVerb(StrEnum):
    """What is done to those whom one registers."""

    LIST = "l"
    SHOW = "s"
    ADD = "a"
    REMOVE = "r"  # asks once
    REMOVE_SURELY = "g"


@dataclass(frozen=True)
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
