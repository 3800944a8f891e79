"""Let staff vouch for who takes part, where somebody has no national ID.

Revision: 0041, after 0040.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    vouched = sa.Column("is_vouched", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("registration", vouched)


def downgrade() -> None:
    op.drop_column("registration", "is_vouched")
