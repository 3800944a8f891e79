"""The command menus of the messenger, filled once at each start."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.messenger.errors import CallFailed
from handlers.commands import described, menu_of_desk

if TYPE_CHECKING:
    from bot.kit.database import Database
    from bot.messenger.transport import BotApi
    from handlers.context import Shared

_logger = logging.getLogger(__name__)


async def offer_commands(api: BotApi, desk: Shared, database: Database) -> None:
    """Fill the command menus; a platform without them is no fault."""
    words = desk.words
    menus: list[dict[str, object]] = [
        {"commands": described(spoken), "language_code": language}
        for language, spoken in (("", words[desk.default_language]), *words.items())
    ]
    async with database.reading() as tx:
        chats = set((await citizens.admin_chats(tx)).values())
    menus += [menu_of_desk(chat_id, words[desk.default_language]).params for chat_id in chats]
    for menu in menus:
        try:
            await api.call("setMyCommands", menu)
        except CallFailed as error:
            _logger.info("a command menu was not taken: %s", error)
