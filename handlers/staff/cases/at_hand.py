"""The case that an officer has at hand: looked up anew for each press and each reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cases import use_cases as cases
from bot.cases.errors import NoSuchCase
from handlers.staff.access import OFFICERS, acting_here, names_of
from handlers.views.desk.case_card import card

if TYPE_CHECKING:
    from telegram import Update

    from bot.cases.model import Case, CaseId, Dossier
    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Staff
    from bot.kit.words import Words
    from handlers.context import DeskContext
    from handlers.reply import Reply


@dataclass(frozen=True)
class AtHand:
    """A case, who acts on it, and for which office."""

    staff: Staff
    published: OfficeCatalogue
    dossier: Dossier

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.dossier.case

    @property
    def about(self) -> str:
        """What messages about it are about."""
        return f"case:{self.case.id}"


async def take_up(update: Update, context: DeskContext, case_id: CaseId) -> AtHand:
    """Find a case of this admin chat, and the officer who acts on it.

    A case of another office is as good as none (NoSuchCase), so that nothing is learnt of it; who
    is no officer here is told just that (StaffOnly), whether there is such a case or not.
    """
    offices = await acting_here(update, context, OFFICERS)
    dossier = await cases.dossier(context.unit.tx, case_id=case_id)
    office_id = dossier.case.office_id
    if office_id not in offices:
        raise NoSuchCase
    published = context.unit.desk.catalogue.published_by(office_id)
    return AtHand(offices[office_id], published, dossier)


async def show_card(context: DeskContext, hand: AtHand, *, is_page: bool = True) -> None:
    """Show the case as it stands by now."""
    unit = context.unit
    dossier = await cases.dossier(unit.tx, case_id=hand.case.id)
    names = await names_of(context, hand.case.office_id)
    reply = card(
        context.words,
        hand.published,
        dossier,
        unit.now,
        names=names,
        head=None,
        is_page=is_page,
    )
    context.reply(reply, about=hand.about)


def citizen_words(context: DeskContext, case: Case) -> Words:
    """The words of the language in which the case was registered."""
    return context.unit.desk.words_of(case.language)


def tell_author(context: DeskContext, case: Case, reply: Reply) -> None:
    """Tell the citizen something about their case; who is anonymous reads it by the code."""
    if case.author_id is not None:
        context.tell(int(case.author_id), reply, about=f"case:{case.id}")
