"""Top-ups in the admin chat: finance verifies or rejects, a second person takes back.

A card may be hours old: what stands in the records decides, never what is drawn. Whoever comes
too late is told what happened meanwhile, and the card is drawn anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler, MessageHandler

from bot.citizens import use_cases as citizens
from bot.kit.identity import masked
from bot.kit.text import cut
from bot.kit.tracking import code_in
from bot.wallet import rules
from bot.wallet import use_cases as wallet
from bot.wallet.errors import NoSuchTopUp, TopUpMoved
from bot.wallet.model import TopUpState
from bot.workshops import use_cases as workshops
from handlers.adding import NEW_IN_GROUP, WORDLESS, WORDS, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.top_ups import TopUpDeskPressed, TopUpsListed, TopUpVerb
from handlers.context import pressed
from handlers.recognizing import About, album_of
from handlers.staff.access import FINANCE, MANAGERS, acting, acting_here, names_of, staff_action
from handlers.views.cases.case_draft import cleaned
from handlers.views.desk.case_acts import files_refused
from handlers.views.refusals import refusal
from handlers.views.wallet import top_up_notices as notices
from handlers.views.wallet import top_ups_desk as views

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Role, Staff
    from bot.wallet.model import TopUp
    from handlers.context import DeskContext

SUBJECT: Final = "do:topup"
_TOAST_UNITS_MAX: Final = 200
_OPEN: Final = {
    TopUpVerb.VERIFY: (TopUpState.PENDING, TopUpState.EXPIRED, TopUpState.UNMATCHED),
    TopUpVerb.REJECT: (TopUpState.PENDING,),
    TopUpVerb.REVERSE: (TopUpState.VERIFIED,),
}


@dataclass(frozen=True)
class Hand:
    """A top-up, who acts on it, and for which office."""

    staff: Staff
    published: OfficeCatalogue
    top_up: TopUp


def add(application: Application) -> None:
    """Add the list, the buttons of the card, and what is replied to its prompts."""
    application.add_handler(CommandHandler("topups", list_waiting, filters=NEW_IN_GROUP))
    replied = NEW_IN_GROUP & About(SUBJECT)
    application.add_handler(MessageHandler(replied & WORDS, follow))
    application.add_handler(MessageHandler(replied & WORDLESS, refuse_file))
    add_buttons(application, (TopUpDeskPressed, press), (TopUpsListed, turn_list))


@staff_action(*FINANCE)
async def list_waiting(update: Update, context: DeskContext) -> None:
    """Answer /topups with what waits; with a code, with the card of that one."""
    acting_for = await acting_here(update, context, FINANCE)
    if context.args:
        code = code_in(" ".join(context.args))
        if code is None:
            raise NoSuchTopUp
        await _show(context, await _take_up(update, context, code, FINANCE))
        return
    unit = context.unit
    counted = []
    for office_id in acting_for:
        published = unit.desk.catalogue.published_by(office_id)
        _first, count = await wallet.top_ups_waiting(unit.tx, office_id=office_id, limit=1)
        if count or published.desk.wallet is not None:
            counted.append((published, count))
    if len(counted) == 1:
        await _show_list(context, counted[0][0], 0, is_page=False)
    else:
        context.reply(views.counted(context.words, counted), about=views.SUBJECT)


@staff_action(*FINANCE)
async def turn_list(update: Update, context: DeskContext) -> None:
    """Answer a button that opens the list of an office, or turns its page."""
    asked = TopUpsListed.unpack(pressed(update))
    published = context.unit.desk.catalogue.find(asked.office_id)
    if published is None:
        raise StaleButton
    await acting(update, context, asked.office_id, FINANCE)
    await _show_list(context, published, asked.start, is_page=True)


async def _show_list(
    context: DeskContext, published: OfficeCatalogue, start: int, *, is_page: bool
) -> None:
    items, count = await wallet.top_ups_waiting(
        context.unit.tx,
        office_id=published.office.id,
        limit=views.TOP_UPS_ON_A_PAGE,
        offset=start,
    )
    page = views.Page(items, start, count)
    reply = views.listed(context.words, published, page, is_page=is_page)
    context.reply(reply, about=views.SUBJECT)


@staff_action(*FINANCE)
async def press(update: Update, context: DeskContext) -> None:
    """Do what a button of a card says, ask for the reason it takes, or show the card."""
    asked = TopUpDeskPressed.unpack(pressed(update))
    verb = next((verb for verb in TopUpVerb if verb == asked.verb), None)
    if verb is None:
        raise StaleButton
    hand = await _take_up(update, context, asked.code, _roles(verb))
    if verb is TopUpVerb.CARD:
        await _show(context, hand)
    elif hand.top_up.state not in _OPEN[verb]:
        _say_meanwhile(context, TopUpMoved(hand.top_up.state))
        await _show(context, hand, is_page=True)
    elif verb is TopUpVerb.VERIFY:
        done = await wallet.verify_reference(
            context.unit.tx, code=asked.code, actor=hand.staff, now=context.unit.now
        )
        await _tell_and_show(context, hand, done, is_page=True)
    else:
        rules.ensure_handles(hand.top_up, hand.staff, _roles(verb))
        if verb is TopUpVerb.REVERSE:
            rules.ensure_verifier_is_another(hand.top_up, hand.staff)
        _ask(context, hand, verb)


@staff_action(*FINANCE)
async def follow(update: Update, context: DeskContext) -> None:
    """Reject or take back, with the reason of the reply."""
    message = update.effective_message
    assert message is not None
    *_, named, code = (context.unit.subject or "").split(":")
    verb = TopUpVerb(named)
    hand = await _take_up(update, context, code, _roles(verb))
    reason = " ".join(masked(cleaned(message.text or "")).split())
    if not reason:
        _ask(context, hand, verb, note=views.reason_needed(context.words))
        return
    unit = context.unit
    act = wallet.reject_reference if verb is TopUpVerb.REJECT else wallet.reverse_top_up
    done = await act(unit.tx, code=code, reason=reason, actor=hand.staff, now=unit.now)
    await _tell_and_show(context, hand, done, is_page=False)


@staff_action(*FINANCE)
async def refuse_file(update: Update, context: DeskContext) -> None:
    """Refuse a picture in reply to a prompt without opening it: it is no proof (MZ-19, KN-21)."""
    await acting_here(update, context, FINANCE)
    message = update.effective_message
    assert message is not None
    context.reply(files_refused(context.words), once=album_of(message))


def _ask(context: DeskContext, hand: Hand, verb: TopUpVerb, *, note: str = "") -> None:
    prompt = views.prompt(context.words, hand.published, hand.top_up, verb, note=note)
    context.reply(prompt, about=f"{SUBJECT}:{verb.value}:{hand.top_up.code}")


async def _tell_and_show(context: DeskContext, hand: Hand, done: TopUp, *, is_page: bool) -> None:
    """Tell the citizen what was decided, and show colleagues how it stands."""
    unit = context.unit
    citizen = await citizens.recall(unit.tx, citizen_id=done.citizen_id)
    words = unit.desk.words_of(citizen.language or unit.desk.default_language)
    if done.state is TopUpState.VERIFIED:
        balance = await wallet.balance(
            unit.tx, office_id=done.office_id, citizen_id=done.citizen_id
        )
        kept = await workshops.kept_for(
            unit.tx, payer_id=done.citizen_id, office_id=done.office_id
        )
        notice = notices.paid(words, done, balance.withdrawable_rial, kept)
    else:
        notice = notices.ended(words, done)
    context.tell(int(done.citizen_id), notice, once=f"{done.subject}:{done.state.value}")
    await _show(context, Hand(hand.staff, hand.published, done), is_page=is_page)


async def _show(context: DeskContext, hand: Hand, *, is_page: bool = False) -> None:
    names = await names_of(context, hand.top_up.office_id)
    card = views.card(context.words, hand.published, hand.top_up, names=names, is_page=is_page)
    context.reply(card, about=hand.top_up.subject)


def _say_meanwhile(context: DeskContext, error: TopUpMoved) -> None:
    context.toast(cut(refusal(error, context.words), _TOAST_UNITS_MAX))


def _roles(verb: TopUpVerb) -> tuple[Role, ...]:
    return MANAGERS if verb is TopUpVerb.REVERSE else FINANCE


async def _take_up(
    update: Update, context: DeskContext, code: str, roles: tuple[Role, ...]
) -> Hand:
    """Find a top-up of this admin chat, and who acts on it.

    One of another office is as good as none (NoSuchTopUp).
    """
    offices = await acting_here(update, context, roles)
    top_up = await wallet.top_up(context.unit.tx, code=code)
    if top_up.office_id not in offices:
        raise NoSuchTopUp
    published = context.unit.desk.catalogue.published_by(top_up.office_id)
    return Hand(offices[top_up.office_id], published, top_up)
