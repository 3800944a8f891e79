"""What the conversations about one's own cases share: finding one, and telling the desk of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases import rules
from bot.cases import use_cases as cases
from bot.cases.errors import NoSuchCase
from bot.citizens import use_cases as citizens
from handlers.callback_data import StaleButton
from handlers.views.cases.my_case import Purpose, case_page
from handlers.views.cases.my_cases import foreign_page
from handlers.views.desk.desk import told

if TYPE_CHECKING:
    from bot.cases.model import Case, Dossier, Sight
    from bot.catalogue.model import OfficeCatalogue
    from handlers.context import DeskContext
    from handlers.views.desk.desk import Headline


def about(case: Case) -> str | None:
    """What messages about a case are about; nothing leads from a chat to an anonymous one."""
    return None if case.is_anonymous else f"case:{case.id}"


def published_of(context: DeskContext, case: Case) -> OfficeCatalogue:
    """Find what the office of a case publishes; raises StaleButton if it has left the desk."""
    published = context.unit.desk.catalogue.find(case.office_id)
    if published is None:
        raise StaleButton
    return published


async def own(context: DeskContext, code: str) -> Dossier:
    """Find a case that the person may act on; raises NoSuchCase for anybody else's."""
    unit = context.unit
    sight = await cases.sight(unit.tx, code=code, citizen_id=unit.citizen.id)
    if not sight.is_whole:
        raise NoSuchCase
    return sight.dossier


def disagreement(dossier: Dossier) -> Purpose:
    """What it is to disagree with how a case ended: one objects once, and else reopens it."""
    is_first = rules.is_objectable(dossier.case, dossier.events)
    return Purpose.OBJECT if is_first else Purpose.REOPEN


def show(context: DeskContext, sight: Sight, *, is_page: bool) -> None:
    """Show a case, or what may be shown of it."""
    dossier = sight.dossier
    if not sight.is_whole:
        context.reply(foreign_page(context.words, dossier))
        return
    published = published_of(context, dossier.case)
    page = case_page(context.words, published, dossier, context.unit.now, is_page=is_page)
    context.reply(page, about=about(dossier.case))


async def tell_desk(context: DeskContext, case: Case, headline: Headline) -> None:
    """Tell the admin chat of the office what became of a case."""
    unit = context.unit
    published = unit.desk.catalogue.find(case.office_id)
    if published is None:
        return
    dossier = await cases.dossier(unit.tx, case_id=case.id)
    words = unit.desk.words_of(unit.desk.default_language)
    colleagues = await citizens.staff_of_office(unit.tx, office_id=case.office_id)
    names = {colleague.id: colleague.name for colleague in colleagues}
    card = told(words, published, dossier, unit.now, headline=headline, names=names)
    await context.tell_desk(case, card)
