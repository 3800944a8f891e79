"""What an officer writes in reply to a prompt: a question, a note, a reason, a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases import use_cases as cases
from bot.cases.model import CaseId, Ending
from handlers.callback_data.desk import DeskVerb
from handlers.staff.access import OFFICERS, staff_action
from handlers.staff.cases.at_hand import citizen_words, take_up, tell_author
from handlers.staff.cases.endings import close
from handlers.staff.money import credit
from handlers.views.cases import case_notices
from handlers.views.desk import case_acts as views
from handlers.views.desk.case_menus import prompt

if TYPE_CHECKING:
    from telegram import Message, Update

    from handlers.context import DeskContext
    from handlers.staff.cases.at_hand import AtHand

SUBJECT = "do:case"


def put(context: DeskContext, hand: AtHand, verb: DeskVerb) -> None:
    """Ask the officer for words, in a message that they reply to."""
    reply = prompt(context.words, hand.published, hand.case, verb)
    context.reply(reply, about=f"{SUBJECT}:{verb.value}:{hand.case.id}")


@staff_action(*OFFICERS)
async def follow(update: Update, context: DeskContext) -> None:
    """Do what a prompt asked for, with the words of the reply."""
    message = update.effective_message
    assert message is not None
    *_, verb, number = (context.unit.subject or "").split(":")
    hand = await take_up(update, context, CaseId(int(number)))
    does = {
        DeskVerb.ASK: _ask,
        DeskVerb.NOTE: _note,
        DeskVerb.END: _end,
        DeskVerb.MERGE: _merge,
        DeskVerb.CHANGED: _changed,
        DeskVerb.CREDIT: credit.propose,
    }
    await does[DeskVerb(verb)](context, hand, message)


async def _ask(context: DeskContext, hand: AtHand, message: Message) -> None:
    unit, text = context.unit, message.text or ""
    case = await cases.ask(
        unit.tx,
        case_id=hand.case.id,
        actor=hand.staff,
        text=text,
        source=(message.chat_id, message.message_id),
        now=unit.now,
    )
    tell_author(context, case, case_notices.asked(citizen_words(context, case), case, text))
    await context.mark(f"said:{case.id}")
    context.reply(views.question_sent(context.words, case), about=hand.about)


async def _note(context: DeskContext, hand: AtHand, message: Message) -> None:
    case = await cases.note(
        context.unit.tx,
        case_id=hand.case.id,
        actor=hand.staff,
        text=message.text or "",
        source=(message.chat_id, message.message_id),
        now=context.unit.now,
    )
    await context.mark(f"said:{case.id}")
    context.reply(views.note_kept(context.words, case), about=hand.about)


async def _end(context: DeskContext, hand: AtHand, message: Message) -> None:
    case = await close(context, hand, Ending.CANNOT_BE_DONE, reason=message.text or "")
    context.reply(views.ended(context.words, case), about=hand.about)


async def _merge(context: DeskContext, hand: AtHand, message: Message) -> None:
    case, target = await cases.merge(
        context.unit.tx,
        case_id=hand.case.id,
        actor=hand.staff,
        into_code=message.text or "",
        now=context.unit.now,
    )
    tell_author(context, case, case_notices.merged(citizen_words(context, case), case, target))
    context.reply(views.merged(context.words, case, target), about=hand.about)


async def _changed(context: DeskContext, hand: AtHand, message: Message) -> None:
    case = await cases.mark_process_changed(
        context.unit.tx,
        case_id=hand.case.id,
        actor=hand.staff,
        note=message.text or "",
        now=context.unit.now,
    )
    tell_author(context, case, case_notices.process_changed(citizen_words(context, case), case))
    context.reply(views.process_changed(context.words, case), about=hand.about)
