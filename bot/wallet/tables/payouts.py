"""Payouts, every step they took, and which of them went to the bank together.

Account numbers, their owners and what staff wrote are sealed. Triggers of the migration let nobody
change whose payout it is and how much, nor a step or a batch once it is written.
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
from bot.kit.tables import Sealed, sealed
from bot.wallet.model import KEY_LENGTH_MAX, NAME_LENGTH_MAX, REASON_LENGTH_MAX, PayoutState
from bot.wallet.tables.constraints import one_of

_AT_BANK = "state IN ('sent', 'paid', 'returned', 'returned_late')"
_UNAPPROVED = "state IN ('requested', 'review')"

payout_batch = Table(
    "payout_batch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(10), nullable=False),
    Column("office_id", String(24), nullable=False),
    Column("key", String(KEY_LENGTH_MAX), nullable=False),
    Column("count", Integer, nullable=False),
    Column("total_rial", BigInteger, nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("code"),
    UniqueConstraint("key"),
    CheckConstraint("count > 0", name="count_positive"),
    CheckConstraint("total_rial > 0", name="total_positive"),
    sqlite_autoincrement=True,
)
Index("ix_payout_batch_office_id", payout_batch.c.office_id, payout_batch.c.id)

payout = Table(
    "payout",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(10), nullable=False),
    Column("key", String(KEY_LENGTH_MAX), nullable=False),
    Column("office_id", String(24), nullable=False),
    Column("citizen_id", BigInteger, nullable=False),
    Column("amount_rial", BigInteger, nullable=False),
    Column("iban", LargeBinary, nullable=False),  # sealed for this row, as is the owner
    Column("owner", LargeBinary, nullable=False),
    Column("iban_index", LargeBinary, nullable=False, index=True),
    Column("iban_tail", String(4), nullable=False),
    Column("state", String(16), nullable=False),
    Column("hold_id", Integer, ForeignKey("hold.id")),  # empty while it is being written
    Column("needs_second", Boolean, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("reviewer", BigInteger),
    Column("approved_by", BigInteger),
    Column("seconded_by", BigInteger),
    Column("batch_id", Integer, ForeignKey("payout_batch.id"), index=True),
    Column("bank_reference", String(32)),
    Column("return_reference", String(32)),
    Column("reason", Sealed(REASON_LENGTH_MAX)),
    UniqueConstraint("code"),
    UniqueConstraint("key"),
    UniqueConstraint("hold_id"),
    CheckConstraint(one_of("state", PayoutState), name="state_known"),
    CheckConstraint("amount_rial > 0", name="amount_positive"),
    CheckConstraint(
        "reviewer <> citizen_id AND approved_by <> citizen_id AND seconded_by <> citizen_id",
        name="not_for_oneself",
    ),
    CheckConstraint("seconded_by <> approved_by", name="two_persons"),
    CheckConstraint(
        f"NOT {_UNAPPROVED} OR approved_by IS NULL AND seconded_by IS NULL", name="not_approved"
    ),
    CheckConstraint(
        f"NOT (state IN ('seconding', 'approved') OR {_AT_BANK}) OR approved_by IS NOT NULL",
        name="approved_by_somebody",
    ),
    CheckConstraint(
        f"NOT (state = 'approved' OR {_AT_BANK}) OR NOT needs_second OR seconded_by IS NOT NULL",
        name="seconded_by_somebody",
    ),
    CheckConstraint(f"({_AT_BANK}) = (batch_id IS NOT NULL)", name="sent_in_batch"),
    CheckConstraint(
        "(state IN ('paid', 'returned_late')) = (bank_reference IS NOT NULL)",
        name="paid_with_reference",
    ),
    CheckConstraint(
        "(state = 'returned_late') = (return_reference IS NOT NULL)",
        name="returned_with_reference",
    ),
    sqlite_autoincrement=True,
)
sealed(payout.c.iban, payout.c.id)
sealed(payout.c.owner, payout.c.id)
payout_reasons = sealed(payout.c.reason, payout.c.id)
Index("ix_payout_office_id", payout.c.office_id, payout.c.state, payout.c.id)
Index("ix_payout_citizen_id", payout.c.citizen_id, payout.c.office_id, payout.c.id)

payout_event = Table(
    "payout_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("payout_id", Integer, ForeignKey("payout.id"), nullable=False),
    Column("from_state", String(16)),
    Column("to_state", String(16), nullable=False),
    Column("actor", String(NAME_LENGTH_MAX), nullable=False),
    Column("reason", Sealed(REASON_LENGTH_MAX)),
    Column("at", Moment, nullable=False),
    CheckConstraint(one_of("from_state", PayoutState), name="from_state_known"),
    CheckConstraint(one_of("to_state", PayoutState), name="to_state_known"),
    CheckConstraint("(from_state IS NULL) = (to_state = 'requested')", name="begins_once"),
    sqlite_autoincrement=True,
)
event_reasons = sealed(
    payout_event.c.reason, payout_event.c.payout_id, payout_event.c.to_state, payout_event.c.at
)
Index("ix_payout_event_payout_id", payout_event.c.payout_id, payout_event.c.id)
