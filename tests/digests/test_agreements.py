from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.loader import load_catalogue
from bot.catalogue.model import Agreement, AgreementEnd, EndReason, OfficeCatalogue
from bot.citizens.model import CitizenId
from bot.digests import rules, use_cases
from bot.digests.model import AgreementStanding
from bot.kit.database import Database
from tests.digests.support import tehran

ROOT = Path(__file__).parent.parent.parent
LAST_DAY = date(2024, 3, 19)  # 1402/12/29


@pytest.fixture(scope="session")
def offices() -> dict[str, OfficeCatalogue]:
    catalogue = load_catalogue(ROOT / "data" / "catalogue")
    return {published.office.id: published for published in catalogue.offices}


@pytest.fixture
def kanoon(offices: dict[str, OfficeCatalogue]) -> OfficeCatalogue:
    return offices["kanoon"]


def at(day: date) -> datetime:
    return use_cases.day_period(day, day).since + timedelta(hours=10)


async def tell(database: Database, published: OfficeCatalogue, day: date) -> list[int | None]:
    """Give the alerts of a day, as the desk does, and say which moments they are for."""
    async with database.transaction() as tx:
        alerts = await use_cases.agreement_alerts(tx, published=published, now=at(day))
        return [
            alert.mark
            for alert in alerts
            if await use_cases.record_alert(tx, alert=alert, now=at(day))
        ]


def days_before(*numbers: int) -> Iterable[date]:
    return (LAST_DAY - timedelta(days=number) for number in numbers)


async def test_each_moment_before_the_end_is_told_once(
    database: Database, kanoon: OfficeCatalogue
) -> None:
    told = {}
    for number in range(70, -5, -1):
        marks = await tell(database, kanoon, LAST_DAY - timedelta(days=number))
        assert not await tell(database, kanoon, LAST_DAY - timedelta(days=number))
        if marks:
            told[number] = marks
    assert told == {60: [60], 30: [30], 7: [7], 0: [0], -1: [None]}


async def test_a_desk_that_was_down_tells_the_nearest_moment_and_not_the_others(
    database: Database, kanoon: OfficeCatalogue
) -> None:
    told = [await tell(database, kanoon, day) for day in days_before(61, 28, 20, 5)]
    assert told == [[], [30], [], [7]]


async def test_the_agreement_of_kanoon_ended_long_ago_and_its_service_is_still_shown(
    database: Database, kanoon: OfficeCatalogue
) -> None:
    today = date(2026, 11, 22)
    assert await tell(database, kanoon, today) == [None]
    assert await tell(database, kanoon, today + timedelta(days=1)) == []
    async with database.reading() as tx:
        standing = await use_cases.agreement_standing(tx, published=kanoon, today=today)
    assert standing is not None
    assert standing.is_over
    assert standing.last_day == LAST_DAY
    assert kanoon.services


async def test_a_perpetual_agreement_needs_nobody(
    database: Database, offices: dict[str, OfficeCatalogue]
) -> None:
    assert await tell(database, offices["mazandaran"], date(2026, 11, 22)) == []


def test_the_last_day_itself_still_counts(kanoon: OfficeCatalogue) -> None:
    standing = rules.standing_of(kanoon.agreement, None, LAST_DAY)
    assert standing == AgreementStanding(kanoon.agreement.id, LAST_DAY, 0)
    assert not standing.is_over


def test_a_successor_ends_the_task(kanoon: OfficeCatalogue) -> None:
    replaced = kanoon.agreement.model_copy(update={"successor": "kanoon-sla-1404"})
    assert rules.standing_of(replaced, None, date(2026, 11, 22)) is None


def test_an_agreement_that_was_ended_by_decision_becomes_a_task(
    offices: dict[str, OfficeCatalogue],
) -> None:
    agreement: Agreement = offices["mazandaran"].agreement
    end = AgreementEnd(
        office_id="mazandaran",
        agreement_id=agreement.id,
        reason=EndReason.CIRCULAR,
        document_ref="1405/123",
        ended_on=date(2026, 11, 20),
        entered_by=CitizenId(2003),
        entered_at=tehran(20, 10),
    )
    standing = rules.standing_of(agreement, end, date(2026, 11, 22))
    assert standing is not None
    assert standing.is_over


@given(looks=st.lists(st.integers(-10, 75), max_size=60))
def test_whatever_the_clock_does_no_moment_is_told_twice(looks: list[int]) -> None:
    told: list[int | None] = []
    for days_left in looks:
        standing = AgreementStanding("a", LAST_DAY, days_left)
        alert = rules.alert_for("kanoon", standing, told) if rules.is_near(days_left) else None
        if alert is not None:
            told.append(alert.mark)
            assert alert.mark is None or alert.mark >= days_left
    assert len(told) == len(set(told))
    marks = [-1 if mark is None else mark for mark in told]
    assert marks == sorted(marks, reverse=True)
