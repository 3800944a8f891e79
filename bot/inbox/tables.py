"""One row an update, and one row that says whose they are.

`id` is the order of arrival among chats. Within one, updates that wait go by the platform's own
numbers, for messages and presses are delivered side by side and may overtake each other. Those
numbers turn random after a week without any update, and the platform keeps none for longer than a
day: of a chat nothing waits from before such a turn, unless the desk left it there for a week.
"""

from sqlalchemy import (
    BigInteger,
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


def is_new(rows: FromClause) -> ColumnElement[bool]:
    """Written out, not bound: SQLite uses a partial index only for a condition it can read."""
    return rows.c.state == literal_column("'new'")


def is_dead(rows: FromClause) -> ColumnElement[bool]:
    """As above, for what was given up."""
    return rows.c.state == literal_column("'dead'")


inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("chat_key", BigInteger, nullable=False),
    Column("payload", LargeBinary),
    Column("state", String(4), nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("run_at", Moment, nullable=False),
    Column("error", String(200)),
    Column("received_at", Moment, nullable=False),
    Column("done_at", Moment),
    UniqueConstraint("bot_id", "update_id"),
    CheckConstraint("state IN ('new', 'done', 'dead')", name="state"),
    CheckConstraint("attempts >= 0", name="attempts"),
    sqlite_autoincrement=True,
)

payloads = sealed(inbox.c.payload, inbox.c.bot_id, inbox.c.update_id)

Index("ix_inbox_new", inbox.c.id, sqlite_where=is_new(inbox))
Index(
    "ix_inbox_new_of_chat",
    inbox.c.chat_key,
    inbox.c.update_id,
    sqlite_where=is_new(inbox),
)
Index("ix_inbox_dead", inbox.c.id, sqlite_where=is_dead(inbox))
Index("ix_inbox_done_at", inbox.c.done_at)

installation = Table(
    "installation",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("platform", String(16), nullable=False),
    Column("bot_id", BigInteger, nullable=False),
    Column("settled_at", Moment, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)
