"""Keep of what people were reminded, and what they said of their getting ready for a session.

An older program does not look at either table.

Revision: 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workshop_told",
        sa.Column("what", sa.String(64), primary_key=True),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "session_check",
        sa.Column(
            "session_id", sa.Integer, sa.ForeignKey("workshop_session.id"), primary_key=True
        ),
        sa.Column(
            "registration_id", sa.Integer, sa.ForeignKey("registration.id"), primary_key=True
        ),
        sa.Column("item", sa.String(16), primary_key=True),
        sa.Column("is_ready", sa.Boolean, nullable=False),
        sa.Column("noted_at", Moment, nullable=False),
        sa.CheckConstraint(
            "item IN ('browser', 'connection', 'camera', 'background', 'headset')",
            name="item_known",
        ),
    )
    op.create_index("ix_session_check_registration_id", "session_check", ["registration_id"])


def downgrade() -> None:
    op.drop_table("session_check")
    op.drop_table("workshop_told")
