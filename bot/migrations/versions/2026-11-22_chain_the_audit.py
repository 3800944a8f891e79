"""Chain the audit: a digest of every row and of all rows before it (ADR 0033).

The chain begins with the rows that are there. What a row says before and after is new, and old
rows say neither. The digest is written out here as it was when this migration was made.

Revision: 0028, after 0027.
"""

import json
from datetime import UTC
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment
from bot.migrations import append_only

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_NOTHING_BEFORE = bytes(32)
_PAGE = 500
_SAID = ("office_id", "actor_id", "actor_name", "role", "action", "subject", "note")

_audit = sa.table(
    "audit", sa.column("id"), sa.column("at", Moment), *(sa.column(name) for name in _SAID)
)


def upgrade() -> None:
    for name in ("before", "after"):
        op.add_column("audit", sa.Column(name, sa.String(64)))
    op.create_index("ix_audit_subject", "audit", ["subject", "id"])
    link = op.create_table(
        "audit_link",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("audit_id", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name="fk_audit_link_audit_id_audit"),
        sa.UniqueConstraint("audit_id", name="uq_audit_link_audit_id"),
        sa.CheckConstraint("number > 0", name="number_counted"),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("id = 1", name="only_one"),
        sa.CheckConstraint("number >= 0", name="number_counted"),
    )
    number, digest = _chain(link)
    op.execute(sa.insert(head).values(id=1, number=number, digest=digest))
    append_only.guard("audit_link", "the audit is append-only", same="number = NEW.number")


def downgrade() -> None:
    op.drop_table("audit_head")
    op.drop_table("audit_link")
    append_only.drop_refusal("audit_link_refuses")
    op.drop_index("ix_audit_subject", "audit")
    for name in ("before", "after"):
        op.drop_column("audit", name)


def _chain(link: sa.Table) -> tuple[int, bytes]:
    connection = op.get_bind()
    number, last_id, digest = 0, 0, _NOTHING_BEFORE
    page = sa.select(_audit).order_by(_audit.c.id).limit(_PAGE)
    while rows := connection.execute(page.where(_audit.c.id > last_id)).all():
        links = []
        for row in rows:
            number, last_id = number + 1, row.id
            said = [getattr(row, name) for name in _SAID]
            at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
            written = json.dumps([number, row.id, at, *said, None, None])
            digest = sha256(digest + written.encode()).digest()
            links.append({"number": number, "audit_id": row.id, "digest": digest})
        connection.execute(sa.insert(link), links)
    return number, digest
