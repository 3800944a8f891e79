"""Seal what staff noted in the audit.

As with what people wrote (0031), the column comes to take sealed bytes here, and the first start
afterwards seals what stands in it. An entry of the audit can be changed in no other way than that
its note is sealed anew; the chain is of what the note says, and stays as it is.

Revision: 0033, after 0032.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_APPEND_ONLY = "the audit is append-only"
_FIXED = ("id", "at", "office_id", "actor_id", "actor_name", "role", "action", "subject")
_SAME = " AND ".join(
    f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in (*_FIXED, "before", "after")
)
_RESEALED_IN_FILE = "typeof(NEW.note) = 'blob' AND substr(NEW.note, 1, 1) = x'01'"
_RESEALED_ON_SERVER = "NEW.note IS NOT NULL AND get_byte(NEW.note, 0) = 1"
_MARKED = "'\\x00'::bytea || convert_to(note::text, 'UTF8')"
_READABLE = f"CASE WHEN note::text = '' THEN ''::bytea ELSE {_MARKED} END"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_refuses_update")
        op.execute(
            "CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit"
            f" WHEN NOT ({_SAME} AND OLD.note IS NOT NULL AND {_RESEALED_IN_FILE})"
            f" BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
        )
        return
    op.execute("DROP TRIGGER audit_refuses_update ON audit")
    op.execute(f"ALTER TABLE audit ALTER COLUMN note TYPE BYTEA USING {_READABLE}")
    op.execute(
        "CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit FOR EACH ROW"
        f" WHEN (NOT ({_SAME} AND OLD.note IS NOT NULL AND {_RESEALED_ON_SERVER}))"
        " EXECUTE FUNCTION audit_refuses()"
    )


def downgrade() -> None:
    marks = sa.select(sa.func.count()).select_from(sa.table("sealed_column"))
    if op.get_bind().scalar(marks):
        message = (
            "what is sealed cannot be read by the program of before: restore a backup of then"
        )
        raise RuntimeError(message)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_refuses_update")
        op.execute(
            "CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit"
            f" BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
        )
        return
    op.execute("DROP TRIGGER audit_refuses_update ON audit")
    readable = "convert_from(substr(note, 2), 'UTF8')::VARCHAR(500)"
    op.execute(f"ALTER TABLE audit ALTER COLUMN note TYPE VARCHAR(500) USING {readable}")
    op.execute(
        "CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()"
    )
