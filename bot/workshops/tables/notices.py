"""What was told and has no other trace, and what people said of their getting ready."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from bot.kit.database import Moment, metadata
from bot.workshops.model import CheckItem
from bot.workshops.tables.constraints import one_of

workshop_told = Table(
    "workshop_told",
    metadata,
    Column("what", String(64), primary_key=True),  # such as "day:12:0", a session and its date
    Column("at", Moment, nullable=False),
)

session_check = Table(
    "session_check",
    metadata,
    Column("session_id", Integer, ForeignKey("workshop_session.id"), primary_key=True),
    Column("registration_id", Integer, ForeignKey("registration.id"), primary_key=True),
    Column("item", String(16), primary_key=True),
    Column("is_ready", Boolean, nullable=False),
    Column("noted_at", Moment, nullable=False),
    CheckConstraint(one_of("item", *CheckItem), name="item_known"),
)
Index("ix_session_check_registration_id", session_check.c.registration_id)
