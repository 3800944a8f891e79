"""Find the cases that are to be closed, and those that grew from a question, without reading all.

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

_IS_THERE = "EXISTS (SELECT 1 FROM case_event WHERE id = NEW.id)"


def upgrade() -> None:
    _create_index("ix_desk_case_answered", "ended_at", "state = 'answered'")
    _create_index("ix_desk_case_question_id", "question_id", "question_id IS NOT NULL")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER case_event_no_replace BEFORE INSERT ON case_event WHEN {_IS_THERE}"
            " BEGIN SELECT RAISE(ABORT, 'the history of a case is only added to'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER case_event_no_replace")
    op.drop_index("ix_desk_case_question_id", "desk_case")
    op.drop_index("ix_desk_case_answered", "desk_case")


def _create_index(name: str, column: str, condition: str) -> None:
    where: sa.ColumnElement[bool] = sa.literal_column(condition)
    op.create_index(name, "desk_case", [column], sqlite_where=where, postgresql_where=where)
