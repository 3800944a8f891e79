"""Buttons of workshops by which citizens register and wait.

None carries a name or a person: what is one's own is looked up for who presses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.citizens.model import LearnerId
from bot.workshops.model import RegistrationId, WaitingEntryId
from handlers.callback_data import Payload, StaleButton, number_in
from handlers.callback_data.workshops import OfWorkshop

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBERS_MAX: Final = 8  # learners that are registered together, with room to spare
_BETWEEN: Final = "-"
_OPERATION: Final = re.compile("[A-Za-z0-9_-]{1,40}")
SURELY: Final = "s"  # the step at which what was asked about is done


def numbers_in(text: str) -> tuple[int, ...]:
    """Read some different numbers from a button; raise StaleButton for anything else."""
    parts = text.split(_BETWEEN)
    if len(parts) > _NUMBERS_MAX or len(set(parts)) < len(parts):
        raise StaleButton
    return tuple(number_in(part) for part in parts)


def written(numbers: Iterable[int]) -> str:
    """Write numbers so that `numbers_in` reads them."""
    return _BETWEEN.join(str(number) for number in numbers)


def operation_in(text: str) -> str:
    """Read the number of an operation as the desk draws it; raise StaleButton for any other."""
    if not _OPERATION.fullmatch(text):
        raise StaleButton
    return text


class OfRegistration(Payload):
    """Something about a registration of one's own."""

    registration_id: str

    @property
    def registration(self) -> RegistrationId:
        """The registration, as untrusted as the button."""
        return RegistrationId(number_in(self.registration_id))


class OfRegistrations(Payload):
    """Something about registrations of one's own that go together."""

    registration_ids: str

    @property
    def registrations(self) -> tuple[RegistrationId, ...]:
        """The registrations, as untrusted as the button."""
        return tuple(RegistrationId(number) for number in numbers_in(self.registration_ids))


class OfTurn(Payload):
    """Something about a turn of one's own in a waiting list."""

    entry_id: str

    @property
    def entry(self) -> WaitingEntryId:
        """The turn, as untrusted as the button."""
        return WaitingEntryId(number_in(self.entry_id))


# Registering.


class RegisterPressed(OfWorkshop):
    """Begin to register somebody for a workshop."""

    prefix = "wr"


class _OfLearners(OfWorkshop):
    """Something about some of one's learners and a workshop; an empty text is none of them."""

    learner_ids: str = ""

    @property
    def learners(self) -> tuple[LearnerId, ...]:
        """The learners, as untrusted as the button."""
        if not self.learner_ids:
            return ()
        return tuple(LearnerId(number) for number in numbers_in(self.learner_ids))


class LearnersPicked(_OfLearners):
    """Have these learners picked so far, of whom several are registered together."""

    prefix = "wrs"


class LearnersChosen(_OfLearners):
    """Register these learners for a workshop."""

    prefix = "wrl"


class RegistrationTermsPressed(OfRegistrations):
    """Read the terms on the way to accepting them, from a page on."""

    prefix = "wrt"
    page: str = "0"

    @property
    def page_number(self) -> int:
        """The page, as untrusted as the button."""
        return number_in(self.page)


class TermsAccepted(OfRegistrations):
    """Accept the terms in the version that was shown (KN-23)."""

    prefix = "wra"
    version: str

    @property
    def version_number(self) -> int:
        """The version, as untrusted as the button."""
        return number_in(self.version)


class PlacesPressed(OfRegistrations):
    """Take places although a learner is elsewhere at one of the times."""

    prefix = "wrh"


class PayPressed(OfRegistrations):
    """Pay for held places under the number of this operation, which the desk has drawn."""

    prefix = "wrp"
    operation: str


class BankPressed(OfRegistrations):
    """Have held places wait for money that is sent by bank."""

    prefix = "wrb"


class AbandonPressed(OfRegistrations):
    """Leave what was begun and is not paid for: asked about, then done."""

    prefix = "wrx"
    step: str = ""


# Waiting.


class JoinLinePressed(OfRegistrations):
    """Wait for places; `is_auto` is 1 where they are to be paid for as soon as they are free."""

    prefix = "wj"
    is_auto: str = "0"
    all_the_same: str = ""  # although a learner is elsewhere at one of the times


class OfferAccepted(OfTurn):
    """Take what was offered, under the number of this operation, which the desk has drawn."""

    prefix = "wja"
    operation: str
    all_the_same: str = ""


class OfferDeclined(OfTurn):
    """Say no to what was offered: asked about, then done."""

    prefix = "wjd"
    step: str = ""


class LineLeft(OfTurn):
    """Leave a line: asked about, then done."""

    prefix = "wjl"
    step: str = ""


class StandingPressed(OfTurn):
    """Explain why one's turn has not come."""

    prefix = "wjw"
