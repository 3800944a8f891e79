"""How paying in is refused, in words."""

from __future__ import annotations

from bot.kit.digits import number
from bot.kit.tracking import shown
from bot.kit.words import Words
from bot.wallet.errors import (
    BillNotAsWritten,
    NoSuchTopUp,
    NotInRials,
    OwnTopUp,
    ReferenceClaimed,
    ReferenceIsAccount,
    ReferenceUnreadable,
    SameVerifier,
    TooManyTopUps,
    TopUpMoved,
    TopUpOutOfRange,
    TopUpReasonTooLong,
)
from bot.wallet.model import TopUpState
from handlers.views.common import code, money
from handlers.views.refusals import refusal


@refusal.register
def _no_such_top_up(_error: NoSuchTopUp, words: Words) -> str:
    _ = words.gettext
    return _("I found no top-up under this code here. Nothing was paid and nothing was changed.")


@refusal.register
def _top_up_out_of_range(error: TopUpOutOfRange, words: Words) -> str:
    _ = words.gettext
    return _(
        "{amount} cannot be paid in at once: it is at least {least} and at most {most}. Please "
        "write another amount."
    ).format(
        amount=money(error.amount_rial, words),
        least=money(error.amount_rial_min, words),
        most=money(error.amount_rial_max, words),
    )


@refusal.register
def _too_many_top_ups(error: TooManyTopUps, words: Words) -> str:
    _ = words.gettext
    return _(
        "{count} of your top-ups are open already. Please pay one of those bills, or wait for the "
        "office; a bill ends by itself after a day. Your top-ups are in your wallet: /wallet"
    ).format(count=number(error.count_max, words.language))


@refusal.register
def _top_up_moved(error: TopUpMoved, words: Words) -> str:
    _ = words.gettext
    said_so = {
        TopUpState.CREATED: _("This bill has not been paid yet. Nothing was changed."),
        TopUpState.PENDING: _("This top-up is still under way. Nothing was changed."),
        TopUpState.VERIFIED: _(
            "This top-up is done: its money is in the wallet. Nothing was changed."
        ),
        TopUpState.REJECTED: _("This top-up has been rejected. Nothing was changed."),
        TopUpState.EXPIRED: _(
            "The time of this top-up is over. Nothing was paid; please make a new one: /topup"
        ),
        TopUpState.REVERSED: _("This top-up has been taken back. Nothing was changed."),
        TopUpState.WITHDRAWN: _("Its citizen has taken this top-up back. Nothing was changed."),
        TopUpState.UNMATCHED: _(
            "The owner of this money is not known yet, so nothing can be taken back."
        ),
    }
    return said_so[TopUpState(error.state)]


@refusal.register
def _bill_not_as_written(_error: BillNotAsWritten, words: Words) -> str:
    _ = words.gettext
    return _(
        "The amount of this payment is not that of the bill, so nothing was paid. Please make a "
        "new bill: /topup"
    )


@refusal.register
def _not_in_rials(_error: NotInRials, words: Words) -> str:
    _ = words.gettext
    return _(
        "What was paid is no amount in rials, so no wallet can hold it. Please settle it with the "
        "gateway."
    )


@refusal.register
def _reference_unreadable(error: ReferenceUnreadable, words: Words) -> str:
    _ = words.gettext
    return _(
        "I could not read that as a reference. It stands on the bank's receipt as “reference” or "
        "“tracking number”: {least} to {most} digits, or letters and digits. Please write that "
        "alone."
    ).format(
        least=number(error.length_min, words.language),
        most=number(error.length_max, words.language),
    )


@refusal.register
def _reference_is_account(_error: ReferenceIsAccount, words: Words) -> str:
    _ = words.gettext
    return _(
        "That looks like the number of a card or an account, which I do not keep. Please write "
        "the bank's reference of the payment; for your safety, delete that message."
    )


@refusal.register
def _reference_claimed(error: ReferenceClaimed, words: Words) -> str:
    _ = words.gettext
    if error.payout_code is not None:
        return _(
            "Another payout, {code}, was paid under this reference of the bank, and it went there "
            "in another file. Please look at the number once more; nothing was changed. If the "
            "other one is wrong, a manager can correct it on its card."
        ).format(code=code(shown(error.payout_code)))
    return _(
        "This reference is registered already, so it was not registered again. Please look at "
        "the number once more; if it is right, tell the office: /case"
    )


@refusal.register
def _own_top_up(_error: OwnTopUp, words: Words) -> str:
    _ = words.gettext
    return _("A colleague has to do this one. Please ask somebody else; nothing was changed.")


@refusal.register
def _same_verifier(_error: SameVerifier, words: Words) -> str:
    _ = words.gettext
    return _(
        "You verified this yourself. Another manager takes it back; an office with one manager "
        "can invite a second: /invite. Nothing was changed."
    )


@refusal.register
def _top_up_reason_too_long(error: TopUpReasonTooLong, words: Words) -> str:
    _ = words.gettext
    return _(
        "The reason is too long: at most {most} characters, and it has {count}. Nothing was "
        "changed; please reply to the prompt once more, shorter."
    ).format(
        most=number(error.length_max, words.language), count=number(error.length, words.language)
    )
