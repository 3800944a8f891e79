"""Keep a word sealed with each key, so that a desk with other keys does not start.

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_check",
        sa.Column("key_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary(64), nullable=False),
        sa.Column("index_digest", sa.LargeBinary(16), nullable=False),
        sa.CheckConstraint("key_id BETWEEN 1 AND 65535", name="key_id_in_range"),
    )


def downgrade() -> None:
    op.drop_table("key_check")
