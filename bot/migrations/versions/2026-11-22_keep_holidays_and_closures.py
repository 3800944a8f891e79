"""Keep official holidays and the closures that an office decides.

A holiday is known by its occasion and year, so that seeding again neither adds it twice nor puts
it back where staff moved it from. The same closure cannot be decided twice.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "official_holiday",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("seed_key", sa.String(80), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("occasion", sa.String(200), nullable=False),
        sa.Column("occasion_en", sa.String(200), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("lunar_month", sa.SmallInteger),
        sa.Column("lunar_day", sa.SmallInteger),
        sa.Column("lunar_year", sa.SmallInteger),
        sa.UniqueConstraint("seed_key"),
        sa.CheckConstraint(
            "state IN ('confirmed', 'estimated', 'moved', 'cancelled')", name="state"
        ),
        sa.CheckConstraint(
            "(lunar_month IS NULL) = (lunar_day IS NULL)"
            " AND (lunar_month IS NULL) = (lunar_year IS NULL)",
            name="lunar_day_is_whole",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_official_holiday_day", "official_holiday", ["day"])
    _create_closure()


def downgrade() -> None:
    op.drop_table("closure")
    op.drop_table("official_holiday")


def _create_closure() -> None:
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("scope", sa.String(8), nullable=False),
        sa.Column("first_on", sa.Date, nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("windows", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("source", sa.String(300)),
        sa.Column("made_by", sa.BigInteger, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("withdrawn_at", Moment),
        sa.CheckConstraint("scope IN ('office', 'province', 'country')", name="scope"),
        sa.CheckConstraint("first_on <= last_on", name="days_in_order"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_closure_office_id_last_on", "closure", ["office_id", "last_on"])
    holds: sa.ColumnElement[bool] = sa.literal_column("withdrawn_at IS NULL")
    op.create_index(
        "uq_closure_decided_once",
        "closure",
        ["office_id", "first_on", "last_on", "scope", "windows"],
        unique=True,
        sqlite_where=holds,
        postgresql_where=holds,
    )
