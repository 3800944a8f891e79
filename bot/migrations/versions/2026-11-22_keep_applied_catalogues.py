"""Keep catalogues that offices apply as workbooks, and which of them came into force.

Revision: 0036, after 0035.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    states = ("received", "refused", "proposed", "discarded", "applied")
    known = ", ".join(f"'{state}'" for state in states)
    op.create_table(
        "catalogue_version",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("proposed_by", sa.BigInteger),
        sa.Column("proposed_at", Moment, nullable=False),
        sa.Column("seen_change", sa.Integer, nullable=False),
        sa.Column("shipped_digest", sa.String(16), nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("file_id", sa.String(255)),
        sa.Column("chat_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.UniqueConstraint("office_id", "number", name="uq_catalogue_version_number"),
        sa.CheckConstraint(f"state IN ({known})", name="state_known"),
        sa.CheckConstraint("state <> 'applied' OR number > 0", name="applied_numbered"),
        sa.CheckConstraint("number IS NULL OR content IS NOT NULL", name="numbered_stored"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_catalogue_version_state", "catalogue_version", ["state"])
    op.create_table(
        "catalogue_change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("after_id", sa.Integer, nullable=False),
        sa.Column("version_id", sa.Integer, sa.ForeignKey("catalogue_version.id")),
        sa.Column("changed_by", sa.BigInteger),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.UniqueConstraint("office_id", "after_id", name="uq_catalogue_change_after"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("catalogue_change")
    op.drop_table("catalogue_version")
