"""Buttons of circulars, of the versions of services, and of the end of an agreement."""

from __future__ import annotations

from bot.catalogue.model import EndReason
from bot.citizens.model import CitizenId
from handlers.callback_data import Payload, StaleButton, number_in


class CircularOfficePressed(Payload):
    """Enter a circular of this office."""

    prefix = "cio"
    office_id: str


class CircularServicePressed(Payload):
    """The circular changes this service, or does not after all."""

    prefix = "cis"
    token: str
    service_id: str
    page: str


class CircularAllPressed(Payload):
    """The circular changes every service, or none after all."""

    prefix = "cia"
    token: str
    page: str


class CircularPagePressed(Payload):
    """Turn the page of the services."""

    prefix = "cip"
    token: str
    page: str


class CircularServicesChosen(Payload):
    """These are all the services that the circular changes."""

    prefix = "cid"
    token: str


class _Proposed(Payload):
    """About a circular that waits for a manager, as whose flow it waits, and its token."""

    officer_id: str
    token: str

    @property
    def officer(self) -> CitizenId:
        """Whoever entered it, as untrusted as the button."""
        return CitizenId(number_in(self.officer_id))


class CircularConfirmed(_Proposed):
    """Let the circular hold."""

    prefix = "ciy"


class CircularDropped(_Proposed):
    """Leave everything as it is."""

    prefix = "cin"


class VersionsOfficePressed(Payload):
    """Offer the services of this office, to see the versions of one."""

    prefix = "civo"
    office_id: str
    page: str


class VersionsPressed(Payload):
    """Show the versions of a service."""

    prefix = "civ"
    office_id: str
    service_id: str


class AgreementOfficePressed(Payload):
    """End the agreement of this office."""

    prefix = "ciao"
    office_id: str


class AgreementReasonPressed(Payload):
    """The agreement of this office ends for this reason."""

    prefix = "cir"
    office_id: str
    reason: str

    @property
    def why(self) -> EndReason:
        """The reason; there are three, and a button with another is none of ours."""
        try:
            return EndReason(self.reason)
        except ValueError as error:
            raise StaleButton from error


class AgreementEndConfirmed(Payload):
    """The agreement has ended as it was previewed."""

    prefix = "cie"
    token: str


class AgreementEndDropped(Payload):
    """The agreement goes on."""

    prefix = "cix"
    token: str
