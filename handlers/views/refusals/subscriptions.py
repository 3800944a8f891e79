"""How a wish to be told of new workshops is refused, in words."""

from __future__ import annotations

from bot.kit.digits import number
from bot.kit.words import Words
from bot.workshops.errors import TooManySubscriptions
from handlers.views.refusals import refusal


@refusal.register
def _too_many(error: TooManySubscriptions, words: Words) -> str:
    _ = words.gettext
    return _(
        "You are told of {count} kinds of workshops already, which is as many as I keep. Please "
        "end one of them first."
    ).format(count=number(error.count_max, words.language))
