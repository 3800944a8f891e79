"""Looking around among workshops: the list, its filter, and the page of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler

from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchWorkshop
from bot.workshops.model import Actor, Sieve, WorkshopId
from bot.workshops.rules import browsing as rules
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.sieves import Known, read
from handlers.callback_data.workshops import (
    SessionsPressed,
    SharePressed,
    SievePressed,
    TermsPressed,
    WorkshopOpened,
    WorkshopPressed,
    WorkshopsPressed,
)
from handlers.context import pressed
from handlers.views.workshops import workshop_page, workshop_sieve
from handlers.views.workshops import workshops as views
from handlers.views.workshops.workshop_facts import Showcase
from handlers.views.workshops.workshop_sieve import Side

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from bot.workshops.model import Registration, Workshop
    from handlers.context import DeskContext

TOPIC: Final = "workshop:"
"""What is just being spoken of where it was a workshop; the name of no service has a colon."""


def add(application: Application) -> None:
    """Add the command and the buttons."""
    application.add_handler(CommandHandler("workshops", show_list, filters=NEW_IN_PRIVATE))
    add_buttons(
        application,
        (WorkshopsPressed, turn_to_list),
        (SievePressed, choose_side),
        (WorkshopPressed, turn_to_workshop),
        (WorkshopOpened, open_workshop),
        (SessionsPressed, show_sessions),
        (TermsPressed, show_terms),
        (SharePressed, share),
    )


async def show_list(_update: Update, context: DeskContext) -> None:
    """Answer /workshops, and whoever asks in their own words what there is."""
    await list_all(context, is_page=False)


async def turn_to_list(update: Update, context: DeskContext) -> None:
    """Answer the button of the list, of a page of it, or of a filter."""
    asked = WorkshopsPressed.unpack(pressed(update))
    if not asked.office_id:
        await list_all(context, is_page=True)
        return
    published = published_of(context, asked.office_id)
    sieve = read(asked.sieve, await known_of(context, published.office.id))
    await show_shelf(context, published, sieve, after=asked.after_id, is_page=True)


async def list_all(context: DeskContext, *, is_page: bool) -> None:
    """List the workshops of the chosen office, of the only one that has any, or ask whose."""
    unit = context.unit
    rooms = [one for one in unit.desk.catalogue.offices if one.desk.wallet is not None]
    ids = [one.office.id for one in unit.desk.catalogue.offices]
    having = {
        one.workshop.office_id
        for one in await workshops.upcoming(unit.tx, office_ids=ids, now=unit.now)
    }
    shown = [one for one in unit.desk.catalogue.offices if one.office.id in having] or rooms
    chosen = [one for one in shown if one.office.id == unit.citizen.office_id] or shown
    if len(chosen) == 1:
        await show_shelf(context, chosen[0], Sieve(), is_page=is_page)
    else:
        context.reply(views.offices_page(context.words, chosen, is_page=is_page))


async def show_shelf(
    context: DeskContext,
    published: OfficeCatalogue,
    sieve: Sieve,
    *,
    after: WorkshopId | None = None,
    is_page: bool,
) -> None:
    """Say what passes a filter, from after a workshop on."""
    unit = context.unit
    listed = await workshops.upcoming(unit.tx, office_ids=[published.office.id], now=unit.now)
    passing = rules.sift(listed, sieve)
    ahead = rules.page_of(passing, after) or passing
    shelf = views.Shelf(
        context.words,
        published,
        sieve,
        ahead,
        count=len(passing),
        is_first=len(ahead) == len(passing),
    )
    context.reply(views.list_page(shelf, is_page=is_page))


async def choose_side(update: Update, context: DeskContext) -> None:
    """Answer the button of the filter, or of one side of it."""
    asked = SievePressed.unpack(pressed(update))
    published = published_of(context, asked.office_id)
    sieve = read(asked.sieve, await known_of(context, published.office.id))
    if not asked.side:
        context.reply(workshop_sieve.sides_page(context.words, published, sieve))
        return
    side = next((side for side in Side if side == asked.side), None)
    if side is None:
        raise StaleButton
    provinces, subjects = await workshops.sides(context.unit.tx, office_id=published.office.id)
    context.reply(
        workshop_sieve.choices_page(
            context.words,
            published,
            sieve,
            side,
            Known(tuple(provinces), tuple(subjects)),
            page_number=asked.page_number,
        )
    )


async def known_of(context: DeskContext, office_id: str) -> Known:
    """Find what the marks in the buttons of an office can stand for."""
    unit = context.unit
    provinces, subjects = await workshops.sides(unit.tx, office_id=office_id)
    kept = await workshops.subscriptions_of(unit.tx, citizen_id=unit.citizen.id)
    said = unit.desk.intents.workshops.provinces
    return Known(
        (*provinces, *(one.province for one in kept if one.province), *said),
        (*subjects, *(one.subject for one in kept if one.subject)),
    )


async def turn_to_workshop(update: Update, context: DeskContext) -> None:
    """Answer the button of a workshop, in the place of the page."""
    asked = WorkshopPressed.unpack(pressed(update))
    await show_workshop(context, asked.workshop, is_page=True)


async def open_workshop(update: Update, context: DeskContext) -> None:
    """Answer the button of a workshop below a message that is worth keeping."""
    asked = WorkshopOpened.unpack(pressed(update))
    await show_workshop(context, asked.workshop, is_page=False)


async def open_link(context: DeskContext, payload: str) -> None:
    """Open the workshop whose number came with a link. Raises NoSuchWorkshop."""
    try:
        workshop_id = WorkshopId(number_in(payload))
    except StaleButton:
        raise NoSuchWorkshop from None
    await show_workshop(context, workshop_id, is_page=False)


async def show_workshop(context: DeskContext, workshop_id: WorkshopId, *, is_page: bool) -> None:
    """Show the page of a workshop, and speak of it for a while. Raises NoSuchWorkshop."""
    shown = await showcase(context, workshop_id)
    speak_of_workshop(context, shown.workshop)
    details = shown.workshop.details
    sieve = Sieve(province=details.province, subject=details.subject)
    context.reply(workshop_page.page(shown, sieve, is_page=is_page))


def speak_of_workshop(context: DeskContext, workshop: Workshop) -> None:
    """Remember which workshop is being spoken of, for what the person asks next."""
    context.speak_of(workshop.office_id, f"{TOPIC}{workshop.id}")


async def show_sessions(update: Update, context: DeskContext) -> None:
    """Answer the button of the sessions."""
    asked = SessionsPressed.unpack(pressed(update))
    shown = await showcase(context, asked.workshop)
    context.reply(workshop_page.sessions_page(shown, asked.page_number))


async def show_terms(update: Update, context: DeskContext) -> None:
    """Answer the button of the terms."""
    asked = TermsPressed.unpack(pressed(update))
    shown = await showcase(context, asked.workshop)
    terms = await workshops.dated_terms(context.unit.tx, of=shown.workshop)
    assert terms is not None, "nothing is shown without terms"
    context.reply(workshop_page.terms_page(shown, *terms, asked.page_number))


async def share(update: Update, context: DeskContext) -> None:
    """Answer the button that gives the link and its picture."""
    asked = SharePressed.unpack(pressed(update))
    shown = await showcase(context, asked.workshop)
    link = context.unit.desk.link(f"w{shown.workshop.id}")
    context.reply(workshop_page.shared(shown, link))


async def showcase(context: DeskContext, workshop_id: WorkshopId) -> Showcase:
    """Read a workshop with all that its page says. Raises NoSuchWorkshop, for a draft too."""
    unit = context.unit
    workshop = await workshops.workshop(
        unit.tx, workshop_id=workshop_id, actor=Actor.citizen(unit.citizen.id)
    )
    return Showcase(
        words=context.words,
        published=published_for(context, workshop),
        workshop=workshop,
        sessions=await workshops.sessions(unit.tx, workshop_id=workshop.id),
        now=unit.now,
        waiting_count=await workshops.waiting_count(unit.tx, workshop_id=workshop.id),
        own=await _own(context, workshop),
    )


async def _own(context: DeskContext, workshop: Workshop) -> list[Registration]:
    """Find what the person registered there; where others read, nothing is said of it."""
    unit = context.unit
    if context.place_id != unit.citizen.id:
        return []
    return await workshops.own_in(unit.tx, workshop_id=workshop.id, citizen_id=unit.citizen.id)


def published_for(context: DeskContext, workshop: Workshop) -> OfficeCatalogue:
    """Find the office of a workshop. Raises NoSuchWorkshop where the desk has it no longer."""
    published = context.unit.desk.catalogue.find(workshop.office_id)
    if published is None:
        raise NoSuchWorkshop
    return published


def published_of(context: DeskContext, office_id: str) -> OfficeCatalogue:
    """Find the office that a button names. Raises StaleButton."""
    published = context.unit.desk.catalogue.find(office_id)
    if published is None:
        raise StaleButton
    return published
