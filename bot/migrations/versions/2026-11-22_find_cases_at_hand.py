"""Find without reading all: cases to be closed, or grown from a question; what is forgotten.

And let nobody replace a line of a case's history: SQLite fires no trigger for the row that an
INSERT OR REPLACE removes.

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OF_CHAT = "ix_said_about_chat_id_about_message_id"
_IS_THERE = "EXISTS (SELECT 1 FROM case_event WHERE id = NEW.id)"


def upgrade() -> None:
    _create_index("ix_desk_case_answered", "ended_at", "state = 'answered'")
    _create_index("ix_desk_case_question_id", "question_id", "question_id IS NOT NULL")
    op.drop_index(_OF_CHAT, "said_about")
    op.create_index("ix_said_about_about", "said_about", ["about"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER case_event_no_replace BEFORE INSERT ON case_event WHEN {_IS_THERE}"
            " BEGIN SELECT RAISE(ABORT, 'the history of a case is only added to'); END"
        )


def downgrade() -> None:
    op.drop_index("ix_said_about_about", "said_about")
    op.create_index(_OF_CHAT, "said_about", ["chat_id", "about", "message_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER case_event_no_replace")
    op.drop_index("ix_desk_case_question_id", "desk_case")
    op.drop_index("ix_desk_case_answered", "desk_case")


def _create_index(name: str, column: str, condition: str) -> None:
    where: sa.ColumnElement[bool] = sa.literal_column(condition)
    op.create_index(name, "desk_case", [column], sqlite_where=where, postgresql_where=where)
