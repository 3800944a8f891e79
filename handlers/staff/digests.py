"""Looking at the desk when one likes, and taking a report of its cases along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler

from bot.cases import use_cases as cases
from bot.citizens import use_cases as citizens
from bot.digests import rules
from bot.digests import use_cases as digests
from bot.digests.model import DigestKind
from bot.kit.jalali import tehran_day
from handlers.adding import NEW_IN_GROUP, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.digests import DigestPressed, ReportPressed
from handlers.context import pressed
from handlers.staff.access import MANAGERS, OFFICERS, acting, acting_here, staff_action
from handlers.views.office import digests as views
from handlers.views.office import report as reports

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from handlers.context import DeskContext


def add(application: Application) -> None:
    """Add the two commands and their buttons."""
    application.add_handler(CommandHandler("digest", show_digest, filters=NEW_IN_GROUP))
    application.add_handler(CommandHandler("report", offer_reports, filters=NEW_IN_GROUP))
    add_buttons(application, (DigestPressed, turn_digest), (ReportPressed, send_report))


@staff_action(*OFFICERS)
async def show_digest(update: Update, context: DeskContext) -> None:
    """Show what no digest has covered yet; it stays uncovered, and is told at its hour."""
    for office_id in await acting_here(update, context, OFFICERS):
        await _show(context, office_id, DigestKind.DAILY)


@staff_action(*OFFICERS)
async def turn_digest(update: Update, context: DeskContext) -> None:
    """Answer the button that leads from the day to the week, and back."""
    asked = DigestPressed.unpack(pressed(update))
    kind = next((kind for kind in DigestKind if kind.value == asked.kind), None)
    if kind is None:
        raise StaleButton
    _published(context, asked.office_id)
    await acting(update, context, asked.office_id, OFFICERS)
    await _show(context, asked.office_id, kind, is_page=True)


async def _show(
    context: DeskContext, office_id: str, kind: DigestKind, *, is_page: bool = False
) -> None:
    unit = context.unit
    published = _published(context, office_id)
    figures = await digests.figures(
        unit.tx,
        published=published,
        answerer=unit.desk.answerer,
        calendar=await context.calendar(office_id),
        kind=kind,
        period=await digests.uncovered(unit.tx, office_id=office_id, kind=kind, now=unit.now),
        now=unit.now,
    )
    context.reply(views.look(context.words, published, figures, is_page=is_page))


@staff_action(*MANAGERS)
async def offer_reports(update: Update, context: DeskContext) -> None:
    """Offer the reports of each office of this chat that the person manages."""
    for office_id in await acting_here(update, context, MANAGERS):
        context.reply(reports.choices(context.words, _published(context, office_id)))


@staff_action(*MANAGERS)
async def send_report(update: Update, context: DeskContext) -> None:
    """Make a report and send it here; who took it along is written in the audit log."""
    asked = ReportPressed.unpack(pressed(update))
    published = _published(context, asked.office_id)
    form, unit = asked.format, context.unit
    days = rules.days_of(asked.days, tehran_day(unit.now))
    staff = await acting(update, context, asked.office_id, MANAGERS)
    period = digests.day_period(*days)
    rows = await cases.export_rows(
        unit.tx,
        office_id=asked.office_id,
        since=period.since,
        until=period.until,
        now=unit.now,
    )
    times = await cases.median_minutes_by_service(
        unit.tx,
        office_id=asked.office_id,
        since=period.since,
        until=period.until,
        calendar=await context.calendar(asked.office_id),
    )
    await citizens.record(
        unit.tx,
        actor=staff,
        action="report",
        subject=f"office:{asked.office_id}",
        note=f"{days[0]}/{days[1]} {form.value}, {len(rows)}",
        now=unit.now,
    )
    reply = reports.sent(
        context.words, published, days, len(rows), form, reader_id=staff.id, times=times
    )
    context.reply(reply)


def _published(context: DeskContext, office_id: str) -> OfficeCatalogue:
    published = context.unit.desk.catalogue.find(office_id)
    if published is None:
        raise StaleButton
    return published
