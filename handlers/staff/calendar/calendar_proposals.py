"""What a change of the calendar would move: worked out, shown, and kept with the flow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.calendar import rules
from bot.calendar import use_cases as calendars
from bot.cases import use_cases as cases
from bot.cases.model import Shift
from bot.kit.jalali import tehran_day
from bot.workshops import use_cases as workshops
from handlers.staff.calendar.closing_words import as_kept
from handlers.views.office import calendar_previews as views

if TYPE_CHECKING:
    from bot.calendar.model import ClosureDraft, ClosureId, HolidayId
    from bot.catalogue.model import OfficeCatalogue
    from handlers.context import DeskContext

FLOW = "calendar"
SUBJECT = "lists:calendar"  # a reply to a preview names no case, even where one code stands in it


async def propose_closure(context: DeskContext, draft: ClosureDraft) -> None:
    """Preview what a closure would move."""
    unit = context.unit
    calendar = await context.calendar(draft.office_id)
    imagined = rules.with_closure(calendar, draft)
    span = (draft.first_on, draft.last_on)
    shifts = await cases.preview(
        unit.tx, office_id=draft.office_id, calendar=imagined, now=unit.now
    )
    talk = await context.begin(FLOW, "confirm", do="close", **as_kept(draft))
    changes_hours = [day.spans for day in rules.days(calendar, *span)] != [
        day.spans for day in rules.days(imagined, *span)
    ]
    context.reply(
        views.closure_preview(
            context.words,
            _published(context, draft.office_id),
            draft,
            shifts,
            talk.token,
            sessions=await workshops.losing_their_day(
                unit.tx, office_id=draft.office_id, calendar=imagined, now=unit.now
            ),
            changes_hours=changes_hours,
        ),
        about=SUBJECT,
    )


async def propose_withdrawal(context: DeskContext, office_id: str, closure_id: ClosureId) -> None:
    """Preview what it would move to take a closure back."""
    unit = context.unit
    found = await calendars.closure(unit.tx, closure_id=closure_id, office_id=office_id)
    calendar = await context.calendar(office_id)
    left = rules.withdrawn(found, calendar, tehran_day(unit.now), unit.now)
    imagined = rules.without_closure(
        calendar, found.draft, left.draft if left.withdrawn_at is None else None
    )
    shifts = await cases.preview(unit.tx, office_id=office_id, calendar=imagined, now=unit.now)
    talk = await context.begin(
        FLOW, "confirm", do="withdraw", office_id=office_id, closure_id=closure_id
    )
    published = _published(context, office_id)
    context.reply(
        views.withdrawal_preview(context.words, published, found.draft, shifts, talk.token),
        about=SUBJECT,
    )


async def propose_move(
    context: DeskContext, office_id: str, holiday_id: HolidayId, by_days: int
) -> None:
    """Preview what it would move, in every office, if a holiday fell on another day."""
    unit = context.unit
    moved = await calendars.holiday(unit.tx, holiday_id)
    new_day = moved.day + timedelta(days=by_days)
    moves = await calendars.moves_of(
        unit.tx, holiday_id=holiday_id, new_day=new_day, today=tehran_day(unit.now)
    )
    here, elsewhere = list[Shift](), 0
    at_home = await context.calendar(office_id)
    sessions = await workshops.losing_their_day(
        unit.tx, office_id=office_id, calendar=rules.with_moves(at_home, moves), now=unit.now
    )
    for published in unit.desk.catalogue.offices:
        id_ = published.office.id
        imagined = rules.with_moves(await context.calendar(id_), moves)
        shifts = await cases.preview(unit.tx, office_id=id_, calendar=imagined, now=unit.now)
        if id_ == office_id:
            here = shifts
        else:
            elsewhere += len({shift.case.id for shift in shifts})
    talk = await context.begin(
        FLOW,
        "confirm",
        do="move",
        office_id=office_id,
        holiday_id=holiday_id,
        new_day=new_day.isoformat(),
    )
    listed = [(await calendars.holiday(unit.tx, id_), day) for id_, day in moves.items()]
    context.reply(
        views.move_preview(
            context.words, listed, here, talk.token, sessions=sessions, cases_elsewhere=elsewhere
        ),
        about=SUBJECT,
    )


def _published(context: DeskContext, office_id: str) -> OfficeCatalogue:
    return context.unit.desk.catalogue.published_by(office_id)
