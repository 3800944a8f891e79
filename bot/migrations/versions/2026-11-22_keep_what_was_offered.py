"""Keep the buttons that a person was shown last, so that what stands on one can be written.

Revision: 0034, after 0033.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offered",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("choices", sa.LargeBinary, nullable=False),
        sa.Column("offered_at", Moment, nullable=False),
    )
    op.create_index("ix_offered_offered_at", "offered", ["offered_at"])


def downgrade() -> None:
    op.drop_table("offered")
