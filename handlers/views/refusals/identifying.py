"""How a national ID is refused, in words that say what to do; none of it is repeated."""

from __future__ import annotations

from bot.kit.digits import number
from bot.kit.words import Words
from bot.workshops.errors.identifying import (
    NationalIdNeeded,
    NationalIdTaken,
    NationalIdUnreadable,
    NobodyToVouchFor,
    OwnLearner,
)
from handlers.views.refusals import refusal

_DIGITS = 10


@refusal.register
def _unreadable(error: NationalIdUnreadable, words: Words) -> str:
    _ = words.gettext
    if not error.digit_count:
        return _("I find no number in this. Please write the ten digits of the national ID.")
    if error.digit_count != _DIGITS:
        return _(
            "A national ID has ten digits, with the zeros at its beginning; I count {count}. "
            "Please write it once more."
        ).format(count=number(error.digit_count, words.language))
    return _(
        "These ten digits do not fit one another: one of them is probably mistyped. Please "
        "compare them with the card or the identity booklet and write all ten once more."
    )


@refusal.register
def _needed(_error: NationalIdNeeded, words: Words) -> str:
    _ = words.gettext
    return _("The office first needs the national ID of the learner. Nothing was paid.")


@refusal.register
def _taken(error: NationalIdTaken, words: Words) -> str:
    _ = words.gettext
    if error.is_own:
        return _(
            "You gave this national ID for another learner of this workshop. Each learner has "
            "one of their own: please write that of this one. If it is wrong there, and cannot be "
            "corrected there any more, the office helps: /case"
        )
    return _(
        "With this national ID I cannot take a place here: each person has one place in a "
        "workshop, and this one may be registered already, by somebody else of the family for "
        "example. If the number is right and you know of none, the office looks into it: /case"
    )


@refusal.register
def _nobody(_error: NobodyToVouchFor, words: Words) -> str:
    _ = words.gettext
    return _(
        "Nobody there waits for this: the office requires no national ID of them, it is known "
        "already, or the registration is over."
    )


@refusal.register
def _own_learner(_error: OwnLearner, words: Words) -> str:
    _ = words.gettext
    return _("You registered this learner yourself: please let a colleague vouch for them.")
