"""Wishes to be told of new workshops, and how far the telling of each workshop has come.

Who was told is not kept: the telling goes through the wishes in order, and keeps where it is.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
)

from bot.kit.database import Moment, metadata
from bot.workshops.model import NAME_LENGTH_MAX

workshop_subscription = Table(
    "workshop_subscription",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("citizen_id", BigInteger, nullable=False, index=True),
    Column("office_id", String(24), nullable=False),
    Column("age", SmallInteger),
    Column("province", String(NAME_LENGTH_MAX)),
    Column("subject", String(NAME_LENGTH_MAX)),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("age >= 0", name="age_counted"),
    sqlite_autoincrement=True,
)
Index(
    "ix_workshop_subscription_office_id",
    workshop_subscription.c.office_id,
    workshop_subscription.c.id,
)

workshop_telling = Table(
    "workshop_telling",
    metadata,
    Column("workshop_id", Integer, ForeignKey("workshop.id"), primary_key=True),
    Column("subscription_id", Integer, nullable=False),  # the last one looked at; it may be gone
    Column("is_over", Boolean, nullable=False),
)
