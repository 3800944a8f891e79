"""Accounts, transfers, holds, and what was answered to which key.

Triggers of the migration let nobody change or remove a transfer or an answer, and let a hold be
resolved once. The sums of an account are kept beside it and can be added up anew at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    literal_column,
)

from bot.kit.database import Moment, metadata
from bot.wallet.model import (
    CREDIT_RIAL_MAX,
    REASON_LENGTH_MAX,
    AccountKind,
    HoldState,
    Operation,
    ProposalState,
    TransferCode,
)

if TYPE_CHECKING:
    from enum import StrEnum


def _one_of(column: str, kinds: type[StrEnum]) -> str:
    values = ", ".join(f"'{kind.value}'" for kind in kinds)
    return f"{column} IN ({values})"


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
    CheckConstraint(_one_of("kind", AccountKind), name="kind_known"),
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
    CheckConstraint(_one_of("state", HoldState), name="state_known"),
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
    CheckConstraint(_one_of("code", TransferCode), name="code_known"),
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
    CheckConstraint(_one_of("op", Operation), name="op_known"),
    CheckConstraint("NOT is_refusal OR journal_id IS NULL", name="refused_without_effect"),
)

credit_proposal = Table(
    "credit_proposal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", String(24), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("citizen_id", BigInteger, nullable=False),
    Column("amount_rial", BigInteger, nullable=False),
    Column("reason", String(REASON_LENGTH_MAX), nullable=False),
    Column("state", String(8), nullable=False),
    Column("proposed_by", BigInteger, nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", Moment),
    CheckConstraint(_one_of("state", ProposalState), name="state_known"),
    CheckConstraint(f"amount_rial BETWEEN 1 AND {CREDIT_RIAL_MAX}", name="amount_in_range"),
    CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided_by_somebody"),
    CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_when"),
    CheckConstraint("proposed_by <> citizen_id", name="not_for_oneself"),
    CheckConstraint(
        "state <> 'approved' OR decided_by NOT IN (proposed_by, citizen_id)", name="two_persons"
    ),
    sqlite_autoincrement=True,
)
Index(
    "uq_credit_proposal_open",
    credit_proposal.c.subject,
    unique=True,
    sqlite_where=credit_proposal.c.state == literal_column("'proposed'"),
    postgresql_where=credit_proposal.c.state == literal_column("'proposed'"),
)
