"""Remember which notices a person wants no more.

Revision: 0037, after 0036.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("citizen", sa.Column("muted", sa.String(32)))


def downgrade() -> None:
    op.drop_column("citizen", "muted")
