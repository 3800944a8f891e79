"""Answering from the admin chat: whoever replies to a message about a case answers the citizen.

A note is an explicit command, and a reply to a colleague goes to nobody: nothing slips out. What
cannot be placed is said to have been sent to nobody, so that no answer is silently lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, MessageHandler, filters

from bot.cases import use_cases as cases
from bot.cases.errors import NoSuchCase
from bot.cases.model import CaseId, MessageKind
from bot.kit.tracking import code_in, shown
from handlers.adding import NEW_IN_GROUP, WORDLESS, WORDS, Application, add_buttons
from handlers.callback_data.desk import CaseDeskPressed
from handlers.context import current_unit
from handlers.recognizing import About
from handlers.staff.access import OFFICERS, acting_here, names_of, offices_here, staff_action
from handlers.staff.cases import desk_actions, desk_prompts
from handlers.staff.cases.at_hand import citizen_words, take_up, tell_author
from handlers.views.cases import case_notices
from handlers.views.desk import case_acts as views
from handlers.views.desk.desk_words import colleague

if TYPE_CHECKING:
    from telegram import Message, Update

    from handlers.context import DeskContext
    from handlers.staff.cases.at_hand import AtHand


class ToOurs(filters.MessageFilter):
    """Lets a reply to a message of the desk itself pass, never one to a colleague's."""

    def filter(self, message: Message) -> bool:
        """Look at who wrote what is replied to."""
        original = message.reply_to_message
        author = None if original is None else original.from_user
        return author is not None and author.id == message.get_bot().id


class AboutCase(filters.MessageFilter):
    """Lets a reply to a message about one case pass: by the map, else by the code in its text."""

    def filter(self, message: Message) -> bool:
        """Look at the map first; a message in the map about something else is no case."""
        subject = current_unit.get().subject
        if subject is not None:
            return subject.startswith("case:")
        return code_shown(message) is not None


def code_shown(message: Message) -> str | None:
    """Read the one tracking code in the message replied to; a list of several names no case."""
    original = message.reply_to_message
    text = "" if original is None else original.text or original.caption or ""
    code = code_in(text)
    if code is None:
        return None
    rest = text.replace(shown(code), " ").replace(code, " ")
    return None if code_in(rest) is not None else code


def add(application: Application) -> None:
    """Add what staff say and press in the admin chat."""
    edited = filters.ChatType.GROUPS & filters.UpdateType.EDITED_MESSAGE
    application.add_handler(CommandHandler("note", note, filters=NEW_IN_GROUP))
    prompted = NEW_IN_GROUP & ToOurs() & About(desk_prompts.SUBJECT)
    application.add_handler(MessageHandler(prompted & WORDS, desk_prompts.follow))
    answering = NEW_IN_GROUP & ToOurs() & AboutCase()
    application.add_handler(MessageHandler(answering & WORDS, answer))
    application.add_handler(MessageHandler(answering & filters.COMMAND, hold_back))
    application.add_handler(MessageHandler(WORDLESS & (answering | prompted), refuse_file))
    application.add_handler(MessageHandler(edited & About("said") & filters.TEXT, revise))
    add_buttons(application, (CaseDeskPressed, desk_actions.press))


def add_last(application: Application) -> None:
    """Add what is said to a reply, or to an edit of one, that no conversation took."""
    edited = filters.ChatType.GROUPS & filters.UpdateType.EDITED_MESSAGE
    application.add_handler(MessageHandler(NEW_IN_GROUP & ToOurs() & WORDS, say_unplaced))
    application.add_handler(MessageHandler(edited & ToOurs() & WORDS, say_not_edited))


@staff_action(*OFFICERS)
async def answer(update: Update, context: DeskContext) -> None:
    """Send an officer's reply to the citizen, unless it is a word to a colleague."""
    message = update.effective_message
    assert message is not None
    text = message.text or ""
    hand = await _take_up(update, context)
    if text.startswith(("/", "@")):
        context.reply(views.not_sent(context.words))
        return
    if hand.case.is_over:
        context.reply(views.over_not_sent(context.words, hand.case), about=hand.about)
        return
    unit = context.unit
    case = await cases.reply(
        unit.tx,
        case_id=hand.case.id,
        actor=hand.staff,
        text=text,
        calendar=await context.calendar(hand.case.office_id),
        source=(message.chat_id, message.message_id),
        now=unit.now,
    )
    tell_author(context, case, case_notices.answered(citizen_words(context, case), case, text))
    await context.mark(f"said:{case.id}")
    sent = views.answer_sent(context.words, case, beside=await _beside(context, hand))
    context.reply(sent, about=hand.about)


