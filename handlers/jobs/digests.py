"""Rounds that tell staff of their desk: the digests at the office's hour, and ends of agreements.

Counting reads beside the writers and drawing happens in a thread; only then is the digest queued
and recorded, in one transaction. A desk that stops in between tells it after its restart.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.calendar import use_cases as calendars
from bot.citizens import use_cases as citizens
from bot.digests import use_cases as digests
from bot.digests.model import DigestKind
from bot.kit.clock import TEHRAN
from bot.kit.jalali import tehran_day
from bot.outbox import use_cases as outbox
from handlers.jobs.apart import kept_apart
from handlers.jobs.notices import notice
from handlers.views.office import chart
from handlers.views.office import digests as views

if TYPE_CHECKING:
    from datetime import datetime

    from bot.catalogue.model import OfficeCatalogue
    from bot.digests.model import Figures
    from bot.kit.database import Database
    from bot.kit.words import Words
    from handlers.context import Shared
    from handlers.reply import Reply

_logger = logging.getLogger(__name__)

ALERT_HOURS = range(8, 21)  # in Tehran; a day that is named in a document waits for no office hour


async def send_digests(desk: Shared, database: Database, now: datetime) -> bool:
    """Tell each admin chat what its digests have not covered yet, where one is due."""
    told = False
    for published in desk.catalogue.offices:
        for kind in DigestKind:
            with kept_apart(f"the {kind.value} digest of {published.office.id}"):
                figures = await _due_figures(desk, database, published, kind, now)
                if figures is not None:
                    told |= await _tell(desk, database, published, figures)
    return told


async def _due_figures(
    desk: Shared,
    database: Database,
    published: OfficeCatalogue,
    kind: DigestKind,
    now: datetime,
) -> Figures | None:
    office_id = published.office.id
    async with database.reading() as tx:
        if await citizens.admin_chat_of(tx, office_id=office_id) is None:
            return None
        calendar = await calendars.calendar_of(
            tx, office_id=office_id, hours=published.hours, today=tehran_day(now)
        )
        period = await digests.due(
            tx,
            office_id=office_id,
            kind=kind,
            desk=published.desk,
            calendar=calendar,
            now=now,
        )
        if period is None:
            return None
        return await digests.figures(
            tx,
            published=published,
            answerer=desk.answerer,
            calendar=calendar,
            kind=kind,
            period=period,
            now=now,
        )


async def _tell(
    desk: Shared, database: Database, published: OfficeCatalogue, figures: Figures
) -> bool:
    words = desk.words_of(desk.default_language)
    replies = [
        *await _picture(words, published, figures),
        views.digest(words, published, figures),
    ]
    office_id, kind, period = figures.office_id, figures.kind, figures.period
    key = f"digest:{office_id}:{kind.value}:{period.until.isoformat()}"
    async with database.transaction() as tx:
        chat_id = await citizens.admin_chat_of(tx, office_id=office_id)
        if chat_id is None or not await digests.record(
            tx, office_id=office_id, kind=kind, period=period, now=figures.made_at
        ):
            return False
        messages = [notice(chat_id, reply) for reply in replies]
        await outbox.queue(tx, key, messages, figures.made_at)
    return True


async def _picture(words: Words, published: OfficeCatalogue, figures: Figures) -> list[Reply]:
    """Draw the last days; the weekly digest comes with a daily one, which has the picture."""
    if figures.kind is not DigestKind.DAILY or not chart.is_worth_drawing(figures.days):
        return []
    title = views.picture_title(words, published)
    try:
        png = await asyncio.to_thread(chart.draw, words, title, figures.days)
    except Exception:
        _logger.exception("the picture of a digest cannot be drawn; it goes without")
        return []
    return [views.picture(words, published, png)]


async def send_agreement_alerts(desk: Shared, database: Database, now: datetime) -> bool:
    """Tell each admin chat in time that its agreement ends, each moment once (KN-48)."""
    if now.astimezone(TEHRAN).hour not in ALERT_HOURS:
        return False
    told = False
    for published in desk.catalogue.offices:
        with kept_apart(f"the agreement of {published.office.id}"):
            async with database.reading() as tx:
                is_any = bool(await digests.agreement_alerts(tx, published=published, now=now))
            if is_any:
                told |= await _alert(desk, database, published, now)
    return told


async def _alert(
    desk: Shared, database: Database, published: OfficeCatalogue, now: datetime
) -> bool:
    words = desk.words_of(desk.default_language)
    office_id = published.office.id
    async with database.transaction() as tx:
        chat_id = await citizens.admin_chat_of(tx, office_id=office_id)
        if chat_id is None:
            return False
        told = False
        for alert in await digests.agreement_alerts(tx, published=published, now=now):
            if await digests.record_alert(tx, alert=alert, now=now):
                standing = alert.standing
                key = f"agreement:{office_id}:{standing.last_day}:{alert.mark}"
                reply = views.alert(words, published, alert)
                await outbox.queue(tx, key, [notice(chat_id, reply)], now)
                told = True
        return told
