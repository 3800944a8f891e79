"""The round of the workshops: what time does to them, told in the transaction that does it.

Each step of an office has a transaction of its own, so that none waits with the locks of another.
The order matters where one moment ends several things: what a line is owed goes before the end of
registration, and that before the quorum is counted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.calendar import use_cases as calendars
from bot.citizens import use_cases as citizens
from bot.kit.jalali import tehran_day
from handlers.jobs.apart import kept_apart
from handlers.jobs.workshop_office import OfficeAtWork
from handlers.jobs.workshop_places import (
    check_quorums,
    close_due,
    expire_holds,
    fail_due,
    lapse_offers,
    open_due,
    tell_cutoffs,
    tell_subscribers,
)
from handlers.jobs.workshop_terms import (
    complete_due,
    displace_closed,
    end_due,
    fall_due,
    remind,
    start_due,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.database import Database, Transaction
    from handlers.context import Shared

    Step = Callable[[OfficeAtWork], Awaitable[bool]]

STEPS: Final[tuple[Step, ...]] = (
    lapse_offers,
    expire_holds,
    close_due,
    check_quorums,
    fail_due,
    open_due,
    tell_subscribers,
    displace_closed,
    start_due,
    end_due,
    fall_due,
    complete_due,
    remind,
    tell_cutoffs,
)


async def run_workshops(desk: Shared, database: Database, now: datetime) -> bool:
    """Let time pass for the workshops of every office; a step that fails holds up no other."""
    told = False
    for published in desk.catalogue.offices:
        with kept_apart(f"the workshops of {published.office.id}"):
            async with database.reading() as tx:
                office = await _office(desk, tx, published, now)
            for step in STEPS:
                told |= await _apart(database, office, step)
    return told


async def _apart(database: Database, office: OfficeAtWork, step: Step) -> bool:
    async def take(tx: Transaction) -> bool:
        return await step(replace(office, tx=tx))

    with kept_apart(f"{step.__name__} of {office.id}"):
        return await database.attempt(take)
    return False


async def _office(
    desk: Shared, tx: Transaction, published: OfficeCatalogue, now: datetime
) -> OfficeAtWork:
    office_id = published.office.id
    calendar = await calendars.calendar_of(
        tx, office_id=office_id, hours=published.hours, today=tehran_day(now)
    )
    admin_chat_id = await citizens.admin_chat_of(tx, office_id=office_id)
    return OfficeAtWork(desk, tx, published, calendar, admin_chat_id, now)
