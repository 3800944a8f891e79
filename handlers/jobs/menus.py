"""The command menus of the messenger, filled once at each start."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.messenger.errors import CallFailed
from handlers.commands import described, menu_of_desk, menu_of_staff

if TYPE_CHECKING:
    from bot.citizens.model import CitizenId, Role
    from bot.kit.database import Database, Transaction
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
        staff = await _staff(desk, tx)
        people = await citizens.recall_all(tx, citizen_ids=staff)
    menus += [menu_of_desk(chat_id, words[desk.default_language]).params for chat_id in chats]
    for id_, roles in staff.items():
        language = people[id_].language or desk.default_language
        menus.append(menu_of_staff(int(id_), words[language], roles))
    for menu in menus:
        try:
            await api.call("setMyCommands", menu)
        except CallFailed as error:
            _logger.info("a command menu was not taken: %s", error)


async def _staff(desk: Shared, tx: Transaction) -> dict[CitizenId, set[Role]]:
    """Say who has which roles, in whichever office."""
    found: dict[CitizenId, set[Role]] = {}
    for published in desk.catalogue.offices:
        for one in await citizens.staff_of_office(tx, office_id=published.office.id):
            found.setdefault(one.id, set()).add(one.role)
    return found
