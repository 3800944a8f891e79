"""Seal the reasons that staff give about money, workshops, bans and answers.

As with what people wrote (0031), the columns come to take sealed bytes here, and the first start
afterwards seals what stands in them. Steps of payouts and lines of a workshop's history can be
changed in no other way than that a reason is sealed anew.

The ledger is for ever and keeps no words of a person. Three kinds of transfers had some from
staff, with the answer that their key has; both now say by what the reason is found instead: it is
kept of the proposal, of the payout's step, and of the line of the bank.

Revision: 0040, after 0039.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("ban", 200),
    ("bank_line", 200),
    ("credit_proposal", 200),
    ("learnt_answer", 1000),
    ("payout", 200),
    ("payout_event", 200),
    ("top_up", 200),
    ("workshop_event", 200),
)
_PAYOUTS = "payouts are append-only"
_HISTORY = "the history is append-only"


def _same(*names: str) -> str:
    return " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in names)


_EVENT = ("id", "payout_id", "from_state", "to_state", "at")
_LINE = (
    *("id", "workshop_id", "entity", "entity_id", "act", "state_from", "state_to"),
    *("actor", "at", "key"),
)
_PARTING = sa.select(sa.literal_column("1", sa.Integer)).select_from(sa.table("parting"))
_NUMBERS = (
    "OLD.actor = 'citizen:' || CAST(parting.citizen_id AS TEXT)"
    " AND NEW.actor = 'citizen:' || CAST(parting.number AS TEXT)"
)
_ACTOR_PARTS = f"EXISTS ({_PARTING.where(sa.literal_column(_NUMBERS, sa.Boolean))})"
_RENUMBERED = f"{_same(*_EVENT, 'reason')} AND {_ACTOR_PARTS}"

_ledger = sa.table(
    "transfer",
    *map(sa.column, ("journal_id", "code", "reason", "reference")),
)
_done = sa.table("operation", *map(sa.column, ("key", "journal_id", "answer")))


def upgrade() -> None:
    is_file = op.get_bind().dialect.name == "sqlite"
    _take_words_out(is_file=is_file)
    if is_file:
        sealed = "typeof(NEW.reason) = 'blob' AND substr(NEW.reason, 1, 1) = x'01'"
        resealed = f"OLD.reason IS NOT NULL AND {sealed}"
        event = f"({_RENUMBERED}) OR ({_same(*_EVENT, 'actor')} AND {resealed})"
        _guard_file("payout_event", f" WHEN NOT coalesce({event}, FALSE)", _PAYOUTS)
        _guard_file("workshop_event", f" WHEN NOT ({_same(*_LINE)} AND {resealed})", _HISTORY)
        return
    op.execute("DROP TRIGGER workshop_event_refuses_update ON workshop_event")
    for table, _length in _COLUMNS:
        marked = "'\\x00'::bytea || convert_to(reason::text, 'UTF8')"
        readable = f"CASE WHEN reason::text = '' THEN ''::bytea ELSE {marked} END"
        op.execute(f"ALTER TABLE {table} ALTER COLUMN reason TYPE BYTEA USING {readable}")
    resealed = "OLD.reason IS NOT NULL AND NEW.reason IS NOT NULL AND get_byte(NEW.reason, 0) = 1"
    _keep_events(f"({_RENUMBERED}) OR ({_same(*_EVENT, 'actor')} AND {resealed})")
    op.execute(
        "CREATE TRIGGER workshop_event_refuses_update BEFORE UPDATE ON workshop_event FOR EACH ROW"
        f" WHEN (NOT ({_same(*_LINE)} AND {resealed})) EXECUTE FUNCTION workshops_refuse()"
    )


def downgrade() -> None:
    marks = sa.select(sa.func.count()).select_from(sa.table("sealed_column"))
    if op.get_bind().scalar(marks):
        message = (
            "what is sealed cannot be read by the program of before: restore a backup of then"
        )
        raise RuntimeError(message)
    if op.get_bind().dialect.name == "sqlite":
        _guard_file("payout_event", f" WHEN NOT coalesce({_RENUMBERED}, FALSE)", _PAYOUTS)
        _guard_file("workshop_event", "", _HISTORY)
        return
    op.execute("DROP TRIGGER workshop_event_refuses_update ON workshop_event")
    for table, length in _COLUMNS:
        readable = f"convert_from(substr(reason, 2), 'UTF8')::VARCHAR({length})"
        op.execute(
            f"ALTER TABLE {table} ALTER COLUMN reason TYPE VARCHAR({length}) USING {readable}"
        )
    _keep_events(_RENUMBERED)
    op.execute(
        "CREATE TRIGGER workshop_event_refuses_update BEFORE UPDATE ON workshop_event"
        " FOR EACH ROW EXECUTE FUNCTION workshops_refuse()"
    )


def _guard_file(table: str, when: str, message: str) -> None:
    op.execute(f"DROP TRIGGER {table}_refuses_update")
    op.execute(
        f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table}{when}"
        f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _keep_events(allowed: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION payout_event_keeps() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF NOT coalesce({allowed}, FALSE) THEN RAISE EXCEPTION '{_PAYOUTS}'; END IF;"
        " RETURN NEW; END $$"
    )


def _take_words_out(*, is_file: bool) -> None:
    """Write into the ledger by what a reason is found, where it had the reason itself."""
    guards = _lift_guards(is_file=is_file)
    bind = op.get_bind()
    worded = ("service_credit", "payout_returned", "sent_back")
    found = (
        sa.select(_ledger.c.journal_id, _ledger.c.code, _ledger.c.reason, _ledger.c.reference)
        .add_columns(_done.c.key, _done.c.answer)
        .join_from(_ledger, _done, _done.c.journal_id == _ledger.c.journal_id)
        .where(_ledger.c.code.in_(worded))
    )
    for row in bind.execute(found).all():
        said = {
            "service_credit": row.key,
            "payout_returned": row.reason.partition(":")[0],
            "sent_back": row.reference,
        }[row.code]
        answer = json.loads(row.answer)
        answer["note"]["reason"] = said
        written = json.dumps(answer, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        this = _done.c.key == row.key
        bind.execute(sa.update(_done).where(this).values(answer=written.encode()))
        these = _ledger.c.journal_id == row.journal_id
        bind.execute(sa.update(_ledger).where(these).values(reason=said))
    for statement in guards:
        op.execute(statement)


def _lift_guards(*, is_file: bool) -> list[str]:
    """Lift the guards of the ledger, and say what puts them up again."""
    if not is_file:
        tables = ("transfer", "operation")
        for table in tables:
            op.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_refuses_update")
        return [f"ALTER TABLE {table} ENABLE TRIGGER {table}_refuses_update" for table in tables]
    names = ("transfer_refuses_update", "operation_refuses_update")
    master = sa.table("sqlite_master", sa.column("name"), sa.column("sql"))
    written = list(op.get_bind().scalars(sa.select(master.c.sql).where(master.c.name.in_(names))))
    for name in names:
        op.execute(f"DROP TRIGGER {name}")
    return written
