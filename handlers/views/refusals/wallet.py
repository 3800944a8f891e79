"""How money refuses, in words."""

from __future__ import annotations

from bot.kit.digits import number
from bot.kit.words import Words
from bot.wallet.errors import (
    AlreadyReversed,
    CreditForNobody,
    CreditForOneself,
    CreditOutOfRange,
    CreditReasonTooLong,
    CreditSameJudge,
    CreditSelfApproval,
    HoldResolved,
    InsufficientFunds,
    IsReversal,
    KeyReused,
    MoreThanHeld,
    NoSuchHold,
    NoSuchJournal,
    NoSuchProposal,
    ProposalDecided,
    ProposalUnreadable,
    ProposalWaits,
    ReferenceHeld,
)
from handlers.views.common import code, money
from handlers.views.refusals import refusal


@refusal.register
def _insufficient_funds(error: InsufficientFunds, words: Words) -> str:
    _ = words.gettext
    return _(
        "There is not enough for this in the wallet: it needs {needed}, and {available} can be "
        "spent. Nothing was taken."
    ).format(needed=money(error.needed_rial, words), available=money(error.available_rial, words))


@refusal.register
def _key_reused(_error: KeyReused, words: Words) -> str:
    _ = words.gettext
    return _(
        "This has been used for something else already, with another amount or for another "
        "person. Nothing was changed; please look at it once more."
    )


@refusal.register
def _reference_held(_error: ReferenceHeld, words: Words) -> str:
    _ = words.gettext
    return _("Money has been set aside for this already. Nothing was set aside again.")


@refusal.register
def _no_such_hold(_error: NoSuchHold, words: Words) -> str:
    _ = words.gettext
    return _("No money is set aside under this number. Please open the list anew.")


@refusal.register
def _hold_resolved(_error: HoldResolved, words: Words) -> str:
    _ = words.gettext
    return _(
        "What was set aside has been paid or set free already, so nothing more can be done with "
        "it. Nothing was changed."
    )


@refusal.register
def _more_than_held(error: MoreThanHeld, words: Words) -> str:
    _ = words.gettext
    return _("Only {held} was set aside, which is less than {amount}. Nothing was taken.").format(
        held=money(error.held_rial, words), amount=money(error.amount_rial, words)
    )


@refusal.register
def _no_such_journal(_error: NoSuchJournal, words: Words) -> str:
    _ = words.gettext
    return _("I found no movement of money under this code. Please look at the code once more.")


@refusal.register
def _already_reversed(error: AlreadyReversed, words: Words) -> str:
    _ = words.gettext
    return _("{code} has been given back already, and that is done once.").format(
        code=code(error.journal_id)
    )


@refusal.register
def _is_reversal(error: IsReversal, words: Words) -> str:
    _ = words.gettext
    return _(
        "{code} gave something back itself, so it cannot be undone; what is owed is booked anew."
    ).format(code=code(error.journal_id))


@refusal.register
def _no_such_proposal(_error: NoSuchProposal, words: Words) -> str:
    _ = words.gettext
    return _("No credit is proposed under this number. Please open the card of the case.")


@refusal.register
def _proposal_unreadable(_error: ProposalUnreadable, words: Words) -> str:
    _ = words.gettext
    return _(
        "I could not read an amount in rials with a reason after it. Please reply to the prompt "
        "once more, with the whole amount in digits first, such as: “500000 two sessions of the "
        "class were not held”. Nothing was proposed."
    )


@refusal.register
def _credit_out_of_range(error: CreditOutOfRange, words: Words) -> str:
    _ = words.gettext
    return _(
        "{amount} cannot be proposed: credit is at least one rial, and at most {most}. Please "
        "reply to the prompt once more. Nothing was proposed."
    ).format(amount=money(error.amount_rial, words), most=money(error.amount_rial_max, words))


@refusal.register
def _credit_reason_too_long(error: CreditReasonTooLong, words: Words) -> str:
    _ = words.gettext
    return _(
        "The reason is too long for a line of a statement: at most {most} characters, and it has "
        "{count}. Nothing was proposed; please write it shorter."
    ).format(
        most=number(error.length_max, words.language), count=number(error.length, words.language)
    )


@refusal.register
def _credit_for_nobody(_error: CreditForNobody, words: Words) -> str:
    _ = words.gettext
    return _(
        "This case is anonymous, so there is no wallet to which credit could go. You can answer "
        "the citizen that a claim with their name on it, registered with /case, can be given "
        "credit; this case can be joined to that one."
    )


@refusal.register
def _credit_for_oneself(_error: CreditForOneself, words: Words) -> str:
    _ = words.gettext
    return _("This claim is your own. Please ask a colleague; nothing was changed.")


@refusal.register
def _credit_self_approval(_error: CreditSelfApproval, words: Words) -> str:
    _ = words.gettext
    return _("Credit is approved by another manager than who proposed it. Nothing was changed.")


@refusal.register
def _credit_same_judge(_error: CreditSameJudge, words: Words) -> str:
    _ = words.gettext
    return _(
        "You rejected this claim before. After an objection another manager of the office "
        "decides; an office with one manager can invite a second: /invite. Nothing was changed."
    )


@refusal.register
def _proposal_waits(_error: ProposalWaits, words: Words) -> str:
    _ = words.gettext
    return _(
        "Credit is proposed for this case already and waits for a manager. Its card is behind "
        "⋯ in the card of the case. Nothing was proposed again."
    )


@refusal.register
def _proposal_decided(_error: ProposalDecided, words: Words) -> str:
    _ = words.gettext
    return _("A manager has decided about this meanwhile. Nothing was changed.")
