"""What happens to money: it moves, is held, is reversed, is looked at, and is audited."""

from bot.wallet.use_cases.auditing import audit
from bot.wallet.use_cases.bills import (
    begin_invoice,
    check_invoice,
    receive_payment,
)
from bot.wallet.use_cases.holds import hold, post_hold, void_hold
from bot.wallet.use_cases.ledger import (
    grant_service_credit,
    move,
    open_wallet,
    pay_from_wallet,
    reverse,
)
from bot.wallet.use_cases.looking import (
    balance,
    find_hold,
    find_journal,
    journals_about,
    open_holds,
    statement,
    statement_between,
)
from bot.wallet.use_cases.proposals import (
    approve_credit,
    find_proposal,
    propose_credit,
    reject_credit,
    waiting_proposal,
)
from bot.wallet.use_cases.top_ups import (
    claim_reference,
    expire_top_ups,
    reject_reference,
    reverse_top_up,
    top_up,
    top_ups_of,
    top_ups_waiting,
    verify_reference,
)

__all__ = [
    "approve_credit",
    "audit",
    "balance",
    "begin_invoice",
    "check_invoice",
    "claim_reference",
    "expire_top_ups",
    "find_hold",
    "find_journal",
    "find_proposal",
    "grant_service_credit",
    "hold",
    "journals_about",
    "move",
    "open_holds",
    "open_wallet",
    "pay_from_wallet",
    "post_hold",
    "propose_credit",
    "receive_payment",
    "reject_credit",
    "reject_reference",
    "reverse",
    "reverse_top_up",
    "statement",
    "statement_between",
    "top_up",
    "top_ups_of",
    "top_ups_waiting",
    "verify_reference",
    "void_hold",
    "waiting_proposal",
]
