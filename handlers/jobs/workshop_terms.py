"""What time does to a term: sessions near, on, over or displaced; what is owed; the end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.citizens.model import Notice
from bot.surveys import use_cases as surveys
from bot.surveys.model import SurveyKind
from bot.workshops import use_cases as workshops
from bot.workshops.errors import PlanUnfit
from bot.workshops.model import RegistrationState, SessionState
from handlers.views.cases.case_draft import offers_credit
from handlers.views.workshops import session_notices as views
from handlers.views.workshops import workshop_alerts

if TYPE_CHECKING:
    from bot.workshops.model import (
        ClosedDay,
        MakeUp,
        Registration,
        Reminder,
        Replan,
        Session,
        Workshop,
        WorkshopId,
    )
    from handlers.jobs.workshop_office import OfficeAtWork
    from handlers.reply import Reply
    from handlers.views.workshops.workshop_notices import Told

_ASKED_AFTER: Final = timedelta(hours=2)


async def displace_closed(office: OfficeAtWork) -> bool:
    """Take the dates from sessions on days that became closed, and propose others to staff."""
    found = await workshops.displace_closed(
        office.tx, office_id=office.id, calendar=office.calendar, now=office.now
    )
    by_workshop: dict[WorkshopId, tuple[Workshop, list[tuple[Session, ClosedDay]]]] = {}
    for workshop, session, closed in found:
        by_workshop.setdefault(workshop.id, (workshop, []))[1].append((session, closed))
        await _tell_displaced(office, workshop, session, closed)
    for workshop, lost in by_workshop.values():
        every = await office.sessions_of(workshop)
        alert = workshop_alerts.displaced(
            office.words,
            workshop,
            [one for one in every if one.state is SessionState.DISPLACED],
            [closed for _session, closed in lost],
            await _replan(office, workshop),
        )
        key = f"displaced:{lost[0][0].id}:{lost[0][0].revision}"
        await office.tell_desk(key, workshop, alert)
    return bool(found)


async def _tell_displaced(
    office: OfficeAtWork, workshop: Workshop, session: Session, closed: ClosedDay
) -> None:
    def write(told: Told) -> Reply:
        return views.displaced(told, session, closed)

    people = await workshops.participants(office.tx, of=session)
    await office.tell(f"displaced:{session.id}:{session.revision}", workshop, people, write)


async def _replan(office: OfficeAtWork, workshop: Workshop) -> Replan | None:
    try:
        return await workshops.replanned(
            office.tx, of=workshop, calendar=office.calendar, now=office.now
        )
    except PlanUnfit:
        return None


async def start_due(office: OfficeAtWork) -> bool:
    """Let sessions begin."""
    await workshops.start_due(office.tx, office_id=office.id, now=office.now)
    return False


async def end_due(office: OfficeAtWork) -> bool:
    """Let sessions end, and ask staff who was there."""
    ended = await workshops.end_due(office.tx, office_id=office.id, now=office.now)
    for session in ended:
        workshop = await office.workshop_of(session.workshop_id)
        alert = workshop_alerts.session_over(office.words, workshop, session)
        await office.tell_desk(f"over:{session.id}", workshop, alert)
    return bool(ended)


async def fall_due(office: OfficeAtWork) -> bool:
    """Own up to make-ups that have no date although their time is over."""
    overdue = await workshops.fall_due(office.tx, office_id=office.id, now=office.now)
    for owed in overdue:
        await _own_up(office, owed)
    return bool(overdue)


async def _own_up(office: OfficeAtWork, owed: MakeUp) -> None:
    workshop = await office.workshop_of(owed.workshop_id)
    sessions = await office.sessions_of(workshop)
    missed = next(one for one in sessions if one.id == owed.session_id)
    entitled = set(await workshops.entitled(office.tx, of=owed))
    registered = await workshops.registrations_in(
        office.tx, workshop_id=workshop.id, states=[RegistrationState.CONFIRMED]
    )

    can_credit = offers_credit(office.published)
    is_put = can_credit and office.admin_chat_id is not None

    def write(told: Told) -> Reply:
        return views.overdue(told, missed, owed, is_credit_put=is_put)

    key = f"overdue:{owed.id}:{int(owed.due_at.timestamp())}"
    people = [one for one in registered if one.id in entitled]
    await office.tell(key, workshop, people, write)
    alert = workshop_alerts.overdue(office.words, workshop, missed, owed, can_credit=can_credit)
    await office.tell_desk(key, workshop, alert)


async def complete_due(office: OfficeAtWork) -> bool:
    """Complete workshops that are over; their fees are earned, and people are asked (KN-08)."""
    completed = await workshops.complete_due(office.tx, office_id=office.id, now=office.now)
    for workshop, registrations in completed:
        for one in registrations:
            await _plan_survey(office, one)
        alert = workshop_alerts.completed(office.words, workshop, len(registrations))
        await office.tell_desk(f"completed:{workshop.id}", workshop, alert)
    return bool(completed)


async def _plan_survey(office: OfficeAtWork, registration: Registration) -> None:
    await surveys.plan(
        office.tx,
        kind=SurveyKind.RATING,
        subject=f"registration:{registration.id}",
        resolution=1,
        office_id=office.id,
        service_id=None,
        citizen_id=registration.payer_id,
        officer_id=None,
        due_at=office.now + _ASKED_AFTER,
    )


async def remind(office: OfficeAtWork) -> bool:
    """Remind people of sessions a day and an hour before them (KN-14)."""
    due = await workshops.reminders_due(office.tx, office_id=office.id, now=office.now)
    for one in due:
        await _remind(office, one)
    return bool(due)


async def _remind(office: OfficeAtWork, due: Reminder) -> None:
    """Write of each learner apart: what is said of getting ready is theirs."""

    def write(told: Told) -> Reply:
        return views.reminder(told, due.session, due.kind)

    session = due.session
    key = f"remind:{due.kind}:{session.id}:{session.revision}"
    people = await workshops.participants(office.tx, of=session)
    payers = {one.payer_id for one in people}
    wanted = await citizens.who_want(office.tx, citizen_ids=payers, notice=Notice.REMINDERS)
    told = [one for one in people if one.payer_id in wanted]
    await office.tell_of_each(key, due.workshop, told, write)
