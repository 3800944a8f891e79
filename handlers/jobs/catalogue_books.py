"""The round that opens workbooks of catalogues: fetched and read outside of transactions."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.calendar import use_cases as calendars
from bot.catalogue import use_cases as catalogues
from bot.catalogue.rules.differences import differences
from bot.catalogue.rules.storing import digest_of, packed
from bot.citizens import use_cases as citizens
from bot.kit.database import is_storage_trouble
from bot.kit.jalali import tehran_day
from bot.kit.sheets import SheetFault, SheetUnreadable
from bot.messenger.errors import FileTooBig, Refused, Unreachable
from bot.outbox import use_cases as outbox
from bot.workshops import use_cases as workshops
from bot.workshops.rules.book import packed as packed_workshops
from handlers.jobs.apart import kept_apart
from handlers.jobs.notices import notice
from handlers.reply import Reply, replying_to
from handlers.views.catalogue.proof import overlong
from handlers.views.office import catalogue_book as views
from handlers.views.office.catalogue_changes import change_pages
from handlers.views.office.workshop_changes import workshop_paragraphs
from handlers.views.workbook.faults import cell_words
from handlers.views.workbook.opening import misfits, notes_by_sheet, opened, with_workshops
from handlers.views.workbook.workshop_lines import workshops_read
from handlers.views.workbook.writing import Marks, marked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.catalogue.model import Catalogue, CatalogueVersion, OfficeCatalogue
    from bot.kit.database import Database, Transaction
    from bot.kit.words import Words
    from bot.workshops.model import Offered
    from handlers.context import Shared
    from handlers.views.workbook.opening import Opened

_logger = logging.getLogger(__name__)
_TRIED_FOR: Final = timedelta(hours=1)  # as long as a platform promises to give a file


async def open_catalogue_books(desk: Shared, database: Database, now: datetime) -> bool:
    """Open the workbooks that came, and answer in the chats that they came from.

    An office whose last version cannot be used is told so, too.
    """
    told = await _tell_troubles(desk, database, now)
    if desk.fetch_file is None:
        return told
    async with database.reading() as tx:
        waiting = await catalogues.received_books(tx)
    for version in waiting:
        with kept_apart(f"catalogue version {version.id}"):
            told |= await _open_or_give_up(desk, database, version, now)
    return told


async def _tell_troubles(desk: Shared, database: Database, now: datetime) -> bool:
    """Tell an office once, and weekly while it lasts, that its last version is passed over."""
    troubled = [one for one in desk.catalogue.offices if one.held is not None and one.held.trouble]
    if not troubled:
        return False
    words = desk.words_of(desk.default_language)
    async with database.transaction() as tx:
        chats = await citizens.admin_chats(tx)
        for published in troubled:
            chat_id = chats.get(published.office.id)
            if chat_id is not None:
                about = f"catalogue:{published.office.id}"
                message = notice(chat_id, views.passed_over(words, published), about=about)
                key = f"cataloguetrouble:{published.office.id}:{published.change}"
                await outbox.queue(tx, key, [message], now)
    return True


async def _open_or_give_up(
    desk: Shared, database: Database, version: CatalogueVersion, now: datetime
) -> bool:
    """Open a workbook; one that met a fault of ours for an hour is answered as lost."""
    try:
        return await _open(desk, database, version, now)
    except Exception as error:
        if is_storage_trouble(error) or now - version.proposed_at <= _TRIED_FOR:
            raise
        _logger.exception("catalogue version %s is given up", version.id)
    return await _refuse(database, version, views.lost(desk.words_of(desk.default_language)), now)


async def _open(
    desk: Shared, database: Database, version: CatalogueVersion, now: datetime
) -> bool:
    """Fetch and read a workbook; False where it is to be tried again."""
    words = desk.words_of(desk.default_language)
    try:
        found, copy, stand = await _looked_at(desk, database, version, now)
    except Unreachable:
        is_late = now - version.proposed_at > _TRIED_FOR
        return await _refuse(database, version, views.lost(words), now) if is_late else False
    except Refused:
        page = views.lost(words)
    except FileTooBig:
        page = views.no_book(words, SheetFault.TOO_LARGE, "")
    except SheetUnreadable as error:
        page = views.no_book(words, error.fault, error.cell)
    else:
        if found.published is not None:
            return await _propose(database, version, (stand, found), words, now)
        name = f"catalogue-{version.office_id}-marked.xlsx"
        page = views.faulty(words, found.wrong, name, copy)
    return await _refuse(database, version, page, now)


async def _looked_at(
    desk: Shared, database: Database, version: CatalogueVersion, now: datetime
) -> tuple[Opened, bytes, Stand]:
    """Fetch a workbook and look at it beside the event loop. Raises Refused, and as below it."""
    assert desk.fetch_file is not None
    assert version.book is not None
    content = await desk.fetch_file(version.book.file_id)
    async with database.reading() as tx:
        stand = await stand_of(tx, desk.catalogue, version.office_id, now)
    words = desk.words_of(desk.default_language)
    found, copy = await asyncio.to_thread(
        looked_at, content, stand, (words, *desk.words.values()), now
    )
    return found, copy, stand


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands at an office, with which a workbook is compared."""

    published: OfficeCatalogue
    catalogue: Catalogue
    offered: Sequence[Offered]
    calendar: OfficeCalendar


