"""Let each job of the clock have each of its slots once.

Revision: 0039, after 0038.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "firing",
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("slot", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("fired_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name="pk_firing"),
    )


def downgrade() -> None:
    op.drop_table("firing")
