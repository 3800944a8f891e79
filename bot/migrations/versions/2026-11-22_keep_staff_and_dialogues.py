"""Keep staff roles, invitations, admin chats, the audit, dialogues and limits.

The audit is append-only, and the database itself sees to it: no row of it is changed, removed or
replaced.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment
from bot.migrations import append_only

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ROLE_KNOWN = "role IN ('officer', 'finance', 'manager')"


def upgrade() -> None:
    _create_staff()
    _create_audit()
    op.create_table(
        "dialogue",
        sa.Column("citizen_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("draft", sa.LargeBinary, nullable=False),
        sa.Column("token", sa.String(16), nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
    )
    op.create_index("ix_dialogue_expires_at", "dialogue", ["expires_at"])
    op.create_table(
        "spent_limit",
        sa.Column("citizen_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("slot_ends_at", Moment, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("forget_at", Moment, nullable=False),
        sa.CheckConstraint("count > 0", name="count_positive"),
    )
    op.create_index("ix_spent_limit_forget_at", "spent_limit", ["forget_at"])


def downgrade() -> None:
    for table in ("spent_limit", "dialogue", "audit", "admin_chat", "invitation", "staff_role"):
        op.drop_table(table)
    append_only.drop_refusal("audit_refuses")


def _create_staff() -> None:
    op.create_table(
        "staff_role",
        sa.Column("citizen_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("office_id", sa.String(24), primary_key=True),
        sa.Column("role", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("granted_at", Moment, nullable=False),
        sa.CheckConstraint(_ROLE_KNOWN, name="role_known"),
    )
    op.create_index("ix_staff_role_office_id", "staff_role", ["office_id"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("token_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("made_by", sa.BigInteger),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("accepted_by", sa.BigInteger),
        sa.Column("accepted_at", Moment),
        sa.UniqueConstraint("token_digest"),
        sa.CheckConstraint(_ROLE_KNOWN, name="role_known"),
        sa.CheckConstraint(
            "(accepted_by IS NULL) = (accepted_at IS NULL)", name="accepted_by_somebody"
        ),
    )
    op.create_index("ix_invitation_office_id", "invitation", ["office_id"])
    op.create_index("ix_invitation_expires_at", "invitation", ["expires_at"])
    op.create_table(
        "admin_chat",
        sa.Column("office_id", sa.String(24), primary_key=True),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("bound_at", Moment, nullable=False),
    )
    op.create_index("ix_admin_chat_chat_id", "admin_chat", ["chat_id"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("actor_id", sa.BigInteger, nullable=False),
        sa.Column("actor_name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("note", sa.String(500)),
        sa.CheckConstraint(_ROLE_KNOWN, name="role_known"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_office_id", "audit", ["office_id", "id"])
    append_only.guard("audit", "the audit is append-only")
