"""How payouts refuse, in words."""

from __future__ import annotations

from bot.kit.digits import number
from bot.kit.words import Words
from bot.wallet.errors import (
    IbanUnreadable,
    NoSuchBatch,
    NoSuchPayout,
    NothingToSend,
    OwnerUnreadable,
    OwnPayout,
    PayoutMoved,
    PayoutReasonUnreadable,
    PayoutTooSmall,
    SamePerson,
    TooManyPayouts,
)
from handlers.views.common import money
from handlers.views.refusals import refusal
from handlers.views.wallet.payout_words import list_name


@refusal.register
def _iban_unreadable(_error: IbanUnreadable, words: Words) -> str:
    _ = words.gettext
    return _(
        "I could not read an Iranian sheba in that: IR and 24 digits that fit one another. Please "
        "ask for the payout anew: /payout"
    )


@refusal.register
def _owner_unreadable(error: OwnerUnreadable, words: Words) -> str:
    _ = words.gettext
    return _(
        "I could not read a name in that. Please write only first name and surname of the "
        "account's owner in letters, at most {most} of them."
    ).format(most=number(error.length_max, words.language))


@refusal.register
def _payout_too_small(error: PayoutTooSmall, words: Words) -> str:
    _ = words.gettext
    return _("{amount} is too little: the office pays out at least {least}.").format(
        amount=money(error.amount_rial, words), least=money(error.amount_rial_min, words)
    )


@refusal.register
def _payout_reason_unreadable(error: PayoutReasonUnreadable, words: Words) -> str:
    _ = words.gettext
    if not error.length:
        return _(
            "A reason in words is needed here. Nothing was done; please reply to the prompt once "
            "more."
        )
    return _(
        "The reason is too long: at most {most} characters, and it has {count}. Nothing was done; "
        "please reply to the prompt once more."
    ).format(
        most=number(error.length_max, words.language), count=number(error.length, words.language)
    )


@refusal.register
def _too_many_payouts(error: TooManyPayouts, words: Words) -> str:
    _ = words.gettext
    return _(
        "You have {count} payouts under way, which is as many as one person can have at a time. "
        "Once one is paid or withdrawn you can ask for the next. They are in your wallet: /wallet"
    ).format(count=number(error.open_max, words.language))


@refusal.register
def _no_such_payout(_error: NoSuchPayout, words: Words) -> str:
    _ = words.gettext
    return _("I found no payout under this code. Please open the list anew.")


@refusal.register
def _payout_moved(error: PayoutMoved, words: Words) -> str:
    _ = words.gettext
    return _("Nothing was done: meanwhile this payout is “{state}”.").format(
        state=list_name(error.state, words)
    )


@refusal.register
def _own_payout(_error: OwnPayout, words: Words) -> str:
    _ = words.gettext
    return _("Somebody else has to do this one. Please ask a colleague; nothing was changed.")


@refusal.register
def _same_person(_error: SamePerson, words: Words) -> str:
    _ = words.gettext
    return _(
        "You approved this payout already; the second approval is another person's. Nothing was "
        "changed."
    )


@refusal.register
def _nothing_to_send(_error: NothingToSend, words: Words) -> str:
    _ = words.gettext
    return _("No approved payout waits to go to the bank. The lists are in /payouts.")


@refusal.register
def _no_such_batch(_error: NoSuchBatch, words: Words) -> str:
    _ = words.gettext
    return _("I found no such file for the bank. Please open the list anew: /payouts")
