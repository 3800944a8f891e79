"""Let a citizen take back a claim by a bank's reference that they mistyped.

Where a top-up can stand is a constraint of its table, which SQLite changes only by making the
table anew: all that stands in it is written out here, as the migration that made it left it.

Revision: 0027, after 0026.
"""

import sqlalchemy as sa
from alembic import op

from bot.kit.database import Moment, metadata

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_BEFORE = ("created", "pending", "verified", "rejected", "expired", "reversed", "unmatched")
_AFTER = (*_BEFORE, "withdrawn")
_CHECKS = {
    "way_known": "way IN ('invoice', 'bank')",
    "amount_positive": "amount_rial > 0 OR state = 'unmatched'",
    "claimed_by_reference": "way <> 'bank' OR reference IS NOT NULL",
    "posted_if_verified": "(state IN ('verified', 'reversed')) = (journal_id IS NOT NULL)",
    "decided_when": "(decided_by IS NULL) = (decided_at IS NULL)",
    "rejected_by_somebody": "state <> 'rejected' OR decided_by IS NOT NULL",
    "not_for_oneself": "decided_by <> citizen_id",
    "reversed_by_somebody": "(state = 'reversed') = (reversed_by IS NOT NULL)",
    "reversed_when": "(reversed_by IS NULL) = (reversed_at IS NULL)",
    "two_persons": "reversed_by NOT IN (decided_by, citizen_id)",
}


def upgrade() -> None:
    _let_stand(_AFTER, instead_of=_BEFORE)


def downgrade() -> None:
    top_up = sa.table("top_up", sa.column("state", sa.String))
    is_withdrawn = top_up.c.state == "withdrawn"
    op.execute(top_up.update().where(is_withdrawn).values(state="expired"))
    _let_stand(_BEFORE, instead_of=_AFTER)


def _let_stand(states: tuple[str, ...], *, instead_of: tuple[str, ...]) -> None:
    with op.batch_alter_table("top_up", copy_from=_table(instead_of)) as table:
        table.drop_constraint(op.f("ck_top_up_state_known"), type_="check")
        table.create_check_constraint("state_known", _in(states))


def _in(states: tuple[str, ...]) -> str:
    return f"state IN ({', '.join(repr(state) for state in states)})"


def _table(states: tuple[str, ...]) -> sa.Table:
    checks = {"state_known": _in(states), **_CHECKS}
    table = sa.Table(
        "top_up",
        sa.MetaData(naming_convention=metadata.naming_convention),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("office_id", sa.String(24), nullable=False),
        sa.Column("citizen_id", sa.BigInteger, nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("amount_rial", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("reference", sa.String(100)),
        sa.Column("provider", sa.String(32)),
        sa.Column("charge_id", sa.String(255)),
        sa.Column("decided_by", sa.BigInteger),
        sa.Column("decided_at", Moment),
        sa.Column("reversed_by", sa.BigInteger),
        sa.Column("reversed_at", Moment),
        sa.Column("reason", sa.String(200)),
        sa.Column("journal_id", sa.String(10)),
        *(sa.UniqueConstraint(*names) for names in (("code",), ("journal_id",))),
        sa.UniqueConstraint("provider", "charge_id"),
        *(sa.CheckConstraint(condition, name=name) for name, condition in checks.items()),
        sqlite_autoincrement=True,
    )
    sa.Index("ix_top_up_office_id", table.c.office_id, table.c.state, table.c.id)
    sa.Index("ix_top_up_citizen_id", table.c.citizen_id, table.c.id)
    sa.Index("ix_top_up_expires_at", table.c.state, table.c.expires_at)
    sa.Index("ix_top_up_reference", table.c.office_id, table.c.reference)
    is_claimed: sa.ColumnElement[bool] = sa.literal_column(
        "way = 'bank' AND state IN ('pending', 'verified')"
    )
    sa.Index(
        "uq_top_up_claimed",
        table.c.office_id,
        table.c.reference,
        unique=True,
        sqlite_where=is_claimed,
        postgresql_where=is_claimed,
    )
    return table
