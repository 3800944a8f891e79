"""Second thoughts: to add, withdraw, object, reopen, or bring a late case to the manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases import rules
from bot.cases import use_cases as cases
from handlers.adding import Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.cases import CaseActPressed
from handlers.context import pressed
from handlers.my_cases import at_hand, looking
from handlers.views.cases import my_case_acts as views
from handlers.views.cases.case_words import CaseVerb
from handlers.views.cases.my_case import FLOW, Purpose
from handlers.views.desk.desk import Headline

if TYPE_CHECKING:
    from telegram import Update

    from bot.cases.model import Case
    from handlers.context import DeskContext


def add(application: Application) -> None:
    """Add the buttons of a case."""
    add_buttons(application, (CaseActPressed, act))


async def act(update: Update, context: DeskContext) -> None:
    """Answer a button of a case; who may not act on it is told nothing of it."""
    asked = CaseActPressed.unpack(pressed(update))
    verb = next((verb for verb in CaseVerb if verb == asked.verb), None)
    if verb is None:
        raise StaleButton
    await _ACTIONS[verb](context, asked.code)


async def _show(context: DeskContext, code: str, *, is_page: bool = True) -> None:
    unit = context.unit
    sight = await cases.sight(unit.tx, code=code, citizen_id=unit.citizen.id)
    at_hand.show(context, sight, is_page=is_page)


async def _open(context: DeskContext, code: str) -> None:
    await _show(context, code, is_page=False)


async def _explain(context: DeskContext, code: str) -> None:
    await looking.explain(context, code, is_page=False)


async def _add_words(context: DeskContext, code: str) -> None:
    case = (await at_hand.own(context, code)).case
    if case.reopenable_until is not None and context.unit.now < case.reopenable_until:
        await _open(context, code)  # there is the button with which it goes on
        return
    rules.ensure_going_on(case, context.unit.now)
    await _ask_for_words(context, case, Purpose.WORDS)


async def _object(context: DeskContext, code: str) -> None:
    dossier = await at_hand.own(context, code)
    rules.ensure_objectable(dossier.case, dossier.events, context.unit.now)
    await _ask_for_words(context, dossier.case, Purpose.OBJECT)


async def _reopen(context: DeskContext, code: str) -> None:
    dossier = await at_hand.own(context, code)
    rules.ensure_reopenable(dossier.case, context.unit.now)
    await _ask_for_words(context, dossier.case, at_hand.disagreement(dossier))


async def _ask_for_words(context: DeskContext, case: Case, purpose: Purpose) -> None:
    dialogue = await context.begin(FLOW, purpose.value, code=case.tracking_code)
    context.reply(views.prompt(context.words, case, dialogue), about=at_hand.about(case))


async def _withdraw(context: DeskContext, code: str) -> None:
    case = (await at_hand.own(context, code)).case
    rules.ensure_going_on(case, context.unit.now)
    context.reply(views.withdraw_question(context.words, case))


async def _withdraw_surely(context: DeskContext, code: str) -> None:
    unit = context.unit
    case = await cases.withdraw(unit.tx, code=code, citizen_id=unit.citizen.id, now=unit.now)
    await at_hand.tell_desk(context, case, Headline.WITHDRAWN)
    context.reply(views.withdrawn(context.words, case))


async def _escalate(context: DeskContext, code: str) -> None:
    unit = context.unit
    case = await cases.escalate(unit.tx, code=code, citizen_id=unit.citizen.id, now=unit.now)
    await at_hand.tell_desk(context, case, Headline.ESCALATED)
    context.reply(views.escalated(context.words, case), about=at_hand.about(case))


_ACTIONS = {
    CaseVerb.SHOW: _show,
    CaseVerb.OPEN: _open,
    CaseVerb.WHY: _explain,
    CaseVerb.WORDS: _add_words,
    CaseVerb.OBJECT: _object,
    CaseVerb.REOPEN: _reopen,
    CaseVerb.WITHDRAW: _withdraw,
    CaseVerb.WITHDRAW_SURELY: _withdraw_surely,
    CaseVerb.ESCALATE: _escalate,
}
