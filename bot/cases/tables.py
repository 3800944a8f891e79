"""Cases, what was said in them, what was promised, and their history.

A person's id stands in one column, `desk_case.author_id`, and beside the words that they may
still edit; an anonymous case has neither. Events hold the ids of staff alone, for nobody ever
changes or deletes them: triggers of the migration see to it. What people wrote is sealed, the
notes of events too, which alone may be sealed anew.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    literal_column,
)

from bot.cases.model import Action, CaseKind, CaseState, ClockKind, Ending, MessageKind
from bot.kit.database import Moment, metadata
from bot.kit.tables import Sealed, sealed

_Kinds = type[CaseKind | CaseState | ClockKind | Ending | MessageKind | Action]


def _one_of(column: str, kinds: _Kinds) -> str:
    values = ", ".join(f"'{kind.value}'" for kind in kinds)
    return f"{column} IN ({values})"


def is_running(rows: FromClause) -> ColumnElement[bool]:
    """True for a promise that is neither kept nor overtaken."""
    return rows.c.met_at.is_(None)


def is_in_work(rows: FromClause) -> ColumnElement[bool]:
    """Written out, not bound: SQLite uses a partial index only for a condition it can read."""
    return rows.c.state != literal_column("'closed'")


def is_answered(rows: FromClause) -> ColumnElement[bool]:
    """As above, for what may still be reopened."""
    return rows.c.state == literal_column("'answered'")


desk_case = Table(
    "desk_case",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("registration_key", String(64), nullable=False),  # keyed digest: it may name an author
    Column("tracking_code", String(10), nullable=False),
    Column("office_id", String(24), nullable=False),
    Column("service_id", String(24)),
    Column("service_version", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("author_id", BigInteger),
    Column("language", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("first_response_minutes", Integer, nullable=False),
    Column("next_response_minutes", Integer, nullable=False),
    Column("resolution_minutes", Integer, nullable=False),
    Column("warn_minutes", Integer, nullable=False),
    Column("registered_at", Moment, nullable=False),
    Column("ending", String(16)),
    Column("ending_reason", Sealed(2000)),
    Column("ended_at", Moment),
    Column("assignee_id", BigInteger),
    Column("assigned_at", Moment),
    Column("snoozed_until", Moment),
    Column("is_snoozed_until_reply", Boolean, nullable=False),
    Column("is_process_changed", Boolean, nullable=False),
    Column("merged_into", Integer, ForeignKey("desk_case.id")),
    Column("question_id", BigInteger),
    Column("escalated_at", Moment),
    UniqueConstraint("registration_key"),
    UniqueConstraint("tracking_code"),
    CheckConstraint(_one_of("kind", CaseKind), name="kind_known"),
    CheckConstraint(_one_of("state", CaseState), name="state_known"),
    CheckConstraint(_one_of("ending", Ending), name="ending_known"),
    CheckConstraint(
        "(state IN ('answered', 'closed')) = (ending IS NOT NULL AND ended_at IS NOT NULL)",
        name="over_with_an_ending",
    ),
    CheckConstraint(
        "ending IS NULL OR ending <> 'cannot_be_done' OR ending_reason IS NOT NULL",
        name="reason_of_rejection",
    ),
    CheckConstraint("(assignee_id IS NULL) = (assigned_at IS NULL)", name="assigned_when"),
    CheckConstraint("merged_into <> id", name="not_into_itself"),
    CheckConstraint("service_version > 0", name="version_counted"),
    CheckConstraint(
        "first_response_minutes BETWEEN 1 AND resolution_minutes"
        " AND next_response_minutes BETWEEN 1 AND resolution_minutes AND warn_minutes > 0",
        name="response_before_resolution",
    ),
    sqlite_autoincrement=True,
)
ending_reasons = sealed(desk_case.c.ending_reason, desk_case.c.id)
Index(
    "ix_desk_case_in_work",
    desk_case.c.office_id,
    desk_case.c.state,
    sqlite_where=is_in_work(desk_case),
)
Index("ix_desk_case_author_id", desk_case.c.author_id)
Index("ix_desk_case_registered_at", desk_case.c.office_id, desk_case.c.registered_at)
Index("ix_desk_case_ended_at", desk_case.c.office_id, desk_case.c.ended_at)
Index("ix_desk_case_merged_into", desk_case.c.merged_into)
Index(
    "ix_desk_case_answered",
    desk_case.c.ended_at,
    sqlite_where=is_answered(desk_case),
)
_has_question = desk_case.c.question_id.is_not(None)
Index(
    "ix_desk_case_question_id",
    desk_case.c.question_id,
    sqlite_where=_has_question,
)

case_message = Table(
    "case_message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Integer, ForeignKey("desk_case.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("author_id", BigInteger),  # of staff
    Column("text", Sealed(2000), nullable=False),
    Column("said_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("source_chat_id", BigInteger),
    Column("source_message_id", BigInteger),
    UniqueConstraint("source_chat_id", "source_message_id"),
    CheckConstraint(_one_of("kind", MessageKind), name="kind_known"),
    CheckConstraint("version > 0", name="version_counted"),
    CheckConstraint("(source_chat_id IS NULL) = (source_message_id IS NULL)", name="source_whole"),
    sqlite_autoincrement=True,
)
said_words = sealed(case_message.c.text, case_message.c.id)

case_message_version = Table(  # what was said before it was edited
    "case_message_version",
    metadata,
    Column("message_id", Integer, ForeignKey("case_message.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", Sealed(2000), nullable=False),
    Column("said_at", Moment, nullable=False),
    Column("replaced_at", Moment, nullable=False),
)
replaced_words = sealed(
    case_message_version.c.text, case_message_version.c.message_id, case_message_version.c.version
)

case_clock = Table(
    "case_clock",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Integer, ForeignKey("desk_case.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("met_at", Moment),
    Column("breached_at", Moment),
    Column("warned_at", Moment),
    Column("new_due_at", Moment),
    Column("extended_at", Moment),
    Column("late_count", Integer, nullable=False),
    CheckConstraint(_one_of("kind", ClockKind), name="kind_known"),
    CheckConstraint("started_at < due_at", name="due_after_start"),
    CheckConstraint(
        "(breached_at IS NULL) = (new_due_at IS NULL)"
        " AND (breached_at IS NULL) = (extended_at IS NULL)"
        " AND (breached_at IS NULL) = (late_count = 0)",
        name="late_with_a_new_date",
    ),
    sqlite_autoincrement=True,
)
Index(
    "ix_case_clock_running",
    case_clock.c.due_at,
    sqlite_where=is_running(case_clock),
)

case_event = Table(
    "case_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Integer, ForeignKey("desk_case.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("action", String(16), nullable=False),
    Column("actor_id", BigInteger),  # of staff
    Column("role", String(8)),
    Column("note", Sealed(2000)),
    CheckConstraint(_one_of("action", Action), name="action_known"),
    CheckConstraint("(actor_id IS NULL) = (role IS NULL)", name="actor_in_a_role"),
    sqlite_autoincrement=True,
)
event_notes = sealed(case_event.c.note, case_event.c.case_id, case_event.c.at, case_event.c.action)
