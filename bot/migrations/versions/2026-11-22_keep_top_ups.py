"""Keep what citizens pay in: bills in the chat, claims by a bank's reference, and unmatched money.

A reference is claimed once at a time, a charge of a gateway is kept once, and who decides about
money is not who gets it: the database itself sees to all three.

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_table()
    op.create_index("ix_top_up_office_id", "top_up", ["office_id", "state", "id"])
    op.create_index("ix_top_up_citizen_id", "top_up", ["citizen_id", "id"])
    op.create_index("ix_top_up_expires_at", "top_up", ["state", "expires_at"])
    op.create_index("ix_top_up_reference", "top_up", ["office_id", "reference"])
    is_claimed: sa.ColumnElement[bool] = sa.literal_column(
        "way = 'bank' AND state IN ('pending', 'verified')"
    )
    op.create_index(
        "uq_top_up_claimed",
        "top_up",
        ["office_id", "reference"],
        unique=True,
        sqlite_where=is_claimed,
        postgresql_where=is_claimed,
    )


def _create_table() -> None:
    op.create_table(
        "top_up",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("citizen_id", sa.BigInteger, nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("amount_rial", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("reference", sa.String(100)),
        sa.Column("provider", sa.String(32)),
        sa.Column("charge_id", sa.String(255)),
        sa.Column("decided_by", sa.BigInteger),
        sa.Column("decided_at", Moment),
        sa.Column("reversed_by", sa.BigInteger),
        sa.Column("reversed_at", Moment),
        sa.Column("reason", sa.String(200)),
        sa.Column("journal_id", sa.String(10)),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("journal_id"),
        sa.UniqueConstraint("provider", "charge_id"),
        sa.CheckConstraint("way IN ('invoice', 'bank')", name="way_known"),
        sa.CheckConstraint(
            "state IN ('created', 'pending', 'verified', 'rejected', 'expired', 'reversed', "
            "'unmatched')",
            name="state_known",
        ),
        sa.CheckConstraint("amount_rial > 0 OR state = 'unmatched'", name="amount_positive"),
        sa.CheckConstraint("way <> 'bank' OR reference IS NOT NULL", name="claimed_by_reference"),
        sa.CheckConstraint(
            "(state IN ('verified', 'reversed')) = (journal_id IS NOT NULL)",
            name="posted_if_verified",
        ),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_when"),
        sa.CheckConstraint(
            "state <> 'rejected' OR decided_by IS NOT NULL", name="rejected_by_somebody"
        ),
        sa.CheckConstraint("decided_by <> citizen_id", name="not_for_oneself"),
        sa.CheckConstraint(
            "(state = 'reversed') = (reversed_by IS NOT NULL)", name="reversed_by_somebody"
        ),
        sa.CheckConstraint("(reversed_by IS NULL) = (reversed_at IS NULL)", name="reversed_when"),
        sa.CheckConstraint("reversed_by NOT IN (decided_by, citizen_id)", name="two_persons"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("top_up")
