"""Writing what stands on a button instead of pressing it: for whoever hears or types the chat.

The words of a button under the last message mean the button, wherever one is in a flow. A number
does so only where the message lists its choices by number; anywhere else it is answered with such
a list. `/options` asks for that list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from telegram import Update
from telegram.ext import CommandHandler, MessageHandler
from telegram.ext.filters import UpdateFilter

from bot.kit.text import tokens
from bot.outbox import use_cases as outbox
from handlers.adding import NEW_IN_PRIVATE, WORDS, Application
from handlers.context import current_unit
from handlers.raw_updates import place_of, text_of
from handlers.views import typed_choices as views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.kit.database import Transaction
    from bot.outbox.model import Choice
    from handlers.context import DeskContext

_LETTERS_MAX: Final = 80  # what is longer stands on no button
_NUMBER_MAX: Final = 99
_LABELS_KEPT: Final = 1_024


@dataclass
class Offers:
    """What the people of a group of updates were offered last, read in one statement."""

    known: dict[int, list[Choice]] = field(default_factory=dict)
    asked_for: set[int] = field(default_factory=set)

    @classmethod
    async def gather(cls, tx: Transaction, raws: Sequence[dict[str, object]]) -> Offers:
        """Read what may be meant by short texts."""
        asked_for = {chat_id for raw in raws if (chat_id := _chat_of_short_text(raw)) is not None}
        known = await outbox.offered_to(tx, chat_ids=asked_for) if asked_for else {}
        return cls(known, asked_for)

    async def of(self, tx: Transaction, raw: dict[str, object]) -> Sequence[Choice]:
        """Say of which choices an update may mean one."""
        chat_id = _chat_of_short_text(raw)
        if chat_id is None:
            return ()
        if chat_id not in self.asked_for:
            return (await outbox.offered_to(tx, chat_ids=[chat_id])).get(chat_id, ())
        return self.known.get(chat_id, ())


def as_press(raw: dict[str, object], choices: Sequence[Choice]) -> dict[str, object] | None:
    """Read a message as the press of the button whose words it says, if it does."""
    choice = _named(text_of(raw) or "", choices)
    if choice is None or choice.sends is None:
        return None
    message = raw["message"]
    assert isinstance(message, dict)
    return _press(raw["update_id"], message["from"], message, choice.sends)


def add(application: Application) -> None:
    """Add what the words of a button mean that nothing is sent by: an address, or a secret."""
    application.add_handler(CommandHandler("options", list_choices, filters=NEW_IN_PRIVATE))
    words = NEW_IN_PRIVATE & WORDS & _Names()
    application.add_handler(MessageHandler(words, answer_words))


def add_numbers(application: Application) -> None:
    """Add numbers that answer no question of a flow; before what takes every text."""
    new = NEW_IN_PRIVATE & WORDS
    application.add_handler(MessageHandler(new & _IsNumber(), answer_number))


async def list_choices(_update: Update, context: DeskContext) -> None:
    """Answer /options: what the last message offers, by number."""
    unit = context.unit
    found = await outbox.offered_to(unit.tx, chat_ids=[context.place_id])
    context.reply(views.numbered(context.words, found.get(context.place_id, ())))


async def answer_words(update: Update, context: DeskContext) -> None:
    """Say where a button leads that opens an address; of one that names a secret, what else."""
    choice = _named(_text(update), context.unit.choices)
    assert choice is not None
    context.reply(views.address(context.words, choice))


async def answer_number(update: Update, context: DeskContext) -> None:
    """Choose what was listed under a number; else say what can be chosen, by numbers."""
    unit, number = context.unit, _number(_text(update))
    chosen = next((one for one in unit.choices if one.number == number), None)
    if chosen is None:
        context.reply(views.numbered(context.words, unit.choices, asked=_text(update)))
        return
    if chosen.sends is None:
        context.reply(views.address(context.words, chosen))
        return
    message, author = update.effective_message, update.effective_user
    assert message is not None
    assert author is not None
    unit.is_typed = True
    raw = _press(update.update_id, author.to_dict(), message.to_dict(), chosen.sends)
    await context.application.process_update(Update.de_json(raw, context.bot))


class _Names(UpdateFilter):
    """Lets a text pass that says the words of a button."""

    def filter(self, update: Update) -> bool:
        """Look at the unit, which knows what was offered."""
        return _named(_text(update), current_unit.get().choices) is not None


class _IsNumber(UpdateFilter):
    """Lets a text pass that is a small number and nothing else."""

    def filter(self, update: Update) -> bool:
        """Read the text."""
        return _number(_text(update)) is not None


def _text(update: Update) -> str:
    message = update.effective_message
    return "" if message is None else message.text or ""


def _number(text: str) -> int | None:
    said = tokens(text)
    if len(said) != 1 or not said[0].isascii() or not said[0].isdecimal():
        return None
    return int(said[0]) if len(said[0]) < len(str(_NUMBER_MAX)) + 1 else None


def _named(text: str, choices: Sequence[Choice]) -> Choice | None:
    said = tokens(text)
    if not any(letter.isalpha() for word in said for letter in word):
        return None
    return next((choice for choice in choices if _words_of(choice.label) == said), None)


@lru_cache(maxsize=_LABELS_KEPT)
def _words_of(label: str) -> list[str]:
    """Read a label; most of them stand under many messages."""
    return tokens(label)


def _chat_of_short_text(raw: dict[str, object]) -> int | None:
    text, place = text_of(raw), place_of(raw)
    if text is None or place is None or len(text) > _LETTERS_MAX or "message" not in raw:
        return None
    return place[0]


def _press(
    update_id: object, author: object, message: dict[str, Any], data: str
) -> dict[str, object]:
    """Write the press of a button of a message that cannot be changed: the answer comes below."""
    page = {"message_id": message["message_id"], "date": 0, "chat": message["chat"]}
    query = {"id": "", "from": author, "chat_instance": "", "message": page, "data": data}
    return {"update_id": update_id, "callback_query": query}
