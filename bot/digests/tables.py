"""One row a digest that was told, and one row an alert about an agreement."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Integer,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from bot.digests.model import DigestKind
from bot.kit.database import Moment, metadata

ENDED = -1  # the mark of the end itself, where others are days before it
_KINDS = ", ".join(f"'{kind.value}'" for kind in DigestKind)

digest = Table(
    "digest",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", String(24), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("covered_since", Moment, nullable=False),
    Column("covered_until", Moment, nullable=False),
    Column("sent_at", Moment, nullable=False),
    UniqueConstraint("office_id", "kind", "covered_until", name="uq_digest_until"),
    UniqueConstraint("office_id", "kind", "covered_since", name="uq_digest_since"),
    CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
    CheckConstraint("covered_since < covered_until", name="in_order"),
)

agreement_alert = Table(
    "agreement_alert",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", String(24), nullable=False),
    Column("agreement_id", String(24), nullable=False),
    Column("last_day", Date, nullable=False),
    Column("mark", SmallInteger, nullable=False),
    Column("sent_at", Moment, nullable=False),
    UniqueConstraint("office_id", "agreement_id", "last_day", "mark", name="uq_agreement_alert"),
    CheckConstraint(f"mark >= {ENDED}", name="mark_known"),
)
