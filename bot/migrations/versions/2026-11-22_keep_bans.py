"""Keep who may not write to an office until when, and codes that name people to staff.

Revision: 0029, after 0028.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_code",
        sa.Column("citizen_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.UniqueConstraint("code", name="uq_person_code_code"),
    )
    op.create_table(
        "ban",
        sa.Column("citizen_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("office_id", sa.String(24), primary_key=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("banned_by", sa.BigInteger, nullable=False),
        sa.Column("banned_at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.CheckConstraint("banned_at < until", name="ends_later"),
        sa.CheckConstraint("banned_by <> citizen_id", name="by_another"),
    )
    op.create_index("ix_ban_until", "ban", ["until"])


def downgrade() -> None:
    op.drop_table("ban")
    op.drop_table("person_code")
