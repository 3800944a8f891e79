"""How each refusal is said: kindly, without blame, and with a way forward."""

from __future__ import annotations

from functools import singledispatch

from bot.catalogue.errors import PersonalDataInQuestion, QuestionGone
from bot.kit.errors import DeskError, NotFound
from bot.kit.words import Words
from handlers.callback_data import StaleButton
from handlers.reply import Reply
from handlers.views.common import way_back


def refused(words: Words, error: DeskError) -> Reply:
    """Say a refusal, and lead back to the first page."""
    return Reply(refusal(error, words), [way_back(words)])


def given_up(words: Words) -> Reply:
    """Say that the desk itself failed, and what can be done."""
    _ = words.gettext
    text = _(
        "I am sorry, something went wrong on my side with your last message, and I could not "
        "answer it. Please write it once more, or start from the first page."
    )
    return Reply(text, [way_back(words)])


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
