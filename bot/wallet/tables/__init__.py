"""Everything that is kept of money."""

from bot.wallet.tables.ledger import (
    account,
    hold,
    operation,
    transfer,
)
from bot.wallet.tables.proposals import (
    credit_proposal,
)

__all__ = [
    "account",
    "credit_proposal",
    "hold",
    "operation",
    "transfer",
]
