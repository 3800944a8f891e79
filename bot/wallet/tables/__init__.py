"""Everything that is kept of money."""

from bot.wallet.tables.audits import audited_night
from bot.wallet.tables.bank_files import bank_file, bank_finding, bank_line, line_reasons
from bot.wallet.tables.ledger import (
    account,
    hold,
    operation,
    transfer,
)
from bot.wallet.tables.payouts import (
    event_reasons,
    payout,
    payout_batch,
    payout_event,
    payout_reasons,
)
from bot.wallet.tables.proposals import credit_proposal, proposal_reasons
from bot.wallet.tables.top_ups import top_up, top_up_reasons

__all__ = [
    "account",
    "audited_night",
    "bank_file",
    "bank_finding",
    "bank_line",
    "credit_proposal",
    "event_reasons",
    "hold",
    "line_reasons",
    "operation",
    "payout",
    "payout_batch",
    "payout_event",
    "payout_reasons",
    "proposal_reasons",
    "top_up",
    "top_up_reasons",
    "transfer",
]
