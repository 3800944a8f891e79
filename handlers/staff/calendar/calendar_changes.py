"""A change of the calendar: previewed, confirmed by whoever proposed it, and told once.

What was previewed waits as a flow of the officer; its token is on the buttons. Confirming counts
anew: cases that came in meanwhile move too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.calendar import use_cases as calendars
from bot.calendar.model import ClosureId, HolidayId
from bot.cases import use_cases as cases
from bot.citizens import use_cases as citizens
from bot.citizens.model import Role
from bot.kit.jalali import tehran_day
from handlers.adding import Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.closures import ConfirmPressed, DropPressed
from handlers.context import pressed
from handlers.staff.access import OFFICERS, acting, staff_action
from handlers.staff.calendar.calendar_proposals import FLOW
from handlers.staff.calendar.closing_words import from_kept
from handlers.views.office import calendar_notices as notices
from handlers.views.office import calendar_previews as views

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telegram import Update

    from bot.calendar.model import Closure
    from bot.cases.model import Shift
    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId, Dialogue, Staff
    from bot.kit.words import Words
    from handlers.context import DeskContext
    from handlers.reply import Reply

MOVERS = (Role.MANAGER,)  # a holiday is the whole country's


@dataclass(frozen=True)
class Settled:
    """What a change has done in one office: cases whose dates moved, and citizens told of it."""

    moved: int
    told: int


def add(application: Application) -> None:
    """Add the buttons under a preview."""
    add_buttons(application, (ConfirmPressed, confirm), (DropPressed, drop))


@staff_action(*OFFICERS)
async def confirm(update: Update, context: DeskContext) -> None:
    """Do what was previewed, unless the preview is of an earlier flow."""
    talk = _proposed(context, ConfirmPressed.unpack(pressed(update)).token)
    does, roles = {
        "close": (_close, OFFICERS),
        "withdraw": (_withdraw, OFFICERS),
        "move": (_move, MOVERS),
    }[str(talk.draft["do"])]
    actor = await acting(update, context, str(talk.draft["office_id"]), roles)
    await context.end_dialogue()
    await does(context, actor, talk)


@staff_action(*OFFICERS)
async def drop(update: Update, context: DeskContext) -> None:
    """Leave everything as it is."""
    talk = _proposed(context, DropPressed.unpack(pressed(update)).token)
    await acting(update, context, str(talk.draft["office_id"]), OFFICERS)
    await context.end_dialogue()
    context.reply(views.left_alone(context.words))


def _proposed(context: DeskContext, token: str) -> Dialogue:
    talk = context.unit.dialogue
    if talk is None or talk.name != FLOW or talk.token != token:
        raise StaleButton
    return talk


async def _close(context: DeskContext, actor: Staff, talk: Dialogue) -> None:
    unit, draft = context.unit, from_kept(talk.draft)
    decided = await calendars.decide_closure(
        unit.tx, draft=draft, actor_id=actor.id, today=tehran_day(unit.now), now=unit.now
    )
    subject = f"closure:{decided.id}"
    days = (None, _days(decided))
    await _record(context, actor, "closure.decided", (subject, draft.reason), days)
    published = _published(context, actor.office_id)

    def notice(words: Words, shifts: Sequence[Shift]) -> Reply:
        return notices.closed(words, published, draft, shifts)

    done = await _settle(context, actor.office_id, subject, notice)
    _sum_up(context, published, views.closed_now(context.words, draft), done)


async def _withdraw(context: DeskContext, actor: Staff, talk: Dialogue) -> None:
    unit, office_id = context.unit, actor.office_id
    closure_id = ClosureId(int(str(talk.draft["closure_id"])))
    before = await calendars.closure(unit.tx, closure_id=closure_id, office_id=office_id)
    after = await calendars.withdraw_closure(
        unit.tx,
        closure_id=closure_id,
        calendar=await context.calendar(office_id),
        today=tehran_day(unit.now),
        now=unit.now,
    )
    subject = f"closure:{closure_id}"
    days = (_days(before), _days(after))
    await _record(context, actor, "closure.withdrawn", (subject, before.draft.reason), days)
    published = _published(context, office_id)

    def notice(words: Words, shifts: Sequence[Shift]) -> Reply:
        return notices.reopened(words, published, before.draft, shifts)

    done = await _settle(context, office_id, f"{subject}:withdrawn", notice)
    _sum_up(context, published, views.withdrawn_now(context.words, before.draft), done)


async def _move(context: DeskContext, actor: Staff, talk: Dialogue) -> None:
    unit = context.unit
    holiday_id = HolidayId(int(str(talk.draft["holiday_id"])))
    new_day = date.fromisoformat(str(talk.draft["new_day"]))
    moved = await calendars.holiday(unit.tx, holiday_id)
    today = tehran_day(unit.now)
    await calendars.move_holiday(unit.tx, holiday_id=holiday_id, new_day=new_day, today=today)
    days = (moved.day, new_day)
    subject = f"holiday:{holiday_id}"
    await _record(context, actor, "holiday.moved", (subject, moved.occasion), days)

    def notice(words: Words, shifts: Sequence[Shift]) -> Reply:
        return notices.holiday_moved(words, moved, new_day, shifts)

    for published in unit.desk.catalogue.offices:
        done = await _settle(context, published.office.id, f"moved:{talk.token}", notice)
        what = views.moved_now(context.words, moved, new_day)
        if published.office.id == actor.office_id:
            _sum_up(context, published, what, done)
        else:
            await _tell_desk(context, published, what, done)


async def _settle(
    context: DeskContext,
    office_id: str,
    once: str,
    notice: Callable[[Words, Sequence[Shift]], Reply],
) -> Settled:
    """Move the dates of an office's cases, and tell the citizens who left a way to be told.

    Whoever has several such cases is told of all of them in one message.
    """
    unit = context.unit
    unit.calendars.pop(office_id, None)
    shifts = await cases.recalculate(
        unit.tx, office_id=office_id, calendar=await context.calendar(office_id), now=unit.now
    )
    by_author: dict[CitizenId, list[Shift]] = {}
    for shift in shifts:
        if shift.case.author_id is not None:
            by_author.setdefault(shift.case.author_id, []).append(shift)
    for author_id, moved in by_author.items():
        ids = {shift.case.id for shift in moved}
        reply = notice(unit.desk.words_of(moved[0].case.language), moved)
        about = f"case:{moved[0].case.id}" if len(ids) == 1 else None
        context.tell(int(author_id), reply, about=about, once=f"{once}:{min(ids)}")
    return Settled(len({shift.case.id for shift in shifts}), len(by_author))


async def _record(
    context: DeskContext,
    actor: Staff,
    action: str,
    about: tuple[str, str],
    between: tuple[object, object],
) -> None:
    """Write down what was done to what, and why."""
    unit = context.unit
    await citizens.record(
        unit.tx,
        actor=actor,
        action=action,
        subject=about[0],
        note=about[1],
        between=between,
        now=unit.now,
    )


def _days(closure: Closure) -> str | None:
    """Name its days as the audit keeps them; none are left of one that was withdrawn."""
    if closure.withdrawn_at is not None:
        return None
    first, last = closure.draft.first_on, closure.draft.last_on
    return f"{first}" if first == last else f"{first}/{last}"


def _sum_up(context: DeskContext, published: OfficeCatalogue, what: str, done: Settled) -> None:
    context.reply(views.settled(context.words, published, what, moved=done.moved, told=done.told))


async def _tell_desk(
    context: DeskContext, published: OfficeCatalogue, what: str, done: Settled
) -> None:
    """Tell the desk of another office, unless it was told in this chat already."""
    chat_id = await context.admin_chat(published.office.id)
    if chat_id is None or (chat_id == context.place_id and not done.moved):
        return
    reply = views.told_elsewhere(context.words, published, what, moved=done.moved, told=done.told)
    context.tell(chat_id, reply)


def _published(context: DeskContext, office_id: str) -> OfficeCatalogue:
    return context.unit.desk.catalogue.published_by(office_id)
