"""Remember who speaks which language, and what was asked.

A question is kept without who asked it: it says what the catalogue lacks, nothing more.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citizen",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("language", sa.String(8)),
        sa.Column("office_id", sa.String(24)),
        sa.Column("topic_office_id", sa.String(24)),
        sa.Column("topic_service_id", sa.String(24)),
        sa.Column("topic_at", Moment),
        sa.Column("changed_at", Moment, nullable=False),
    )
    op.create_index("ix_citizen_topic_at", "citizen", ["topic_at"])
    op.create_table(
        "asked_question",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("office_id", sa.String(24)),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("entry_id", sa.String(64)),
        sa.CheckConstraint(
            "outcome IN ('answered', 'clarified', 'unanswered', 'missed')",
            name="outcome_known",
        ),
    )
    op.create_index(
        "ix_asked_question_outcome_asked_on", "asked_question", ["outcome", "asked_on"]
    )


def downgrade() -> None:
    op.drop_table("asked_question")
    op.drop_table("citizen")
