"""Walking through the catalogue: office, service, side of a service, section of the agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, filters

from bot.catalogue.model import Facet, Section
from bot.citizens import use_cases as citizens
from bot.kit.jalali import tehran_day
from bot.workshops import use_cases as workshops
from handlers.adding import Application, add_buttons
from handlers.callback_data import (
    FacetPressed,
    FormPressed,
    OfficePagePressed,
    OfficePressed,
    SectionPressed,
    ServicePressed,
    StaleButton,
)
from handlers.context import pressed
from handlers.views import start as start_views
from handlers.views.catalogue import catalogue as views
from handlers.views.catalogue import form as form_views

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue, Service
    from handlers.context import DeskContext
    from handlers.reply import Reply


def add(application: Application) -> None:
    """Add the pages of the catalogue."""
    private = filters.ChatType.PRIVATE
    application.add_handler(CommandHandler("services", list_offices, filters=private))
    application.add_handler(CommandHandler("sla", show_agreement, filters=private))
    add_buttons(
        application,
        (OfficePressed, show_office),
        (OfficePagePressed, show_office_page),
        (ServicePressed, show_service),
        (FacetPressed, show_facet),
        (FormPressed, show_form),
        (SectionPressed, show_section),
    )


async def list_offices(_update: Update, context: DeskContext) -> None:
    """Answer /services with the chosen office, or with the offices to choose from."""
    desk = context.unit.desk
    chosen = desk.catalogue.find(context.unit.citizen.office_id or "")
    if chosen is None:
        context.reply(start_views.home(context.words, desk.catalogue))
    else:
        context.reply(await _office_page(context, chosen, is_page=False))


async def show_agreement(_update: Update, context: DeskContext) -> None:
    """Answer /sla with the agreement of the chosen office, or of each."""
    desk = context.unit.desk
    chosen = desk.catalogue.find(context.unit.citizen.office_id or "")
    today = tehran_day(context.unit.now)
    for published in desk.catalogue.offices if chosen is None else (chosen,):
        context.reply(views.office_facet_page(context.words, published, Facet.AGREEMENT, today))


async def show_office(update: Update, context: DeskContext) -> None:
    """Answer an office's button, and look there first from now on."""
    asked = OfficePressed.unpack(pressed(update))
    await _choose_office(context, _published(context, asked.office_id), is_page=True)


async def open_link(context: DeskContext, office_id: str) -> bool:
    """Open the office whose id came with a link, and say whether there is one."""
    published = context.unit.desk.catalogue.find(office_id)
    if published is not None:
        await _choose_office(context, published, is_page=False)
    return published is not None


async def _choose_office(
    context: DeskContext, published: OfficeCatalogue, *, is_page: bool
) -> None:
    unit = context.unit
    await citizens.choose_office(
        unit.tx, citizen=unit.citizen, office_id=published.office.id, now=unit.now
    )
    context.reply(await _office_page(context, published, is_page=is_page))


async def show_office_page(update: Update, context: DeskContext) -> None:
    """Answer the button of an office's own page."""
    asked = OfficePagePressed.unpack(pressed(update))
    published = _published(context, asked.office_id)
    facet = _facet(asked.facet)
    today = tehran_day(context.unit.now)
    context.reply(views.office_facet_page(context.words, published, facet, today))


async def show_service(update: Update, context: DeskContext) -> None:
    """Answer a service's button."""
    asked = ServicePressed.unpack(pressed(update))
    published = _published(context, asked.office_id)
    service = _service(published, asked.service_id)
    context.speak_of(published.office.id, service.id)
    today = tehran_day(context.unit.now)
    context.reply(views.service_card(context.words, published, service, today))


async def show_form(update: Update, context: DeskContext) -> None:
    """Answer the button of a service's identity form."""
    asked = FormPressed.unpack(pressed(update))
    published = _published(context, asked.office_id)
    service = _service(published, asked.service_id)
    context.speak_of(published.office.id, service.id)
    today = tehran_day(context.unit.now)
    context.reply(form_views.form_page(context.words, published, service, today))


async def show_facet(update: Update, context: DeskContext) -> None:
    """Answer the button of one side of a service."""
    asked = FacetPressed.unpack(pressed(update))
    published = _published(context, asked.office_id)
    service = _service(published, asked.service_id)
    context.speak_of(published.office.id, service.id)
    today = tehran_day(context.unit.now)
    context.reply(views.facet_page(context.words, published, service, _facet(asked.facet), today))


async def show_section(update: Update, context: DeskContext) -> None:
    """Answer the button of a section of an agreement."""
    asked = SectionPressed.unpack(pressed(update))
    published = _published(context, asked.office_id)
    section = next((section for section in Section if section == asked.section), None)
    if section is None or not (asked.page.isascii() and asked.page.isdecimal()):
        raise StaleButton
    today = tehran_day(context.unit.now)
    page = int(asked.page)
    context.reply(views.section_page(context.words, published, section, page, today))


async def _office_page(
    context: DeskContext, published: OfficeCatalogue, *, is_page: bool
) -> Reply:
    """Show an office; its workshops too where it has shown any, or could take a fee for one."""
    has_workshops = published.desk.wallet is not None or bool(
        await workshops.count(context.unit.tx, office_id=published.office.id)
    )
    return views.office_page(
        context.words, published, has_workshops=has_workshops, is_page=is_page
    )


def _published(context: DeskContext, office_id: str) -> OfficeCatalogue:
    published = context.unit.desk.catalogue.find(office_id)
    if published is None:
        raise StaleButton
    return published


def _service(published: OfficeCatalogue, service_id: str) -> Service:
    service = published.service(service_id)
    if service is None:
        raise StaleButton
    return service


def _facet(name: str) -> Facet:
    facet = next((facet for facet in Facet if facet == name), None)
    if facet is None:
        raise StaleButton
    return facet
