"""The lists of the staff desk: /cases in the admin chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler

from bot.cases import use_cases as cases
from bot.cases.errors import CodeUnreadable
from bot.cases.model import Queue
from bot.kit.tracking import code_in
from handlers.adding import NEW_IN_GROUP, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.desk import QueuePressed, QueuesPressed, QueueTurned
from handlers.context import pressed
from handlers.staff.access import OFFICERS, acting, acting_here, staff_action
from handlers.staff.cases.at_hand import show_card, take_up
from handlers.views.desk import queues as views

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext


def add(application: Application) -> None:
    """Add the lists."""
    application.add_handler(CommandHandler("cases", count_cases, filters=NEW_IN_GROUP))
    application.add_handler(CommandHandler("case", show_case, filters=NEW_IN_GROUP))
    add_buttons(
        application,
        (QueuesPressed, show_counts),
        (QueuePressed, show_list),
        (QueueTurned, turn_list),
    )


@staff_action(*OFFICERS)
async def count_cases(update: Update, context: DeskContext) -> None:
    """Answer /cases with how many cases each list has."""
    await _show_counts(update, context, is_page=False)


@staff_action(*OFFICERS)
async def show_case(update: Update, context: DeskContext) -> None:
    """Answer /case and a tracking code with the card; another office's code is as good as none."""
    await acting_here(update, context, OFFICERS)
    code = code_in(" ".join(context.args or ()))
    if code is None:
        raise CodeUnreadable
    unit = context.unit
    sight = await cases.sight(unit.tx, code=code, citizen_id=unit.citizen.id)
    hand = await take_up(update, context, sight.dossier.case.id)
    await show_card(context, hand, is_page=False)


@staff_action(*OFFICERS)
async def show_counts(update: Update, context: DeskContext) -> None:
    """Answer the button that leads back to the lists."""
    QueuesPressed.unpack(pressed(update))
    await _show_counts(update, context, is_page=True)


@staff_action(*OFFICERS)
async def show_list(update: Update, context: DeskContext) -> None:
    """Answer a number, of the lists or of a digest, with its list below it."""
    asked = QueuePressed.unpack(pressed(update))
    await _show_list(update, context, asked, is_page=False)


@staff_action(*OFFICERS)
async def turn_list(update: Update, context: DeskContext) -> None:
    """Answer a button that turns the page of a list, in its place."""
    asked = QueueTurned.unpack(pressed(update))
    await _show_list(update, context, asked, is_page=True)


async def _show_counts(update: Update, context: DeskContext, *, is_page: bool) -> None:
    unit = context.unit
    acting_for = await acting_here(update, context, OFFICERS)
    counted = [
        (
            unit.desk.catalogue.published_by(office_id),
            await cases.counts(unit.tx, office_id=office_id, actor_id=staff.id, now=unit.now),
        )
        for office_id, staff in acting_for.items()
    ]
    context.reply(views.counted(context.words, counted, is_page=is_page), about=views.SUBJECT)


async def _show_list(
    update: Update, context: DeskContext, asked: QueuePressed | QueueTurned, *, is_page: bool
) -> None:
    unit = context.unit
    published = unit.desk.catalogue.find(asked.office_id)
    queue = next((queue for queue in Queue if queue.value == asked.queue), None)
    if published is None or queue is None:
        raise StaleButton
    staff = await acting(update, context, asked.office_id, OFFICERS)
    items, count = await cases.queue_page(
        unit.tx,
        office_id=asked.office_id,
        queue=queue,
        actor_id=staff.id,
        now=unit.now,
        limit=views.CASES_ON_A_PAGE,
        offset=asked.start,
    )
    page = views.QueuePage(queue, items, asked.start, count)
    reply = views.listed(context.words, published, page, unit.now, is_page=is_page)
    context.reply(reply, about=views.SUBJECT)
