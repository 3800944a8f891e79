"""The answer, or the group of questions, that staff have at hand: looked up anew each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalogue import use_cases
from bot.catalogue.errors import LearntGone
from bot.kit.jalali import tehran_day
from bot.kit.keeping import KEPT_FOR, Kind
from handlers.staff.access import acting_here, names_of
from handlers.views.desk import learning as views

if TYPE_CHECKING:
    from datetime import date, datetime

    from telegram import Update

    from bot.catalogue.model import LearntAnswer, LearntId, QuestionGroup
    from bot.citizens.model import Role, Staff
    from handlers.context import DeskContext


async def take_up(
    update: Update, context: DeskContext, learnt_id: LearntId, roles: tuple[Role, ...]
) -> tuple[LearntAnswer, Staff]:
    """Find a version of an office of this chat, and in which role the person acts on it.

    One of another office is as good as none (LearntGone), so that nothing is learnt of it.
    """
    offices = await acting_here(update, context, roles)
    learnt = await use_cases.learnt(context.unit.tx, learnt_id)
    if learnt.office_id not in offices:
        raise LearntGone
    return learnt, offices[learnt.office_id]


async def show_answer(
    context: DeskContext, learnt: LearntAnswer, *, told_count: int = 0, is_page: bool = False
) -> None:
    """Show an answer as it stands."""
    names = await names_of(context, learnt.office_id)
    reply = views.answer_card(
        context.words,
        context.unit.desk.catalogue.published_by(learnt.office_id),
        learnt,
        tehran_day(context.unit.now),
        author=names.get(learnt.author_id),
        told_count=told_count,
        is_page=is_page,
    )
    context.reply(reply, about=f"learnt:{learnt.id}")


async def group_of(context: DeskContext, office_id: str, question_id: int) -> QuestionGroup:
    """Find the group that a question is in by now."""
    return await use_cases.group_of(
        context.unit.tx,
        answerer=context.unit.desk.answerer,
        office_id=office_id,
        since=asked_since(context.unit.now),
        question_id=question_id,
    )


def asked_since(now: datetime) -> date:
    """Questions are kept no longer than this."""
    return tehran_day(now) - KEPT_FOR[Kind.QUESTION]