async def _beside(context: DeskContext, hand: AtHand) -> str | None:
    """Name the colleague who has the case, or who has answered it already."""
    told = [said for said in hand.dossier.messages if said.kind is not MessageKind.NOTE]
    last = told[-1] if told else None
    ids = [hand.case.assignee_id]
    if last is not None and last.kind is MessageKind.ANSWER:
        ids.append(last.author_id)
    others = [id_ for id_ in ids if id_ is not None and id_ != hand.staff.id]
    if not others:
        return None
    return colleague(await names_of(context, hand.case.office_id), others[-1], context.words)


@staff_action(*OFFICERS)
async def revise(update: Update, context: DeskContext) -> None:
    """Keep what an officer edited; a corrected answer is sent to the citizen anew."""
    message = update.effective_message
    assert message is not None
    unit, text = context.unit, message.text or ""
    case_id = _case_id(unit.subject)
    assert case_id is not None
    hand = await take_up(update, context, case_id)
    revised = await cases.revise_answer(
        unit.tx,
        source=(message.chat_id, message.message_id),
        actor=hand.staff,
        text=_without_command(text),
        now=unit.now,
    )
    if revised is None:
        return
    case, latest = revised
    if latest.kind is MessageKind.NOTE:
        context.reply(views.note_kept(context.words, case), about=hand.about)
        return
    words = citizen_words(context, case)
    tell_author(context, case, case_notices.corrected(words, case, latest.text))
    context.reply(views.answer_revised(context.words, case), about=hand.about)


@staff_action(*OFFICERS)
async def note(update: Update, context: DeskContext) -> None:
    """Keep an internal note: /note and the words, in reply to any message about the case."""
    message = update.effective_message
    assert message is not None
    await acting_here(update, context, OFFICERS)
    if await _find(message, context) is None:
        context.reply(views.note_how(context.words))
        return
    hand = await _take_up(update, context)
    case = await cases.note(
        context.unit.tx,
        case_id=hand.case.id,
        actor=hand.staff,
        text=_without_command(message.text or ""),
        source=(message.chat_id, message.message_id),
        now=context.unit.now,
    )
    await context.mark(f"said:{case.id}")
    context.reply(views.note_kept(context.words, case), about=hand.about)


@staff_action(*OFFICERS)
async def hold_back(update: Update, context: DeskContext) -> None:
    """Send no mistyped command to the citizen."""
    await _take_up(update, context)
    context.reply(views.not_sent(context.words))


@staff_action(*OFFICERS)
async def refuse_file(update: Update, context: DeskContext) -> None:
    """Refuse a file or a sticker without opening it; of an album, only the first is answered."""
    await acting_here(update, context, OFFICERS)
    assert update.effective_message is not None
    album = update.effective_message.media_group_id
    once = None if album is None else f"album:{album}"
    context.reply(views.files_refused(context.words), once=once)


@staff_action(*OFFICERS)
async def say_unplaced(update: Update, context: DeskContext) -> None:
    """Say that a reply was sent to nobody, because it is not known which case it is about."""
    if await offices_here(context):
        await acting_here(update, context, OFFICERS)
        context.reply(views.unplaced(context.words))


@staff_action(*OFFICERS)
async def say_not_edited(update: Update, context: DeskContext) -> None:
    """Say that an edit changed nothing: what was edited had not been sent as an answer."""
    if await offices_here(context):
        await acting_here(update, context, OFFICERS)
        context.reply(views.not_edited(context.words))


async def _take_up(update: Update, context: DeskContext) -> AtHand:
    message = update.effective_message
    assert message is not None
    case_id = await _find(message, context)
    if case_id is None:
        await acting_here(update, context, OFFICERS)
        raise NoSuchCase
    return await take_up(update, context, case_id)


async def _find(message: Message, context: DeskContext) -> CaseId | None:
    """Find the case that the message replied to is about."""
    case_id = _case_id(context.unit.subject)
    if case_id is not None or context.unit.subject is not None:
        return case_id
    code = code_shown(message) if ToOurs().filter(message) else None
    if code is None:
        return None
    sight = await cases.sight(context.unit.tx, code=code, citizen_id=context.unit.citizen.id)
    return sight.dossier.case.id


def _without_command(text: str) -> str:
    """Leave the words of a note; anything else has no command at its beginning."""
    if not text.startswith("/"):
        return text
    return "".join(text.split(maxsplit=1)[1:])


def _case_id(subject: str | None) -> CaseId | None:
    """Read the case from what a message is about; our own words, so they are well formed."""
    kind, _, number = (subject or "").partition(":")
    return CaseId(int(number)) if kind in {"case", "said"} else None