async def stand_of(tx: Transaction, catalogue: Catalogue, office_id: str, now: datetime) -> Stand:
    """Read what stands at an office."""
    published = catalogue.published_by(office_id)
    calendar = await calendars.calendar_of(
        tx, office_id=office_id, hours=published.hours, today=tehran_day(now)
    )
    return Stand(published, catalogue, await workshops.offered(tx, office_id=office_id), calendar)


def looked_at(
    content: bytes, stand: Stand, spoken: Sequence[Words], now: datetime
) -> tuple[Opened, bytes]:
    """Read a workbook, and where something is wrong in it write the copy that says so.

    What is said is said in the first of the words. Raises SheetUnreadable.
    """
    every = tuple({words.language: words for words in spoken}.values())
    found = opened(content, stand.published, stand.catalogue, every)
    found = with_workshops(found, workshops_read(found.lines, stand.offered, stand.calendar))
    if found.published is not None:
        pages = list(overlong(found.published, every, tehran_day(now)))
        if pages:
            found = misfits(found, pages)
    if found.published is not None:
        return found, b""
    told = [(one.spot, cell_words(spoken[0], one)) for one in found.wrong]
    notes = {sheet: Marks(cells) for sheet, cells in notes_by_sheet(told).items()}
    return found, marked(spoken[0], found.book, found.meant, notes)


async def _propose(
    database: Database,
    version: CatalogueVersion,
    between: tuple[Stand, Opened],
    words: Words,
    now: datetime,
) -> bool:
    """Keep what a workbook says and show what it changes."""
    stand, found = between
    published = stand.published
    assert found.published is not None
    changes = await asyncio.to_thread(differences, published, found.published)
    if not changes and not found.written:
        return await _refuse(database, version, views.unchanged(words), now)
    is_old = found.made_after is not None and found.made_after != published.change
    async with database.transaction() as tx:
        latest = await catalogues.changes_of(tx, office_id=version.office_id, limit=1)
        if (latest[0].id if latest else 0) != published.change:
            return False  # the desk has not caught up with a change a moment ago
        is_ours = await catalogues.propose_book(
            tx,
            version_id=version.id,
            content=packed(found.published) if changes else None,
            shipped_digest=digest_of(published.shipped),
            seen=published.change,
            workshops=packed_workshops(found.written) if found.written else None,
        )
        if is_ours:
            besides = workshop_paragraphs(words, found.written, stand.offered)
            pages = change_pages(words, changes, besides)
            is_old = is_old and bool(changes)
            page = views.preview(words, published, version, pages, made_before=is_old)
            await _say(tx, version, page, now)
    return True


async def _refuse(
    database: Database, version: CatalogueVersion, reply: Reply, now: datetime
) -> bool:
    """Answer where the workbook came from, in reply to it, once; nothing comes of it."""
    async with database.transaction() as tx:
        if await catalogues.refuse_book(tx, version_id=version.id):
            await _say(tx, version, reply, now)
    return True


async def _say(tx: Transaction, version: CatalogueVersion, reply: Reply, now: datetime) -> None:
    assert version.book is not None
    about = f"do:book:{version.office_id}"  # the mended copy may be sent as a reply to this
    message = notice(version.book.chat_id, reply, about=about)
    params = {**message.params, **replying_to(version.book.message_id)}
    key = f"cataloguebook:{version.id}"
    await outbox.queue(tx, key, [replace(message, params=params)], now)
