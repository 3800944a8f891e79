"""Keep the national ID of a learner, sealed, where the office requires it.

Two columns that most registrations leave empty: what is sealed, and a keyed digest by which the
same person gets one place in a workshop.

Revision: 0032, after 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_IS_PLACED: sa.ColumnElement[bool] = sa.literal_column(
    "(state IN ('held', 'confirmed') OR state = 'draft' AND waiting_entry_id IS NOT NULL)"
)


def upgrade() -> None:
    op.add_column("registration", sa.Column("national_id", sa.LargeBinary))
    op.add_column("registration", sa.Column("national_id_index", sa.LargeBinary))
    op.create_index(
        "uq_registration_national_id",
        "registration",
        ["workshop_id", "national_id_index"],
        unique=True,
        sqlite_where=_IS_PLACED,
        postgresql_where=_IS_PLACED,
    )


def downgrade() -> None:
    op.drop_index("uq_registration_national_id", "registration")
    op.drop_column("registration", "national_id_index")
    op.drop_column("registration", "national_id")
