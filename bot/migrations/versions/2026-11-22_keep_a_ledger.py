"""Keep a double-entry ledger: accounts, transfers, holds, and what was done under which key.

Revision: 0011, after 0010.
"""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
