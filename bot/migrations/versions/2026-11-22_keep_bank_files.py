"""Keep what bank files tell: each line once, what was done with it, and what a file led to.

The same line in another file changes nothing: office, kind, reference and direction name it. What
stands beside a line in the file, which may name people, is not kept.

Revision: 0024, after 0023.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('bank', 'gateway')"


def upgrade() -> None:
    _create_files()
    _create_lines()
    _create_findings()


def _create_files() -> None:
    op.create_table(
        "bank_file",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("sent_by", sa.BigInteger),
        sa.Column("chat_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("file_id", sa.String(255)),
        sa.Column("digest", sa.String(64)),
        sa.Column("lines_count", sa.Integer, nullable=False),
        sa.Column("imported_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_bank_file"),
        sa.CheckConstraint(_KINDS, name=op.f("ck_bank_file_kind_known")),
        sa.CheckConstraint(
            "state IN ('received', 'imported', 'refused', 'lost')",
            name=op.f("ck_bank_file_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'imported') = (imported_at IS NOT NULL)",
            name=op.f("ck_bank_file_imported_when"),
        ),
        sqlite_autoincrement=True,
    )
    is_received: sa.ColumnElement[bool] = sa.literal_column("state = 'received'")
    op.create_index(
        "ix_bank_file_received",
        "bank_file",
        ["id"],
        sqlite_where=is_received,
        postgresql_where=is_received,
    )


def _create_lines() -> None:
    op.create_table(
        "bank_line",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("reference", sa.String(128), nullable=False),
        sa.Column("amount_rial", sa.BigInteger, nullable=False),
        sa.Column("is_in", sa.Boolean, nullable=False),
        sa.Column("booked_on", sa.Date, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("file_id", sa.Integer, nullable=False),
        sa.Column("taken_at", Moment, nullable=False),
        sa.Column("subject", sa.String(64)),
        sa.Column("journal_id", sa.String(10)),
        sa.Column("decided_by", sa.BigInteger),
        sa.Column("decided_at", Moment),
        sa.Column("reason", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_bank_line"),
        sa.ForeignKeyConstraint(["file_id"], ["bank_file.id"], "fk_bank_line_file_id_bank_file"),
        sa.UniqueConstraint(
            "office_id",
            "kind",
            "reference",
            "is_in",
            name="uq_bank_line_office_id_kind_reference_is_in",
        ),
        *_checks_of_lines(),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_bank_line_file_id", "bank_line", ["file_id"])
    op.create_index("ix_bank_line_subject", "bank_line", ["subject"])
    is_in_suspense: sa.ColumnElement[bool] = sa.literal_column("state = 'suspense'")
    op.create_index(
        "ix_bank_line_suspense",
        "bank_line",
        ["office_id", "id"],
        sqlite_where=is_in_suspense,
        postgresql_where=is_in_suspense,
    )


def _checks_of_lines() -> list[sa.CheckConstraint]:
    checks = {
        "kind_known": _KINDS,
        "state_known": "state IN ('matched', 'settled', 'suspense', 'claimed', 'sent_back')",
        "amount_moved": "amount_rial <> 0",
        "signed": "is_in = (amount_rial > 0)",
        "came_in": "is_in OR state = 'matched'",
        "sent_back_why": "state <> 'sent_back' OR reason IS NOT NULL",
        "decided_when": "(decided_by IS NULL) = (decided_at IS NULL)",
    }
    return [
        sa.CheckConstraint(condition, name=op.f(f"ck_bank_line_{name}"))
        for name, condition in checks.items()
    ]


def _create_findings() -> None:
    op.create_table(
        "bank_finding",
        sa.Column("file_id", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("reference", sa.String(128), nullable=False),
        sa.Column("amount_rial", sa.BigInteger, nullable=False),
        sa.Column("booked_on", sa.Date),
        sa.Column("other_rial", sa.BigInteger),
        sa.Column("code", sa.String(10)),
        sa.PrimaryKeyConstraint("file_id", "seq", name="pk_bank_finding"),
        sa.ForeignKeyConstraint(
            ["file_id"], ["bank_file.id"], "fk_bank_finding_file_id_bank_file"
        ),
        sa.CheckConstraint(
            "outcome IN ('matched', 'verified', 'paid', 'settled', 'suspense', 'repeated', "
            "'amount_differs', 'missing', 'returned', 'unknown_out')",
            name=op.f("ck_bank_finding_outcome_known"),
        ),
    )
    op.create_index("ix_bank_finding_outcome", "bank_finding", ["file_id", "outcome", "seq"])


def downgrade() -> None:
    op.drop_table("bank_finding")
    op.drop_table("bank_line")
    op.drop_table("bank_file")
