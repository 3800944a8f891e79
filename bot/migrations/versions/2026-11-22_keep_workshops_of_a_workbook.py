"""Keep what a workbook says of workshops until its preview is decided.

Revision: 0038, after 0037.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("catalogue_version", sa.Column("workshops", sa.LargeBinary))


def downgrade() -> None:
    op.drop_column("catalogue_version", "workshops")
