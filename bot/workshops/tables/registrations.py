"""Registrations, the terms that were accepted in them, and the lines of those who wait.

A learner has one registration in a workshop that has not ended: a draft, which may wait in line,
a held place or a confirmed one. So has a person, by the national ID, where the office requires
it, whoever registers them under whatever name. Triggers let nobody change or remove what was
accepted.
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
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
)

from bot.kit.database import Moment, metadata
from bot.kit.tables import sealed
from bot.workshops.model import RegistrationState, WaitingState
from bot.workshops.tables.constraints import one_of, written

waiting_entry = Table(
    "waiting_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workshop_id", Integer, ForeignKey("workshop.id"), nullable=False),
    Column("payer_id", BigInteger, nullable=False, index=True),
    Column("state", String(8), nullable=False),
    Column("size", Integer, nullable=False),
    Column("is_auto_accept", Boolean, nullable=False),
    Column("joined_at", Moment, nullable=False),
    Column("expires_at", Moment),
    CheckConstraint(one_of("state", *WaitingState), name="state_known"),
    CheckConstraint("size > 0", name="size_counted"),
    CheckConstraint("state <> 'offered' OR expires_at IS NOT NULL", name="offered_until"),
    sqlite_autoincrement=True,
)
_is_in_line = written("state IN ('waiting', 'offered')")
# Who asks for turns says so with these: a bound state could be any, and no index is used for it.
is_in_line = waiting_entry.c.state.in_([written("'waiting'"), written("'offered'")])
is_waiting = is_in_line & (waiting_entry.c.state == written("'waiting'"))
is_offered = waiting_entry.c.state == written("'offered'")
Index(
    "ix_waiting_entry_line",
    waiting_entry.c.workshop_id,
    waiting_entry.c.id,
    sqlite_where=_is_in_line,
)
_is_offered = written("state = 'offered'")
Index(
    "ix_waiting_entry_offered",
    waiting_entry.c.expires_at,
    sqlite_where=_is_offered,
)

registration = Table(
    "registration",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workshop_id", Integer, ForeignKey("workshop.id"), nullable=False),
    Column("learner_id", BigInteger, nullable=False, index=True),
    Column("payer_id", BigInteger, nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("fee_rial", BigInteger, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("is_bank_awaited", Boolean, nullable=False),
    Column("journal_id", String(10)),
    Column("waiting_entry_id", Integer, ForeignKey("waiting_entry.id"), index=True),
    Column("moved_from_id", Integer, ForeignKey("registration.id")),
    Column("national_id", LargeBinary),  # sealed for this row; only where the office requires it
    Column("national_id_index", LargeBinary),
    Column("is_vouched", Boolean, nullable=False, server_default=false()),  # without a number
    UniqueConstraint("journal_id"),
    UniqueConstraint("moved_from_id"),
    CheckConstraint(one_of("state", *RegistrationState), name="state_known"),
    CheckConstraint("fee_rial >= 0", name="fee_counted"),
    CheckConstraint("state <> 'held' OR expires_at IS NOT NULL", name="held_until"),
    CheckConstraint(
        "(journal_id IS NOT NULL) = (fee_rial > 0"
        " AND state NOT IN ('draft', 'held', 'expired', 'abandoned'))",
        name="paid_when_confirmed",
    ),
    CheckConstraint("moved_from_id <> id", name="moved_from_another"),
    sqlite_autoincrement=True,
)
national_ids = sealed(registration.c.national_id, registration.c.id)
is_active = written("state IN ('draft', 'held', 'confirmed')")
Index(
    "uq_registration_active",
    registration.c.workshop_id,
    registration.c.learner_id,
    unique=True,
    sqlite_where=is_active,
)
Index("ix_registration_workshop_id", registration.c.workshop_id, registration.c.state)
# A draft that waits in no line keeps nobody away: whoever typed the number may never come back.
is_placed = written(
    "(state IN ('held', 'confirmed') OR state = 'draft' AND waiting_entry_id IS NOT NULL)"
)
Index(
    "uq_registration_national_id",
    registration.c.workshop_id,
    registration.c.national_id_index,
    unique=True,
    sqlite_where=is_placed,
)
_is_held = written("state = 'held'")
Index(
    "ix_registration_held",
    registration.c.expires_at,
    sqlite_where=_is_held,
)

workshop_consent = Table(
    "workshop_consent",
    metadata,
    Column("registration_id", Integer, ForeignKey("registration.id"), primary_key=True),
    Column("terms_version", Integer, primary_key=True, autoincrement=False),
    Column("terms_sha256", String(64), nullable=False),
    Column("message_id", BigInteger),
    Column("accepted_at", Moment, nullable=False),
)
