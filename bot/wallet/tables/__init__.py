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
from bot.wallet.tables.top_ups import (
    top_up,
)

__all__ = [
    "account",
    "credit_proposal",
    "hold",
    "operation",
    "top_up",
    "transfer",
]
