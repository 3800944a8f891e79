"""Keep sheets with workshops that officers sent, until they are opened.

Revision: 0026, after 0025.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workshop_sheet",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("file_id", sa.String(255), nullable=False),
        sa.Column("sent_by", sa.BigInteger, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("opened_at", Moment),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_workshop_sheet_opened_at", "workshop_sheet", ["opened_at"])


def downgrade() -> None:
    op.drop_table("workshop_sheet")
