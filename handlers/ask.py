"""Asking in one's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import MessageHandler, filters

from bot.catalogue import use_cases
from bot.catalogue.errors import PersonalDataInQuestion
from bot.catalogue.search import Band
from bot.kit import metrics
from bot.kit.identity import PersonalData
from bot.kit.jalali import tehran_day
from handlers import cases, my_cases, wallet, workshops
from handlers.adding import WORDS, Application, add_buttons
from handlers.callback_data import MeantPressed, MissedPressed, number_in
from handlers.context import pressed
from handlers.reply import Reply
from handlers.views.catalogue import ask as views
from handlers.views.catalogue import small_talk as talk_views
from handlers.views.common import way_back
from handlers.views.refusals import refusal

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.search import Entry, Wish
    from handlers.context import DeskContext


_DELETED: Final = {PersonalData.NATIONAL_ID, PersonalData.IBAN, PersonalData.CARD}


def add(application: Application) -> None:
    """Add the questions, and the buttons under their answers."""
    in_words = filters.ChatType.PRIVATE & WORDS
    application.add_handler(MessageHandler(in_words, ask))
    add_buttons(application, (MeantPressed, choose_meant), (MissedPressed, report_missed))


async def ask(update: Update, context: DeskContext) -> None:
    """Answer a question written in the person's own words."""
    message = update.effective_message
    assert message is not None
    text = message.text or ""
    unit, desk = context.unit, context.unit.desk
    wish = desk.intents.wish_of(text)
    if wish is not None:
        await follow_wish(update, context, wish)
        return
    talk = desk.small_talk.kind_of(text)
    if talk is not None:
        chosen = desk.catalogue.find(unit.citizen.office_id or "")
        reply = talk_views.answered(context.words, desk.catalogue, chosen, talk)
        context.reply(await my_cases.with_waiting_case(context, reply, text))
        return
    told = await workshops.answer_in_words(context, text)
    if told is not None:
        context.reply(await my_cases.with_waiting_case(context, told, text))
        return
    today = tehran_day(unit.now)
    try:
        question, answer = await use_cases.ask(
            answerer=desk.answerer,
            text=text,
            office_id=unit.citizen.office_id,
            recent=unit.citizen.spoke_of(unit.now),
            published_codes=desk.catalogue.codes,
            today=today,
        )
    except PersonalDataInQuestion as error:
        if error.kinds.isdisjoint(_DELETED):
            raise
        _take_back(context, error)
        return
    unit.notes.append(question)
    metrics.count(metrics.ANSWERS, answer.band.value)
    if answer.band is Band.ANSWER:
        _speak_of(context, answer.ranked[0].entry)
    reply = views.answered(context.words, desk.catalogue, question, answer, today)
    context.reply(await my_cases.with_waiting_case(context, reply, text))


def _take_back(context: DeskContext, error: PersonalDataInQuestion) -> None:
    """Refuse a question with somebody's number, and let it stand in the chat no longer."""
    context.unsay()
    text = refusal(error, context.words) + "\n\n" + talk_views.deleting(context.words)
    context.reply(Reply(text, [way_back(context.words)]))


async def follow_wish(update: Update, context: DeskContext, wish: Wish) -> None:
    """Open the flow that a free text plainly asks for, with the text already in it."""
    if wish.kind == "track":
        await my_cases.track_in_words(update, context, wish.code)
    elif wish.kind == "my_cases":
        await my_cases.list_cases(update, context)
    elif wish.kind == "wallet":
        await wallet.show_wallet(update, context)
    else:
        await cases.begin_from_wish(update, context, wish)


async def choose_meant(update: Update, context: DeskContext) -> None:
    """Answer one of the "did you mean" buttons."""
    asked = MeantPressed.unpack(pressed(update))
    unit, desk = context.unit, context.unit.desk
    question_id = number_in(asked.question_id)
    entry = await use_cases.choose_meant(
        unit.tx,
        answerer=desk.answerer,
        question_id=question_id,
        entry_key=asked.entry_key,
    )
    _speak_of(context, entry)
    today = tehran_day(unit.now)
    context.reply(views.entry_reply(context.words, desk.catalogue, entry, question_id, today))


async def report_missed(update: Update, context: DeskContext) -> None:
    """Answer the "this did not answer me" button."""
    asked = MissedPressed.unpack(pressed(update))
    unit, desk = context.unit, context.unit.desk
    question, answer = await use_cases.report_missed(
        unit.tx, answerer=desk.answerer, question_id=number_in(asked.question_id)
    )
    context.reply(views.missed(context.words, desk.catalogue, question, answer))


def _speak_of(context: DeskContext, entry: Entry) -> None:
    if entry.service_id is not None:
        context.speak_of(entry.office_id, entry.service_id)
