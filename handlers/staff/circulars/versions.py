"""/versions: the versions of a service, and which circular made each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler

from bot.catalogue import use_cases as catalogues
from bot.kit.digits import latin_digits
from bot.kit.text import normalise
from handlers.adding import NEW_IN_GROUP, Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.circulars import VersionsOfficePressed, VersionsPressed
from handlers.context import pressed
from handlers.staff.access import ANYBODY, acting, acting_here, staff_action
from handlers.views.office import versions as views
from handlers.views.office.members import offices_to_choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue, Service
    from handlers.context import DeskContext


def add(application: Application) -> None:
    """Add the versions of services."""
    application.add_handler(CommandHandler("versions", show_versions, filters=NEW_IN_GROUP))
    add_buttons(application, (VersionsOfficePressed, offer_services), (VersionsPressed, show_one))


@staff_action(*ANYBODY)
async def show_versions(update: Update, context: DeskContext) -> None:
    """Answer /versions with those of the service that is named, or with what there is."""
    offices = await acting_here(update, context, ANYBODY)
    published = [context.unit.desk.catalogue.published_by(office_id) for office_id in offices]
    named = list(_named(" ".join(context.args or []), published))
    if len(named) == 1:
        await _show(context, *named[0], is_page=False)
    elif len(published) == 1:
        context.reply(views.services_to_see(context.words, published[0], 0, is_page=False))
    else:
        context.reply(offices_to_choose(context.words, published, _first_page))


@staff_action(*ANYBODY)
async def offer_services(update: Update, context: DeskContext) -> None:
    """Offer the services of an office, from a page on."""
    asked = VersionsOfficePressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, ANYBODY)
    published = context.unit.desk.catalogue.published_by(asked.office_id)
    page = number_in(asked.page)
    context.reply(views.services_to_see(context.words, published, page, is_page=True))


@staff_action(*ANYBODY)
async def show_one(update: Update, context: DeskContext) -> None:
    """Show the versions of a service."""
    asked = VersionsPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, ANYBODY)
    published = context.unit.desk.catalogue.published_by(asked.office_id)
    service = published.service(asked.service_id)
    if service is None:
        raise StaleButton
    await _show(context, published, service, is_page=True)


async def _show(
    context: DeskContext, published: OfficeCatalogue, service: Service, *, is_page: bool
) -> None:
    unit, which = context.unit, {"office_id": published.office.id, "service_id": service.id}
    listed = await catalogues.versions_of(unit.tx, **which)
    holds = await catalogues.version_at(unit.tx, at=unit.now, **which)
    context.reply(
        views.versions(context.words, published, service, listed, holds.number, is_page=is_page)
    )


def _first_page(office_id: str) -> VersionsOfficePressed:
    return VersionsOfficePressed(office_id, "0")


def _named(
    typed: str, offices: Iterable[OfficeCatalogue]
) -> Iterator[tuple[OfficeCatalogue, Service]]:
    """Find the services that somebody names, by their id, code, or title in any language."""
    wanted = normalise(latin_digits(typed))
    for published in offices if wanted else ():
        for service in published.services:
            names = [service.id, service.code or "", *service.aliases]
            names += [service.title.fa, service.title.en]
            if wanted in {normalise(latin_digits(name)) for name in names}:
                yield published, service
