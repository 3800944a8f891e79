"""What staff write in reply to a prompt of the learning: an answer, its next version, a reason."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.catalogue import use_cases
from bot.catalogue.model import LearntId
from handlers.callback_data import number_in
from handlers.staff.access import MANAGERS, OFFICERS, acting, staff_action
from handlers.staff.learning.answers_at_hand import group_of, show_answer, take_up

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext

SUBJECT = "do:learn"


class Asked(StrEnum):
    """What a prompt asks for; it stands in the prompt's subject."""

    NEW = "new"  # the first version of an answer
    NEXT = "next"
    REJECT = "reject"  # why
    RETIRE = "retire"  # why


@staff_action(*OFFICERS)
async def follow(update: Update, context: DeskContext) -> None:
    """Do what a prompt asked for, with the words of the reply."""
    message = update.effective_message
    assert message is not None
    _do, _learn, asked, *about = (context.unit.subject or "").split(":")
    text = message.text or ""
    if asked == Asked.NEW:
        office_id, question_id = about
        await _draft(update, context, office_id, number_in(question_id), text)
    elif asked == Asked.NEXT:
        await _draft_next(update, context, LearntId(number_in(about[0])), text)
    else:
        await _decide(update, context, LearntId(number_in(about[0])), Asked(asked), text)


async def _draft(
    update: Update, context: DeskContext, office_id: str, question_id: int, text: str
) -> None:
    staff = await acting(update, context, office_id, OFFICERS)
    group = await group_of(context, office_id, question_id)
    unit = context.unit
    draft = await use_cases.draft_answer(
        unit.tx,
        office_id=office_id,
        service_id=None,
        question=group.text,
        answer=text,
        question_ids=[question.id for question in group.questions],
        author=staff,
        now=unit.now,
        facet=unit.desk.answerer.facet_of(group.text),
        published_codes=unit.desk.catalogue.codes,
    )
    await show_answer(context, draft)


async def _draft_next(
    update: Update, context: DeskContext, learnt_id: LearntId, text: str
) -> None:
    before, staff = await take_up(update, context, learnt_id, OFFICERS)
    unit = context.unit
    draft = await use_cases.draft_answer(
        unit.tx,
        office_id=before.office_id,
        service_id=before.service_id,
        question=before.question,
        answer=text,
        question_ids=before.question_ids,
        author=staff,
        now=unit.now,
        key=before.key,
        facet=before.facet,
        published_codes=unit.desk.catalogue.codes,
    )
    await show_answer(context, draft)


async def _decide(
    update: Update, context: DeskContext, learnt_id: LearntId, asked: Asked, reason: str
) -> None:
    _learnt, staff = await take_up(update, context, learnt_id, MANAGERS)
    decide = use_cases.reject_answer if asked is Asked.REJECT else use_cases.retire_answer
    decided = await decide(
        context.unit.tx, learnt_id=learnt_id, actor=staff, reason=reason, now=context.unit.now
    )
    await show_answer(context, decided)
