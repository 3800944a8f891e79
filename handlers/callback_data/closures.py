"""Buttons of the calendar: an office's days, a closure, a holiday, and what is to be confirmed."""

from __future__ import annotations

from datetime import date

from bot.calendar.model import ClosureId, HolidayId
from handlers.callback_data import Payload, StaleButton, number_in


class CalendarPressed(Payload):
    """Show the coming days of an office."""

    prefix = "cl"
    office_id: str


class CloseDaysPressed(Payload):
    """Offer the next days of an office to be closed."""

    prefix = "clo"
    office_id: str


class CloseDayPressed(Payload):
    """Close this day of an office; the reason is asked for next."""

    prefix = "cld"
    office_id: str
    day: str

    @property
    def on(self) -> date:
        """The day, as untrusted as the button."""
        try:
            return date.fromisoformat(self.day)
        except ValueError as error:
            raise StaleButton from error


class ClosurePressed(Payload):
    """Preview what it changes to withdraw a closure."""

    prefix = "clw"
    office_id: str
    closure_id: str

    @property
    def closure(self) -> ClosureId:
        """The closure, as untrusted as the button."""
        return ClosureId(number_in(self.closure_id))


class ConfirmPressed(Payload):
    """Do what was previewed; the token names the preview, which waits with the officer's flow."""

    prefix = "cly"
    token: str


class DropPressed(Payload):
    """Leave everything as it is."""

    prefix = "cln"
    token: str


class HolidayPressed(Payload):
    """Show a holiday, and what can be done to it."""

    prefix = "hd"
    office_id: str
    holiday_id: str

    @property
    def holiday(self) -> HolidayId:
        """The holiday, as untrusted as the button."""
        return HolidayId(number_in(self.holiday_id))


class HolidaySurePressed(Payload):
    """Take the day of a holiday for certain."""

    prefix = "hds"
    office_id: str
    holiday_id: str

    @property
    def holiday(self) -> HolidayId:
        """The holiday, as untrusted as the button."""
        return HolidayId(number_in(self.holiday_id))


class HolidayMovePressed(Payload):
    """Preview what it changes to move a holiday by a day."""

    prefix = "hdm"
    office_id: str
    holiday_id: str
    way: str

    @property
    def holiday(self) -> HolidayId:
        """The holiday, as untrusted as the button."""
        return HolidayId(number_in(self.holiday_id))

    @property
    def days(self) -> int:
        """By how many days it moves."""
        if self.way not in WAYS:
            raise StaleButton
        return WAYS[self.way]


WAYS = {"later": 1, "earlier": -1}
