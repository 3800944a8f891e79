"""Money that citizens pay in: bills, claims by a bank's reference, and what matched neither."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    literal_column,
)

from bot.kit.database import Moment, metadata
from bot.kit.tables import Sealed, sealed
from bot.wallet.model import REASON_LENGTH_MAX, TopUpState, TopUpWay
from bot.wallet.tables.constraints import one_of

top_up = Table(
    "top_up",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(10), nullable=False),
    Column("office_id", String(24), nullable=False),
    Column("citizen_id", BigInteger, nullable=False),
    Column("way", String(8), nullable=False),
    Column("amount_rial", BigInteger, nullable=False),
    Column("state", String(10), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("reference", String(100)),
    Column("provider", String(32)),
    Column("charge_id", String(255)),
    Column("decided_by", BigInteger),
    Column("decided_at", Moment),
    Column("reversed_by", BigInteger),
    Column("reversed_at", Moment),
    Column("reason", Sealed(REASON_LENGTH_MAX)),
    Column("journal_id", String(10)),
    UniqueConstraint("code"),
    UniqueConstraint("journal_id"),
    UniqueConstraint("provider", "charge_id"),
    CheckConstraint(one_of("way", TopUpWay), name="way_known"),
    CheckConstraint(one_of("state", TopUpState), name="state_known"),
    CheckConstraint("amount_rial > 0 OR state = 'unmatched'", name="amount_positive"),
    CheckConstraint("way <> 'bank' OR reference IS NOT NULL", name="claimed_by_reference"),
    CheckConstraint(
        "(state IN ('verified', 'reversed')) = (journal_id IS NOT NULL)", name="posted_if_verified"
    ),
    CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_when"),
    CheckConstraint("state <> 'rejected' OR decided_by IS NOT NULL", name="rejected_by_somebody"),
    CheckConstraint("decided_by <> citizen_id", name="not_for_oneself"),
    CheckConstraint(
        "(state = 'reversed') = (reversed_by IS NOT NULL)", name="reversed_by_somebody"
    ),
    CheckConstraint("(reversed_by IS NULL) = (reversed_at IS NULL)", name="reversed_when"),
    CheckConstraint("reversed_by NOT IN (decided_by, citizen_id)", name="two_persons"),
    sqlite_autoincrement=True,
)
top_up_reasons = sealed(top_up.c.reason, top_up.c.code)
Index("ix_top_up_office_id", top_up.c.office_id, top_up.c.state, top_up.c.id)
Index("ix_top_up_citizen_id", top_up.c.citizen_id, top_up.c.id)
Index("ix_top_up_expires_at", top_up.c.state, top_up.c.expires_at)
Index("ix_top_up_reference", top_up.c.office_id, top_up.c.reference)
_is_claimed: ColumnElement[bool] = literal_column(
    "way = 'bank' AND state IN ('pending', 'verified')"
)
Index(
    "uq_top_up_claimed",
    top_up.c.office_id,
    top_up.c.reference,
    unique=True,
    sqlite_where=_is_claimed,
)
