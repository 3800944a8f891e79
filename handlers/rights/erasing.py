"""Being erased, in two steps: what goes and what stays, then a question, and it is done at once.

All of it happens in the transaction of the press: a desk that stops in between has erased nothing,
and one that goes on has nothing left to erase. Only the words that say so are sent afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler

from bot.cases.use_cases.parting import all_of_author, forget_author
from bot.citizens import use_cases as citizens
from bot.citizens.model import Citizen
from bot.inbox import use_cases as inbox
from bot.kit.tracking import shown
from bot.outbox import use_cases as outbox
from bot.surveys import use_cases as surveys
from bot.wallet.use_cases.parting import forget_owner, money_left
from bot.workshops import use_cases as workshops
from bot.workshops.use_cases.parting import (
    forget_payer,
    places_left,
    registrations_of_payer,
)
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data.rights import ErasurePressed
from handlers.context import pressed
from handlers.keepers import ensure_private, keepers, policy_of
from handlers.views.common import code
from handlers.views.rights import erasing as views
from handlers.views.rights.erasing import FLOW, Leaving

if TYPE_CHECKING:
    from telegram import Update

    from bot.cases.model import Case
    from handlers.context import DeskContext

_ASKED: Final = "asked"


def add(application: Application) -> None:
    """Add the command and the button that means it."""
    application.add_handler(CommandHandler("erase", begin, filters=NEW_IN_PRIVATE))
    add_buttons(application, (ErasurePressed, erase))


async def begin(_update: Update, context: DeskContext) -> None:
    """Answer /erase."""
    await show(context, is_page=False)


async def show(context: DeskContext, *, is_page: bool = True) -> None:
    """Say what goes, what stays, and what has to end first."""
    offices = {one.office.id: one for one in context.unit.desk.catalogue.offices}
    leaving = await _leaving(context)
    context.reply(views.erasing_page(context.words, leaving, offices, is_page=is_page))


async def ask_once_more(context: DeskContext) -> None:
    """Ask whether it is meant, unless something has to end first."""
    if not (await _leaving(context)).is_free:
        await show(context)
        return
    dialogue = await context.begin(FLOW, _ASKED)
    context.reply(views.last_question(context.words, dialogue))


async def erase(update: Update, context: DeskContext) -> None:
    """Erase the person who pressed; an old button begins anew, a second tap says it again."""
    asked = ErasurePressed.unpack(pressed(update))
    ensure_private(update)
    dialogue = context.unit.dialogue
    is_asked = dialogue is not None and dialogue.name == FLOW and dialogue.token == asked.token
    if not is_asked and await _is_stranger(context):
        context.reply(views.erased(context.words))
        return
    if not (is_asked and (await _leaving(context)).is_free):
        await show(context)
        return
    await _erase(context)
    context.reply(views.erased(context.words))


async def _leaving(context: DeskContext) -> Leaving:
    unit = context.unit
    least = {one.office.id: policy_of(one).payout_rial_min for one in keepers(context)}
    money = await money_left(unit.tx, citizen_id=unit.citizen.id, least_rial=least)
    placed, is_in_line = await places_left(unit.tx, citizen_id=unit.citizen.id)
    named = await workshops.workshops_named(unit.tx, ids={one.workshop_id for one in placed})
    titles = [workshop.details.title for workshop in named.values()]
    bans = await citizens.bans_on(unit.tx, citizen_id=unit.citizen.id, now=unit.now)
    return Leaving(money, titles, is_in_line, bool(unit.staff), bool(bans))


async def _is_stranger(context: DeskContext) -> bool:
    """True where nothing is kept of a person, as after an erasure a moment ago."""
    unit = context.unit
    tx, citizen_id = unit.tx, unit.citizen.id
    chosen = await citizens.recall(tx, citizen_id=citizen_id)
    if chosen.language is not None or chosen.office_id is not None or unit.dialogue is not None:
        return False
    return not (
        await citizens.consents_of(tx, citizen_id=citizen_id)
        or await citizens.learners_of(tx, guardian_id=citizen_id, keyring=unit.desk.keyring)
        or await all_of_author(tx, author_id=citizen_id)
        or await surveys.surveys_of(tx, citizen_id=citizen_id)
        or await registrations_of_payer(tx, citizen_id=citizen_id)
        or await workshops.subscriptions_of(tx, citizen_id=citizen_id)
        or (await _leaving(context)).money
    )


async def _erase(context: DeskContext) -> None:
    """Let every room forget the person; what was queued and noted of them goes too."""
    unit = context.unit
    tx, citizen_id, chat_id = unit.tx, unit.citizen.id, context.place_id
    async with citizens.parting_of(tx, citizen_id=citizen_id, now=unit.now) as number:
        case_ids, ended = await forget_author(tx, author_id=citizen_id, now=unit.now)
        about = [f"{kind}:{case_id}" for case_id in case_ids for kind in ("case", "said")]
        await outbox.forget_subjects(tx, about)
        await surveys.forget_person(tx, citizen_id=citizen_id, number=number)
        await forget_payer(tx, citizen_id=citizen_id, number=number, now=unit.now)
        await forget_owner(tx, citizen_id=citizen_id, number=number)
    await outbox.forget_chat(tx, chat_id=chat_id)
    await inbox.forget_chat(tx, chat_key=chat_id)
    unit.dialogue, unit.citizen = None, Citizen(citizen_id)
    unit.notes.clear()
    unit.messages.clear()
    for case in ended:
        await _tell_desk(context, case)


async def _tell_desk(context: DeskContext, case: Case) -> None:
    words = context.unit.desk.words_of(context.unit.desk.default_language)
    told = views.case_erased(words, code(shown(case.tracking_code)))
    await context.tell_office(case.office_id, told, about=f"case:{case.id}")
