"""Buttons of workshops as citizens look around among them; `registering` has those of the rest.

None carries a name or a person.
"""

from __future__ import annotations

from enum import StrEnum

from bot.workshops.model import WorkshopId
from handlers.callback_data import Payload, number_in


class OfWorkshop(Payload):
    """Something about a workshop."""

    workshop_id: str

    @property
    def workshop(self) -> WorkshopId:
        """The workshop, as untrusted as the button."""
        return WorkshopId(number_in(self.workshop_id))


class WorkshopsPressed(Payload):
    """List the workshops of an office that pass a filter, from after one on; 0 begins.

    Without an office it is the chosen one, or the choice of one.
    """

    prefix = "wl"
    office_id: str = ""
    sieve: str = ""
    after: str = "0"

    @property
    def after_id(self) -> WorkshopId | None:
        """The last workshop shown before, as untrusted as the button."""
        number = number_in(self.after)
        return WorkshopId(number) if number else None


class SievePressed(Payload):
    """Choose one side of a filter; `side` names it, an empty one shows all sides."""

    prefix = "wlf"
    office_id: str
    sieve: str = ""
    side: str = ""
    page: str = "0"

    @property
    def page_number(self) -> int:
        """The page of what there is to choose, as untrusted as the button."""
        return number_in(self.page)


class WorkshopPressed(OfWorkshop):
    """Show a workshop in the place of the page."""

    prefix = "wk"


class WorkshopOpened(OfWorkshop):
    """Show a workshop below a message that is worth keeping, or that is a picture."""

    prefix = "wko"


class TermsPressed(OfWorkshop):
    """Show the terms of a workshop in full, from a page on."""

    prefix = "wkt"
    page: str = "0"

    @property
    def page_number(self) -> int:
        """The page, as untrusted as the button."""
        return number_in(self.page)


class SessionsPressed(OfWorkshop):
    """Show when the sessions of a workshop are, from a page on."""

    prefix = "wks"
    page: str = "0"

    @property
    def page_number(self) -> int:
        """The page, as untrusted as the button."""
        return number_in(self.page)


class SharePressed(OfWorkshop):
    """Give the link of a workshop, and a picture of it."""

    prefix = "wkg"


class SubscriptionVerb(StrEnum):
    """What is done to a wish to be told of new workshops."""

    LIST = "l"
    ADD = "a"  # value is the office, and the filter after it
    AGREE = "y"  # and be told; value names the question it answers
    END = "e"  # value is the subscription; the list is shown after
    END_HERE = "x"  # below a notice, whose words stay
    END_ALL = "z"


class SubscriptionPressed(Payload):
    """Do something to one's own wishes to be told of new workshops."""

    prefix = "wn"
    verb: str
    value: str = ""
    sieve: str = ""

    @property
    def subscription(self) -> int:
        """The subscription, as untrusted as the button."""
        return number_in(self.value)
