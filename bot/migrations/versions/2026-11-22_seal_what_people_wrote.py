"""Seal what people wrote, and when learners were born.

Here the columns only come to take sealed bytes: keys are no matter of a shape. What stands in them
is sealed by the first start afterwards, before anything else. On a server a readable value is
marked with a zero byte until then; in a file it stays the text that it is, for SQLite keeps any
value in any column. The notes of a case's history may be sealed anew, and be changed in no other
way. There is no way back for what is sealed: a backup of before has it.

Revision: 0031, after 0030.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("desk_case", "ending_reason", "VARCHAR(2000)"),
    ("case_message", "text", "VARCHAR(2000)"),
    ("case_message_version", "text", "VARCHAR(2000)"),
    ("case_event", "note", "VARCHAR(2000)"),
    ("survey", "comment", "VARCHAR(500)"),
    ("asked_question", "text", "VARCHAR(1000)"),
    ("learnt_question", "text", "VARCHAR(1000)"),
    ("learner", "born_on", "DATE"),
)
_ONLY_ADDED_TO = "the history of a case is only added to"
_SAME = " AND ".join(
    f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}"
    for name in ("id", "case_id", "at", "action", "actor_id", "role")
)
_RESEALED_IN_FILE = "typeof(NEW.note) = 'blob' AND substr(NEW.note, 1, 1) = x'01'"
_RESEALED_ON_SERVER = "NEW.note IS NOT NULL AND get_byte(NEW.note, 0) = 1"


def upgrade() -> None:
    op.create_table(
        "sealed_column",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("key_id", sa.Integer, nullable=False),
        sa.CheckConstraint("key_id BETWEEN 1 AND 65535", name="key_id_in_range"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER case_event_no_update")
        op.execute(
            "CREATE TRIGGER case_event_no_update BEFORE UPDATE ON case_event"
            f" WHEN NOT ({_SAME} AND OLD.note IS NOT NULL AND {_RESEALED_IN_FILE})"
            f" BEGIN SELECT RAISE(ABORT, '{_ONLY_ADDED_TO}'); END"
        )
        return
    op.execute("DROP TRIGGER case_event_refuses_update ON case_event")
    for table, column, _ in _COLUMNS:
        marked = f"'\\x00'::bytea || convert_to({column}::text, 'UTF8')"
        readable = f"CASE WHEN {column}::text = '' THEN ''::bytea ELSE {marked} END"
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE BYTEA USING {readable}")
    op.execute(
        "CREATE TRIGGER case_event_refuses_update BEFORE UPDATE ON case_event FOR EACH ROW"
        f" WHEN (NOT ({_SAME} AND OLD.note IS NOT NULL AND {_RESEALED_ON_SERVER}))"
        " EXECUTE FUNCTION case_event_refuses()"
    )


def downgrade() -> None:
    if _is_sealed():
        message = (
            "what is sealed cannot be read by the program of before: restore a backup of then"
        )
        raise RuntimeError(message)
    op.drop_table("sealed_column")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER case_event_no_update")
        op.execute(
            "CREATE TRIGGER case_event_no_update BEFORE UPDATE ON case_event"
            f" BEGIN SELECT RAISE(ABORT, '{_ONLY_ADDED_TO}'); END"
        )
        return
    op.execute("DROP TRIGGER case_event_refuses_update ON case_event")
    for table, column, before in _COLUMNS:
        readable = f"convert_from(substr({column}, 2), 'UTF8')::{before}"
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {before} USING {readable}")
    op.execute(
        "CREATE TRIGGER case_event_refuses_update BEFORE UPDATE ON case_event"
        " FOR EACH STATEMENT EXECUTE FUNCTION case_event_refuses()"
    )


def _is_sealed() -> bool:
    marks = sa.select(sa.func.count()).select_from(sa.table("sealed_column"))
    return bool(op.get_bind().scalar(marks))
