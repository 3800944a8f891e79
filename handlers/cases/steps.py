"""The steps of the flow: buttons that choose, texts that are added, and what is no text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, MessageHandler, filters
from telegram.ext.filters import UpdateFilter

from bot.catalogue import use_cases as catalogues
from bot.citizens.rules import DIALOGUE_LASTS
from bot.kit.jalali import tehran_day
from handlers.adding import Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.cases import CaseDialoguePressed
from handlers.cases.registering import say_sent, send
from handlers.consenting import keep_consent, with_consent
from handlers.context import current_unit, pressed
from handlers.recognizing import InDialogue, JustAsked, Nods
from handlers.views.cases import case_asides as asides
from handlers.views.cases import cases as views
from handlers.views.cases.case_draft import BELOW, FLOW, Draft, Piece, Press, Step, cleaned
from handlers.views.catalogue import ask as answers
from handlers.views.common import button_needed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Message, Update

    from bot.citizens.model import Dialogue
    from handlers.context import DeskContext

_FRESH_FOR = timedelta(minutes=30)  # what is written later may be about something else


class _OfDraft(UpdateFilter):
    """Lets an edit pass of a message that is part of what was not sent yet."""

    def filter(self, update: Update) -> bool:
        """Look at the unit, which knows what the person is writing."""
        unit, edited = current_unit.get(), update.edited_message
        if edited is None or unit.dialogue is None or unit.dialogue.name != FLOW:
            return False
        return Draft.of(unit.dialogue, unit.desk.catalogue).holds(edited.message_id)


def add(application: Application) -> None:
    """Add the steps."""
    private = filters.ChatType.PRIVATE
    new = private & filters.UpdateType.MESSAGE
    here = InDialogue(FLOW) & new & ~filters.COMMAND & ~filters.StatusUpdate.ALL
    application.add_handler(CommandHandler("cancel", cancel, filters=new))
    nods = JustAsked(FLOW, Step.REVIEW.value) & here & filters.TEXT & Nods()
    application.add_handler(MessageHandler(nods, ask_to_press))
    application.add_handler(MessageHandler(here & filters.TEXT, take_text))
    application.add_handler(MessageHandler(here, refuse_other))
    application.add_handler(MessageHandler(_OfDraft() & private & filters.TEXT, revise))
    add_buttons(application, (CaseDialoguePressed, answer_step))


async def cancel(_update: Update, context: DeskContext) -> None:
    """Answer /cancel: leave whatever flow the person is in."""
    if context.unit.dialogue is None:
        context.reply(asides.nothing_to_cancel(context.words))
        return
    await context.end_dialogue()
    context.reply(asides.cancelled(context.words))


async def ask_to_press(_update: Update, context: DeskContext) -> None:
    """Show the last look anew: a typed "yes" sends nothing and is no part of the text."""
    dialogue = context.unit.dialogue
    assert dialogue is not None
    draft = Draft.of(dialogue, context.unit.desk.catalogue)
    await _go_on(context, draft, notes=[button_needed(context.words)])


async def take_text(update: Update, context: DeskContext) -> None:
    """Add a text, or ask what it is when a button was waited for."""
    dialogue, draft, piece = _read(update, context)
    if not piece.text:
        context.reply(asides.words_needed(context.words, dialogue, draft))
        return
    is_begun = bool(draft.pieces) or dialogue.step in {Step.TEXT, Step.REVIEW}
    told = draft.with_text(piece, known=context.unit.desk.catalogue.codes)
    if told.is_too_long:
        context.reply(asides.too_long(context.words, dialogue, draft, told))
    elif not (is_begun and _is_fresh(context, dialogue)):
        await _offer(context, dialogue, draft, piece)
    elif draft.pieces and not draft.is_rewriting:
        told = replace(told, offered=told.pieces[-1])
        await _go_on(context, told, notes=[asides.further(context.words)])
    else:
        await _go_on(context, told)


async def _offer(context: DeskContext, dialogue: Dialogue, draft: Draft, piece: Piece) -> None:
    """Keep a text that may be for the office or a question, after others of its kind, and ask."""
    if draft.offered is not None and not draft.holds(draft.offered.message_id):
        piece = Piece(piece.message_id, f"{draft.offered.text}\n\n{piece.text}")
    alone = Draft().with_text(piece, known=context.unit.desk.catalogue.codes)
    if alone.is_too_long:
        context.reply(asides.too_long(context.words, dialogue, draft, alone))
        return
    is_masked = draft.is_masked or alone.is_masked
    draft = replace(draft, offered=alone.pieces[0], is_masked=is_masked)
    dialogue = await context.advance(dialogue.step, **draft.as_values())
    context.reply(asides.out_of_turn(context.words, dialogue, draft))


async def revise(update: Update, context: DeskContext) -> None:
    """Follow the edit of a message that is part of the text."""
    dialogue, draft, piece = _read(update, context)
    told = replace(draft, is_rewriting=False).with_text(
        piece, known=context.unit.desk.catalogue.codes
    )
    if not piece.text:
        context.reply(asides.words_needed(context.words, dialogue, draft))
    elif told.is_too_long:
        context.reply(asides.too_long(context.words, dialogue, draft, told))
    else:
        await _go_on(context, told)


async def refuse_other(update: Update, context: DeskContext) -> None:
    """Refuse a picture, a voice or a sticker without opening it, and go on waiting."""
    message = update.effective_message
    dialogue = context.unit.dialogue
    assert message is not None
    assert dialogue is not None
    draft = Draft.of(dialogue, context.unit.desk.catalogue)
    once = None if message.media_group_id is None else f"album:{message.media_group_id}"
    page = asides.words_needed(context.words, dialogue, draft)
    context.reply(page, once=once)


async def answer_step(update: Update, context: DeskContext) -> None:
    """Answer a button of the flow; one of an earlier run changes nothing."""
    asked = CaseDialoguePressed.unpack(pressed(update))
    press = next((press for press in Press if press == asked.verb), None)
    if press is None:
        raise StaleButton
    dialogue = context.unit.dialogue
    if dialogue is None or dialogue.name != FLOW or dialogue.token != asked.token:
        await say_sent(context, asked.token)
        return
    draft = Draft.of(dialogue, context.unit.desk.catalogue)
    if press is Press.CANCEL:
        await context.end_dialogue()
        context.reply(asides.cancelled(context.words, is_page=True))
    elif press is Press.SEND:
        await _send(context, draft)
    elif press is Press.USE:
        await _use_offered(context, dialogue, draft)
    elif press is Press.ASK:
        await _ask_offered(context, draft, asked.value)
    else:
        await _choose(context, draft, press, asked.value)


async def _choose(context: DeskContext, draft: Draft, press: Press, value: str) -> None:
    chosen = draft.chosen(press, value, context.unit.desk.catalogue)
    if chosen is None:
        raise StaleButton
    await _go_on(context, chosen, is_page=value != BELOW)


async def _send(context: DeskContext, draft: Draft) -> None:
    is_whole = draft.next_step is Step.REVIEW
    if is_whole and (draft.is_anonymous or await keep_consent(context)):
        await send(context, draft)
    else:
        await _go_on(context, draft, is_page=True)


async def _use_offered(context: DeskContext, dialogue: Dialogue, draft: Draft) -> None:
    """Take what was written out of turn as part of the text."""
    if draft.offered is None:
        raise StaleButton
    told = draft.with_text(draft.offered)
    if told.is_too_long:
        context.reply(asides.too_long(context.words, dialogue, draft, told))
    else:
        await _go_on(context, told, is_page=True)


async def _ask_offered(context: DeskContext, draft: Draft, value: str) -> None:
    """Answer a text as a question instead, and leave the flow if nothing else was written."""
    if draft.offered is None or value != str(draft.offered.message_id):
        raise StaleButton
    left = draft.without_offered()
    dialogue = None
    if left.pieces:
        dialogue = await context.advance(left.next_step.value, **left.as_values())
    else:
        await context.end_dialogue()
    unit, desk = context.unit, context.unit.desk
    today = tehran_day(unit.now)
    question, answer = await catalogues.ask(
        answerer=desk.answerer,
        text=draft.offered.text,
        office_id=unit.citizen.office_id,
        recent=unit.citizen.spoke_of(unit.now),
        published_codes=desk.catalogue.codes,
        today=today,
    )
    unit.notes.append(question)
    reply = answers.answered(context.words, desk.catalogue, question, answer, today)
    if dialogue is not None:
        reply = asides.with_unsent(context.words, dialogue, reply)
    context.reply(reply)


async def _go_on(
    context: DeskContext, draft: Draft, *, notes: Sequence[str] = (), is_page: bool = False
) -> None:
    """Keep the draft, and ask what is missing."""
    dialogue = await context.advance(draft.next_step.value, **draft.as_values())
    catalogue = context.unit.desk.catalogue
    today = tehran_day(context.unit.now)
    page = views.step_page(
        context.words, catalogue, dialogue, draft, today, notes=notes, is_page=is_page
    )
    if draft.next_step is Step.REVIEW and not draft.is_anonymous:
        page = await with_consent(context, page)
    context.reply(page)


def _read(update: Update, context: DeskContext) -> tuple[Dialogue, Draft, Piece]:
    message: Message | None = update.effective_message
    dialogue = context.unit.dialogue
    assert message is not None
    assert dialogue is not None
    draft = Draft.of(dialogue, context.unit.desk.catalogue)
    return dialogue, draft, Piece(message.message_id, cleaned(message.text or ""))


def _is_fresh(context: DeskContext, dialogue: Dialogue) -> bool:
    return dialogue.expires_at - context.unit.now > DIALOGUE_LASTS - _FRESH_FOR
