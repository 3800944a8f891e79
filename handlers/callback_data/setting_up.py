"""Buttons of the list of what an office needs before it serves people."""

from __future__ import annotations

from handlers.callback_data import Payload


class SetupPressed(Payload):
    """Show what is done and what is open for this office."""

    prefix = "sup"
    office_id: str


class SetupGroupPressed(Payload):
    """Say how the admin chat of this office is made."""

    prefix = "sug"
    office_id: str


class SetupHoursPressed(Payload):
    """Show the hours and the next holidays of this office, to be looked over."""

    prefix = "suh"
    office_id: str


class SetupHoursConfirmed(Payload):
    """Find the hours and holidays of this office right."""

    prefix = "suc"
    office_id: str
