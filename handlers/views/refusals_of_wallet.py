"""How money refuses, in words."""

from __future__ import annotations

from bot.kit.words import Words
from bot.wallet.errors import (
    AlreadyReversed,
    HoldResolved,
    InsufficientFunds,
    IsReversal,
    KeyReused,
    MoreThanHeld,
    NoSuchHold,
    NoSuchJournal,
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
