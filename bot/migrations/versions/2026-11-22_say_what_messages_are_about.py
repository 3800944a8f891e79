"""Say what a message is about, and remember for ever which message in which chat was about what.

A reply in the admin chat is understood by the message that it replies to, months later too, while
the rows of the outbox are forgotten after a week. In a group an answer may pass the notices that
wait, so what is queued for a chat is now found in that order.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("about", sa.String(64)))
    _index_queued_of_chat("chat_id", "priority", "id")
    has_moved: sa.ColumnElement[bool] = sa.literal_column("moved_to IS NOT NULL")
    op.create_index(
        "ix_chat_standing_moved_to",
        "chat_standing",
        ["moved_to"],
        sqlite_where=has_moved,
        postgresql_where=has_moved,
    )
    op.create_table(
        "said_about",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("about", sa.String(64), nullable=False),
        sa.Column("said_at", Moment, nullable=False),
    )
    op.create_index(
        "ix_said_about_chat_id_about_message_id",
        "said_about",
        ["chat_id", "about", "message_id"],
    )


def downgrade() -> None:
    op.drop_table("said_about")
    op.drop_index("ix_chat_standing_moved_to", "chat_standing")
    _index_queued_of_chat("chat_id", "id")
    op.drop_column("outbox", "about")


def _index_queued_of_chat(*columns: str) -> None:
    is_queued: sa.ColumnElement[bool] = sa.literal_column("state = 'queued'")
    op.drop_index("ix_outbox_queued_of_chat", "outbox")
    op.create_index(
        "ix_outbox_queued_of_chat",
        "outbox",
        [*columns],
        sqlite_where=is_queued,
        postgresql_where=is_queued,
    )
