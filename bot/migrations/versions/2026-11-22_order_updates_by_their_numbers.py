"""Find the first update of a chat by the platform's number: deliveries may overtake each other.

Revision: 0035, after 0034.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_NAME = "ix_inbox_new_of_chat"


def upgrade() -> None:
    _replace_index(["chat_key", "update_id"])


def downgrade() -> None:
    _replace_index(["chat_key", "id"])


def _replace_index(columns: list[str]) -> None:
    where: sa.ColumnElement[bool] = sa.literal_column("state = 'new'")
    op.drop_index(_NAME, "inbox")
    op.create_index(_NAME, "inbox", columns, sqlite_where=where, postgresql_where=where)
