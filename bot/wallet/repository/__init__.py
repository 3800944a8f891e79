"""Every query about money."""

from bot.wallet.repository.accounts import AccountRepository
from bot.wallet.repository.auditing import AuditRepository
from bot.wallet.repository.auditing_bank import BankAuditRepository
from bot.wallet.repository.auditing_payouts import (
    PayoutAuditRepository,
)
from bot.wallet.repository.audits import AuditedNightRepository
from bot.wallet.repository.bank_files import BankFileRepository
from bot.wallet.repository.bank_lines import BankLineRepository
from bot.wallet.repository.history import HistoryRepository
from bot.wallet.repository.holds import HoldRepository
from bot.wallet.repository.operations import OperationRepository
from bot.wallet.repository.payout_batches import (
    PayoutBatchRepository,
)
from bot.wallet.repository.payouts import (
    PayoutRepository,
)
from bot.wallet.repository.proposals import ProposalRepository
from bot.wallet.repository.top_ups import (
    TopUpRepository,
)
from bot.wallet.repository.top_ups_auditing import TopUpAuditRepository
from bot.wallet.repository.transfers import TransferRepository

__all__ = [
    "AccountRepository",
    "AuditRepository",
    "AuditedNightRepository",
    "BankAuditRepository",
    "BankFileRepository",
    "BankLineRepository",
    "HistoryRepository",
    "HoldRepository",
    "OperationRepository",
    "PayoutAuditRepository",
    "PayoutBatchRepository",
    "PayoutRepository",
    "ProposalRepository",
    "TopUpAuditRepository",
    "TopUpRepository",
    "TransferRepository",
]
