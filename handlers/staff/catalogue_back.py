"""Versions of the catalogue that were in force, and going back to one: a preview, and a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import MessageHandler

from bot.catalogue import use_cases as catalogues
from bot.catalogue.errors import CatalogueMoved, VersionGone
from bot.catalogue.rules.differences import differences
from bot.catalogue.rules.storing import StoredBroken, laid_over
from handlers.adding import NEW_IN_GROUP, WORDS, Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.catalogue_book import BackConfirmed, BackPressed, ChangesPressed
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import MANAGERS, acting, names_of, staff_action
from handlers.views.office import catalogue_book as views
from handlers.views.office import catalogue_versions
from handlers.views.office.catalogue_changes import change_pages

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from handlers.context import DeskContext

BACK: Final = "do:bookback"  # the reason for going back is awaited as a reply
_CHANGES_MAX: Final = 12


def add(application: Application) -> None:
    """Add the versions of the catalogue."""
    application.add_handler(MessageHandler(NEW_IN_GROUP & About(BACK) & WORDS, go_back_for_reason))
    add_buttons(
        application,
        (ChangesPressed, list_changes),
        (BackPressed, preview_back),
        (BackConfirmed, confirm_back),
    )


@staff_action(*MANAGERS)
async def list_changes(update: Update, context: DeskContext) -> None:
    """List what came into force, with the ways back."""
    asked = ChangesPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, MANAGERS)
    published = context.unit.desk.catalogue.published_by(asked.office_id)
    changes = await catalogues.changes_of(
        context.unit.tx, office_id=asked.office_id, limit=_CHANGES_MAX
    )
    names = await names_of(context, asked.office_id)
    context.reply(catalogue_versions.history(context.words, published, changes, names))


@staff_action(*MANAGERS)
async def preview_back(update: Update, context: DeskContext) -> None:
    """Show what going back to an earlier version changes."""
    asked = BackPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, MANAGERS)
    published = context.unit.desk.catalogue.published_by(asked.office_id)
    changes = await catalogues.changes_of(context.unit.tx, office_id=asked.office_id, limit=1)
    if not changes or changes[0].id != number_in(asked.seen):
        raise CatalogueMoved
    before = await _numbered(context, published, changes[0].number)
    after = await _numbered(context, published, asked.version_number)
    way = (asked.version_number, changes[0].id)
    page = number_in(asked.page)
    pages = change_pages(context.words, differences(before, after))
    context.reply(catalogue_versions.back_preview(context.words, published, way, pages, page))


async def _numbered(
    context: DeskContext, published: OfficeCatalogue, number: int | None
) -> OfficeCatalogue:
    """Find what an office published by an earlier version; without a number what is shipped."""
    if number is None:
        return published.shipped
    _version, content = await catalogues.numbered_version(
        context.unit.tx, office_id=published.office.id, number=number
    )
    try:
        return laid_over(published.shipped, content)
    except StoredBroken:
        raise VersionGone from None


@staff_action(*MANAGERS)
async def confirm_back(update: Update, context: DeskContext) -> None:
    """Ask why, before an earlier version is put in force again."""
    asked = BackConfirmed.unpack(pressed(update))
    await acting(update, context, asked.office_id, MANAGERS)
    about = f"{BACK}:{asked.office_id}:{number_in(asked.number)}:{number_in(asked.seen)}"
    context.reply(views.ask_reason(context.words), about=about)


@staff_action(*MANAGERS)
async def go_back_for_reason(update: Update, context: DeskContext) -> None:
    """Put an earlier version in force again, with the reason that was just written."""
    office_id, number, seen = about_of(context)[-3:]
    actor = await acting(update, context, office_id, MANAGERS)
    unit = context.unit
    change = await catalogues.go_back(
        unit.tx,
        office_id=office_id,
        number=number_in(number) or None,
        seen=number_in(seen),
        actor=actor,
        reason=written(update),
        now=unit.now,
    )
    published = unit.desk.catalogue.published_by(office_id)
    context.reply(views.applied(context.words, published, change))


def about_of(context: DeskContext) -> list[str]:
    """What the message is about that was replied to, part by part."""
    parts = (context.unit.subject or "").split(":")
    if len(parts) < 3:  # noqa: PLR2004 - "do", what, and of which office
        raise StaleButton
    return parts


def written(update: Update) -> str:
    """What somebody wrote as an answer."""
    message = update.effective_message
    return "" if message is None else message.text or ""
