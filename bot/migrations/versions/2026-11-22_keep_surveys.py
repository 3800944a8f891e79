"""Keep surveys and their answers.

One row a question about one ending of one matter, so that nobody is asked twice and nobody rates
twice.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("resolution", sa.Integer, nullable=False),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("service_id", sa.String(24)),
        sa.Column("citizen_id", sa.BigInteger, nullable=False),
        sa.Column("officer_id", sa.BigInteger),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("asked_at", Moment),
        sa.Column("score", sa.SmallInteger),
        sa.Column("reason", sa.String(16)),
        sa.Column("comment", sa.String(500)),
        sa.Column("solved", sa.String(16)),
        sa.Column("answered_at", Moment),
        sa.UniqueConstraint("kind", "subject", "resolution", name="uq_survey_resolution"),
        sa.CheckConstraint("kind IN ('rating', 'follow_up')", name="kind_known"),
        sa.CheckConstraint("reason IN ('slow', 'unclear', 'fast', 'clear')", name="reason_known"),
        sa.CheckConstraint("solved IN ('yes', 'partly', 'no')", name="solved_known"),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="score_in_range"),
        sa.CheckConstraint("score IS NULL OR kind = 'rating'", name="score_of_rating"),
        sa.CheckConstraint("solved IS NULL OR kind = 'follow_up'", name="solved_of_follow_up"),
        sa.CheckConstraint("answered_at IS NULL OR asked_at IS NOT NULL", name="asked_first"),
        sa.CheckConstraint("resolution > 0", name="resolution_counted"),
        sqlite_autoincrement=True,
    )
    unasked = sa.column("asked_at").is_(None)
    op.create_index(
        "ix_survey_unasked",
        "survey",
        ["due_at", "id"],
        sqlite_where=unasked,
        postgresql_where=unasked,
    )
    op.create_index("ix_survey_subject", "survey", ["subject"])
    op.create_index("ix_survey_answered", "survey", ["office_id", "kind", "answered_at"])


def downgrade() -> None:
    op.drop_table("survey")
