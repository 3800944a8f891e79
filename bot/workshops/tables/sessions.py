"""Sessions, who was there, and what is owed for those that the office cancelled."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from bot.kit.database import Moment, metadata
from bot.workshops.model import CancelReason, MakeUpState, Presence, SessionState
from bot.workshops.tables.constraints import one_of, written

workshop_session = Table(
    "workshop_session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workshop_id", Integer, ForeignKey("workshop.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("state", String(24), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("cancel_reason", String(24)),
    CheckConstraint(one_of("state", *SessionState), name="state_known"),
    CheckConstraint(one_of("cancel_reason", *CancelReason), name="reason_known"),
    CheckConstraint(
        "(state = 'cancelled_by_office') = (cancel_reason IS NOT NULL)", name="cancelled_why"
    ),
    CheckConstraint("number > 0", name="number_counted"),
    CheckConstraint("minutes > 0", name="minutes_counted"),
    CheckConstraint("revision >= 0", name="revision_counted"),
    sqlite_autoincrement=True,
)
Index(
    "ix_workshop_session_workshop_id",
    workshop_session.c.workshop_id,
    workshop_session.c.starts_at,
)
_is_to_come = written("state IN ('planned', 'displaced', 'live')")
Index(
    "ix_workshop_session_to_come",
    workshop_session.c.starts_at,
    sqlite_where=_is_to_come,
)

make_up = Table(
    "make_up",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workshop_id", Integer, ForeignKey("workshop.id"), nullable=False, index=True),
    Column("session_id", Integer, ForeignKey("workshop_session.id"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("owed_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("new_session_id", Integer, ForeignKey("workshop_session.id")),
    UniqueConstraint("session_id"),
    UniqueConstraint("new_session_id"),
    CheckConstraint(one_of("state", *MakeUpState), name="state_known"),
    CheckConstraint("owed_at < due_at", name="due_after_owed"),
    CheckConstraint(
        "state NOT IN ('scheduled', 'notified', 'held') OR new_session_id IS NOT NULL",
        name="scheduled_somewhere",
    ),
    CheckConstraint(
        "state NOT IN ('owed', 'overdue') OR new_session_id IS NULL", name="owed_nowhere"
    ),
    sqlite_autoincrement=True,
)
_is_owed = written("state = 'owed'")
Index("ix_make_up_owed", make_up.c.due_at, sqlite_where=_is_owed)

make_up_entitlement = Table(
    "make_up_entitlement",
    metadata,
    Column("make_up_id", Integer, ForeignKey("make_up.id"), primary_key=True),
    Column("registration_id", Integer, ForeignKey("registration.id"), primary_key=True),
    Column("ended_at", Moment),  # when it was given back for credit, or missed
)
Index("ix_make_up_entitlement_registration_id", make_up_entitlement.c.registration_id)

attendance = Table(
    "attendance",
    metadata,
    Column("session_id", Integer, ForeignKey("workshop_session.id"), primary_key=True),
    Column("registration_id", Integer, ForeignKey("registration.id"), primary_key=True),
    Column("presence", String(24), nullable=False),
    Column("noted_by", String(32), nullable=False),
    Column("noted_at", Moment, nullable=False),
    CheckConstraint(one_of("presence", *Presence), name="presence_known"),
)
Index("ix_attendance_registration_id", attendance.c.registration_id)
