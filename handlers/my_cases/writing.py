"""Writing further about a case: replies, prompted words, words that come too late, and edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import MessageHandler, filters

from bot.cases import use_cases as cases
from bot.cases.errors import CaseIsOver
from bot.cases.model import TEXT_UNITS_MAX, CaseId
from bot.kit.identity import masked
from handlers.adding import Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.cases import CaseWordsPressed
from handlers.context import pressed
from handlers.my_cases import at_hand
from handlers.recognizing import About, InDialogue
from handlers.reply import utf16_units
from handlers.views.cases import my_case_acts as views
from handlers.views.cases.case_draft import cleaned
from handlers.views.cases.my_case import FLOW, Purpose
from handlers.views.desk.desk import Headline

if TYPE_CHECKING:
    from telegram import Update

    from bot.cases.model import Case
    from bot.citizens.model import Dialogue
    from handlers.context import DeskContext


def add(application: Application) -> None:
    """Add the prompted words, the replies and the edits.

    What is rarely so is asked first: every message comes by here.
    """
    private = filters.ChatType.PRIVATE
    new = private & filters.UpdateType.MESSAGE & ~filters.COMMAND & ~filters.StatusUpdate.ALL
    prompted, about_case = InDialogue(FLOW) & new, About("case")
    edited = private & filters.UpdateType.EDITED_MESSAGE & filters.TEXT
    application.add_handler(MessageHandler(prompted & filters.TEXT, take_words))
    application.add_handler(MessageHandler(prompted, refuse_other))
    application.add_handler(MessageHandler(about_case & new & filters.TEXT, take_reply))
    application.add_handler(MessageHandler(about_case & edited, revise))
    add_buttons(application, (CaseWordsPressed, decide))


async def take_words(update: Update, context: DeskContext) -> None:
    """Take the words that were prompted for; a reply to another case's message is for that one."""
    dialogue = _dialogue(context)
    case = (await at_hand.own(context, str(dialogue.draft.get("code")))).case
    subject = context.unit.subject
    if subject is not None and subject.startswith("case:") and subject != f"case:{case.id}":
        await take_reply(update, context)
        return
    text = _text(update)
    if not text:
        context.reply(views.words_needed(context.words, dialogue))
        return
    if dialogue.step == Purpose.REOPEN_WITH:
        text = f"{dialogue.draft.get('text')}\n\n{text}"
    if utf16_units(text) > TEXT_UNITS_MAX:
        context.reply(views.too_long(context.words, dialogue, utf16_units(text)))
    elif dialogue.step == Purpose.REOPEN_WITH:
        await _offer_to_disagree(context, case, text)
    else:
        await _say(update, context, case, text, Purpose(dialogue.step))


async def take_reply(update: Update, context: DeskContext) -> None:
    """Take a reply to any message about a case as further words about it."""
    case = await _meant(context)
    text = _text(update)
    if text:
        await _say(update, context, case, text, Purpose.WORDS)
    else:
        context.reply(views.no_words(context.words, case))


async def _say(
    update: Update, context: DeskContext, case: Case, text: str, purpose: Purpose
) -> None:
    """Do what the words are for, confirm it, and tell the desk."""
    message = update.effective_message
    assert message is not None
    source = None if case.is_anonymous else (message.chat_id, message.message_id)
    try:
        after = await _change(context, case, text, purpose, source)
    except CaseIsOver as error:
        if error.until is None or purpose is not Purpose.WORDS:
            raise
        await _offer_to_disagree(context, case, text)
        return
    if context.unit.dialogue is not None and context.unit.dialogue.name == FLOW:
        await context.end_dialogue()
    await _confirm(context, after, text, purpose)
    if not case.is_anonymous:
        await context.mark(f"case:{case.id}")


async def _change(
    context: DeskContext,
    case: Case,
    text: str,
    purpose: Purpose,
    source: tuple[int, int] | None,
) -> Case:
    change = {
        Purpose.WORDS: cases.add_words,
        Purpose.OBJECT: cases.object_to,
        Purpose.REOPEN: cases.reopen,
    }[purpose]
    unit = context.unit
    return await change(
        unit.tx,
        code=case.tracking_code,
        citizen_id=unit.citizen.id,
        text=text,
        calendar=await context.calendar(case.office_id),
        source=source,
        known=unit.desk.catalogue.codes,
        now=unit.now,
    )


