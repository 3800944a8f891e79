"""Keep a double-entry ledger: accounts, transfers, holds, and what was answered to which key.

Amounts are whole rials. A transfer and an answer are only added, and a hold is resolved once: the
database itself sees to it, for whoever writes to it by hand too. SQLite fires no trigger for the
row that an INSERT OR REPLACE removes, hence a guard before the insert.

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment
from bot.migrations import append_only

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_HOLD_SAME = " AND ".join(
    f"NEW.{name} = OLD.{name}"
    for name in ("id", "account_id", "amount_rial", "reference", "reason", "actor", "at")
)
_SAME_ACCOUNT = "NEW.id = OLD.id AND NEW.code = OLD.code AND NEW.kind = OLD.kind"
_IS_THERE = {
    "account": "id = NEW.id OR code = NEW.code",
    "hold": "id = NEW.id OR reference = NEW.reference",
    "transfer": "id = NEW.id OR journal_id = NEW.journal_id AND seq = NEW.seq"
    " OR reverses_id = NEW.reverses_id OR hold_id = NEW.hold_id",
    "operation": "key = NEW.key OR journal_id = NEW.journal_id",
}
_GUARDS = [
    (table, verb, None) for table in ("transfer", "operation") for verb in ("UPDATE", "DELETE")
] + [
    ("hold", "UPDATE", f"NOT (OLD.state = 'open' AND {_HOLD_SAME})"),
    ("hold", "DELETE", None),
    ("account", "UPDATE", f"NOT ({_SAME_ACCOUNT} AND NEW.is_no_overdraft = OLD.is_no_overdraft)"),
    ("account", "DELETE", None),
]


def upgrade() -> None:
    _create_accounts()
    _create_holds()
    _create_transfers()
    _create_operations()
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        _guard_sqlite()
    elif dialect == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    for table in ("operation", "transfer", "hold", "account"):
        op.drop_table(table)
    append_only.drop_refusal("ledger_refuses")


def _create_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("is_no_overdraft", sa.Boolean, nullable=False),
        *(
            sa.Column(f"{name}_rial", sa.BigInteger, nullable=False)
            for name in ("debits", "credits", "held")
        ),
        sa.UniqueConstraint("code"),
        sa.CheckConstraint(
            "kind IN ('asset', 'liability', 'income', 'expense')", name="kind_known"
        ),
        *(
            sa.CheckConstraint(f"{name}_rial >= 0", name=f"{name}_counted")
            for name in ("debits", "credits", "held")
        ),
        sa.CheckConstraint(
            "NOT is_no_overdraft OR credits_rial - debits_rial - held_rial >= 0",
            name="not_overdrawn",
        ),
        sqlite_autoincrement=True,
    )


def _create_holds() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("amount_rial", sa.BigInteger, nullable=False),
        sa.Column("posted_rial", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        *_note(),
        sa.Column("resolved_at", Moment),
        sa.UniqueConstraint("reference"),
        sa.CheckConstraint("state IN ('open', 'posted', 'voided')", name="state_known"),
        sa.CheckConstraint("amount_rial > 0", name="amount_positive"),
        sa.CheckConstraint("posted_rial BETWEEN 0 AND amount_rial", name="posted_within"),
        sa.CheckConstraint("(state = 'posted') = (posted_rial > 0)", name="posted_something"),
        sa.CheckConstraint("(state = 'open') = (resolved_at IS NULL)", name="resolved_when"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hold_account_id", "hold", ["account_id"])


def _create_transfers() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("journal_id", sa.String(10), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("debit_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("credit_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("amount_rial", sa.BigInteger, nullable=False),
        *_note(),
        sa.Column("reverses_id", sa.Integer, sa.ForeignKey("transfer.id")),
        sa.Column("hold_id", sa.Integer, sa.ForeignKey("hold.id")),
        sa.UniqueConstraint("journal_id", "seq"),
        sa.UniqueConstraint("reverses_id"),
        sa.UniqueConstraint("hold_id"),
        sa.CheckConstraint(
            "code IN ('top_up', 'unmatched', 'matched', 'sent_back', 'fee', 'delivered',"
            " 'service_credit', 'payout', 'payout_returned', 'settlement', 'chargeback',"
            " 'debt_paid', 'reversal')",
            name="code_known",
        ),
        sa.CheckConstraint("amount_rial > 0", name="amount_positive"),
        sa.CheckConstraint("debit_id <> credit_id", name="between_two"),
        sa.CheckConstraint("seq > 0", name="seq_counted"),
        sa.CheckConstraint(
            "(code = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_of_one"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_transfer_debit_id", "transfer", ["debit_id", "id"])
    op.create_index("ix_transfer_credit_id", "transfer", ["credit_id", "id"])
    op.create_index("ix_transfer_reference", "transfer", ["reference"])


def _create_operations() -> None:
    op.create_table(
        "operation",
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("op", sa.String(8), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("journal_id", sa.String(10)),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("is_refusal", sa.Boolean, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.UniqueConstraint("journal_id"),
        sa.CheckConstraint(
            "op IN ('move', 'pay', 'grant', 'reverse', 'hold', 'post', 'void')", name="op_known"
        ),
        sa.CheckConstraint("NOT is_refusal OR journal_id IS NULL", name="refused_without_effect"),
    )


def _note() -> list[sa.Column[object]]:
    return [
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
    ]


def _guard_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    for table, verb, condition in _GUARDS:
        when = "" if condition is None else f" WHEN {condition}"
        name = f"{table}_refuses_{verb.lower()}"
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table}{when} {refuse}")
    for table, same in _IS_THERE.items():
        is_there: sa.Select[int] = sa.select(sa.literal_column("1", sa.Integer)).select_from(
            sa.table(table)
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table}"
            f" WHEN EXISTS ({is_there.where(sa.literal_column(same))}) {refuse}"
        )


def _guard_postgresql() -> None:
    append_only.create_refusal("ledger_refuses", "the ledger is append-only")
    for table, verb, condition in _GUARDS:
        when = "" if condition is None else f" WHEN ({condition})"
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table}"
            f" FOR EACH ROW{when} EXECUTE FUNCTION ledger_refuses()"
        )
    for table in ("account", "hold", "transfer", "operation"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses()"
        )
