"""Keep who wants to be told of new workshops, and how far the telling of each has come.

Who was told is not kept. An older program does not look at either table.

Revision: 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workshop_subscription",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("citizen_id", sa.BigInteger, nullable=False, index=True),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("age", sa.SmallInteger),
        sa.Column("province", sa.String(80)),
        sa.Column("subject", sa.String(80)),
        sa.Column("made_at", Moment, nullable=False),
        sa.CheckConstraint("age >= 0", name="age_counted"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_workshop_subscription_office_id", "workshop_subscription", ["office_id", "id"]
    )
    op.create_table(
        "workshop_telling",
        sa.Column("workshop_id", sa.Integer, sa.ForeignKey("workshop.id"), primary_key=True),
        sa.Column("subscription_id", sa.Integer, nullable=False),
        sa.Column("is_over", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("workshop_telling")
    op.drop_table("workshop_subscription")