async def _confirm(context: DeskContext, case: Case, text: str, purpose: Purpose) -> None:
    say, headline = {
        Purpose.WORDS: (views.added, Headline.WORDS_ADDED),
        Purpose.OBJECT: (views.objected, Headline.OBJECTED),
        Purpose.REOPEN: (views.reopened, Headline.REOPENED),
    }[purpose]
    await at_hand.tell_desk(context, case, headline)
    clock = (await at_hand.own(context, case.tracking_code)).next_clock
    reply = say(context.words, case, clock, is_masked=_is_masked(context, text))
    context.reply(reply, about=at_hand.about(case))


async def _offer_to_disagree(context: DeskContext, case: Case, text: str) -> None:
    """Keep words that came after the end, and ask whether they open the case again."""
    dossier = await at_hand.own(context, case.tracking_code)
    kept = masked(text, known=context.unit.desk.catalogue.codes)
    dialogue = await context.begin(
        FLOW, Purpose.REOPEN_WITH.value, code=case.tracking_code, text=kept
    )
    purpose = at_hand.disagreement(dossier)
    page = views.disagree_instead(context.words, case, dialogue, kept, purpose)
    context.reply(page, about=at_hand.about(case))


async def decide(update: Update, context: DeskContext) -> None:
    """Answer the buttons under a prompt; one of an earlier prompt changes nothing."""
    asked = CaseWordsPressed.unpack(pressed(update))
    dialogue = context.unit.dialogue
    is_known = asked.verb in {views.CANCEL, views.CONSENT}
    if not is_known or dialogue is None or dialogue.token != asked.token:
        raise StaleButton
    if dialogue.name == views.FLOW_OFFERED:
        await _take_offered(context, dialogue)
        return
    if dialogue.name != FLOW:
        raise StaleButton
    dossier = await at_hand.own(context, str(dialogue.draft.get("code")))
    case = dossier.case
    if asked.verb == views.CANCEL:
        await context.end_dialogue()
        context.reply(views.left(context.words, case))
    elif dialogue.step != Purpose.REOPEN_WITH:
        raise StaleButton
    else:
        text = str(dialogue.draft.get("text"))
        purpose = at_hand.disagreement(dossier)
        after = await _change(context, case, text, purpose, None)
        await context.end_dialogue()
        await _confirm(context, after, text, purpose)


async def _take_offered(context: DeskContext, dialogue: Dialogue) -> None:
    """Take a text that was written on its own as the answer for which the office waited."""
    case = (await at_hand.own(context, str(dialogue.draft.get("code")))).case
    text = str(dialogue.draft.get("text"))
    after = await _change(context, case, text, Purpose.WORDS, None)
    await context.end_dialogue()
    await _confirm(context, after, text, Purpose.WORDS)


async def revise(update: Update, context: DeskContext) -> None:
    """Follow the edit of a message about a case: the office has the new wording beside the old."""
    case = await _meant(context)
    unit, message, text = context.unit, update.effective_message, _text(update)
    assert message is not None
    found = None
    if text:
        found = await cases.revise_words(
            unit.tx,
            source=(message.chat_id, message.message_id),
            citizen_id=unit.citizen.id,
            text=text,
            known=unit.desk.catalogue.codes,
            now=unit.now,
        )
    if found is None:
        context.reply(views.cannot_revise(context.words, case), about=at_hand.about(case))
        return
    await at_hand.tell_desk(context, case, Headline.WORDS_REVISED)
    reply = views.revised(context.words, case, is_masked=_is_masked(context, text))
    context.reply(reply, about=at_hand.about(case))


async def refuse_other(update: Update, context: DeskContext) -> None:
    """Refuse a picture, a voice or a sticker without opening it, and go on waiting."""
    message, dialogue = update.effective_message, _dialogue(context)
    assert message is not None
    once = None if message.media_group_id is None else f"album:{message.media_group_id}"
    page = views.words_needed(context.words, dialogue)
    context.reply(page, once=once)


async def _meant(context: DeskContext) -> Case:
    """Find the case of the message that is replied to or edited; raises NoSuchCase."""
    unit = context.unit
    number = (unit.subject or "").removeprefix("case:")
    found = await cases.dossier(unit.tx, case_id=CaseId(number_in(number)))
    return (await at_hand.own(context, found.case.tracking_code)).case


def _dialogue(context: DeskContext) -> Dialogue:
    dialogue = context.unit.dialogue
    assert dialogue is not None
    return dialogue


def _text(update: Update) -> str:
    assert update.effective_message is not None
    return cleaned(update.effective_message.text or "")


def _is_masked(context: DeskContext, text: str) -> bool:
    return masked(text, known=context.unit.desk.catalogue.codes) != text
