"""The tables of official holidays, which are the truth about them, and of decided closures."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
)

from bot.kit.database import Moment, metadata

official_holiday = Table(
    "official_holiday",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seed_key", String(80), nullable=False, unique=True),
    Column("day", Date, nullable=False, index=True),
    Column("occasion", String(200), nullable=False),
    Column("occasion_en", String(200), nullable=False),
    Column("state", String(9), nullable=False),
    Column("lunar_month", SmallInteger),
    Column("lunar_day", SmallInteger),
    Column("lunar_year", SmallInteger),
    CheckConstraint("state IN ('confirmed', 'estimated', 'moved', 'cancelled')", name="state"),
    CheckConstraint(
        "(lunar_month IS NULL) = (lunar_day IS NULL)"
        " AND (lunar_month IS NULL) = (lunar_year IS NULL)",
        name="lunar_day_is_whole",
    ),
    sqlite_autoincrement=True,
)

closure = Table(
    "closure",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", String(24), nullable=False),
    Column("scope", String(8), nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("windows", String(200), nullable=False),  # such as "07:30-10:00 11:00-12:00", or none
    Column("reason", String(300), nullable=False),
    Column("source", String(300)),
    Column("made_by", BigInteger, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    CheckConstraint("scope IN ('office', 'province', 'country')", name="scope"),
    CheckConstraint("first_on <= last_on", name="days_in_order"),
    Index("ix_closure_office_id_last_on", "office_id", "last_on"),
    sqlite_autoincrement=True,
)

_holds = closure.c.withdrawn_at.is_(None)
Index(
    "uq_closure_decided_once",
    closure.c.office_id,
    closure.c.first_on,
    closure.c.last_on,
    closure.c.scope,
    closure.c.windows,
    unique=True,
    sqlite_where=_holds,
)
