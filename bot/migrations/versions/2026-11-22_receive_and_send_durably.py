"""Receive updates and send messages durably.

The inbox keeps what the messenger gave us before we say that we have it; the outbox keeps what
we owe people until they have it. Both know which rows wait through partial indexes, so a long
history does not slow the next update down. All of it is one bot's, and the database says whose.

Revision: 0001, the first.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_inbox()
    _create_outbox()
    op.create_table(
        "installation",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("bot_id", sa.BigInteger, nullable=False),
        sa.Column("settled_at", Moment, nullable=False),
        sa.CheckConstraint("id = 1", name="only_one"),
    )
    op.create_table(
        "chat_standing",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("unreachable", sa.String(200)),
        sa.Column("moved_to", sa.BigInteger),
        sa.Column("noted_at", Moment, nullable=False),
        sa.CheckConstraint("(unreachable IS NULL) <> (moved_to IS NULL)", name="one_fact"),
    )


def downgrade() -> None:
    op.drop_table("chat_standing")
    op.drop_table("installation")
    op.drop_table("outbox")
    op.drop_table("inbox")


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("bot_id", sa.BigInteger, nullable=False),
        sa.Column("update_id", sa.BigInteger, nullable=False),
        sa.Column("chat_key", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.LargeBinary),
        sa.Column("state", sa.String(4), nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False),
        sa.Column("run_at", Moment, nullable=False),
        sa.Column("error", sa.String(200)),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("done_at", Moment),
        sa.UniqueConstraint("bot_id", "update_id"),
        sa.CheckConstraint("state IN ('new', 'done', 'dead')", name="state"),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sqlite_autoincrement=True,
    )
    is_new: sa.ColumnElement[bool] = sa.literal_column("state = 'new'")
    op.create_index("ix_inbox_new", "inbox", ["id"], sqlite_where=is_new, postgresql_where=is_new)
    op.create_index(
        "ix_inbox_new_of_chat",
        "inbox",
        ["chat_key", "id"],
        sqlite_where=is_new,
        postgresql_where=is_new,
    )
    is_dead: sa.ColumnElement[bool] = sa.literal_column("state = 'dead'")
    op.create_index(
        "ix_inbox_dead", "inbox", ["id"], sqlite_where=is_dead, postgresql_where=is_dead
    )
    op.create_index("ix_inbox_done_at", "inbox", ["done_at"])


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("dedupe_key", sa.String(200), nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("method", sa.String(64), nullable=False),
        sa.Column("params", sa.LargeBinary),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("state", sa.String(6), nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False),
        sa.Column("run_at", Moment, nullable=False),
        sa.Column("is_leased", sa.Boolean, nullable=False),
        sa.Column("has_spoken", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String(200)),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("done_at", Moment),
        sa.UniqueConstraint("dedupe_key"),
        sa.CheckConstraint("state IN ('queued', 'sent', 'dead')", name="state"),
        sa.CheckConstraint("state <> 'dead' OR reason IS NOT NULL", name="reason"),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sqlite_autoincrement=True,
    )
    is_queued: sa.ColumnElement[bool] = sa.literal_column("state = 'queued'")
    op.create_index(
        "ix_outbox_queued",
        "outbox",
        ["priority", "id"],
        sqlite_where=is_queued,
        postgresql_where=is_queued,
    )
    op.create_index(
        "ix_outbox_queued_of_chat",
        "outbox",
        ["chat_id", "id"],
        sqlite_where=is_queued,
        postgresql_where=is_queued,
    )
    is_dead: sa.ColumnElement[bool] = sa.literal_column("state = 'dead'")
    op.create_index(
        "ix_outbox_dead", "outbox", ["id"], sqlite_where=is_dead, postgresql_where=is_dead
    )
    op.create_index("ix_outbox_done_at", "outbox", ["done_at"])
