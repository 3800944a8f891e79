"""Workshops, their terms in every version, and the history of all that belongs to them.

Triggers of the migration let nobody change or remove a version of the terms or a line of the
history, which names staff by number and no citizen.
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
    UniqueConstraint,
)

from bot.kit.database import Moment, metadata
from bot.kit.tables import Sealed, sealed
from bot.workshops.model import (
    DESCRIPTION_LENGTH_MAX,
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    REASON_LENGTH_MAX,
    TERMS_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    Entity,
    WorkshopState,
)
from bot.workshops.tables.constraints import one_of, written

workshop = Table(
    "workshop",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", String(24), nullable=False),
    Column("state", String(24), nullable=False),
    Column("title", String(TITLE_LENGTH_MAX), nullable=False),
    Column("description", String(DESCRIPTION_LENGTH_MAX), nullable=False),
    Column("instructor", String(NAME_LENGTH_MAX)),
    Column("subject", String(NAME_LENGTH_MAX)),
    Column("province", String(NAME_LENGTH_MAX)),
    Column("age_min", SmallInteger),
    Column("age_max", SmallInteger),
    Column("fee_rial", BigInteger),
    Column("quorum", Integer),
    Column("places", Integer),
    Column("session_count", Integer),
    Column("opens_at", Moment),
    Column("closes_at", Moment),
    Column("online_link", String(PLACE_LENGTH_MAX)),
    Column("venue", String(PLACE_LENGTH_MAX)),
    Column("is_on_days_off", Boolean, nullable=False),
    Column("terms_version", Integer, nullable=False),
    Column("taken_count", Integer, nullable=False),
    Column("drop_until", Moment),
    Column("is_extended", Boolean, nullable=False),
    Column("is_sample", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("grace_until", Moment),
    Column("settled_at", Moment),
    CheckConstraint(one_of("state", *WorkshopState), name="state_known"),
    CheckConstraint("taken_count >= 0", name="taken_counted"),
    CheckConstraint("places IS NOT NULL OR taken_count = 0", name="taken_of_something"),
    CheckConstraint("taken_count <= places", name="not_oversold"),
    CheckConstraint("fee_rial >= 0", name="fee_counted"),
    CheckConstraint("terms_version >= 0", name="terms_counted"),
    CheckConstraint(
        "state IN ('draft', 'deleted') OR (fee_rial IS NOT NULL AND places IS NOT NULL"
        " AND quorum IS NOT NULL AND session_count IS NOT NULL AND opens_at IS NOT NULL"
        " AND closes_at IS NOT NULL AND drop_until IS NOT NULL)",
        name="whole_before_it_is_shown",
    ),
    CheckConstraint(
        "state IN ('draft', 'deleted') OR (places > 0 AND quorum BETWEEN 0 AND places"
        " AND session_count > 0 AND terms_version > 0 AND opens_at < closes_at"
        " AND drop_until < closes_at)",
        name="sound_before_it_is_shown",
    ),
    CheckConstraint(
        "state <> 'quorum_failed_pending' OR grace_until IS NOT NULL", name="pending_until"
    ),
    CheckConstraint(
        "settled_at IS NULL OR state = 'cancelled_by_office'", name="settled_if_cancelled"
    ),
    sqlite_autoincrement=True,
)
Index("ix_workshop_office_id", workshop.c.office_id, workshop.c.state)
_is_going_on = written(
    "state IN ('published', 'open', 'paused', 'closed', 'quorum_failed_pending', 'confirmed',"
    " 'running')"
)
Index(
    "ix_workshop_going_on",
    workshop.c.state,
    sqlite_where=_is_going_on,
)

workshop_terms = Table(
    "workshop_terms",
    metadata,
    Column("workshop_id", Integer, ForeignKey("workshop.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", String(TERMS_LENGTH_MAX), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("version > 0", name="version_counted"),
)

workshop_event = Table(
    "workshop_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workshop_id", Integer, ForeignKey("workshop.id"), nullable=False),
    Column("entity", String(16), nullable=False),
    Column("entity_id", Integer, nullable=False),
    Column("act", String(24), nullable=False),
    Column("state_from", String(24)),
    Column("state_to", String(24), nullable=False),
    Column("actor", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Sealed(REASON_LENGTH_MAX)),
    Column("key", String(100)),
    UniqueConstraint("key"),
    CheckConstraint(one_of("entity", *Entity), name="entity_known"),
    sqlite_autoincrement=True,
)
event_reasons = sealed(
    workshop_event.c.reason,
    workshop_event.c.workshop_id,
    workshop_event.c.entity,
    workshop_event.c.entity_id,
    workshop_event.c.act,
    workshop_event.c.at,
)
Index("ix_workshop_event_workshop_id", workshop_event.c.workshop_id, workshop_event.c.id)
Index("ix_workshop_event_entity", workshop_event.c.entity, workshop_event.c.entity_id)
