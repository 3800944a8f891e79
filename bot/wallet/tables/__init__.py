"""Everything that is kept of money."""

from bot.wallet.tables.audits import audited_night
from bot.wallet.tables.bank_files import bank_file, bank_finding, bank_line
from bot.wallet.tables.ledger import (
    account,
    hold,
    operation,
    transfer,
)
from bot.wallet.tables.payouts import (
    payout,
    payout_batch,
    payout_event,
)
from bot.wallet.tables.proposals import (
    credit_proposal,
)
from bot.wallet.tables.top_ups import (
    top_up,
)

__all__ = [
    "account",
    "audited_night",
    "bank_file",
    "bank_finding",
    "bank_line",
    "credit_proposal",
    "hold",
    "operation",
    "payout",
    "payout_batch",
    "payout_event",
    "top_up",
    "transfer",
]
