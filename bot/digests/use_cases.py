"""What staff are told of their desk: what is due, what it says, and what was told already."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.calendar import rules as calendar_rules
from bot.calendar.model import DayKind
from bot.cases import use_cases as cases
from bot.catalogue import use_cases as catalogue
from bot.citizens import use_cases as citizens
from bot.digests import rules
from bot.digests.model import DayCount, DigestKind, Figures, OnDuty, Period
from bot.digests.repository import DigestRepository
from bot.kit.clock import TEHRAN
from bot.kit.jalali import tehran_day
from bot.surveys import use_cases as surveys
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops

if TYPE_CHECKING:
    from datetime import date

    from bot.calendar.model import Day, OfficeCalendar
    from bot.catalogue.model import DeskPolicy, OfficeCatalogue, QuestionGroup
    from bot.catalogue.search import Answerer
    from bot.digests.model import AgreementAlert, AgreementStanding
    from bot.kit.database import Transaction

_LIST_MAX = 5
_DAYS = 7  # shown in the picture, and looked ahead
_ONE_DAY = timedelta(days=1)
_RATED_WITHIN = timedelta(weeks=4)  # A service is judged by more than the ratings of one day.
_ASKED_WITHIN = timedelta(days=7)


async def due(
    tx: Transaction,
    *,
    office_id: str,
    kind: DigestKind,
    desk: DeskPolicy,
    calendar: OfficeCalendar,
    now: datetime,
) -> Period | None:
    """Say what a digest would cover now; None before the office's hour, or on a day off.

    It begins where the last one ended, so that a restart or a holiday leaves nothing out.
    """
    covered_until = await DigestRepository(tx).covered_until(office_id, kind)
    return rules.due_period(kind, desk, calendar, covered_until, now)


async def uncovered(tx: Transaction, *, office_id: str, kind: DigestKind, now: datetime) -> Period:
    """Say what no digest has covered yet, up to now; for a look that is not recorded."""
    covered_until = await DigestRepository(tx).covered_until(office_id, kind)
    if covered_until is None or covered_until >= now:
        return Period(now - rules.LENGTH[kind], now)
    return Period(covered_until, now)


async def record(
    tx: Transaction, *, office_id: str, kind: DigestKind, period: Period, now: datetime
) -> bool:
    """Note that a period is told; False when it does not follow the last one that was.

    It is asked in the transaction that queues the digest: whoever finds False tells nothing.
    """
    digests = DigestRepository(tx)
    covered_until = await digests.covered_until(office_id, kind)
    if covered_until is not None and covered_until != period.since:
        return False
    return await digests.add(office_id, kind, period, now)


async def figures(
    tx: Transaction,
    *,
    published: OfficeCatalogue,
    answerer: Answerer,
    calendar: OfficeCalendar,
    kind: DigestKind,
    period: Period,
    now: datetime,
) -> Figures:
    """Count what happened in a period, and look at how the desk stands now."""
    office_id = published.office.id
    since, until = period.since, period.until
    today = tehran_day(now)
    return Figures(
        office_id=office_id,
        kind=kind,
        period=period,
        made_at=now,
        registered=await cases.registered_by_kind(
            tx, office_id=office_id, since=since, until=until
        ),
        ended=await cases.ended_by_ending(tx, office_id=office_id, since=since, until=until),
        queues=await cases.counts(tx, office_id=office_id, actor_id=None, now=now),
        due_next=tuple(await cases.due_next(tx, office_id=office_id, now=now, limit=_LIST_MAX)),
        longest_waiting=tuple(
            await cases.longest_waiting(tx, office_id=office_id, limit=_LIST_MAX)
        ),
        satisfaction=await surveys.satisfaction(tx, office_id=office_id, since=since, until=until),
        opinions=await surveys.opinions(
            tx, office_id=office_id, since=since, until=until, limit=_LIST_MAX
        ),
        worst_service=await surveys.worst_service(
            tx, office_id=office_id, since=until - _RATED_WITHIN, until=until
        ),
        unanswered=await _unanswered(tx, answerer, office_id, until),
        money=await wallet.money_waiting(tx, office_id=office_id),
        workshops=tuple(await workshops.notable(tx, office_id=office_id, now=now)),
        agreement=await agreement_standing(tx, published=published, today=today),
        days_ahead=_unusual(calendar, today),
        on_duty=await _on_duty(tx, office_id),
        days=await _days(tx, calendar, tehran_day(until)),
    )


async def _unanswered(
    tx: Transaction, answerer: Answerer, office_id: str, until: datetime
) -> tuple[QuestionGroup, ...]:
    groups = await catalogue.question_groups(
        tx,
        answerer=answerer,
        office_id=office_id,
        since=tehran_day(until - _ASKED_WITHIN),
        limit=_LIST_MAX,
    )
    return tuple(groups)


async def agreement_standing(
    tx: Transaction, *, published: OfficeCatalogue, today: date
) -> AgreementStanding | None:
    """Say how the agreement of an office stands, if it ends soon or ended without a successor."""
    end = await catalogue.agreement_end(tx, office_id=published.office.id)
    return rules.standing_of(published.agreement, end, today)


async def agreement_alerts(
    tx: Transaction, *, published: OfficeCatalogue, now: datetime
) -> list[AgreementAlert]:
    """List what is to be told of the agreement's end and was not: 60, 30, 7, 0 days before, after.

    Where the desk was not running on such a day, the nearest one is told late, the others not at
    all (KN-48). The service itself stays in the catalogue whatever becomes of the agreement.
    """
    standing = await agreement_standing(tx, published=published, today=tehran_day(now))
    if standing is None:
        return []
    office_id = published.office.id
    told = await DigestRepository(tx).told_marks(office_id, standing)
    alert = rules.alert_for(office_id, standing, told)
    return [] if alert is None else [alert]


async def record_alert(tx: Transaction, *, alert: AgreementAlert, now: datetime) -> bool:
    """Note that an alert is given; False when it was given before."""
    return await DigestRepository(tx).add_alert(alert, now)


def _unusual(calendar: OfficeCalendar, today: date) -> tuple[Day, ...]:
    ahead = calendar_rules.days(calendar, today, today + _DAYS * _ONE_DAY)
    return tuple(day for day in ahead if day.kind in (DayKind.HOLIDAY, DayKind.CLOSURE))


async def _on_duty(tx: Transaction, office_id: str) -> tuple[OnDuty, ...]:
    """Name those who hold open cases, whoever holds most first."""
    claims = await cases.claims(tx, office_id=office_id)
    staff = await citizens.staff_of_office(tx, office_id=office_id)
    names = {person.id: person.name for person in staff}
    held = [OnDuty(names[id_], count) for id_, count in claims.items() if id_ in names]
    return tuple(sorted(held, key=lambda duty: (-duty.count, duty.name)))


async def _days(tx: Transaction, calendar: OfficeCalendar, end: date) -> tuple[DayCount, ...]:
    """Count what came and what ended on each of the days before this one."""
    days = [end + ahead * _ONE_DAY for ahead in range(-_DAYS, 0)]
    moments = [_midnight(day) for day in (*days, end)]
    counts = await cases.came_and_went(tx, office_id=calendar.office_id, moments=moments)
    return tuple(
        DayCount(day, came, went, bool(calendar_rules.effective_windows(calendar, day)))
        for day, (came, went) in zip(days, counts, strict=True)
    )


def day_period(first: date, last: date) -> Period:
    """Say from when to when whole days in Tehran are; both days count."""
    return Period(_midnight(first), _midnight(last + _ONE_DAY))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), TEHRAN)
