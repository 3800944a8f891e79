"""Looking: the list of one's cases, a case by its code, its messages, and why its date."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, MessageHandler
from telegram.ext.filters import UpdateFilter

from bot.cases import rules
from bot.cases import use_cases as cases
from bot.cases.errors import NoSuchCase
from bot.cases.model import ClockKind, Sight
from bot.kit import tracking
from bot.kit.digits import latin_digits
from bot.wallet import use_cases as wallet
from bot.wallet.errors import NoSuchPayout
from handlers.adding import NEW_IN_PRIVATE, WORDS, Application, add_buttons
from handlers.callback_data import number_in
from handlers.callback_data.cases import CaseTimelinePressed, CaseWhyPressed, MyCasesPressed
from handlers.context import pressed
from handlers.my_cases import at_hand
from handlers.views.cases import my_case as page_views
from handlers.views.cases import my_cases as views
from handlers.views.cases.my_case_why import why_page
from handlers.views.errors import refused
from handlers.views.wallet import my_payouts as payouts

if TYPE_CHECKING:
    from telegram import Update

    from bot.cases.model import Clock, Dossier
    from handlers.context import DeskContext

_MEANT_AS_CODE = re.compile(
    r"(?=.*[0-9])(?=.*[A-Za-z])[0-9A-Za-z]{5}[ \-\u2010-\u2015]?[0-9A-Za-z]{5}"
)


class _TypedCode(UpdateFilter):
    """Lets a message pass that is a tracking code and nothing else, mistyped or not."""

    def filter(self, update: Update) -> bool:
        """Read the text as a code."""
        text = (update.message and update.message.text) or ""
        if tracking.read_code(text) is not None:
            return True
        return _MEANT_AS_CODE.fullmatch(latin_digits(text.strip())) is not None


class _NamedCode(UpdateFilter):
    """Lets a command pass that has a tracking code in it."""

    def filter(self, update: Update) -> bool:
        """Look for a code in the text."""
        return tracking.code_in((update.message and update.message.text) or "") is not None


def add(application: Application) -> None:
    """Add the commands, the typed codes and the buttons."""
    application.add_handler(CommandHandler("cases", list_cases, filters=NEW_IN_PRIVATE))
    application.add_handler(CommandHandler("track", track, filters=NEW_IN_PRIVATE))
    application.add_handler(CommandHandler("case", track, filters=NEW_IN_PRIVATE & _NamedCode()))
    typed = NEW_IN_PRIVATE & WORDS & _TypedCode()
    application.add_handler(MessageHandler(typed, track_typed))
    add_buttons(
        application,
        (MyCasesPressed, show_list),
        (CaseTimelinePressed, show_timeline),
        (CaseWhyPressed, show_why),
    )


async def list_cases(_update: Update, context: DeskContext) -> None:
    """Answer /cases."""
    await _list(context, 0, is_page=False)


async def show_list(update: Update, context: DeskContext) -> None:
    """Answer the button of the list."""
    page = number_in(MyCasesPressed.unpack(pressed(update)).page)
    await _list(context, page, is_page=True)


async def _list(context: DeskContext, page: int, *, is_page: bool) -> None:
    unit = context.unit
    items = await cases.cases_of(unit.tx, citizen_id=unit.citizen.id)
    context.reply(views.list_page(context.words, items, page, unit.now, is_page=is_page))


async def track(_update: Update, context: DeskContext) -> None:
    """Answer /track, with the code after it or not."""
    typed = " ".join(context.args or ())
    if typed:
        await _look_up(context, typed)
    else:
        context.reply(views.code_wanted(context.words))


async def track_typed(update: Update, context: DeskContext) -> None:
    """Answer a code that stands alone."""
    assert update.effective_message is not None
    await _look_up(context, update.effective_message.text or "")


async def track_in_words(_update: Update, context: DeskContext, code: str | None) -> None:
    """Answer a sentence that asks where a case stands; it may name the code."""
    unit = context.unit
    if code is not None:
        await _look_up(context, code)
    elif await cases.cases_of(unit.tx, citizen_id=unit.citizen.id, limit=1):
        await _list(context, 0, is_page=False)
    else:
        context.reply(views.code_wanted(context.words))


async def _look_up(context: DeskContext, typed: str) -> None:
    """Show what a code leads to.

    A wrong one is not raised as a refusal: that would undo the count of wrong ones.
    """
    unit = context.unit
    if await _show_payout(context, typed):
        return
    try:
        sight = await cases.look_up(unit.tx, typed=typed, citizen_id=unit.citizen.id, now=unit.now)
    except NoSuchCase as error:
        context.reply(refused(context.words, error))
        return
    at_hand.show(context, sight, is_page=False)


async def _show_payout(context: DeskContext, typed: str) -> bool:
    """Show the payout of one's own that has this code, and say whether there is one.

    Another's code is looked up among cases, and counted there as a wrong one.
    """
    unit, code = context.unit, tracking.code_in(typed) or tracking.read_code(typed)
    if code is None:
        return False
    try:
        payout = await wallet.find_own_payout(unit.tx, code=code, citizen_id=unit.citizen.id)
    except NoSuchPayout:
        return False
    published = unit.desk.catalogue.find(payout.office_id)
    if published is None:
        return False
    events = await wallet.payout_events(unit.tx, payout_id=payout.id)
    shown = payouts.page(context.words, published, payout, events, is_page=False)
    context.reply(shown, about=f"payout:{payout.code}")
    return True


async def show_timeline(update: Update, context: DeskContext) -> None:
    """Answer the button of the messages."""
    asked = CaseTimelinePressed.unpack(pressed(update))
    page = number_in(asked.page)
    dossier = await at_hand.own(context, asked.code)
    shown = page_views.timeline(context.words, dossier, page)
    context.reply(shown, about=at_hand.about(dossier.case))


async def show_why(update: Update, context: DeskContext) -> None:
    """Answer "why this date?"."""
    asked = CaseWhyPressed.unpack(pressed(update))
    await explain(context, asked.code, number_in(asked.page), is_page=True)


async def explain(context: DeskContext, code: str, page: int = 0, *, is_page: bool) -> None:
    """Explain what is promised in a case; one that is over has nothing promised any more."""
    dossier = await at_hand.own(context, code)
    case, clocks = dossier.case, _clocks(dossier)
    if case.is_over or not clocks:
        at_hand.show(context, Sight(dossier, is_whole=True), is_page=is_page)
        return
    calendar = await context.calendar(case.office_id)
    told = [rules.explain(dossier, clock, calendar, context.unit.now) for clock in clocks]
    shown = why_page(context.words, case, told, page, is_page=is_page)
    context.reply(shown, about=at_hand.about(case))


def _clocks(dossier: Dossier) -> list[Clock]:
    """The next answer and the outcome, as far as they are promised, also standing still."""
    running = [clock for clock in dossier.clocks if clock.is_running]
    running.sort(key=lambda clock: (clock.promised_at, clock.id))
    answers = [clock for clock in running if clock.kind is not ClockKind.RESOLUTION]
    outcomes = [clock for clock in running if clock.kind is ClockKind.RESOLUTION]
    return [*answers[:1], *outcomes]
