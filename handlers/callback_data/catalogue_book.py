"""Buttons of the workbook of the catalogue, in the admin chat."""

from __future__ import annotations

from handlers.callback_data import Payload, number_in


class CataloguePressed(Payload):
    """Show how the catalogue of this office stands."""

    prefix = "kto"
    office_id: str


class BookAsked(Payload):
    """Send the workbook of this office."""

    prefix = "ktb"
    office_id: str


class ChangesPressed(Payload):
    """List what came into force for this office."""

    prefix = "ktl"
    office_id: str


class MeterPressed(Payload):
    """Show what the cards of this office leave unsaid, from a page on."""

    prefix = "ktm"
    office_id: str
    page: str


class _OfVersion(Payload):
    """About a version that was sent as a workbook."""

    office_id: str
    version_id: str

    @property
    def version(self) -> int:
        """The number of its row, as untrusted as the button."""
        return number_in(self.version_id)


class PreviewPressed(_OfVersion):
    """Show a page of what a version would change."""

    prefix = "ktp"
    page: str


class VersionApplied(_OfVersion):
    """Let a version be in force."""

    prefix = "kty"


class VersionDiscarded(_OfVersion):
    """Leave everything as it is."""

    prefix = "ktn"


class _Back(Payload):
    """About an earlier version; 0 is what the files say. `seen` is the change seen last."""

    office_id: str
    number: str
    seen: str

    @property
    def version_number(self) -> int | None:
        """Which version, as untrusted as the button."""
        return number_in(self.number) or None


class BackPressed(_Back):
    """Show a page of what going back would change."""

    prefix = "ktu"
    page: str


class BackConfirmed(_Back):
    """Go back to it."""

    prefix = "ktw"
