"""Files of banks and gateways, the lines that were taken up from them, and what each led to."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    literal_column,
)

from bot.kit.database import Moment, metadata
from bot.kit.tables import Sealed, sealed
from bot.wallet.model import (
    BANK_FILE_NAME_MAX,
    LINE_REFERENCE_MAX,
    REASON_LENGTH_MAX,
    BankFileKind,
    BankFileState,
    LineOutcome,
    LineState,
)
from bot.wallet.tables.constraints import one_of

bank_file = Table(
    "bank_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", String(24), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("name", String(BANK_FILE_NAME_MAX), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("sent_by", BigInteger),
    Column("chat_id", BigInteger),
    Column("message_id", BigInteger),
    Column("file_id", String(255)),
    Column("digest", String(64)),
    Column("lines_count", Integer, nullable=False),
    Column("imported_at", Moment),
    CheckConstraint(one_of("kind", BankFileKind), name="kind_known"),
    CheckConstraint(one_of("state", BankFileState), name="state_known"),
    CheckConstraint("(state = 'imported') = (imported_at IS NOT NULL)", name="imported_when"),
    sqlite_autoincrement=True,
)
Index(
    "ix_bank_file_received",
    bank_file.c.id,
    sqlite_where=bank_file.c.state == literal_column("'received'"),
)

bank_line = Table(
    "bank_line",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", String(24), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("reference", String(LINE_REFERENCE_MAX), nullable=False),
    Column("amount_rial", BigInteger, nullable=False),
    Column("is_in", Boolean, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("state", String(10), nullable=False),
    Column("file_id", Integer, ForeignKey("bank_file.id"), nullable=False, index=True),
    Column("taken_at", Moment, nullable=False),
    Column("subject", String(64), index=True),
    Column("journal_id", String(10)),
    Column("decided_by", BigInteger),
    Column("decided_at", Moment),
    Column("reason", Sealed(REASON_LENGTH_MAX)),
    CheckConstraint(one_of("kind", BankFileKind), name="kind_known"),
    CheckConstraint(one_of("state", LineState), name="state_known"),
    UniqueConstraint("office_id", "kind", "reference", "is_in"),
    CheckConstraint("amount_rial <> 0", name="amount_moved"),
    CheckConstraint("is_in = (amount_rial > 0)", name="signed"),
    CheckConstraint("is_in OR state = 'matched'", name="came_in"),
    CheckConstraint("state <> 'sent_back' OR reason IS NOT NULL", name="sent_back_why"),
    CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_when"),
    sqlite_autoincrement=True,
)
line_reasons = sealed(bank_line.c.reason, bank_line.c.id)
Index(
    "ix_bank_line_suspense",
    bank_line.c.office_id,
    bank_line.c.id,
    sqlite_where=bank_line.c.state == literal_column("'suspense'"),
)

bank_finding = Table(
    "bank_finding",
    metadata,
    Column("file_id", Integer, ForeignKey("bank_file.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("outcome", String(16), nullable=False),
    Column("reference", String(LINE_REFERENCE_MAX), nullable=False),
    Column("amount_rial", BigInteger, nullable=False),
    Column("booked_on", Date),
    Column("other_rial", BigInteger),
    Column("code", String(10)),
    CheckConstraint(one_of("outcome", LineOutcome), name="outcome_known"),
)
Index(
    "ix_bank_finding_outcome",
    bank_finding.c.file_id,
    bank_finding.c.outcome,
    bank_finding.c.seq,
)
