"""/catalogue: the workbook out and in, its preview, and the versions that came into force.

A manager sends the workbook, sees what changes for citizens and applies it: two steps, with a
reason, on record in the audit. A round fetches and opens it (`handlers.jobs.catalogue_books`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler, MessageHandler, filters

from bot.catalogue import use_cases as catalogues
from bot.catalogue.errors import CatalogueMoved, WorkshopsMoved
from bot.catalogue.model import SentBook
from bot.catalogue.rules.completeness import meters, percent_of
from bot.catalogue.rules.differences import Difference, differences
from bot.catalogue.rules.storing import laid_over
from bot.kit.jalali import tehran_day
from bot.workshops import use_cases as workshops
from bot.workshops.rules.book import unpacked
from handlers.adding import NEW_IN_GROUP, WORDS, Application, add_buttons
from handlers.callback_data import number_in
from handlers.callback_data.catalogue_book import (
    BookAsked,
    CataloguePressed,
    MeterPressed,
    PreviewPressed,
    VersionApplied,
    VersionDiscarded,
)
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import MANAGERS, acting, acting_here, names_of, staff_action
from handlers.staff.asked_sides import asked_sides
from handlers.staff.catalogue_back import about_of, written
from handlers.views.office import catalogue_book as views
from handlers.views.office import catalogue_meter
from handlers.views.office.catalogue_changes import change_pages
from handlers.views.office.members import offices_to_choose
from handlers.views.office.workshop_changes import workshop_paragraphs

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import Proposal
    from bot.citizens.model import Staff
    from bot.workshops.model import Written
    from handlers.context import DeskContext

BOOK: Final = "do:book"  # the workbook is awaited as a reply
WHY: Final = "do:bookwhy"  # the reason for a version is awaited as a reply
_CAPTION: Final = r"^/catalogue(@\w+)?(\s|$)"


def add(application: Application) -> None:
    """Add the workbook of the catalogue."""
    application.add_handler(CommandHandler("catalogue", show, filters=NEW_IN_GROUP))
    sent = filters.Document.ALL
    application.add_handler(MessageHandler(NEW_IN_GROUP & About(BOOK) & sent, receive))
    application.add_handler(
        MessageHandler(NEW_IN_GROUP & sent & filters.CaptionRegex(_CAPTION), receive)
    )
    application.add_handler(MessageHandler(NEW_IN_GROUP & About(BOOK) & WORDS, ask_for_file))
    application.add_handler(MessageHandler(NEW_IN_GROUP & About(WHY) & WORDS, apply_for_reason))
    add_buttons(
        application,
        (CataloguePressed, show_office),
        (BookAsked, send_book),
        (MeterPressed, show_meter),
        (PreviewPressed, turn_preview),
        (VersionApplied, apply),
        (VersionDiscarded, discard),
    )


@staff_action(*MANAGERS)
async def show(update: Update, context: DeskContext) -> None:
    """Answer /catalogue with how it stands, or with the offices where there are several."""
    offices = list(await acting_here(update, context, MANAGERS))
    if len(offices) == 1:
        await _show(context, offices[0], is_page=False)
        return
    published = [context.unit.desk.catalogue.published_by(one) for one in offices]
    context.reply(offices_to_choose(context.words, published, CataloguePressed))


@staff_action(*MANAGERS)
async def show_office(update: Update, context: DeskContext) -> None:
    """Show how the catalogue of an office stands."""
    asked = CataloguePressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, MANAGERS)
    await _show(context, asked.office_id, is_page=True)


async def _show(context: DeskContext, office_id: str, *, is_page: bool) -> None:
    unit = context.unit
    published = unit.desk.catalogue.published_by(office_id)
    changes = await catalogues.changes_of(unit.tx, office_id=office_id, limit=1)
    percent = percent_of(meters(published, tehran_day(unit.now)))
    names = await names_of(context, office_id)
    page = views.standing(context.words, published, changes, percent, names, is_page=is_page)
    context.reply(page)


@staff_action(*MANAGERS)
async def send_book(update: Update, context: DeskContext) -> None:
    """Send the workbook, in a message to be replied to; it is written when it is sent."""
    asked = BookAsked.unpack(pressed(update))
    await acting(update, context, asked.office_id, MANAGERS)
    published = context.unit.desk.catalogue.published_by(asked.office_id)
    context.reply(views.prompt(context.words, published), about=f"{BOOK}:{asked.office_id}")


@staff_action(*MANAGERS)
async def ask_for_file(update: Update, context: DeskContext) -> None:
    """Say that only the workbook itself is an answer."""
    await acting(update, context, about_of(context)[-1], MANAGERS)
    context.reply(views.file_needed(context.words))


@staff_action(*MANAGERS)
async def receive(update: Update, context: DeskContext) -> None:
    """Note that a workbook came; its caption says why, after the command if it has one."""
    message, unit = update.effective_message, context.unit
    assert message is not None
    assert message.document is not None
    caption = message.caption or ""
    if (unit.subject or "").startswith(f"{BOOK}:"):
        office_id = about_of(context)[-1]
    else:
        office_id = next(iter(await acting_here(update, context, MANAGERS)))
    if caption.startswith("/catalogue"):
        caption = caption.partition(" ")[2]
    actor = await acting(update, context, office_id, MANAGERS)
    book = SentBook(message.document.file_id, message.chat_id, message.message_id)
    await catalogues.receive_book(
        unit.tx, office_id=office_id, book=book, reason=caption, actor=actor, now=unit.now
    )
    context.reply(views.received(context.words))


@staff_action(*MANAGERS)
async def turn_preview(update: Update, context: DeskContext) -> None:
    """Show another page of what a version changes."""
    asked = PreviewPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, MANAGERS)
    published = context.unit.desk.catalogue.published_by(asked.office_id)
    proposed = await catalogues.proposal(
        context.unit.tx, version_id=asked.version, office_id=asked.office_id
    )
    version, found = proposed.version, list[Difference]()
    if proposed.content is not None:
        if version.seen_change != published.change:
            raise CatalogueMoved
        found = differences(published, laid_over(published.shipped, proposed.content))
    offered = await workshops.offered(context.unit.tx, office_id=asked.office_id)
    besides = workshop_paragraphs(context.words, _written_in(proposed), offered)
    pages = change_pages(context.words, found, besides)
    page = number_in(asked.page)
    context.reply(views.preview(context.words, published, version, pages, page, is_page=True))


@staff_action(*MANAGERS)
async def apply(update: Update, context: DeskContext) -> None:
    """Let a version be in force, or first ask why where its caption did not say."""
    asked = VersionApplied.unpack(pressed(update))
    actor = await acting(update, context, asked.office_id, MANAGERS)
    proposed = await catalogues.proposal(
        context.unit.tx, version_id=asked.version, office_id=asked.office_id
    )
    if not proposed.version.reason:
        about = f"{WHY}:{asked.office_id}:{proposed.version.id}"
        context.reply(views.ask_reason(context.words), about=about)
        return
    await _apply(context, proposed, actor, proposed.version.reason)


@staff_action(*MANAGERS)
async def apply_for_reason(update: Update, context: DeskContext) -> None:
    """Let a version be in force, with the reason that was just written."""
    office_id, version_id = about_of(context)[-2:]
    actor = await acting(update, context, office_id, MANAGERS)
    proposed = await catalogues.proposal(
        context.unit.tx, version_id=number_in(version_id), office_id=office_id
    )
    await _apply(context, proposed, actor, written(update))


async def _apply(context: DeskContext, proposed: Proposal, actor: Staff, reason: str) -> None:
    """Let all that a preview showed hold, or nothing of it."""
    unit, office_id = context.unit, proposed.version.office_id
    said = _written_in(proposed)
    change = await catalogues.apply_version(
        unit.tx,
        version_id=proposed.version.id,
        office_id=office_id,
        actor=actor,
        reason=reason,
        now=unit.now,
    )
    drafts = await workshops.enter(
        unit.tx,
        written=said,
        calendar=await context.calendar(office_id),
        actor=actor,
        now=unit.now,
    )
    if drafts is None:
        raise WorkshopsMoved
    published = unit.desk.catalogue.published_by(office_id)
    context.reply(views.applied(context.words, published, change, said, drafts))


def _written_in(proposed: Proposal) -> list[Written]:
    return [] if proposed.workshops is None else unpacked(proposed.workshops)


@staff_action(*MANAGERS)
async def discard(update: Update, context: DeskContext) -> None:
    """Leave everything as it is."""
    asked = VersionDiscarded.unpack(pressed(update))
    actor = await acting(update, context, asked.office_id, MANAGERS)
    await catalogues.discard_version(
        context.unit.tx, version_id=asked.version, actor=actor, now=context.unit.now
    )
    context.reply(views.discarded(context.words))


@staff_action(*MANAGERS)
async def show_meter(update: Update, context: DeskContext) -> None:
    """Show what the cards of an office leave unsaid."""
    asked = MeterPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, MANAGERS)
    published = context.unit.desk.catalogue.published_by(asked.office_id)
    unit = context.unit
    counts = await asked_sides(
        unit.tx, answerer=unit.desk.answerer, office_id=asked.office_id, now=unit.now
    )
    found = meters(published, tehran_day(unit.now), counts)
    page = number_in(asked.page)
    context.reply(catalogue_meter.meter_page(context.words, published, found, page))
