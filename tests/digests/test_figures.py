from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.calendar.model import ClosureScope, OfficeCalendar
from bot.cases import use_cases as cases
from bot.cases.model import CaseKind, Ending, Queue
from bot.catalogue import use_cases as catalogue
from bot.catalogue.loader import load_catalogue
from bot.catalogue.model import OfficeCatalogue
from bot.catalogue.search import Answerer, load_lexicon
from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Role, Staff
from bot.digests import use_cases
from bot.digests.model import DayCount, DigestKind, Figures, OnDuty, Period
from bot.kit.database import Database, Transaction
from bot.surveys import use_cases as surveys
from bot.surveys.model import Satisfaction, SurveyKind
from tests.digests.support import given_case, office_calendar, tehran

DATA = Path(__file__).parent.parent.parent / "data"
OFFICER = Staff(CitizenId(2001), "kanoon", Role.OFFICER, "رضا احمدی")
TODAY = date(2026, 11, 22)
NOW = tehran(22, 8, 5)
AS_USUAL = office_calendar()
PERIOD = Period(tehran(21, 8), tehran(22, 8))


@pytest.fixture(scope="session")
def kanoon() -> OfficeCatalogue:
    return load_catalogue(DATA / "catalogue").published_by("kanoon")


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    return Answerer(load_catalogue(DATA / "catalogue"), load_lexicon(DATA / "lexicon"))


@pytest.fixture
def look(kanoon: OfficeCatalogue, answerer: Answerer) -> Callable[..., Awaitable[Figures]]:
    async def look(tx: Transaction, calendar: OfficeCalendar = AS_USUAL) -> Figures:
        return await use_cases.figures(
            tx,
            published=kanoon,
            answerer=answerer,
            calendar=calendar,
            kind=DigestKind.DAILY,
            period=PERIOD,
            now=NOW,
        )

    return look


Look = Callable[..., Awaitable[Figures]]


async def given_officer(tx: Transaction) -> None:
    await citizens.grant(
        tx,
        citizen_id=OFFICER.id,
        office_id="kanoon",
        role=OFFICER.role,
        name=OFFICER.name,
        now=tehran(1, 8),
    )


async def given_ended(tx: Transaction, number: int, ending: Ending, at: datetime) -> None:
    case = await given_case(tx, number, at=at - timedelta(hours=3))
    await cases.end(
        tx,
        case_id=case.id,
        actor=OFFICER,
        ending=ending,
        reason="بودجه نیست" if ending is Ending.CANNOT_BE_DONE else None,
        now=at,
    )


async def test_a_desk_where_nothing_happened_has_figures_of_nothing(
    database: Database, look: Look
) -> None:
    async with database.reading() as tx:
        figures = await look(tx)
    assert not any(figures.registered.values())
    assert not any(figures.ended.values())
    assert not any(figures.queues.values())
    assert figures.due_next == figures.longest_waiting == figures.on_duty == ()
    assert figures.satisfaction == Satisfaction(0, None)
    assert figures.worst_service is None
    assert [day.registered for day in figures.days] == [0] * 7


async def test_the_period_is_counted_by_kind_and_ending_and_nothing_beyond_it(
    database: Database, look: Look
) -> None:
    async with database.transaction() as tx:
        await given_officer(tx)
        await given_case(tx, 1, at=PERIOD.since - timedelta(seconds=1))
        await given_case(tx, 2, at=PERIOD.since)
        await given_case(tx, 3, at=tehran(21, 23), kind=CaseKind.PRAISE)
        await given_case(tx, 4, at=PERIOD.until)
        await given_case(tx, 5, at=tehran(21, 12), office_id="mazandaran")
        await given_ended(tx, 6, Ending.DONE, tehran(21, 14))
        await given_ended(tx, 7, Ending.CANNOT_BE_DONE, tehran(21, 14))
        await given_ended(tx, 8, Ending.DONE, tehran(20, 14))
        figures = await look(tx)
    assert figures.registered == {CaseKind.COMPLAINT: 3, CaseKind.PRAISE: 1}
    assert figures.ended == {Ending.DONE: 1, Ending.CANNOT_BE_DONE: 1}
    assert figures.queues[Queue.OPEN] == 4
    assert figures.queues[Queue.ANSWERED] == 3


