"""Keep workshops, their sessions, the terms in every version, and a history.

No more places are taken than there are, and terms and history are only added to: the database
itself sees to it.

Revision: 0020, after 0016.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None

_KEPT = {
    "workshop_terms": "workshop_id = NEW.workshop_id AND version = NEW.version",
    "workshop_event": "id = NEW.id OR key = NEW.key",
}


def upgrade() -> None:
    _create_workshops()
    _create_terms_and_history()
    _create_sessions()
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        _guard_sqlite()
    elif dialect == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    for table in ("workshop_session", "workshop_event", "workshop_terms", "workshop"):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION workshops_refuse()")


def _create_workshops() -> None:
    op.create_table(
        "workshop",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("description", sa.String(2000), nullable=False),
        *(sa.Column(name, sa.String(80)) for name in ("instructor", "subject", "province")),
        *(sa.Column(name, sa.SmallInteger) for name in ("age_min", "age_max")),
        sa.Column("fee_rial", sa.BigInteger),
        *(sa.Column(name, sa.Integer) for name in ("quorum", "places", "session_count")),
        *(sa.Column(name, Moment) for name in ("opens_at", "closes_at")),
        *(sa.Column(name, sa.String(300)) for name in ("online_link", "venue")),
        sa.Column("is_on_days_off", sa.Boolean, nullable=False),
        sa.Column("terms_version", sa.Integer, nullable=False),
        sa.Column("taken_count", sa.Integer, nullable=False),
        sa.Column("drop_until", Moment),
        sa.Column("is_extended", sa.Boolean, nullable=False),
        sa.Column("is_sample", sa.Boolean, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("grace_until", Moment),
        sa.Column("settled_at", Moment),
        *_checks_of_workshops(),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_workshop_office_id", "workshop", ["office_id", "state"])
    _partial_index(
        "ix_workshop_going_on",
        "workshop",
        ["state"],
        "state IN ('published', 'open', 'paused', 'closed', 'quorum_failed_pending',"
        " 'confirmed', 'running')",
    )


def _checks_of_workshops() -> list[sa.CheckConstraint]:
    conditions = {
        "state_known": "state IN ('draft', 'deleted', 'published', 'open', 'paused', 'closed',"
        " 'quorum_failed_pending', 'quorum_failed', 'confirmed', 'running', 'completed',"
        " 'cancelled_by_office')",
        "taken_counted": "taken_count >= 0",
        "taken_of_something": "places IS NOT NULL OR taken_count = 0",
        "not_oversold": "taken_count <= places",
        "fee_counted": "fee_rial >= 0",
        "terms_counted": "terms_version >= 0",
        "whole_before_it_is_shown": "state IN ('draft', 'deleted') OR (fee_rial IS NOT NULL AND"
        " places IS NOT NULL AND quorum IS NOT NULL AND session_count IS NOT NULL AND opens_at IS"
        " NOT NULL AND closes_at IS NOT NULL AND drop_until IS NOT NULL)",
        "sound_before_it_is_shown": "state IN ('draft', 'deleted') OR (places > 0 AND quorum"
        " BETWEEN 0 AND places AND session_count > 0 AND terms_version > 0 AND opens_at <"
        " closes_at AND drop_until < closes_at)",
        "pending_until": "state <> 'quorum_failed_pending' OR grace_until IS NOT NULL",
        "settled_if_cancelled": "settled_at IS NULL OR state = 'cancelled_by_office'",
    }
    return _checks(conditions)


def _create_terms_and_history() -> None:
    op.create_table(
        "workshop_terms",
        sa.Column("workshop_id", sa.Integer, sa.ForeignKey("workshop.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("text", sa.String(3000), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        *_checks({"version_counted": "version > 0"}),
    )
    op.create_table(
        "workshop_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("workshop_id", sa.Integer, sa.ForeignKey("workshop.id"), nullable=False),
        sa.Column("entity", sa.String(16), nullable=False),
        sa.Column("entity_id", sa.Integer, nullable=False),
        sa.Column("act", sa.String(24), nullable=False),
        sa.Column("state_from", sa.String(24)),
        sa.Column("state_to", sa.String(24), nullable=False),
        sa.Column("actor", sa.String(32), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("reason", sa.String(200)),
        sa.Column("key", sa.String(100)),
        sa.UniqueConstraint("key"),
        *_checks(
            {
                "entity_known": "entity IN ('workshop', 'session', 'registration',"
                " 'waiting_entry', 'make_up')"
            }
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_workshop_event_workshop_id", "workshop_event", ["workshop_id", "id"])
    op.create_index("ix_workshop_event_entity", "workshop_event", ["entity", "entity_id"])


def _create_sessions() -> None:
    conditions = {
        "state_known": "state IN ('planned', 'displaced', 'live', 'held', 'settled',"
        " 'cancelled_by_office')",
        "reason_known": "cancel_reason IN ('teacher_absent', 'platform_down', 'too_short',"
        " 'workshop_cancelled', 'other')",
        "cancelled_why": "(state = 'cancelled_by_office') = (cancel_reason IS NOT NULL)",
        "number_counted": "number > 0",
        "minutes_counted": "minutes > 0",
        "revision_counted": "revision >= 0",
    }
    op.create_table(
        "workshop_session",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("workshop_id", sa.Integer, sa.ForeignKey("workshop.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("starts_at", Moment, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("cancel_reason", sa.String(24)),
        *_checks(conditions),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_workshop_session_workshop_id", "workshop_session", ["workshop_id", "starts_at"]
    )
    _partial_index(
        "ix_workshop_session_to_come",
        "workshop_session",
        ["starts_at"],
        "state IN ('planned', 'displaced', 'live')",
    )


def _checks(conditions: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(condition, name=name) for name, condition in conditions.items()]


def _partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where: sa.ColumnElement[bool] = sa.literal_column(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _guard_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
    for table, same in _KEPT.items():
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_refuses_{verb.lower()}"
            op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {refuse}")
        is_there: sa.Select[int] = sa.select(sa.literal_column("1", sa.Integer)).select_from(
            sa.table(table)
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table}"
            f" WHEN EXISTS ({is_there.where(sa.literal_column(same))}) {refuse}"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION workshops_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the history is append-only'; END $$"
    )
    for table in _KEPT:
        for verb in ("UPDATE", "DELETE", "TRUNCATE"):
            each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table}"
                f" FOR EACH {each} EXECUTE FUNCTION workshops_refuse()"
            )
