"""Which conversation an update is given to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram.ext import CallbackQueryHandler, CommandHandler

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext
    from tests.handlers.support import DeskUnderTest, Visitor


class Broken(Exception):  # noqa: N818 - a defect, named for what it is
    """Something that no conversation expects."""


async def test_the_first_conversation_that_takes_an_update_is_the_only_one(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    taken: list[str] = []

    async def first(_update: Update, _context: DeskContext) -> None:
        taken.append("first")

    async def second(_update: Update, _context: DeskContext) -> None:
        taken.append("second")

    desk.edge.application.add_handler(CommandHandler("try", second), group=-1)
    desk.edge.application.add_handler(CommandHandler("try", first), group=-2)
    entities = [{"type": "bot_command", "offset": 0, "length": 4}]
    assert await sara.send(text="/try", entities=entities) == []
    assert taken == ["first"]


async def test_a_message_is_not_offered_to_those_who_take_presses(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    def look(_data: object) -> bool:
        raise Broken

    async def never(_update: Update, _context: DeskContext) -> None:
        raise AssertionError

    desk.edge.application.add_handler(CallbackQueryHandler(never, pattern=look), group=-1)
    assert await sara.send(text="سلام")
    with pytest.raises(Broken):
        await sara.press_data("home")
