"""Posters, drawn from the catalogue and the records as they stand at that moment."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.kit.jalali import tehran_day
from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchWorkshop
from bot.workshops.model import CLOCK, WorkshopId
from handlers.views.papers.posters import Matter, drawn, payload_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.database import Database
    from bot.kit.words import Words

OFFICE_ITSELF = "-"
_NUMBER_MAX = 2**63 - 1


async def poster(
    database: Database,
    words: Words,
    published: OfficeCatalogue,
    *,
    matter: str,
    link: Callable[[str], str],
    now: datetime,
) -> bytes | None:
    """Draw a poster as a PDF; None of a workshop or a service that is not to be seen (any more).

    The matter is "w12" for a workshop, the id of a service, or "-" for the office itself.
    """
    asked = "" if matter == OFFICE_ITSELF else matter
    address = link(payload_of(published.office.id, asked))
    found = Matter(published, address)
    if asked.startswith("w") and asked[1:].isdecimal():
        of_workshop = await _workshop(database, published, asked, address)
        if of_workshop is None:
            return None
        found = of_workshop
    elif asked:
        service = published.service(asked)
        if service is None:
            return None
        found = Matter(published, address, service=service)

    def made() -> bytes:
        page = drawn(words, found, tehran_day(now))
        return page.as_pdf(found.address)

    return await asyncio.to_thread(made)


async def _workshop(
    database: Database, published: OfficeCatalogue, asked: str, address: str
) -> Matter | None:
    number = int(asked[1:])
    if number > _NUMBER_MAX:
        return None
    async with database.reading() as tx:
        try:
            workshop = await workshops.workshop(tx, workshop_id=WorkshopId(number), actor=CLOCK)
        except NoSuchWorkshop:
            return None
        sessions = await workshops.sessions(tx, workshop_id=workshop.id)
    if workshop.office_id != published.office.id or workshop.state not in workshops.SHOWN:
        return None
    first = min((session.slot.starts_at for session in sessions), default=None)
    return Matter(published, address, workshop=workshop, first_at=first)
