"""Who may not write to an office for a while: a manager bans, lists, and lifts what was banned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler

from bot.cases import use_cases as cases
from bot.cases.errors import NoSuchCase
from bot.cases.model import CaseId
from bot.citizens import use_cases as citizens
from bot.citizens.errors import BanUnreadable, NobodyToBan, NotBanned
from bot.citizens.rules import is_nobodys
from bot.citizens.use_cases.bans import DAYS_MAX
from bot.kit.tracking import code_in, read_code
from handlers.adding import NEW_IN_GROUP, Application, add_buttons
from handlers.callback_data.members import BanLifted
from handlers.context import pressed
from handlers.staff.access import MANAGERS, acting, acting_here, staff_action
from handlers.views.office import bans as views

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Ban, CitizenId
    from handlers.context import DeskContext


def add(application: Application) -> None:
    """Add the commands and the button of bans."""
    application.add_handler(CommandHandler("ban", ban, filters=NEW_IN_GROUP))
    application.add_handler(CommandHandler("unban", unban, filters=NEW_IN_GROUP))
    add_buttons(application, (BanLifted, lift))


@staff_action(*MANAGERS)
async def ban(update: Update, context: DeskContext) -> None:
    """Ban the author of a case that is replied to or named, or list whom the office has banned."""
    offices = await acting_here(update, context, MANAGERS)
    words = list(context.args or ())
    subject = context.unit.subject or ""
    is_named = bool(words) and code_in(words[0]) is not None
    if not words and not subject.startswith("case:"):
        for office_id in offices:
            await _list(context, office_id)
        return
    case_id = await _case_named(context, words.pop(0)) if is_named else _case_replied(subject)
    case = (await cases.dossier(context.unit.tx, case_id=case_id)).case
    if case.office_id not in offices:
        raise NoSuchCase
    if case.author_id is None:
        raise NobodyToBan
    unit = context.unit
    banned = await citizens.ban(
        unit.tx,
        citizen_id=case.author_id,
        typed=" ".join(words),
        actor=offices[case.office_id],
        now=unit.now,
    )
    published = unit.desk.catalogue.published_by(case.office_id)
    code = await citizens.person_code(unit.tx, citizen_id=banned.citizen_id)
    context.reply(views.banned(context.words, banned, code))
    their_words = unit.desk.words_of(case.language)
    context.tell(banned.citizen_id, views.you_are_banned(their_words, published, banned))


@staff_action(*MANAGERS)
async def unban(update: Update, context: DeskContext) -> None:
    """Lift the ban of whoever is named by their code."""
    offices = await acting_here(update, context, MANAGERS)
    code = citizens.read_person_code(" ".join(context.args or ()))
    person = None if code is None else await citizens.person_of(context.unit.tx, code=code)
    if person is None:
        raise NotBanned
    for office_id in offices:
        if await _is_banned(context, person, office_id):
            await _lift(update, context, person, office_id)
            return
    raise NotBanned


@staff_action(*MANAGERS)
async def lift(update: Update, context: DeskContext) -> None:
    """Lift a ban by the button under it."""
    asked = BanLifted.unpack(pressed(update))
    await acting(update, context, asked.office_id, MANAGERS)
    person = await citizens.person_of(context.unit.tx, code=asked.code)
    if person is None:
        raise NotBanned
    await _lift(update, context, person, asked.office_id)


async def _lift(update: Update, context: DeskContext, person: CitizenId, office_id: str) -> None:
    unit = context.unit
    actor = await acting(update, context, office_id, MANAGERS)
    await citizens.lift_ban(unit.tx, citizen_id=person, actor=actor, now=unit.now)
    code = await citizens.person_code(unit.tx, citizen_id=person)
    context.reply(views.lifted(context.words, code))
    if is_nobodys(person):
        return  # they were erased: nobody knows whom to tell
    citizen = await citizens.recall(unit.tx, citizen_id=person)
    their_words = unit.desk.words_of(citizen.language or unit.desk.default_language)
    published = unit.desk.catalogue.published_by(office_id)
    context.tell(person, views.you_are_welcome_again(their_words, published))


async def _list(context: DeskContext, office_id: str) -> None:
    unit = context.unit
    published: OfficeCatalogue = unit.desk.catalogue.published_by(office_id)
    going_on = await citizens.bans_of(unit.tx, office_id=office_id, now=unit.now)
    named: list[tuple[Ban, str]] = [
        (one, await citizens.person_code(unit.tx, citizen_id=one.citizen_id)) for one in going_on
    ]
    context.reply(views.list_of_bans(context.words, published, named))


async def _is_banned(context: DeskContext, person: CitizenId, office_id: str) -> bool:
    going_on = await citizens.bans_of(context.unit.tx, office_id=office_id, now=context.unit.now)
    return any(one.citizen_id == person for one in going_on)


async def _case_named(context: DeskContext, typed: str) -> CaseId:
    """Find the case of a code. Raises NoSuchCase."""
    code = read_code(typed) or code_in(typed) or ""
    unit = context.unit
    sight = await cases.sight(unit.tx, code=code, citizen_id=unit.citizen.id)
    return sight.dossier.case.id


def _case_replied(subject: str) -> CaseId:
    if not subject.startswith("case:"):
        raise BanUnreadable(DAYS_MAX)
    return CaseId(int(subject.removeprefix("case:")))
