"""One row a message, a chat that cannot be reached or has moved, a number to remember, an offer.

`has_spoken` says that the chat was heard from since the message was claimed: whatever its sending
tells of the chat was true before that.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    FromClause,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    literal_column,
)

from bot.kit.database import Moment, metadata
from bot.kit.tables import sealed


def is_queued(rows: FromClause) -> ColumnElement[bool]:
    """Written out, not bound: SQLite uses a partial index only for a condition it can read."""
    return rows.c.state == literal_column("'queued'")


def is_dead(rows: FromClause) -> ColumnElement[bool]:
    """As above, for what was given up."""
    return rows.c.state == literal_column("'dead'")


outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dedupe_key", String(200), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("method", String(64), nullable=False),
    Column("params", LargeBinary),
    Column("priority", SmallInteger, nullable=False),
    Column("about", String(64)),
    Column("state", String(6), nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("run_at", Moment, nullable=False),
    Column("is_leased", Boolean, nullable=False),
    Column("has_spoken", Boolean, nullable=False),
    Column("reason", String(200)),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment),
    UniqueConstraint("dedupe_key"),
    CheckConstraint("state IN ('queued', 'sent', 'dead')", name="state"),
    CheckConstraint("state <> 'dead' OR reason IS NOT NULL", name="reason"),
    CheckConstraint("attempts >= 0", name="attempts"),
    sqlite_autoincrement=True,
)
contents = sealed(outbox.c.params, outbox.c.dedupe_key)

Index(
    "ix_outbox_queued",
    outbox.c.priority,
    outbox.c.id,
    sqlite_where=is_queued(outbox),
)
Index(
    "ix_outbox_queued_of_chat",
    outbox.c.chat_id,
    outbox.c.priority,
    outbox.c.id,
    sqlite_where=is_queued(outbox),
)
Index("ix_outbox_dead", outbox.c.id, sqlite_where=is_dead(outbox))
Index("ix_outbox_done_at", outbox.c.done_at)

chat_standing = Table(
    "chat_standing",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("unreachable", String(200)),
    Column("moved_to", BigInteger),
    Column("noted_at", Moment, nullable=False),
    CheckConstraint("(unreachable IS NULL) <> (moved_to IS NULL)", name="one_fact"),
)
_has_moved = chat_standing.c.moved_to.is_not(None)
Index(None, chat_standing.c.moved_to, sqlite_where=_has_moved)

said_about = Table(
    "said_about",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("about", String(64), nullable=False),
    Column("said_at", Moment, nullable=False),
)
Index(None, said_about.c.about)

# The buttons under the last message with any, for whoever writes what stands on one of them.
offered = Table(
    "offered",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("choices", LargeBinary, nullable=False),
    Column("offered_at", Moment, nullable=False),
)
choices = sealed(offered.c.choices, offered.c.chat_id)
Index(None, offered.c.offered_at)
