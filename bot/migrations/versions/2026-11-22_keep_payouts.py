"""Keep payouts, each step that they take, and which of them went to the bank together (KN-17).

Account numbers and the names of their owners are sealed. Whose payout it is, how much, and what
happened to it is written once: the database itself sees to it, as it does for the ledger.

Revision: 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_STATES = (
    "('requested', 'review', 'seconding', 'approved', 'sent', 'paid', 'returned',"
    " 'returned_late', 'rejected', 'withdrawn')"
)
_AT_BANK = "state IN ('sent', 'paid', 'returned', 'returned_late')"
_CHECKS = {
    "state_known": f"state IN {_STATES}",
    "amount_positive": "amount_rial > 0",
    "not_for_oneself": (
        "reviewer <> citizen_id AND approved_by <> citizen_id AND seconded_by <> citizen_id"
    ),
    "two_persons": "seconded_by <> approved_by",
    "not_approved": (
        "NOT state IN ('requested', 'review') OR approved_by IS NULL AND seconded_by IS NULL"
    ),
    "approved_by_somebody": (
        f"NOT (state IN ('seconding', 'approved') OR {_AT_BANK}) OR approved_by IS NOT NULL"
    ),
    "seconded_by_somebody": (
        f"NOT (state = 'approved' OR {_AT_BANK}) OR NOT needs_second OR seconded_by IS NOT NULL"
    ),
    "sent_in_batch": f"({_AT_BANK}) = (batch_id IS NOT NULL)",
    "paid_with_reference": ("(state IN ('paid', 'returned_late')) = (bank_reference IS NOT NULL)"),
    "returned_with_reference": "(state = 'returned_late') = (return_reference IS NOT NULL)",
}
_FIXED = (
    *("id", "code", "key", "office_id", "citizen_id", "amount_rial", "iban_index", "iban_tail"),
    *("needs_second", "requested_at"),
)
_CHANGED = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _FIXED)
_GUARDS = [
    (table, verb, None)
    for table in ("payout_event", "payout_batch")
    for verb in ("UPDATE", "DELETE")
] + [("payout", "UPDATE", _CHANGED), ("payout", "DELETE", None)]
_IS_THERE = {
    "payout": "id = NEW.id OR code = NEW.code OR key = NEW.key OR hold_id = NEW.hold_id",
    "payout_event": "id = NEW.id",
    "payout_batch": "id = NEW.id OR code = NEW.code OR key = NEW.key",
}


def upgrade() -> None:
    _create_batches()
    _create_payouts()
    _create_events()
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        _guard_sqlite()
    elif dialect == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    for table in ("payout_event", "payout", "payout_batch"):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION payouts_refuse()")


def _create_batches() -> None:
    op.create_table(
        "payout_batch",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("total_rial", sa.BigInteger, nullable=False),
        sa.Column("created_by", sa.BigInteger, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("key"),
        sa.CheckConstraint("count > 0", name="count_positive"),
        sa.CheckConstraint("total_rial > 0", name="total_positive"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_payout_batch_office_id", "payout_batch", ["office_id", "id"])


def _create_payouts() -> None:
    op.create_table(
        "payout",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("citizen_id", sa.BigInteger, nullable=False),
        sa.Column("amount_rial", sa.BigInteger, nullable=False),
        *(
            sa.Column(name, sa.LargeBinary, nullable=False)
            for name in ("iban", "owner", "iban_index")
        ),
        sa.Column("iban_tail", sa.String(4), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("hold_id", sa.Integer, sa.ForeignKey("hold.id")),
        sa.Column("needs_second", sa.Boolean, nullable=False),
        sa.Column("requested_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in ("reviewer", "approved_by", "seconded_by")),
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("payout_batch.id")),
        sa.Column("bank_reference", sa.String(32)),
        sa.Column("return_reference", sa.String(32)),
        sa.Column("reason", sa.String(200)),
        *(sa.UniqueConstraint(name) for name in ("code", "key", "hold_id")),
        *(sa.CheckConstraint(condition, name=name) for name, condition in _CHECKS.items()),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_payout_iban_index", "payout", ["iban_index"])
    op.create_index("ix_payout_batch_id", "payout", ["batch_id"])
    op.create_index("ix_payout_office_id", "payout", ["office_id", "state", "id"])
    op.create_index("ix_payout_citizen_id", "payout", ["citizen_id", "office_id", "id"])


def _create_events() -> None:
    op.create_table(
        "payout_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("payout_id", sa.Integer, sa.ForeignKey("payout.id"), nullable=False),
        sa.Column("from_state", sa.String(16)),
        sa.Column("to_state", sa.String(16), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(200)),
        sa.Column("at", Moment, nullable=False),
        sa.CheckConstraint(f"from_state IN {_STATES}", name="from_state_known"),
        sa.CheckConstraint(f"to_state IN {_STATES}", name="to_state_known"),
        sa.CheckConstraint("(from_state IS NULL) = (to_state = 'requested')", name="begins_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_payout_event_payout_id", "payout_event", ["payout_id", "id"])


def _guard_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END"
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
    op.execute(
        "CREATE FUNCTION payouts_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'payouts are append-only'; END $$"
    )
    for table, verb, condition in _GUARDS:
        when = "" if condition is None else f" WHEN ({condition})"
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table}"
            f" FOR EACH ROW{when} EXECUTE FUNCTION payouts_refuse()"
        )
    for table in _IS_THERE:
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION payouts_refuse()"
        )
