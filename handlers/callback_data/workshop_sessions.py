"""Buttons of a running workshop in the admin chat, each looked up anew and with its role."""

from __future__ import annotations

from enum import StrEnum

from bot.workshops.model import MakeUpId, Presence, RegistrationId, SessionId, WorkshopId
from handlers.callback_data import Payload, StaleButton, number_in


class SessionVerb(StrEnum):
    """What a button about a session does; the step says how, or that somebody is sure."""

    CARD = "c"
    CANCEL = "k"
    MOVE = "m"
    ATTENDANCE = "a"
    ALL_PRESENT = "p"
    SETTLE = "s"


class MakeUpVerb(StrEnum):
    """What a button about something owed does."""

    SCHEDULE = "s"
    WAIVE = "w"


class PresencePressed(Payload):
    """Write down whether a learner was there."""

    prefix = "dwt"
    session_id: str
    registration_id: str
    presence_name: str
    page: str = "0"

    @property
    def session(self) -> SessionId:
        """The session, as untrusted as the button."""
        return SessionId(number_in(self.session_id))

    @property
    def registration(self) -> RegistrationId:
        """The registration, as untrusted as the button."""
        return RegistrationId(number_in(self.registration_id))

    @property
    def presence(self) -> Presence:
        """What is written down; raises StaleButton for what is none of ours."""
        for presence in Presence:
            if presence == self.presence_name:
                return presence
        raise StaleButton

    @property
    def page_number(self) -> int:
        """The page, as untrusted as the button."""
        return number_in(self.page)


class MakeUpPressed(Payload):
    """Do something about a make-up that is owed."""

    prefix = "dwu"
    make_up_id: str
    act: str

    @property
    def make_up(self) -> MakeUpId:
        """The make-up, as untrusted as the button."""
        return MakeUpId(number_in(self.make_up_id))


class ReplanPressed(Payload):
    """Look for new dates of displaced sessions; with a mark, take those that were shown."""

    prefix = "dwr"
    workshop_id: str
    mark: str = ""

    @property
    def workshop(self) -> WorkshopId:
        """The workshop, as untrusted as the button."""
        return WorkshopId(number_in(self.workshop_id))


class LearnersTurned(Payload):
    """Turn to a page of the list of learners."""

    prefix = "dwe"
    workshop_id: str
    page: str = "0"

    @property
    def workshop(self) -> WorkshopId:
        """The workshop, as untrusted as the button."""
        return WorkshopId(number_in(self.workshop_id))

    @property
    def page_number(self) -> int:
        """The page, as untrusted as the button."""
        return number_in(self.page)


class RemovalTurned(LearnersTurned):
    """Turn to a page of the list from which a manager chooses whose place is taken away."""

    prefix = "dwv"


class AnnouncementPressed(Payload):
    """Send the announcement that was shown, or leave it."""

    prefix = "dwc"
    token: str
    is_sent: str = ""
