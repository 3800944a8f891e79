"""/unanswered in the admin chat: what citizens asked in vain, and the answers staff write to it.

An officer answers a group of questions in reply to a prompt; a manager who did not write the
answer approves it, and whoever left a case about it is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, MessageHandler

from bot.cases import use_cases as cases
from bot.catalogue import use_cases
from bot.kit.jalali import tehran_day
from handlers.adding import NEW_IN_GROUP, WORDS, Application, add_buttons
from handlers.callback_data.learning import (
    ApprovePressed,
    DismissQuestionsPressed,
    DraftsPressed,
    RejectPressed,
    RetirePressed,
    RewritePressed,
    UnansweredOpened,
    UnansweredPressed,
    WriteAnswerPressed,
)
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import MANAGERS, OFFICERS, acting, acting_here, staff_action
from handlers.staff.learning.answers_at_hand import asked_since, group_of, show_answer, take_up
from handlers.staff.learning.learning_replies import SUBJECT, Asked, follow
from handlers.views.desk import learning as views

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import LearntAnswer, LearntId
    from handlers.context import DeskContext

_GROUPS_MAX = 100


def add(application: Application) -> None:
    """Add the learning."""
    application.add_handler(CommandHandler("unanswered", show_unanswered, filters=NEW_IN_GROUP))
    replied = NEW_IN_GROUP & About(SUBJECT) & WORDS
    application.add_handler(MessageHandler(replied, follow))
    add_buttons(
        application,
        (UnansweredOpened, open_unanswered),
        (UnansweredPressed, turn_unanswered),
        (WriteAnswerPressed, ask_for_answer),
        (DismissQuestionsPressed, dismiss),
        (DraftsPressed, show_draft),
        (ApprovePressed, approve),
        (RejectPressed, ask_why_rejected),
        (RetirePressed, ask_why_retired),
        (RewritePressed, ask_for_version),
    )


@staff_action(*OFFICERS)
async def show_unanswered(update: Update, context: DeskContext) -> None:
    """Answer /unanswered with the most frequent questions of the first office of this chat."""
    offices = await acting_here(update, context, OFFICERS)
    await _show(context, next(iter(offices)), list(offices), start=0, is_page=False)


@staff_action(*OFFICERS)
async def open_unanswered(update: Update, context: DeskContext) -> None:
    """Answer the button of a digest, which stays as it is, with the list below it."""
    asked = UnansweredOpened.unpack(pressed(update))
    await acting(update, context, asked.office_id, OFFICERS)
    offices = await acting_here(update, context, OFFICERS)
    await _show(context, asked.office_id, list(offices), start=0, is_page=False)


@staff_action(*OFFICERS)
async def turn_unanswered(update: Update, context: DeskContext) -> None:
    """Answer a button that leads to a page of the list of an office."""
    asked = UnansweredPressed.unpack(pressed(update))
    start = asked.start
    await acting(update, context, asked.office_id, OFFICERS)
    offices = await acting_here(update, context, OFFICERS)
    await _show(context, asked.office_id, list(offices), start=start, is_page=True)


@staff_action(*OFFICERS)
async def ask_for_answer(update: Update, context: DeskContext) -> None:
    """Answer the button under a group: its answer is asked for."""
    asked = WriteAnswerPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, OFFICERS)
    group = await group_of(context, asked.office_id, asked.question)
    reply = views.answer_prompt(context.words, group.text, use_cases.ANSWER_UNITS_MAX)
    context.reply(reply, about=f"{SUBJECT}:{Asked.NEW.value}:{asked.office_id}:{asked.question}")


@staff_action(*OFFICERS)
async def dismiss(update: Update, context: DeskContext) -> None:
    """Answer the button that takes a group out of the list of this office."""
    asked = DismissQuestionsPressed.unpack(pressed(update))
    staff = await acting(update, context, asked.office_id, OFFICERS)
    group = await group_of(context, asked.office_id, asked.question)
    await use_cases.dismiss_group(
        context.unit.tx,
        question_ids=[question.id for question in group.questions],
        actor=staff,
        now=context.unit.now,
    )
    context.toast(views.dismissed_note(context.words))
    offices = await acting_here(update, context, OFFICERS)
    await _show(context, asked.office_id, list(offices), start=0, is_page=True)


@staff_action(*OFFICERS)
async def show_draft(update: Update, context: DeskContext) -> None:
    """Answer the button that leads to the oldest answer that waits for a manager."""
    asked = DraftsPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, OFFICERS)
    drafts = await use_cases.drafts_of(context.unit.tx, office_id=asked.office_id)
    if drafts:
        await show_answer(context, drafts[0])
    else:
        context.reply(
            views.no_drafts(
                context.words, context.unit.desk.catalogue.published_by(asked.office_id)
            )
        )


@staff_action(*MANAGERS)
async def approve(update: Update, context: DeskContext) -> None:
    """Answer with a draft from now on, and tell whoever left a case about the question."""
    asked = ApprovePressed.unpack(pressed(update))
    _learnt, staff = await take_up(update, context, asked.learnt, MANAGERS)
    unit = context.unit
    approved = await use_cases.approve_answer(
        unit.tx, learnt_id=asked.learnt, actor=staff, now=unit.now
    )
    told_count = await _tell_askers(context, approved)
    await show_answer(context, approved, told_count=told_count, is_page=True)


@staff_action(*MANAGERS)
async def ask_why_rejected(update: Update, context: DeskContext) -> None:
    """Answer the button that sends a draft back: the reason is asked for."""
    asked = RejectPressed.unpack(pressed(update))
    await _ask_why(update, context, asked.learnt, Asked.REJECT)


@staff_action(*MANAGERS)
async def ask_why_retired(update: Update, context: DeskContext) -> None:
    """Answer the button that withdraws an answer: the reason is asked for."""
    asked = RetirePressed.unpack(pressed(update))
    await _ask_why(update, context, asked.learnt, Asked.RETIRE)


async def _ask_why(
    update: Update, context: DeskContext, learnt_id: LearntId, asked: Asked
) -> None:
    learnt, _staff = await take_up(update, context, learnt_id, MANAGERS)
    reply = views.reason_prompt(context.words, learnt)
    context.reply(reply, about=f"{SUBJECT}:{asked.value}:{learnt.id}")


@staff_action(*OFFICERS)
async def ask_for_version(update: Update, context: DeskContext) -> None:
    """Answer the button that rewrites an answer: its next version is asked for."""
    asked = RewritePressed.unpack(pressed(update))
    learnt, _staff = await take_up(update, context, asked.learnt, OFFICERS)
    reply = views.answer_prompt(context.words, learnt.question, use_cases.ANSWER_UNITS_MAX)
    context.reply(reply, about=f"{SUBJECT}:{Asked.NEXT.value}:{learnt.id}")


async def _show(
    context: DeskContext, office_id: str, offices: list[str], *, start: int, is_page: bool
) -> None:
    unit = context.unit
    groups = await use_cases.question_groups(
        unit.tx,
        answerer=unit.desk.answerer,
        office_id=office_id,
        since=asked_since(unit.now),
        limit=_GROUPS_MAX,
    )
    drafts = await use_cases.drafts_of(unit.tx, office_id=office_id)
    catalogue = unit.desk.catalogue
    context.reply(
        views.unanswered(
            context.words,
            catalogue.published_by(office_id),
            groups,
            start=start if start < len(groups) else 0,
            draft_count=len(drafts),
            others=[catalogue.published_by(other) for other in offices if other != office_id],
            is_page=is_page,
        )
    )


async def _tell_askers(context: DeskContext, approved: LearntAnswer) -> int:
    """Tell whoever handed one of the questions over, once for all versions; count the people."""
    unit = context.unit
    grown = await cases.cases_of_questions(unit.tx, question_ids=approved.question_ids)
    waiting = [case for case in grown if case.author_id is not None and not case.is_over]
    published = unit.desk.catalogue.published_by(approved.office_id)
    for case in waiting:
        words = unit.desk.words_of(case.language)
        reply = views.now_answered(words, published, case, approved, tehran_day(unit.now))
        assert case.author_id is not None
        context.tell(
            int(case.author_id),
            reply,
            about=f"case:{case.id}",
            once=f"learnt:{approved.key}:{case.id}",
        )
    return len({case.author_id for case in waiting})
