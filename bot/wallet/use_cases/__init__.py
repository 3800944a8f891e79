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
from bot.wallet.use_cases.payout_batches import (
    batch_rows,
    batches_of,
    export_batch,
    find_batch,
)
from bot.wallet.use_cases.payout_requests import (
    open_account,
    request_payout,
)
from bot.wallet.use_cases.payouts import (
    approve_payout,
    mark_paid,
    mark_returned,
    mark_returned_late,
    recall_payout,
    reject_payout,
    second_payout,
    take_payout,
    withdraw_payout,
)
from bot.wallet.use_cases.payouts_looking import (
    account_sharers,
    find_own_payout,
    find_payout,
    payout_as,
    payout_counts,
    payout_events,
    payouts_in,
    payouts_of,
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
from bot.wallet.use_cases.waiting import money_waiting

__all__ = [
    "account_sharers",
    "approve_credit",
    "approve_payout",
    "audit",
    "balance",
    "batch_rows",
    "batches_of",
    "begin_invoice",
    "check_invoice",
    "claim_reference",
    "expire_top_ups",
    "export_batch",
    "find_batch",
    "find_hold",
    "find_journal",
    "find_own_payout",
    "find_payout",
    "find_proposal",
    "grant_service_credit",
    "hold",
    "journals_about",
    "mark_paid",
    "mark_returned",
    "mark_returned_late",
    "money_waiting",
    "move",
    "open_account",
    "open_holds",
    "open_wallet",
    "pay_from_wallet",
    "payout_as",
    "payout_counts",
    "payout_events",
    "payouts_in",
    "payouts_of",
    "post_hold",
    "propose_credit",
    "recall_payout",
    "receive_payment",
    "reject_credit",
    "reject_payout",
    "reject_reference",
    "request_payout",
    "reverse",
    "reverse_top_up",
    "second_payout",
    "statement",
    "statement_between",
    "take_payout",
    "top_up",
    "top_ups_of",
    "top_ups_waiting",
    "verify_reference",
    "void_hold",
    "waiting_proposal",
    "withdraw_payout",
]
