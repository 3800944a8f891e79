"""The buttons under a case card.

A card stays in the chat for years, and colleagues press at the same time: each press looks the
case up anew, and what can no longer be done is said over the chat, above the card as it is now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.calendar.rules import moments_ahead
from bot.cases import use_cases as cases
from bot.cases.errors import CaseIsOver, NotYours, TakenByOther, WrongState
from bot.cases.model import Ending, MessageKind
from bot.catalogue import use_cases as catalogue
from bot.kit.text import cut
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.desk import CaseDeskPressed, DeskVerb
from handlers.context import pressed
from handlers.staff.access import OFFICERS, names_of, staff_action
from handlers.staff.cases import desk_prompts
from handlers.staff.cases.at_hand import citizen_words, show_card, take_up, tell_author
from handlers.staff.cases.endings import close
from handlers.staff.money import credit
from handlers.views.cases import case_notices
from handlers.views.cases.case_why import why
from handlers.views.desk import case_menus as menus
from handlers.views.desk.case_history import history
from handlers.views.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Update

    from bot.catalogue.model import ReadyAnswer, Service
    from handlers.context import DeskContext
    from handlers.staff.cases.at_hand import AtHand

    Act = Callable[[DeskContext, AtHand, str], Awaitable[None]]

_TOAST_UNITS_MAX = 200


@staff_action(*OFFICERS)
async def press(update: Update, context: DeskContext) -> None:
    """Do what a button under a case card says, or open what it leads to."""
    asked = CaseDeskPressed.unpack(pressed(update))
    act = _ACTS.get(asked.verb)
    if act is None:
        raise StaleButton
    hand = await take_up(update, context, asked.case)
    try:
        await act(context, hand, asked.arg)
    except (TakenByOther, NotYours, WrongState) as error:  # raised before anything is written
        context.toast(cut(refusal(error, context.words), _TOAST_UNITS_MAX))
        await show_card(context, hand)
    except CaseIsOver:
        await _say_over(context, hand)


async def _say_over(context: DeskContext, hand: AtHand) -> None:
    _ = context.words.gettext
    context.toast(_("This case has ended already."))
    await show_card(context, hand)


async def _card(context: DeskContext, hand: AtHand, _arg: str) -> None:
    await show_card(context, hand)


async def _open(context: DeskContext, hand: AtHand, _arg: str) -> None:
    await show_card(context, hand, is_page=False)


async def _take(context: DeskContext, hand: AtHand, _arg: str) -> None:
    unit = context.unit
    await cases.take(unit.tx, case_id=hand.case.id, actor=hand.staff, now=unit.now)
    await show_card(context, hand)


async def _release(context: DeskContext, hand: AtHand, _arg: str) -> None:
    unit = context.unit
    await cases.release(unit.tx, case_id=hand.case.id, actor=hand.staff, now=unit.now)
    await show_card(context, hand)


async def _ready(context: DeskContext, hand: AtHand, _arg: str) -> None:
    answers = hand.published.desk.ready_answers
    context.reply(menus.ready_answers(context.words, hand.case, answers), about=hand.about)


async def _see(context: DeskContext, hand: AtHand, arg: str) -> None:
    count = len(hand.dossier.messages)
    preview = menus.ready_preview(context.words, hand.case, _ready_answer(hand, arg), count)
    context.reply(preview, about=hand.about)


async def _send(context: DeskContext, hand: AtHand, arg: str) -> None:
    """Send a ready answer, unless something was said since it was previewed."""
    _ = context.words.gettext
    id_, _dot, count = arg.partition(".")
    text = _ready_answer(hand, id_).text.in_language(hand.case.language)
    if number_in(count) != len(hand.dossier.messages):
        context.toast(_("Something was said in this case meanwhile; please look again."))
        await show_card(context, hand)
        return
    unit = context.unit
    case = await cases.reply(
        unit.tx,
        case_id=hand.case.id,
        actor=hand.staff,
        text=text,
        calendar=await context.calendar(hand.case.office_id),
        source=None,
        now=unit.now,
    )
    tell_author(context, case, case_notices.answered(citizen_words(context, case), case, text))
    is_told = case.author_id is not None
    context.toast(
        _("Sent to the citizen.") if is_told else _("Kept; they will read it by the code.")
    )
    await show_card(context, hand)


async def _snoozes(context: DeskContext, hand: AtHand, _arg: str) -> None:
    calendar = await context.calendar(hand.case.office_id)
    moments = moments_ahead(calendar, context.unit.now)
    context.reply(menus.snoozes(context.words, hand.case, moments), about=hand.about)


async def _snooze(context: DeskContext, hand: AtHand, arg: str) -> None:
    calendar = await context.calendar(hand.case.office_id)
    unit = context.unit
    until = moments_ahead(calendar, unit.now).get(arg)
    if until is None and arg != "reply":
        raise StaleButton
    await cases.snooze(unit.tx, case_id=hand.case.id, actor=hand.staff, until=until, now=unit.now)
    await show_card(context, hand)


async def _wake(context: DeskContext, hand: AtHand, _arg: str) -> None:
    unit = context.unit
    await cases.wake(unit.tx, case_id=hand.case.id, actor=hand.staff, now=unit.now)
    await show_card(context, hand)


async def _moves(context: DeskContext, hand: AtHand, arg: str) -> None:
    services = _others(hand)
    offset = number_in(arg or "0")
    shown = menus.transfers(context.words, hand.case, services, min(offset, len(services)))
    context.reply(shown, about=hand.about)


async def _move(context: DeskContext, hand: AtHand, arg: str) -> None:
    service = next((service for service in _others(hand) if service.id == arg), None)
    if service is None:
        raise StaleButton
    unit = context.unit
    version = await catalogue.version_at(
        unit.tx,
        office_id=hand.case.office_id,
        service_id=service.id,
        at=hand.case.registered_at,
    )
    await cases.transfer(
        unit.tx,
        case_id=hand.case.id,
        actor=hand.staff,
        service_id=service.id,
        service_version=version.number,
        now=unit.now,
    )
    await show_card(context, hand)


async def _endings(context: DeskContext, hand: AtHand, _arg: str) -> None:
    page = menus.endings(context.words, hand.case, is_answered=_is_answered(hand))
    context.reply(page, about=hand.about)


async def _end(context: DeskContext, hand: AtHand, arg: str) -> None:
    if hand.case.is_over:
        await _say_over(context, hand)
    elif arg == Ending.CANNOT_BE_DONE:
        await show_card(context, hand)
        desk_prompts.put(context, hand, DeskVerb.END)
    elif arg == Ending.ANSWERED and not _is_answered(hand):
        await _endings(context, hand, "")
    elif arg in (Ending.DONE, Ending.ANSWERED):
        await close(context, hand, Ending(arg))
        await show_card(context, hand)
    else:
        raise StaleButton


def _is_answered(hand: AtHand) -> bool:
    """True when the citizen was answered: only then is it no lie to say so."""
    return any(message.kind is MessageKind.ANSWER for message in hand.dossier.messages)


async def _more(context: DeskContext, hand: AtHand, _arg: str) -> None:
    context.reply(menus.more(context.words, hand.case), about=hand.about)


async def _history(context: DeskContext, hand: AtHand, arg: str) -> None:
    names = await names_of(context, hand.case.office_id)
    page = history(context.words, hand.dossier, names, number_in(arg or "0"))
    context.reply(page, about=hand.about)


async def _why(context: DeskContext, hand: AtHand, arg: str) -> None:
    calendar = await context.calendar(hand.case.office_id)
    explanations = [
        cases.explain(hand.dossier, clock, calendar, now=context.unit.now)
        for clock in hand.dossier.clocks
        if clock.is_running
    ]
    page = why(context.words, hand.case, explanations, number_in(arg or "0"))
    context.reply(page, about=hand.about)


async def _credit(context: DeskContext, hand: AtHand, _arg: str) -> None:
    if hand.case.is_over:
        await _say_over(context, hand)
        return
    credit.ensure_possible(hand.case)
    if not await credit.show_waiting(context, hand):
        desk_prompts.put(context, hand, DeskVerb.CREDIT)


def _prompting(verb: DeskVerb) -> Act:
    async def prompt(context: DeskContext, hand: AtHand, _arg: str) -> None:
        if hand.case.is_over and verb in (DeskVerb.ASK, DeskVerb.MERGE):
            await _say_over(context, hand)
        else:
            desk_prompts.put(context, hand, verb)

    return prompt


def _ready_answer(hand: AtHand, id_: str) -> ReadyAnswer:
    """Find a ready answer of the office, which may have been taken out since."""
    for answer in hand.published.desk.ready_answers:
        if answer.id == id_:
            return answer
    raise StaleButton


def _others(hand: AtHand) -> list[Service]:
    """The services to which the case does not belong yet."""
    services = hand.published.services
    return [service for service in services if service.id != hand.case.service_id]


_ACTS: dict[str, Act] = {
    DeskVerb.CARD: _card,
    DeskVerb.OPEN: _open,
    DeskVerb.TAKE: _take,
    DeskVerb.RELEASE: _release,
    DeskVerb.READY: _ready,
    DeskVerb.SEE: _see,
    DeskVerb.SEND: _send,
    DeskVerb.SNOOZES: _snoozes,
    DeskVerb.SNOOZE: _snooze,
    DeskVerb.WAKE: _wake,
    DeskVerb.MOVES: _moves,
    DeskVerb.MOVE: _move,
    DeskVerb.ENDINGS: _endings,
    DeskVerb.END: _end,
    DeskVerb.MORE: _more,
    DeskVerb.HISTORY: _history,
    DeskVerb.WHY: _why,
    DeskVerb.CREDIT: _credit,
    **{
        verb: _prompting(verb)
        for verb in (DeskVerb.ASK, DeskVerb.NOTE, DeskVerb.MERGE, DeskVerb.CHANGED)
    },
}
