"""Buttons about the staff of an office: whom to invite, whom to dismiss, what was done."""

from __future__ import annotations

from handlers.callback_data import Payload


class InviteOfficePressed(Payload):
    """Invite somebody to this office."""

    prefix = "mbi"
    office_id: str


class InviteRolePressed(Payload):
    """Invite somebody to this office, in this role."""

    prefix = "mbr"
    office_id: str
    role: str


class WithdrawPressed(Payload):
    """Let the open invitations of this office be good for nothing."""

    prefix = "mbw"
    office_id: str


class StaffPressed(Payload):
    """Show the staff of this office, from a line on."""

    prefix = "mbs"
    office_id: str
    offset: str


class DismissPressed(Payload):
    """Ask whether to take this role from this person."""

    prefix = "mbd"
    office_id: str
    citizen_id: str
    role: str


class DismissConfirmed(Payload):
    """Take this role from this person."""

    prefix = "mbx"
    office_id: str
    citizen_id: str
    role: str


class DeskPressed(Payload):
    """Make this group the desk of this office."""

    prefix = "mbb"
    office_id: str


class AuditPressed(Payload):
    """Show what was done for this office before an entry; 0 for the latest."""

    prefix = "mba"
    office_id: str
    before_id: str


class AuditOfPressed(Payload):
    """Show what was done to one thing or by one person before an entry; 0 for the latest."""

    prefix = "mbo"
    office_id: str
    before_id: str
    about: str


class BanLifted(Payload):
    """Lift the ban of the person whom this code names."""

    prefix = "mbl"
    office_id: str
    code: str
