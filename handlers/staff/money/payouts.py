"""Payouts in the admin chat (KN-17): each has a card, and every act on it names who did it.

A card may be hours old: what stands in the records decides, never what is drawn. Whoever comes
too late is told what happened meanwhile, and the card is drawn anew.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from telegram.ext import MessageHandler

from bot.citizens import use_cases as citizens
from bot.kit.text import cut
from bot.wallet import rules
from bot.wallet import use_cases as wallet
from bot.wallet.errors import NoSuchPayout, PayoutMoved
from bot.wallet.model import PayoutAct, PayoutState
from handlers.adding import NEW_IN_GROUP, WORDLESS, WORDS, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.payouts import PayoutDeskPressed, PayoutVerb
from handlers.context import pressed
from handlers.recognizing import About, album_of
from handlers.reply import Reply
from handlers.staff.access import FINANCE, acting_here, names_of, staff_action
from handlers.views.desk.case_acts import files_refused
from handlers.views.wallet import my_payouts, payout_card
from handlers.views.wallet.payout_card import Headline, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Staff
    from bot.kit.words import Words
    from bot.wallet.model import Payout
    from handlers.context import DeskContext

    Write = Callable[[Words, OfficeCatalogue, Payout], Reply]

SUBJECT: Final = "do:payout"
_TOAST_UNITS_MAX: Final = 200
_ACTS: Final = {
    PayoutVerb.TAKE: PayoutAct.TAKE,
    PayoutVerb.APPROVE: PayoutAct.APPROVE,
    PayoutVerb.SECOND: PayoutAct.SECOND,
    PayoutVerb.REJECT: PayoutAct.REJECT,
    PayoutVerb.RECALL: PayoutAct.RECALL,
    PayoutVerb.PAID: PayoutAct.PAY,
    PayoutVerb.RETURNED: PayoutAct.RETURN,
    PayoutVerb.LATE: PayoutAct.RETURN_LATE,
    PayoutVerb.CORRECT: PayoutAct.CORRECT,
}
_AT_ONCE: Final = {
    PayoutVerb.TAKE: wallet.take_payout,
    PayoutVerb.APPROVE: wallet.approve_payout,
    PayoutVerb.SECOND: wallet.second_payout,
}
_WITH_REASON: Final = {
    PayoutVerb.REJECT: wallet.reject_payout,
    PayoutVerb.RECALL: wallet.recall_payout,
    PayoutVerb.RETURNED: wallet.mark_returned,
}


@dataclass(frozen=True)
class Hand:
    """A payout, who acts on it, and for which office."""

    staff: Staff
    published: OfficeCatalogue
    payout: Payout


def add(application: Application) -> None:
    """Add the buttons of the card, and what is replied to its prompts."""
    replied = NEW_IN_GROUP & About(SUBJECT)
    application.add_handler(MessageHandler(replied & WORDS, follow))
    application.add_handler(MessageHandler(replied & WORDLESS, refuse_file))
    add_buttons(application, (PayoutDeskPressed, press))


@staff_action(*FINANCE)
async def press(update: Update, context: DeskContext) -> None:
    """Do what a button of a card says, ask for the words that it takes, or show the card."""
    asked = PayoutDeskPressed.unpack(pressed(update))
    verb = next((verb for verb in PayoutVerb if verb == asked.verb), None)
    if verb is None:
        raise StaleButton
    hand = await _take_up(update, context, asked.code, verb)
    if verb not in _ACTS:
        await _show(context, hand, hand.payout, is_page=verb is PayoutVerb.CARD)
    elif verb in _AT_ONCE:
        done = await _do(context, hand, verb, "")
        await _show(context, hand, done, is_page=True)
    else:
        await _ask(context, hand, verb)


async def _ask(context: DeskContext, hand: Hand, verb: PayoutVerb) -> None:
    """Put the prompt of an act that can be done now; raises what refuses it to this person."""
    try:
        rules.payout_step(hand.payout, _ACTS[verb], hand.staff)
    except PayoutMoved as error:
        _say_meanwhile(context, error)
        await _show(context, hand, hand.payout, is_page=True)
        return
    prompt = payout_card.prompt(context.words, hand.published, hand.payout, verb)
    context.reply(prompt, about=f"{SUBJECT}:{verb.value}:{hand.payout.code}")


@staff_action(*FINANCE)
async def follow(update: Update, context: DeskContext) -> None:
    """Do what a prompt asked for, with the words of the reply."""
    message = update.effective_message
    assert message is not None
    *_, named, code = (context.unit.subject or "").split(":")
    verb = next((verb for verb in PayoutVerb if verb == named), None)
    if verb is None or verb not in _ACTS:
        raise StaleButton
    hand = await _take_up(update, context, code, verb)
    done = await _do(context, hand, verb, message.text or "")
    await _show(context, hand, done, is_page=False)


@staff_action(*FINANCE)
async def refuse_file(update: Update, context: DeskContext) -> None:
    """Refuse a picture in reply to a prompt without opening it: it is no proof (MZ-19, KN-21)."""
    message = update.effective_message
    assert message is not None
    *_, code = (context.unit.subject or "").split(":")
    await _take_up(update, context, code, PayoutVerb.CARD)
    context.reply(files_refused(context.words), once=album_of(message))


async def _do(context: DeskContext, hand: Hand, verb: PayoutVerb, words: str) -> Payout:
    """Do it and tell the citizen; of what has moved on meanwhile it is said so."""
    try:
        done = await _done(context, hand, verb, words)
    except PayoutMoved as error:
        _say_meanwhile(context, error)
        return await wallet.find_payout(
            context.unit.tx, code=hand.payout.code, office_id=hand.payout.office_id
        )
    if verb is PayoutVerb.CORRECT:
        if done.bank_reference != hand.payout.bank_reference:
            await tell_requester(context, done, write=my_payouts.reference_corrected)
    elif verb is not PayoutVerb.TAKE and done.state in my_payouts.TOLD:
        await tell_requester(context, done)
    if done.state is PayoutState.SECONDING:
        await _call_manager(context, hand, done)
    return done


async def _done(context: DeskContext, hand: Hand, verb: PayoutVerb, words: str) -> Payout:
    tx, now, code = context.unit.tx, context.unit.now, hand.payout.code
    if verb in _AT_ONCE:
        return await _AT_ONCE[verb](tx, code=code, actor=hand.staff, now=now)
    if verb in _WITH_REASON:
        act = _WITH_REASON[verb]
        return await act(tx, code=code, reason=words, actor=hand.staff, now=now)
    if verb is PayoutVerb.PAID:
        return await wallet.mark_paid(
            tx, code=code, bank_reference=words, actor=hand.staff, now=now
        )
    reference, reason = [*words.split(maxsplit=1), "", ""][:2]
    name = wallet.correct_reference if verb is PayoutVerb.CORRECT else wallet.mark_returned_late
    return await name(
        tx, code=code, bank_reference=reference, reason=reason, actor=hand.staff, now=now
    )


async def tell_requester(
    context: DeskContext, payout: Payout, *, write: Write = my_payouts.news
) -> None:
    """Tell the citizen that their payout came a step further, in their own language."""
    unit = context.unit
    citizen = await citizens.recall(unit.tx, citizen_id=payout.citizen_id)
    words = unit.desk.words_of(citizen.language or unit.desk.default_language)
    published = unit.desk.catalogue.published_by(payout.office_id)
    news = write(words, published, payout)
    context.tell(int(payout.citizen_id), news, about=payout_card.about(payout))


async def _call_manager(context: DeskContext, hand: Hand, payout: Payout) -> None:
    """Put the card below for the manager, who sees no change of one further up."""
    reply = await _card(context, hand, payout, headline=Headline.FOR_MANAGER)
    context.tell(context.place_id, reply, about=payout_card.about(payout))


async def _show(context: DeskContext, hand: Hand, payout: Payout, *, is_page: bool) -> None:
    reply = await _card(context, hand, payout, is_page=is_page)
    context.reply(reply, about=payout_card.about(payout))


async def _card(
    context: DeskContext,
    hand: Hand,
    payout: Payout,
    *,
    headline: Headline | None = None,
    is_page: bool = False,
) -> Reply:
    """Draw a payout as it stands in the records."""
    tx = context.unit.tx
    sheet = Sheet(
        payout,
        tuple(await wallet.payout_events(tx, payout_id=payout.id)),
        await wallet.account_sharers(tx, payout=payout),
    )
    names = await names_of(context, payout.office_id)
    return payout_card.card(
        context.words,
        hand.published,
        sheet,
        names=names,
        headline=headline,
        is_page=is_page,
    )


def _say_meanwhile(context: DeskContext, error: PayoutMoved) -> None:
    """Say what happened meanwhile: over the chat to who pressed, below to who wrote."""
    said = payout_card.meanwhile(context.words, error.state)
    if context.is_press:
        context.toast(cut(said, _TOAST_UNITS_MAX))
    else:
        context.reply(Reply(said))


async def _take_up(update: Update, context: DeskContext, code: str, verb: PayoutVerb) -> Hand:
    """Find a payout of this admin chat, and who acts on it in the role that the act takes.

    One of another office is as good as none (NoSuchPayout), so that nothing is learnt of it.
    """
    roles = rules.payout_roles(_ACTS[verb]) if verb in _ACTS else FINANCE
    offices = await acting_here(update, context, roles)
    payout = await _found(context, code, offices)
    published = context.unit.desk.catalogue.published_by(payout.office_id)
    return Hand(offices[payout.office_id], published, payout)


async def _found(context: DeskContext, code: str, offices: Collection[str]) -> Payout:
    for office_id in offices:
        with suppress(NoSuchPayout):
            return await wallet.find_payout(context.unit.tx, code=code, office_id=office_id)
    raise NoSuchPayout
