"""Accounts, transfers, holds, and what was answered to which key.

Triggers of the migration let nobody change or remove a transfer or an answer, and let a hold be
resolved once. The sums of an account are kept beside it and can be added up anew at any time.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from bot.kit.database import Moment, metadata
from bot.wallet.model import (
    AccountKind,
    HoldState,
    Operation,
    TransferCode,
)
from bot.wallet.tables.constraints import one_of

account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("is_no_overdraft", Boolean, nullable=False),
    Column("debits_rial", BigInteger, nullable=False),
    Column("credits_rial", BigInteger, nullable=False),
    Column("held_rial", BigInteger, nullable=False),
    UniqueConstraint("code"),
    CheckConstraint(one_of("kind", AccountKind), name="kind_known"),
    CheckConstraint("debits_rial >= 0", name="debits_counted"),
    CheckConstraint("credits_rial >= 0", name="credits_counted"),
    CheckConstraint("held_rial >= 0", name="held_counted"),
    CheckConstraint(
        "NOT is_no_overdraft OR credits_rial - debits_rial - held_rial >= 0", name="not_overdrawn"
    ),
    sqlite_autoincrement=True,
)

hold = Table(
    "hold",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False, index=True),
    Column("amount_rial", BigInteger, nullable=False),
    Column("posted_rial", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("resolved_at", Moment),
    UniqueConstraint("reference"),
    CheckConstraint(one_of("state", HoldState), name="state_known"),
    CheckConstraint("amount_rial > 0", name="amount_positive"),
    CheckConstraint("posted_rial BETWEEN 0 AND amount_rial", name="posted_within"),
    CheckConstraint("(state = 'posted') = (posted_rial > 0)", name="posted_something"),
    CheckConstraint("(state = 'open') = (resolved_at IS NULL)", name="resolved_when"),
    sqlite_autoincrement=True,
)

transfer = Table(
    "transfer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("journal_id", String(10), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("code", String(16), nullable=False),
    Column("debit_id", Integer, ForeignKey("account.id"), nullable=False),
    Column("credit_id", Integer, ForeignKey("account.id"), nullable=False),
    Column("amount_rial", BigInteger, nullable=False),
    Column("reference", String(64), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reverses_id", Integer, ForeignKey("transfer.id")),
    Column("hold_id", Integer, ForeignKey("hold.id")),
    UniqueConstraint("journal_id", "seq"),
    UniqueConstraint("reverses_id"),
    UniqueConstraint("hold_id"),
    CheckConstraint(one_of("code", TransferCode), name="code_known"),
    CheckConstraint("amount_rial > 0", name="amount_positive"),
    CheckConstraint("debit_id <> credit_id", name="between_two"),
    CheckConstraint("seq > 0", name="seq_counted"),
    CheckConstraint("(code = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_of_one"),
    sqlite_autoincrement=True,
)
Index("ix_transfer_debit_id", transfer.c.debit_id, transfer.c.id)
Index("ix_transfer_credit_id", transfer.c.credit_id, transfer.c.id)
Index("ix_transfer_reference", transfer.c.reference)

operation = Table(
    "operation",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("op", String(8), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("journal_id", String(10)),
    Column("answer", LargeBinary, nullable=False),  # JSON: what was done, or the refusal
    Column("is_refusal", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("journal_id"),
    CheckConstraint(one_of("op", Operation), name="op_known"),
    CheckConstraint("NOT is_refusal OR journal_id IS NULL", name="refused_without_effect"),
)
