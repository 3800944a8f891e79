"""Buttons of what a citizen has registered: looking at it, leaving it, moving it.

None carries a name or a person: what is one's own is looked up for who presses.
"""

from __future__ import annotations

from bot.workshops.model import WorkshopId
from handlers.callback_data import Payload, number_in
from handlers.callback_data.registering import OfRegistration


class MyWorkshopsPressed(Payload):
    """List one's own registrations, from before one on; 0 is from the latest."""

    prefix = "wm"
    before: str = "0"
    below: str = ""  # where the message with the button is worth keeping

    @property
    def before_id(self) -> int | None:
        """The last registration shown before, as untrusted as the button."""
        return number_in(self.before) or None


class MyRegistrationPressed(OfRegistration):
    """Show a registration, with everything still possible."""

    prefix = "wmr"
    below: str = ""


class MySessionsPressed(OfRegistration):
    """Show the sessions of a registration, where they stand, and what is owed for them."""

    prefix = "wms"
    page: str = "0"

    @property
    def page_number(self) -> int:
        """The page, as untrusted as the button."""
        return number_in(self.page)


class MyHistoryPressed(OfRegistration):
    """Tell all that happened to a registration."""

    prefix = "wmh"


class DropPressed(OfRegistration):
    """Give a place back in time; asked about while there is no operation, done with one."""

    prefix = "wmd"
    operation: str = ""


class WithdrawPressed(OfRegistration):
    """Give a place up too late for its fee; asked about while there is no operation."""

    prefix = "wmw"
    operation: str = ""


class MovePressed(OfRegistration):
    """Choose another workshop to move to, from after one on; 0 begins."""

    prefix = "wmm"
    after: str = "0"

    @property
    def after_id(self) -> int:
        """The last workshop shown before, as untrusted as the button."""
        return number_in(self.after)


class _OfMove(OfRegistration):
    """Something about a move to another workshop."""

    workshop_id: str

    @property
    def workshop(self) -> WorkshopId:
        """The workshop to move to, as untrusted as the button."""
        return WorkshopId(number_in(self.workshop_id))


class MoveChosen(_OfMove):
    """Look at what a move would mean, with the terms from a page on."""

    prefix = "wmt"
    page: str = "0"

    @property
    def page_number(self) -> int:
        """The page, as untrusted as the button."""
        return number_in(self.page)


class MoveConfirmed(_OfMove):
    """Move, accepting the terms in the version that was shown."""

    prefix = "wmv"
    version: str
    operation: str
    all_the_same: str = ""  # although a learner is elsewhere at one of the times

    @property
    def version_number(self) -> int:
        """The version of the terms, as untrusted as the button."""
        return number_in(self.version)


class CalendarFilePressed(OfRegistration):
    """Send the sessions of a registration as a calendar file."""

    prefix = "wmi"


class CreditAsked(OfRegistration):
    """Ask for the fee instead of what is owed after a cancellation."""

    prefix = "wmc"
    step: str = ""
