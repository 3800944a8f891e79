"""Keep on which nights the ledger was audited, so that each is audited once.

An older program does not look at it.

Revision: 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audited_night",
        sa.Column("night", sa.Date, nullable=False),
        sa.Column("audited_at", Moment, nullable=False),
        sa.Column("findings_count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("night", name="pk_audited_night"),
        sa.CheckConstraint("findings_count >= 0", name=op.f("ck_audited_night_findings_counted")),
    )


def downgrade() -> None:
    op.drop_table("audited_night")
