"""Keep the answers that staff write, circulars, and the ends of agreements.

Every version of an answer stays, with who wrote and who approved it, who are two people. The
number of a service's version is given once, for cases keep the one of their day (MZ-25).

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_learnt_answer()
    op.create_table(
        "learnt_question",
        sa.Column("learnt_id", sa.Integer, sa.ForeignKey("learnt_answer.id"), primary_key=True),
        sa.Column("question_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("text", sa.String(1000), nullable=False),
    )
    op.create_index("ix_learnt_question_question_id", "learnt_question", ["question_id"])
    op.create_table(
        "dismissed_question",
        sa.Column("office_id", sa.String(24), primary_key=True),
        sa.Column("question_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("dismissed_on", sa.Date, nullable=False),
    )
    _create_circular()
    op.create_table(
        "agreement_end",
        sa.Column("office_id", sa.String(24), primary_key=True),
        sa.Column("agreement_id", sa.String(24), primary_key=True),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("document_ref", sa.String(200), nullable=False),
        sa.Column("ended_on", sa.Date, nullable=False),
        sa.Column("entered_by", sa.BigInteger, nullable=False),
        sa.Column("entered_at", Moment, nullable=False),
        sa.CheckConstraint(
            "reason IN ('instruction', 'circular', 'procedure')", name="reason_known"
        ),
        sa.CheckConstraint("document_ref <> ''", name="reference_given"),
    )


def downgrade() -> None:
    op.drop_table("agreement_end")
    op.drop_table("service_version")
    op.drop_table("circular")
    op.drop_table("dismissed_question")
    op.drop_table("learnt_question")
    op.drop_table("learnt_answer")


def _create_learnt_answer() -> None:
    op.create_table(
        "learnt_answer",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("service_id", sa.String(24)),
        sa.Column("facet", sa.String(16), nullable=False),
        sa.Column("question", sa.String(1000), nullable=False),
        sa.Column("answer", sa.String(3000), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("author_id", sa.BigInteger, nullable=False),
        sa.Column("drafted_at", Moment, nullable=False),
        sa.Column("reason", sa.String(1000)),
        sa.Column("approver_id", sa.BigInteger),
        sa.Column("decided_at", Moment),
        sa.UniqueConstraint("key", "version", name="uq_learnt_answer_version"),
        sa.CheckConstraint(
            "state IN ('draft', 'approved', 'rejected', 'retired')", name="state_known"
        ),
        sa.CheckConstraint(
            "facet IN ('list', 'description', 'process', 'documents', 'cost', 'time', 'laws',"
            " 'access', 'hours', 'agreement', 'wallet')",
            name="facet_known",
        ),
        sa.CheckConstraint("version > 0", name="version_counted"),
        sa.CheckConstraint("approver_id <> author_id", name="two_people"),
        sa.CheckConstraint(
            "state <> 'approved' OR approver_id IS NOT NULL", name="approved_by_somebody"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_learnt_answer_state", "learnt_answer", ["state", "office_id"])


def _create_circular() -> None:
    op.create_table(
        "circular",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("issued_on", sa.Date),
        sa.Column("dispatched_at", Moment, nullable=False),
        sa.Column("published_at", Moment, nullable=False),
        sa.Column("summary", sa.String(2000), nullable=False),
        sa.Column("entered_by", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("office_id", "number", name="uq_circular_number"),
        sa.CheckConstraint("dispatched_at <= published_at", name="dispatched_first"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "service_version",
        sa.Column("office_id", sa.String(24), primary_key=True),
        sa.Column("service_id", sa.String(24), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("effective_from", Moment, nullable=False),
        sa.Column("circular_id", sa.Integer, sa.ForeignKey("circular.id"), nullable=False),
        sa.CheckConstraint("number > 1", name="number_after_first"),
    )
