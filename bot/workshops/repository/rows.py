"""Rows of the tables about workshops, as values, and how one is changed."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, update

from bot.workshops.model import (
    Attendance,
    CancelReason,
    Consent,
    Details,
    Entity,
    Event,
    MakeUp,
    MakeUpState,
    Presence,
    Registration,
    RegistrationState,
    Session,
    SessionState,
    Slot,
    WaitingEntry,
    WaitingState,
    Workshop,
    WorkshopState,
)
from bot.workshops.tables import event_reasons

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Executable, Row, Table
    from sqlalchemy.sql.dml import ReturningUpdate

    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction

    _Kept = Workshop | Session | Registration | WaitingEntry | MakeUp

DETAILS: Final = tuple(field.name for field in fields(Details))
_OF_WORKSHOP: Final = tuple(
    field.name for field in fields(Workshop) if field.name not in ("details", "state")
)


def one_or_all(
    one: Executable, several: Executable, ids: Collection[int]
) -> tuple[Executable, dict[str, object]]:
    """Choose how to ask for rows by their numbers: for the only one, or for a list.

    A list is written anew for each length, which takes longer than most statements themselves.
    """
    if len(ids) != 1:
        return several, {"ids": ids}
    (id_,) = ids
    return one, {"id": id_}


async def change(
    tx: Transaction, table: Table, old: _Kept, values: Mapping[str, object]
) -> Row[Any] | None:
    """Change a row if the thing still stands where it was read; None if not."""
    known = {"id_read": old.id, "state_read": old.state}
    row: Row[Any] | None = (await tx.execute(_changing(table), {**values, **known})).one_or_none()
    return row


@cache
def _changing(table: Table) -> ReturningUpdate[Any]:
    is_read = (table.c.id == bindparam("id_read")) & (table.c.state == bindparam("state_read"))
    return update(table).where(is_read).returning(table)


def workshop_of(row: Row[Any]) -> Workshop:
    """Read a workshop."""
    return Workshop(
        state=WorkshopState(row.state),
        details=Details(**{name: getattr(row, name) for name in DETAILS}),
        **{name: getattr(row, name) for name in _OF_WORKSHOP},
    )


def session_of(row: Row[Any]) -> Session:
    """Read a session."""
    reason = None if row.cancel_reason is None else CancelReason(row.cancel_reason)
    slot = Slot(row.starts_at, row.minutes)
    return Session(
        row.id,
        row.workshop_id,
        row.number,
        slot,
        SessionState(row.state),
        row.revision,
        reason,
    )


def registration_of(row: Row[Any]) -> Registration:
    """Read a registration."""
    return Registration(**{**row._asdict(), "state": RegistrationState(row.state)})


def entry_of(row: Row[Any]) -> WaitingEntry:
    """Read a turn in a line."""
    return WaitingEntry(**{**row._asdict(), "state": WaitingState(row.state)})


def make_up_of(row: Row[Any]) -> MakeUp:
    """Read what is owed for a session."""
    return MakeUp(**{**row._asdict(), "state": MakeUpState(row.state)})


def attendance_of(row: Row[Any]) -> Attendance:
    """Read whether somebody was there."""
    return Attendance(**{**row._asdict(), "presence": Presence(row.presence)})


def consent_of(row: Row[Any]) -> Consent:
    """Read what was accepted."""
    return Consent(**row._asdict())


def event_of(row: Row[Any], keyring: Keyring) -> Event:
    """Read a line of a history."""
    values = row._asdict()
    del values["id"]
    place = row.workshop_id, row.entity, row.entity_id, row.act, row.at
    reason = event_reasons.open_any(keyring, row.reason, *place)
    return Event(**{**values, "entity": Entity(row.entity), "reason": reason})
