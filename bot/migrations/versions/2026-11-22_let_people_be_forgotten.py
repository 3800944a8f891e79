"""Let people agree to what is kept of them, and let them be forgotten where nothing is removed.

What is kept of money is never removed, and only added to. It names people by their numbers in the
messenger, and these alone may change: into a number that is drawn at random and leads to nobody.
Which number that is stands in `parting` while one transaction puts it everywhere, and nowhere
afterwards. All the rest is guarded as before, for whoever writes by hand too.

Revision: 0030, after 0029.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment
from bot.migrations import append_only

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_LEDGER = "the ledger is append-only"
_PAYOUTS = "payouts are append-only"
_OLD_NUMBER = "CAST(parting.citizen_id AS TEXT)"
_NEW_NUMBER = "CAST(parting.number AS TEXT)"


def _same(*names: str) -> str:
    return " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in names)


def _renumbered(text: str, *marks: tuple[str, str]) -> str:
    for before, after in marks:
        old, new = (
            f"'{before}' || {number} || '{after}'" for number in (_OLD_NUMBER, _NEW_NUMBER)
        )
        text = f"replace({text}, {old}, {new})"
    return text


def _parting(condition: str) -> str:
    found = sa.select(sa.literal_column("1", sa.Integer)).select_from(sa.table("parting"))
    return f"EXISTS ({found.where(sa.literal_column(condition, sa.Boolean))})"


_IN_CODES = ((":", ":"), (":", "@"))
_ACTOR_PARTS = _parting(
    f"OLD.actor = 'citizen:' || {_OLD_NUMBER} AND NEW.actor = 'citizen:' || {_NEW_NUMBER}"
)
_CODE_PARTS = _parting(f"NEW.code = {_renumbered('OLD.code', *_IN_CODES)}")
_ACCOUNT = (
    f"{_same('id', 'kind', 'is_no_overdraft')} AND (NEW.code = OLD.code OR"
    f" {_same('debits_rial', 'credits_rial', 'held_rial')} AND {_CODE_PARTS})"
)
_HOLD_FIXED = ("id", "account_id", "amount_rial", "reference", "reason", "at")
_HOLD = (
    f"{_same(*_HOLD_FIXED)} AND (OLD.state = 'open' AND NEW.actor = OLD.actor OR"
    f" {_same('state', 'posted_rial', 'resolved_at')} AND {_ACTOR_PARTS})"
)
_TRANSFER_FIXED = (
    *("id", "journal_id", "seq", "code", "debit_id", "credit_id", "amount_rial", "reference"),
    *("reason", "at", "reverses_id", "hold_id"),
)
_TRANSFER = f"{_same(*_TRANSFER_FIXED)} AND {_ACTOR_PARTS}"
_PAYOUT_FIXED = ("id", "code", "key", "office_id", "amount_rial", "needs_second", "requested_at")
_PAYOUT_PARTS = _parting("OLD.citizen_id = parting.citizen_id AND NEW.citizen_id = parting.number")
_PAYOUT = (
    f"{_same(*_PAYOUT_FIXED)} AND ({_same('citizen_id', 'iban_index', 'iban_tail')} OR"
    f" {_same('state', 'hold_id', 'batch_id')} AND {_PAYOUT_PARTS})"
)
_EVENT_FIXED = ("id", "payout_id", "from_state", "to_state", "reason", "at")
_EVENT = f"{_same(*_EVENT_FIXED)} AND {_ACTOR_PARTS}"


def _operation(text: str) -> str:
    """Say how an answer may change; `text` reads the bytes it is kept as."""
    marks = (*_IN_CODES, ('"citizen:', '"'))
    renumbered = _renumbered(text.format("OLD.answer"), *marks)
    is_parting = _parting(f"{text.format('NEW.answer')} = {renumbered}")
    fixed = _same("key", "op", "journal_id", "is_refusal", "at")
    return f"{fixed} AND NEW.fingerprint = 'forgotten' AND {is_parting}"


_TABLES = ("account", "hold", "transfer", "operation", "payout", "payout_event")


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("citizen_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("given_at", Moment, nullable=False, index=True),
        sa.CheckConstraint("version > 0", name="version_counted"),
    )
    op.create_table(
        "parting",
        sa.Column("citizen_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "erasure",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("erased_on", sa.Date, nullable=False),
    )
    is_file = op.get_context().dialect.name == "sqlite"
    text = "CAST({} AS TEXT)" if is_file else "convert_from({}, 'UTF8')"
    allowed = (_ACCOUNT, _HOLD, _TRANSFER, _operation(text), _PAYOUT, _EVENT)
    for table, condition in zip(_TABLES, allowed, strict=True):
        message = _PAYOUTS if table.startswith("payout") else _LEDGER
        _drop_guard(table)
        if is_file:
            _guard_file(table, f"NOT coalesce({condition}, FALSE)", message)
        else:
            _guard_server(table, condition, message)


def downgrade() -> None:
    fixed = ("id", "account_id", "amount_rial", "reference", "reason", "actor", "at")
    same_account = _same("id", "code", "kind", "is_no_overdraft")
    fixed_payout = (*_PAYOUT_FIXED, "citizen_id", "iban_index", "iban_tail")
    refused = {
        "account": f"NOT ({same_account})",
        "hold": f"NOT (OLD.state = 'open' AND {_same(*fixed)})",
        "transfer": None,
        "operation": None,
        "payout": f"NOT ({_same(*fixed_payout)})",
        "payout_event": None,
    }
    is_file = op.get_context().dialect.name == "sqlite"
    for table, condition in refused.items():
        message = _PAYOUTS if table.startswith("payout") else _LEDGER
        _drop_guard(table)
        if is_file:
            _guard_file(table, condition, message)
            continue
        append_only.drop_refusal(f"{table}_keeps")
        function = "payouts_refuse" if table.startswith("payout") else "ledger_refuses"
        when = "" if condition is None else f" WHEN ({condition})"
        op.execute(
            f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table}"
            f" FOR EACH ROW{when} EXECUTE FUNCTION {function}()"
        )
    op.drop_table("erasure")
    op.drop_table("parting")
    op.drop_table("consent")


def _drop_guard(table: str) -> None:
    on = "" if op.get_context().dialect.name == "sqlite" else f" ON {table}"
    op.execute(f"DROP TRIGGER {table}_refuses_update{on}")


def _guard_file(table: str, condition: str | None, message: str) -> None:
    when = "" if condition is None else f" WHEN {condition}"
    op.execute(
        f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table}{when}"
        f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _guard_server(table: str, allowed: str, message: str) -> None:
    """Look at what is allowed inside a function: a trigger of PostgreSQL asks no other table."""
    op.execute(
        f"CREATE FUNCTION {table}_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NOT coalesce({allowed}, FALSE) THEN RAISE EXCEPTION '{message}'; END IF;"
        " RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_keeps()"
    )
