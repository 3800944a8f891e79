"""Keep who takes part in workshops: a sealed given name and a birth date, for their guardian.

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learner",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("guardian_id", sa.BigInteger, nullable=False),
        sa.Column("given_name", sa.LargeBinary, nullable=False),
        sa.Column("born_on", sa.Date, nullable=False),
        sa.Column("is_self", sa.Boolean, nullable=False),
        sa.Column("added_at", Moment, nullable=False),
        sa.Column("removed_at", Moment),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_learner_guardian_id", "learner", ["guardian_id"])
    is_one: sa.ColumnElement[bool] = sa.literal_column("is_self AND removed_at IS NULL")
    op.create_index(
        "uq_learner_self",
        "learner",
        ["guardian_id"],
        unique=True,
        sqlite_where=is_one,
        postgresql_where=is_one,
    )


def downgrade() -> None:
    op.drop_table("learner")
