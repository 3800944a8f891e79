"""Asking from within another chat, where the platform has that: the public catalogue and no more.

Nothing is kept of such a question, not even that it was asked, and no result names a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import InlineQueryHandler

from bot.catalogue import use_cases
from bot.catalogue.errors import PersonalDataInQuestion
from bot.kit.jalali import tehran_day
from bot.messenger.contract import DirectCall
from handlers.views.catalogue import inline as views

if TYPE_CHECKING:
    from telegram import Update

    from handlers.adding import Application
    from handlers.context import DeskContext

_LETTERS_MIN: Final = 2
_CACHED_SECONDS: Final = 300


def add(application: Application) -> None:
    """Add the answer to what is asked so."""
    application.add_handler(InlineQueryHandler(answer))


async def answer(update: Update, context: DeskContext) -> None:
    """Answer with entries of the catalogue; who has written nothing yet is shown the services."""
    query = update.inline_query
    assert query is not None
    results = await _results(context, query.query.strip())
    params: dict[str, object] = {
        "inline_query_id": query.id,
        "results": results,
        "cache_time": _CACHED_SECONDS,
        "is_personal": True,  # the language is the person's
    }
    context.unit.direct.append(DirectCall("answerInlineQuery", params))


async def _results(context: DeskContext, text: str) -> list[dict[str, object]]:
    unit, desk = context.unit, context.unit.desk
    today = tehran_day(unit.now)
    if len(text) < _LETTERS_MIN:
        return views.services(context.words, desk.catalogue, today, desk.link)
    try:
        question, answer_ = await use_cases.ask(
            answerer=desk.answerer,
            text=text,
            office_id=None,
            recent=None,
            published_codes=desk.catalogue.codes,
            today=today,
        )
    except PersonalDataInQuestion:
        return []
    del question  # it is kept nowhere
    return views.entries(context.words, desk.catalogue, answer_, today, desk.link)
