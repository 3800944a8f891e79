"""Keep what was told to staff: digests and alerts.

The row of a digest says which period it covered, so that the next one begins where it ended.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("covered_since", Moment, nullable=False),
        sa.Column("covered_until", Moment, nullable=False),
        sa.Column("sent_at", Moment, nullable=False),
        sa.UniqueConstraint("office_id", "kind", "covered_until", name="uq_digest_until"),
        sa.UniqueConstraint("office_id", "kind", "covered_since", name="uq_digest_since"),
        sa.CheckConstraint("kind IN ('daily', 'weekly')", name="kind_known"),
        sa.CheckConstraint("covered_since < covered_until", name="in_order"),
    )
    op.create_table(
        "agreement_alert",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("agreement_id", sa.String(24), nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("mark", sa.SmallInteger, nullable=False),
        sa.Column("sent_at", Moment, nullable=False),
        sa.UniqueConstraint(
            "office_id", "agreement_id", "last_day", "mark", name="uq_agreement_alert"
        ),
        sa.CheckConstraint("mark >= -1", name="mark_known"),
    )


def downgrade() -> None:
    op.drop_table("agreement_alert")
    op.drop_table("digest")
