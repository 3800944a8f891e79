"""Getting ready for an online session: each step is done, or becomes a case for the office.

What is said here stands beside an absence later: whoever asked for help was not simply away.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.calendar import rules as calendars
from bot.cases import use_cases as cases
from bot.cases.model import CaseKind, Policy
from bot.kit.errors import DeskError
from bot.kit.jalali import jalali_moment, tehran_day
from bot.kit.text import strip_bidi
from bot.workshops import use_cases as workshops
from bot.workshops.model import CheckItem
from handlers.adding import Application, add_buttons
from handlers.callback_data.checklist import CheckPressed
from handlers.context import pressed
from handlers.views.cases.case_receipt import presence_lines, receipt
from handlers.views.desk.desk import Headline
from handlers.views.desk.desk import told as desk_told
from handlers.views.refusals import refusal
from handlers.views.workshops.session_notices import help_noted, reminder
from handlers.views.workshops.session_words import item_trouble
from handlers.views.workshops.workshop_notices import Told
from handlers.workshops import at_hand

if TYPE_CHECKING:
    from telegram import Update

    from bot.cases.model import Case
    from bot.catalogue.model import OfficeCatalogue
    from bot.workshops.model import Session, Workshop
    from handlers.context import DeskContext

_OUTAGES: Final = (CheckItem.CONNECTION, CheckItem.CAMERA)  # the rest are questions


def add(application: Application) -> None:
    """Add the buttons of the reminder."""
    add_buttons(application, (CheckPressed, check))


async def check(update: Update, context: DeskContext) -> None:
    """Keep what was pressed, and where help is needed ask the office for it, once."""
    asked = CheckPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    unit = context.unit
    workshop, session, checks = await workshops.note_check(
        unit.tx,
        session_id=asked.session,
        registration_id=asked.registration,
        item=asked.item,
        is_ready=asked.is_ready,
        payer_id=unit.citizen.id,
        now=unit.now,
    )
    published = at_hand.published_by(context, workshop)
    told = await _told(context, published, workshop, asked)
    context.reply(replace(reminder(told, session, asked.kind, checks), is_page=True))
    if not asked.is_ready:
        await _ask_for_help(context, told, session, asked)


async def _told(
    context: DeskContext, published: OfficeCatalogue, workshop: Workshop, asked: CheckPressed
) -> Told:
    unit = context.unit
    _workshop, registration = await workshops.registration(
        unit.tx, registration_id=asked.registration, actor=at_hand.citizen(context)
    )
    (party,) = await workshops.parties(
        unit.tx, registrations=[registration], keyring=unit.desk.keyring
    )
    sessions = await workshops.sessions(unit.tx, workshop_id=workshop.id)
    return Told(context.words, published, workshop, party, sessions)


async def _ask_for_help(
    context: DeskContext, told: Told, session: Session, asked: CheckPressed
) -> None:
    """Open a case about one step; a second press finds the same one.

    Where no case can be opened what was pressed stays kept, and the way forward is told.
    """
    key = f"check:{session.id}:{asked.registration}:{asked.item}"
    is_known = await cases.registered_as(context.unit.tx, key=key) is not None
    try:
        async with context.unit.tx.begin_nested():
            case = await _opened(context, told, session, asked.item, key)
    except DeskError as error:
        context.reply(help_noted(told, asked.item, refusal(error, context.words)))
    else:
        await _tell(context, told.published, case, is_known=is_known)


async def _opened(
    context: DeskContext, told: Told, session: Session, item: CheckItem, key: str
) -> Case:
    """Register the case. Raises what `cases.register` raises."""
    unit, published = context.unit, told.published
    kind = CaseKind.OUTAGE if item in _OUTAGES else CaseKind.QUESTION
    return await cases.register(
        unit.tx,
        key=key,
        office_id=published.office.id,
        service_id=None,
        service_version=1,
        kind=kind,
        text=_words_of_help(told, session, item),
        author_id=unit.citizen.id,
        is_anonymous=False,
        language=context.words.language,
        policy=Policy.of(published.desk.target(kind)),
        calendar=await context.calendar(published.office.id),
        now=unit.now,
    )


def _words_of_help(told: Told, session: Session, item: CheckItem) -> str:
    _ = told.words.gettext
    return _("{trouble}\nWorkshop: {title}, session of {moment}").format(
        trouble=item_trouble(item, told.words),
        title=strip_bidi(told.workshop.details.title).strip(),
        moment=jalali_moment(session.slot.starts_at, told.words.language),
    )


async def _tell(
    context: DeskContext, published: OfficeCatalogue, case: Case, *, is_known: bool
) -> None:
    unit = context.unit
    dossier = await cases.dossier(unit.tx, case_id=case.id)
    clock = dossier.next_clock
    if clock is not None:
        calendar = await context.calendar(case.office_id)
        presence = presence_lines(
            context.words,
            calendars.day_of(calendar, tehran_day(unit.now)),
            calendars.next_opening(calendar, unit.now),
            unit.now,
        )
        page = receipt(context.words, published, case, clock.promised_at, presence)
        context.reply(page, about=f"case:{case.id}", once=f"helped:{case.id}")
    if not is_known:
        words = unit.desk.words_of(unit.desk.default_language)
        card = desk_told(words, published, dossier, unit.now, headline=Headline.REGISTERED)
        await context.tell_desk(case, card)
