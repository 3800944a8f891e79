"""Keep registrations, waiting lines, what was accepted, make-ups and attendance.

A learner has one registration in a workshop that has not ended, no fee is taken for a place that
is not confirmed, and what was accepted stays as it was: the database itself sees to it.

Revision: 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_CONSENT = "workshop_consent"
_SAME = "registration_id = NEW.registration_id AND terms_version = NEW.terms_version"


def upgrade() -> None:
    _create_waiting_entries()
    _create_registrations()
    _create_make_ups()
    _create_attendance()
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        _guard_sqlite()
    elif dialect == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    for table in (
        "attendance",
        "make_up_entitlement",
        "make_up",
        "workshop_consent",
        "registration",
        "waiting_entry",
    ):
        op.drop_table(table)


def _create_waiting_entries() -> None:
    conditions = {
        "state_known": "state IN ('waiting', 'offered', 'accepted', 'declined', 'lapsed', 'left',"
        " 'closed')",
        "size_counted": "size > 0",
        "offered_until": "state <> 'offered' OR expires_at IS NOT NULL",
    }
    op.create_table(
        "waiting_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("workshop_id", sa.Integer, sa.ForeignKey("workshop.id"), nullable=False),
        sa.Column("payer_id", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("is_auto_accept", sa.Boolean, nullable=False),
        sa.Column("joined_at", Moment, nullable=False),
        sa.Column("expires_at", Moment),
        *_checks(conditions),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_waiting_entry_payer_id", "waiting_entry", ["payer_id"])
    in_line = "state IN ('waiting', 'offered')"
    _partial_index("ix_waiting_entry_line", "waiting_entry", ["workshop_id", "id"], in_line)
    offered = "state = 'offered'"
    _partial_index("ix_waiting_entry_offered", "waiting_entry", ["expires_at"], offered)


def _create_registrations() -> None:
    conditions = {
        "state_known": "state IN ('draft', 'held', 'confirmed', 'expired', 'abandoned',"
        " 'dropped', 'moved', 'withdrawn_late', 'removed', 'credited', 'completed')",
        "fee_counted": "fee_rial >= 0",
        "held_until": "state <> 'held' OR expires_at IS NOT NULL",
        "paid_when_confirmed": "(journal_id IS NOT NULL) = (fee_rial > 0"
        " AND state NOT IN ('draft', 'held', 'expired', 'abandoned'))",
        "moved_from_another": "moved_from_id <> id",
    }
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("workshop_id", sa.Integer, sa.ForeignKey("workshop.id"), nullable=False),
        sa.Column("learner_id", sa.BigInteger, nullable=False),
        sa.Column("payer_id", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("fee_rial", sa.BigInteger, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("expires_at", Moment),
        sa.Column("is_bank_awaited", sa.Boolean, nullable=False),
        sa.Column("journal_id", sa.String(10)),
        sa.Column("waiting_entry_id", sa.Integer, sa.ForeignKey("waiting_entry.id")),
        sa.Column("moved_from_id", sa.Integer, sa.ForeignKey("registration.id")),
        sa.UniqueConstraint("journal_id"),
        sa.UniqueConstraint("moved_from_id"),
        *_checks(conditions),
        sqlite_autoincrement=True,
    )
    for column in ("learner_id", "payer_id", "waiting_entry_id"):
        op.create_index(f"ix_registration_{column}", "registration", [column])
    op.create_index("ix_registration_workshop_id", "registration", ["workshop_id", "state"])
    _partial_index(
        "uq_registration_active",
        "registration",
        ["workshop_id", "learner_id"],
        "state IN ('draft', 'held', 'confirmed')",
        unique=True,
    )
    _partial_index("ix_registration_held", "registration", ["expires_at"], "state = 'held'")
    op.create_table(
        "workshop_consent",
        _part_of("registration"),
        sa.Column("terms_version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("terms_sha256", sa.String(64), nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("accepted_at", Moment, nullable=False),
    )


def _create_make_ups() -> None:
    conditions = {
        "state_known": "state IN ('owed', 'overdue', 'scheduled', 'notified', 'held', 'credited')",
        "due_after_owed": "owed_at < due_at",
        "scheduled_somewhere": "state NOT IN ('scheduled', 'notified', 'held')"
        " OR new_session_id IS NOT NULL",
        "owed_nowhere": "state NOT IN ('owed', 'overdue') OR new_session_id IS NULL",
    }
    session = "workshop_session.id"
    op.create_table(
        "make_up",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("workshop_id", sa.Integer, sa.ForeignKey("workshop.id"), nullable=False),
        sa.Column("session_id", sa.Integer, sa.ForeignKey(session), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("owed_at", Moment, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("new_session_id", sa.Integer, sa.ForeignKey(session)),
        sa.UniqueConstraint("session_id"),
        sa.UniqueConstraint("new_session_id"),
        *_checks(conditions),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_make_up_workshop_id", "make_up", ["workshop_id"])
    _partial_index("ix_make_up_owed", "make_up", ["due_at"], "state = 'owed'")
    op.create_table(
        "make_up_entitlement",
        _part_of("make_up"),
        _part_of("registration"),
        sa.Column("ended_at", Moment),
    )
    name = "ix_make_up_entitlement_registration_id"
    op.create_index(name, "make_up_entitlement", ["registration_id"])


def _create_attendance() -> None:
    presences = "'present', 'late', 'absent', 'excused', 'technical_fault_office'"
    op.create_table(
        "attendance",
        _part_of("workshop_session", "session_id"),
        _part_of("registration"),
        sa.Column("presence", sa.String(24), nullable=False),
        sa.Column("noted_by", sa.String(32), nullable=False),
        sa.Column("noted_at", Moment, nullable=False),
        *_checks({"presence_known": f"presence IN ({presences})"}),
    )
    op.create_index("ix_attendance_registration_id", "attendance", ["registration_id"])


def _checks(conditions: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(condition, name=name) for name, condition in conditions.items()]


def _part_of(table: str, column: str | None = None) -> sa.Column[int]:
    name = f"{table}_id" if column is None else column
    key = sa.ForeignKey(f"{table}.id")
    return sa.Column(name, sa.Integer, key, primary_key=True, autoincrement=False)


def _partial_index(
    name: str, table: str, columns: list[str], condition: str, *, unique: bool = False
) -> None:
    where: sa.ColumnElement[bool] = sa.literal_column(condition)
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where
    )


def _guard_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
    for verb in ("UPDATE", "DELETE"):
        name = f"{_CONSENT}_refuses_{verb.lower()}"
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {_CONSENT} {refuse}")
    is_there: sa.Select[int] = sa.select(sa.literal_column("1", sa.Integer)).select_from(
        sa.table(_CONSENT)
    )
    op.execute(
        f"CREATE TRIGGER {_CONSENT}_refuses_replace BEFORE INSERT ON {_CONSENT}"
        f" WHEN EXISTS ({is_there.where(sa.literal_column(_SAME))}) {refuse}"
    )


def _guard_postgresql() -> None:
    for verb in ("UPDATE", "DELETE", "TRUNCATE"):
        each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
        op.execute(
            f"CREATE TRIGGER {_CONSENT}_refuses_{verb.lower()} BEFORE {verb} ON {_CONSENT}"
            f" FOR EACH {each} EXECUTE FUNCTION workshops_refuse()"
        )
