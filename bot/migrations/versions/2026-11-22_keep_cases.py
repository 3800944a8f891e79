"""Keep cases with their messages, clocks and history.

A case is changed only from the state in which it was read, its history is only added to, and the
one key under which it was registered makes a second tap the same case. `case` is a word of SQL,
hence `desk_case`.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment
from bot.migrations import append_only

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ONLY_ADDED_TO = "the history of a case is only added to"


def upgrade() -> None:
    _create_cases()
    _create_messages()
    _create_clocks()
    _create_events()


def downgrade() -> None:
    op.drop_table("case_event")
    op.drop_table("case_clock")
    op.drop_table("case_message_version")
    op.drop_table("case_message")
    op.drop_table("desk_case")
    append_only.drop_refusal("case_event_refuses")


def _create_cases() -> None:
    op.create_table(
        "desk_case",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("registration_key", sa.String(64), nullable=False),
        sa.Column("tracking_code", sa.String(10), nullable=False),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("service_id", sa.String(24)),
        sa.Column("service_version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("author_id", sa.BigInteger),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in (
                "first_response_minutes",
                "next_response_minutes",
                "resolution_minutes",
                "warn_minutes",
            )
        ),
        sa.Column("registered_at", Moment, nullable=False),
        sa.Column("ending", sa.String(16)),
        sa.Column("ending_reason", sa.String(2000)),
        sa.Column("ended_at", Moment),
        sa.Column("assignee_id", sa.BigInteger),
        sa.Column("assigned_at", Moment),
        sa.Column("snoozed_until", Moment),
        sa.Column("is_snoozed_until_reply", sa.Boolean, nullable=False),
        sa.Column("is_process_changed", sa.Boolean, nullable=False),
        sa.Column("merged_into", sa.Integer, sa.ForeignKey("desk_case.id")),
        sa.Column("question_id", sa.BigInteger),
        sa.Column("escalated_at", Moment),
        *_rules_of_cases(),
        sqlite_autoincrement=True,
    )
    in_work: sa.ColumnElement[bool] = sa.literal_column("state != 'closed'")
    op.create_index(
        "ix_desk_case_in_work",
        "desk_case",
        ["office_id", "state"],
        sqlite_where=in_work,
        postgresql_where=in_work,
    )
    op.create_index("ix_desk_case_author_id", "desk_case", ["author_id"])
    op.create_index("ix_desk_case_registered_at", "desk_case", ["office_id", "registered_at"])
    op.create_index("ix_desk_case_ended_at", "desk_case", ["office_id", "ended_at"])
    op.create_index("ix_desk_case_merged_into", "desk_case", ["merged_into"])


def _rules_of_cases() -> list[sa.Constraint]:
    return [
        sa.UniqueConstraint("registration_key"),
        sa.UniqueConstraint("tracking_code"),
        sa.CheckConstraint(
            "kind IN ('suggestion', 'criticism', 'complaint', 'praise', 'question', 'outage',"
            " 'credit_claim')",
            name="kind_known",
        ),
        sa.CheckConstraint(
            "state IN ('open', 'waiting', 'answered', 'closed')", name="state_known"
        ),
        sa.CheckConstraint(
            "ending IN ('done', 'answered', 'cannot_be_done', 'withdrawn', 'merged')",
            name="ending_known",
        ),
        sa.CheckConstraint(
            "(state IN ('answered', 'closed')) = (ending IS NOT NULL AND ended_at IS NOT NULL)",
            name="over_with_an_ending",
        ),
        sa.CheckConstraint(
            "ending IS NULL OR ending <> 'cannot_be_done' OR ending_reason IS NOT NULL",
            name="reason_of_rejection",
        ),
        sa.CheckConstraint("(assignee_id IS NULL) = (assigned_at IS NULL)", name="assigned_when"),
        sa.CheckConstraint("merged_into <> id", name="not_into_itself"),
        sa.CheckConstraint("service_version > 0", name="version_counted"),
        sa.CheckConstraint(
            "first_response_minutes BETWEEN 1 AND resolution_minutes"
            " AND next_response_minutes BETWEEN 1 AND resolution_minutes AND warn_minutes > 0",
            name="response_before_resolution",
        ),
    ]


def _case_id() -> sa.Column[int]:
    return sa.Column("case_id", sa.Integer, sa.ForeignKey("desk_case.id"), nullable=False)


def _create_messages() -> None:
    op.create_table(
        "case_message",
        sa.Column("id", sa.Integer, primary_key=True),
        _case_id(),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("author_id", sa.BigInteger),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("said_at", Moment, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("source_chat_id", sa.BigInteger),
        sa.Column("source_message_id", sa.BigInteger),
        sa.UniqueConstraint("source_chat_id", "source_message_id"),
        sa.CheckConstraint("kind IN ('words', 'answer', 'asked', 'note')", name="kind_known"),
        sa.CheckConstraint("version > 0", name="version_counted"),
        sa.CheckConstraint(
            "(source_chat_id IS NULL) = (source_message_id IS NULL)", name="source_whole"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_message_case_id", "case_message", ["case_id"])
    op.create_table(
        "case_message_version",
        sa.Column("message_id", sa.Integer, sa.ForeignKey("case_message.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("said_at", Moment, nullable=False),
        sa.Column("replaced_at", Moment, nullable=False),
    )


def _create_clocks() -> None:
    op.create_table(
        "case_clock",
        sa.Column("id", sa.Integer, primary_key=True),
        _case_id(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("met_at", Moment),
        sa.Column("breached_at", Moment),
        sa.Column("warned_at", Moment),
        sa.Column("new_due_at", Moment),
        sa.Column("extended_at", Moment),
        sa.Column("late_count", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "kind IN ('first_response', 'next_response', 'resolution')", name="kind_known"
        ),
        sa.CheckConstraint("started_at < due_at", name="due_after_start"),
        sa.CheckConstraint(
            "(breached_at IS NULL) = (new_due_at IS NULL)"
            " AND (breached_at IS NULL) = (extended_at IS NULL)"
            " AND (breached_at IS NULL) = (late_count = 0)",
            name="late_with_a_new_date",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_clock_case_id", "case_clock", ["case_id"])
    running = sa.column("met_at").is_(None)
    op.create_index(
        "ix_case_clock_running",
        "case_clock",
        ["due_at"],
        sqlite_where=running,
        postgresql_where=running,
    )


def _create_events() -> None:
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer, primary_key=True),
        _case_id(),
        sa.Column("at", Moment, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("actor_id", sa.BigInteger),
        sa.Column("role", sa.String(8)),
        sa.Column("note", sa.String(2000)),
        sa.CheckConstraint(
            "action IN ('registered', 'words_added', 'words_revised', 'taken', 'released',"
            " 'replied', 'asked', 'noted', 'snoozed', 'woken', 'transferred', 'ended', 'closed',"
            " 'objected', 'reopened', 'escalated', 'merged', 'process_changed',"
            " 'deadline_moved', 'late', 'private')",
            name="action_known",
        ),
        sa.CheckConstraint("(actor_id IS NULL) = (role IS NULL)", name="actor_in_a_role"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_event_case_id", "case_event", ["case_id"])
    if op.get_bind().dialect.name != "sqlite":
        append_only.guard("case_event", _ONLY_ADDED_TO)
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER case_event_no_{verb.lower()} BEFORE {verb} ON case_event"
            f" BEGIN SELECT RAISE(ABORT, '{_ONLY_ADDED_TO}'); END"
        )
