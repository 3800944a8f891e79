"""The round that opens sheets with workshops: fetched and read outside of transactions."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.calendar import use_cases as calendars
from bot.citizens import use_cases as citizens
from bot.citizens.errors import StaffOnly
from bot.citizens.model import Role
from bot.kit.database import is_storage_trouble
from bot.kit.jalali import tehran_day
from bot.kit.sheets import SheetFault, SheetUnreadable, cell_name, read_sheet
from bot.kit.text import normalise
from bot.messenger.errors import FileTooBig, Refused, Unreachable
from bot.outbox import use_cases as outbox
from bot.workshops import use_cases as workshops
from bot.workshops.errors import FormUnreadable, PartUnfit
from bot.workshops.model import Details, FilledForm, FormField
from bot.workshops.rules import form as forms
from bot.workshops.rules.publishing import ensure_fits, fit_terms
from handlers.jobs.apart import kept_apart
from handlers.jobs.notices import notice
from handlers.reply import Reply, replying_to
from handlers.views.refusals import refusal
from handlers.views.workshops import workshop_form as form_views
from handlers.views.workshops import workshop_sheet as views

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.kit.database import Database
    from bot.kit.sheets import SheetRow
    from bot.kit.words import Words
    from bot.workshops.model import Plan, WorkshopSheet
    from handlers.context import Shared

    _Found = list[tuple[Details, str, Plan | None]]

_logger = logging.getLogger(__name__)
_TRIED_FOR: Final = timedelta(hours=1)  # as long as a platform promises to give a file


class _Faulty(Exception):  # noqa: N818 - it carries what is wrong to the answer
    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__(len(faults))
        self.faults = faults


async def open_workshop_sheets(desk: Shared, database: Database, now: datetime) -> bool:
    """Open the sheets that came, and answer in the chats that they came from."""
    if desk.fetch_file is None:
        return False
    async with database.reading() as tx:
        sheets = await workshops.received_sheets(tx)
    told = False
    for sheet in sheets:
        with kept_apart(f"workshop sheet {sheet.id}"):
            told |= await _open_or_give_up(desk, database, sheet, now)
    return told


async def _open_or_give_up(
    desk: Shared, database: Database, sheet: WorkshopSheet, now: datetime
) -> bool:
    """Open a sheet; one that met a fault of ours for an hour is answered with just that."""
    try:
        return await _open(desk, database, sheet, now)
    except Exception as error:
        if is_storage_trouble(error) or now - sheet.received_at <= _TRIED_FOR:
            raise
        _logger.exception("workshop sheet %s is given up", sheet.id)
    words = desk.words_of(desk.default_language)
    return await _answer(database, sheet, views.given_up(words, sheet.id), now)


async def _open(desk: Shared, database: Database, sheet: WorkshopSheet, now: datetime) -> bool:
    """Fetch and read a sheet; False where it is to be tried again."""
    assert desk.fetch_file is not None
    words = desk.words_of(desk.default_language)
    try:
        content = await desk.fetch_file(sheet.file_id)
        rows = await asyncio.to_thread(read_sheet, content, rows_max=views.ROWS_MAX + 1)
        found = _read(desk, words, rows, now)
    except Unreachable:
        if now - sheet.received_at <= _TRIED_FOR:
            return False
        page = views.lost(words)
    except Refused:
        page = views.lost(words)
    except FileTooBig:
        page = views.not_a_table(words, SheetFault.TOO_LARGE, "")
    except SheetUnreadable as error:
        page = views.not_a_table(words, error.fault, error.cell)
    except _Faulty as error:
        page = views.unread(words, error.faults)
    else:
        return await _make(desk, database, sheet, found, now)
    return await _answer(database, sheet, page, now)


async def _make(
    desk: Shared, database: Database, sheet: WorkshopSheet, found: _Found, now: datetime
) -> bool:
    """Make the drafts, all or none, if who sent the sheet still works for the office."""
    words = desk.words_of(desk.default_language)
    try:
        async with database.transaction() as tx:
            if not await workshops.finish_sheet(tx, sheet_id=sheet.id, now=now):
                return False
            roles = await citizens.roles_of(tx, citizen_id=sheet.sent_by)
            staff = citizens.ensure_role(roles, sheet.office_id, (Role.OFFICER,))
            published = desk.catalogue.published_by(sheet.office_id)
            calendar = await calendars.calendar_of(
                tx, office_id=sheet.office_id, hours=published.hours, today=tehran_day(now)
            )
            drafts = await workshops.draft_all(
                tx, found=found, calendar=calendar, actor=staff, now=now
            )
            message = notice(sheet.chat_id, views.taken(words, drafts), about="workshops:0")
            params = {**message.params, **replying_to(sheet.message_id)}
            key = f"workshopsheet:{sheet.id}"
            await outbox.queue(tx, key, [replace(message, params=params)], now)
    except StaffOnly as error:
        return await _answer(database, sheet, Reply(refusal(error, words)), now)
    return True


async def _answer(database: Database, sheet: WorkshopSheet, reply: Reply, now: datetime) -> bool:
    """Answer where the sheet came from, in reply to it, once."""
    async with database.transaction() as tx:
        if await workshops.finish_sheet(tx, sheet_id=sheet.id, now=now):
            message = notice(sheet.chat_id, reply, about="workshops:0")
            params = {**message.params, **replying_to(sheet.message_id)}
            key = f"workshopsheet:{sheet.id}"
            await outbox.queue(tx, key, [replace(message, params=params)], now)
    return True


def _read(desk: Shared, words: Words, rows: Sequence[SheetRow], now: datetime) -> _Found:
    """Read every line as a form. Raises _Faulty with every cell that could not be read."""
    every = tuple(desk.words.values())
    fields = _headings(words, every, rows[0])
    free, today = form_views.free_words(every), tehran_day(now)
    found: _Found = []
    faults: list[tuple[str, str]] = []
    lines = [(row, _form(row, fields)) for row in rows[1:]]
    for row, form in [one for one in lines if not views.is_example(one[1], every)]:
        columns = {field: column for column, field in fields.items()}
        try:
            if FormField.TITLE not in form:
                raise FormUnreadable((FormField.TITLE,))  # noqa: TRY301 - it is told like the others
            blank = Details(form[FormField.TITLE])
            details, plan = forms.read_form(blank, FilledForm(form), today, free)
            ensure_fits(details)
            terms = fit_terms(form[FormField.TERMS]) if form.get(FormField.TERMS) else ""
        except FormUnreadable as error:
            faults += [
                (row.cell(columns.get(field, 0)), views.cell_fault(words, field))
                for field in error.lines
            ]
        except PartUnfit as error:
            faults.append((row.cell(0), refusal(error, words)))
        else:
            found.append((details, terms, plan))
    if faults:
        raise _Faulty(faults)
    if not found:
        raise SheetUnreadable(SheetFault.EMPTY)
    return found


def _form(row: SheetRow, fields: dict[int, FormField]) -> dict[FormField, str]:
    """Read a line as what was typed into each field; nothing is said of an empty cell."""
    return {
        field: _text(row.values[column])
        for column, field in fields.items()
        if column < len(row.values) and row.values[column] is not None
    }


def _headings(words: Words, every: Sequence[Words], head: SheetRow) -> dict[int, FormField]:
    """Say which column holds what, whatever their order."""
    known = form_views.names(every, views.COLUMNS)
    fields: dict[int, FormField] = {}
    faults = []
    for column, value in enumerate(head.values):
        field = known.get(normalise(_text(value)))
        if field is not None and field not in fields.values():
            fields[column] = field
        elif value is not None:
            faults.append((cell_name(head.number, column), views.heading_fault(words)))
    if faults or FormField.TITLE not in fields.values():
        raise _Faulty(faults or [(cell_name(head.number, 0), views.heading_fault(words))])
    return fields


def _text(value: object) -> str:
    """Write a cell as it would have been typed; a whole number has no point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
