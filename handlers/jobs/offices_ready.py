"""What each office still lacks before staff hear of its cases."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.citizens.model import Role
from bot.kit.database import Database
from bot.kit.remarks import Level, fine, note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.catalogue.model import Catalogue
    from bot.kit.database import Transaction
    from bot.kit.remarks import Remark

_logger = logging.getLogger(__name__)


async def office_remarks(url: str, catalogue: Catalogue) -> tuple[dict[str, int], list[Remark]]:
    """Say where the admin chats are, and which offices lack one, or a manager."""
    database = Database.open(url)
    try:
        async with database.reading() as tx:
            chats = await citizens.admin_chats(tx)
            remarks = await _looked_at(tx, catalogue, chats)
    finally:
        await database.close()
    known = {one.office.id for one in catalogue.offices}
    return {office: chat for office, chat in chats.items() if office in known}, remarks


async def tell_what_is_lacking(tx: Transaction, catalogue: Catalogue) -> None:
    """Tell in the log of a start which offices staff cannot serve yet, and what to do."""
    for remark in await _looked_at(tx, catalogue, await citizens.admin_chats(tx)):
        if remark.level is not Level.FINE:
            _logger.info("%s", remark)


async def _looked_at(
    tx: Transaction, catalogue: Catalogue, chats: Mapping[str, int]
) -> list[Remark]:
    remarks = []
    for published in catalogue.offices:
        office_id = published.office.id
        staff = await citizens.staff_of_office(tx, office_id=office_id)
        roles = {member.role for member in staff}
        remarks.append(_remark(office_id, roles, has_chat=office_id in chats))
    return remarks


def _remark(office_id: str, roles: set[Role], *, has_chat: bool) -> Remark:
    about = f"office {office_id}"
    if Role.MANAGER not in roles:
        how = f"python -m bot invite --office {office_id} --role manager"
        return note(about, f"nobody manages it yet; {how} gives a link for the first manager.")
    if not has_chat:
        how = "its manager writes /setup to the bot and is led there"
        return note(about, f"it has no admin chat yet, so staff hear of nothing; {how}.")
    lacking = [role.value for role in Role if role not in roles]
    rest = f", but no {' and no '.join(lacking)}; its manager invites them with /invite"
    return fine(about, f"it has a manager and an admin chat{rest if lacking else ''}.")