async def test_what_waits_longest_comes_first_and_so_does_what_is_due_next(
    database: Database, look: Look
) -> None:
    async with database.transaction() as tx:
        for number in range(8):
            await given_case(tx, number, at=tehran(22, 7, number))
        figures = await look(tx)
    for items in (figures.longest_waiting, figures.due_next):
        assert len(items) == 5
        assert [item.case.registered_at for item in items] == [
            tehran(22, 7, number) for number in range(5)
        ]


async def test_the_days_of_the_picture_are_the_seven_before_today(
    database: Database, look: Look
) -> None:
    async with database.transaction() as tx:
        await given_officer(tx)
        await given_case(tx, 1, at=tehran(15, 0))
        await given_case(tx, 2, at=tehran(14, 23, 59))
        await given_ended(tx, 3, Ending.DONE, tehran(21, 14))
        figures = await look(tx)
    assert [day.day.day for day in figures.days] == list(range(15, 22))
    assert figures.days[0] == DayCount(date(2026, 11, 15), 1, 0)
    assert figures.days[-1] == DayCount(date(2026, 11, 21), 1, 1)
    assert [day.day.day for day in figures.days if not day.is_worked] == [19, 20]


async def test_those_who_hold_cases_are_named_with_their_number(
    database: Database, look: Look
) -> None:
    async with database.transaction() as tx:
        await given_officer(tx)
        for number in range(3):
            case = await given_case(tx, number, at=tehran(21, 9))
            if number:
                await cases.take(tx, case_id=case.id, actor=OFFICER, now=tehran(21, 10))
        figures = await look(tx)
    assert figures.on_duty == (OnDuty(OFFICER.name, 2),)


async def test_the_questions_without_an_answer_are_grouped(
    database: Database, look: Look, answerer: Answerer
) -> None:
    async with database.transaction() as tx:
        for text in ("ناهار هم می‌دهید؟", "ناهار می‌دهید", "پارکینگ دارید؟"):
            question, _ = await catalogue.ask(
                answerer=answerer,
                text=text,
                office_id="kanoon",
                recent=None,
                published_codes=frozenset(),
                today=TODAY,
            )
            await catalogue.keep_questions(tx, [question])
        figures = await look(tx)
    assert [group.count for group in figures.unanswered][:1] == [2]


async def test_ratings_of_the_period_are_counted(database: Database, look: Look) -> None:
    async with database.transaction() as tx:
        for number, at in enumerate((tehran(21, 9), tehran(22, 8))):
            await surveys.plan(
                tx,
                kind=SurveyKind.RATING,
                subject=f"case:{number}",
                resolution=1,
                office_id="kanoon",
                service_id=None,
                citizen_id=CitizenId(1),
                officer_id=None,
                due_at=tehran(20, 8),
            )
            (survey,) = await surveys.due(tx, now=at, limit=5)
            await surveys.mark_asked(tx, survey_id=survey.id, now=tehran(20, 9))
            await surveys.rate(tx, survey_id=survey.id, citizen_id=CitizenId(1), score=4, now=at)
        figures = await look(tx)
    assert figures.satisfaction == Satisfaction(1, 4.0)


async def test_only_days_that_are_not_as_usual_are_named_ahead(
    database: Database, look: Look
) -> None:
    calendar = office_calendar(date(2026, 11, 23), date(2026, 12, 30))
    async with database.reading() as tx:
        figures = await look(tx, calendar)
    (day,) = figures.days_ahead
    assert day.closure is not None
    assert day.closure.scope is ClosureScope.OFFICE


async def test_figures_are_taken_from_indexes(
    plan_of: Callable[..., Awaitable[str]], look: Look
) -> None:
    plan = await plan_of(look)
    scanned = [part for part in plan.split(" | ") if part.startswith("SCAN")]
    assert not [part for part in scanned if "INDEX" not in part], scanned
