"""Service credit that is proposed; two persons let it come true."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    literal_column,
)

from bot.kit.database import Moment, metadata
from bot.kit.tables import Sealed, sealed
from bot.wallet.model import CREDIT_RIAL_MAX, REASON_LENGTH_MAX, ProposalState
from bot.wallet.tables.constraints import one_of

credit_proposal = Table(
    "credit_proposal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", String(24), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("citizen_id", BigInteger, nullable=False),
    Column("amount_rial", BigInteger, nullable=False),
    Column("reason", Sealed(REASON_LENGTH_MAX), nullable=False),
    Column("state", String(8), nullable=False),
    Column("proposed_by", BigInteger, nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", Moment),
    CheckConstraint(one_of("state", ProposalState), name="state_known"),
    CheckConstraint(f"amount_rial BETWEEN 1 AND {CREDIT_RIAL_MAX}", name="amount_in_range"),
    CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided_by_somebody"),
    CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_when"),
    CheckConstraint("proposed_by <> citizen_id", name="not_for_oneself"),
    CheckConstraint(
        "state <> 'approved' OR decided_by NOT IN (proposed_by, citizen_id)", name="two_persons"
    ),
    sqlite_autoincrement=True,
)
proposal_reasons = sealed(
    credit_proposal.c.reason, credit_proposal.c.subject, credit_proposal.c.proposed_at
)
Index(
    "uq_credit_proposal_open",
    credit_proposal.c.subject,
    unique=True,
    sqlite_where=credit_proposal.c.state == literal_column("'proposed'"),
)
