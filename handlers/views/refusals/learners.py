"""How the desk refuses to keep a learner, in words."""

from __future__ import annotations

from bot.citizens.errors import (
    AlreadyLearner,
    BirthDateUnreadable,
    GuardianNeeded,
    NameUnreadable,
    NoSuchLearner,
    TooManyLearners,
)
from bot.kit.digits import number
from bot.kit.words import Words
from handlers.views.refusals import refusal


@refusal.register
def _no_such_learner(_error: NoSuchLearner, words: Words) -> str:
    _ = words.gettext
    return _("I do not find this learner among yours. Please open the list anew.")


@refusal.register
def _too_many_learners(error: TooManyLearners, words: Words) -> str:
    _ = words.gettext
    return _(
        "There are {count} learners on your list already, and it takes no more. You can take out "
        "one who no longer takes part."
    ).format(count=number(error.count_max, words.language))


@refusal.register
def _already_learner(_error: AlreadyLearner, words: Words) -> str:
    _ = words.gettext
    return _("You are on your list of learners already; please choose yourself there.")


@refusal.register
def _name_unreadable(_error: NameUnreadable, words: Words) -> str:
    _ = words.gettext
    return _(
        "Please write the given name alone, in letters, such as “Baharak”: at least two letters "
        "and no numbers."
    )


@refusal.register
def _birth_date_unreadable(_error: BirthDateUnreadable, words: Words) -> str:
    _ = words.gettext
    return _(
        "I could not read this as a birth date. Please write it with year, month and day, such "
        "as 1396/02/15."
    )


@refusal.register
def _guardian_needed(error: GuardianNeeded, words: Words) -> str:
    _ = words.gettext
    return _(
        "Who is not yet {age} is registered by a parent or guardian, from their own account. "
        "Please ask them to write to me."
    ).format(age=number(error.age_min, words.language))
