"""Keep service credit that an officer proposed, and what a manager decided about it (KN-07).

One proposal of a matter waits at a time, and who approves it is neither who proposed it nor who
gets it: the database itself sees to both.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credit_proposal",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("citizen_id", sa.BigInteger, nullable=False),
        sa.Column("amount_rial", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("proposed_by", sa.BigInteger, nullable=False),
        sa.Column("proposed_at", Moment, nullable=False),
        sa.Column("decided_by", sa.BigInteger),
        sa.Column("decided_at", Moment),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'rejected')", name="state_known"),
        sa.CheckConstraint("amount_rial BETWEEN 1 AND 100000000", name="amount_in_range"),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by IS NULL)", name="decided_by_somebody"
        ),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_when"),
        sa.CheckConstraint("proposed_by <> citizen_id", name="not_for_oneself"),
        sa.CheckConstraint(
            "state <> 'approved' OR decided_by NOT IN (proposed_by, citizen_id)",
            name="two_persons",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_credit_proposal_subject", "credit_proposal", ["subject"])
    is_open: sa.ColumnElement[bool] = sa.literal_column("state = 'proposed'")
    op.create_index(
        "uq_credit_proposal_open",
        "credit_proposal",
        ["subject"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    op.drop_table("credit_proposal")
