"""The words of refusals: each kind is registered here or in a `refusals_of_…` beside it."""

from __future__ import annotations

from functools import singledispatch

from bot.catalogue.errors import PersonalDataInQuestion, QuestionGone
from bot.citizens.errors import SlowDown
from bot.kit.digits import number
from bot.kit.errors import DeskError, NotFound
from bot.kit.jalali import jalali_moment
from bot.kit.words import Words
from bot.surveys.errors import CommentTooLong, NoSuchSurvey, SurveyOver
from handlers.callback_data import StaleButton


@singledispatch
def refusal(error: DeskError, words: Words) -> str:
    """Say what cannot be done; every refusal has words of its own below."""
    raise NotImplementedError(type(error).__name__)


@refusal.register
def _not_found(_error: NotFound, words: Words) -> str:
    _ = words.gettext
    return _("This is no longer offered here. Please start from the first page.")


@refusal.register
def _stale_button(_error: StaleButton, words: Words) -> str:
    _ = words.gettext
    return _("This button is out of date. Please start from the first page.")


@refusal.register
def _question_gone(_error: QuestionGone, words: Words) -> str:
    _ = words.gettext
    return _("I no longer have that question. Please write it once more.")


@refusal.register
def _personal_data(_error: PersonalDataInQuestion, words: Words) -> str:
    _ = words.gettext
    return _(
        "For your safety, please write your question without a national ID, card, account or "
        "phone number, or an e-mail address. I did not keep this message."
    )


@refusal.register
def _slow_down(error: SlowDown, words: Words) -> str:
    _ = words.gettext
    return _(
        "That was a little too often, so please wait until {moment}. Nothing was lost; what is "
        "registered stays registered."
    ).format(moment=jalali_moment(error.again_at, words.language))


@refusal.register
def _no_such_survey(_error: NoSuchSurvey, words: Words) -> str:
    _ = words.gettext
    return _("This question is no longer open. Thank you all the same.")


@refusal.register
def _survey_over(_error: SurveyOver, words: Words) -> str:
    _ = words.gettext
    return _("This question has been answered, or its time is over. Thank you all the same.")


@refusal.register
def _comment_too_long(error: CommentTooLong, words: Words) -> str:
    _ = words.gettext
    return _(
        "A remark can have at most {most} characters; yours has {count}. Please write it shorter."
    ).format(
        most=number(error.units_max, words.language), count=number(error.units, words.language)
    )
