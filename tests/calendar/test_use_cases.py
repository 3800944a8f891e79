"""What is kept of holidays and closures."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.calendar import use_cases as calendars
from bot.calendar.errors import DayIsPast, NoSuchClosure, NoSuchHoliday
from bot.calendar.model import (
    ClosureId,
    DayKind,
    Holiday,
    HolidayId,
    HolidayState,
    OfficeCalendar,
)
from bot.calendar.repository import CalendarRepository
from bot.calendar.rules import day_of
from bot.kit.database import Database, Transaction
from bot.kit.official_holidays import seed_of
from tests.calendar.support import MORNING, closed, hours, jalali, office

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = jalali("1405/09/01")
DAY = timedelta(days=1)


async def holiday_named(tx: Transaction, name: str, year: int | None = None) -> Holiday:
    found = await calendars.holidays_between(tx, first=TODAY - 400 * DAY, last=TODAY + 760 * DAY)
    return next(
        holiday
        for holiday in found
        if holiday.occasion_en == name and (year is None or holiday.lunar_year == year)
    )


async def cancel(tx: Transaction, holiday: Holiday) -> None:
    """As docs/operating.md has it done, by hand."""
    await CalendarRepository(tx).put_holiday(holiday.id, holiday.day, HolidayState.CANCELLED)


@pytest.fixture
async def seeded(database: Database) -> Database:
    async with database.transaction() as tx:
        await calendars.seed_holidays(tx, today=TODAY)
    return database


class TestSeeding:
    async def test_knows_last_year_and_the_two_after_this_one(self, database: Database) -> None:
        async with database.transaction() as tx:
            added = await calendars.seed_holidays(tx, today=TODAY)
            found = await calendars.holidays_between(
                tx, first=TODAY - 1500 * DAY, last=TODAY + 1500 * DAY
            )
        assert added == len(found) == sum(len(seed_of(year)) for year in range(2025, 2029))
        assert (found[0].day.year, found[-1].day.year) == (2025, 2028)

    async def test_again_adds_nothing(self, seeded: Database) -> None:
        async with seeded.transaction() as tx:
            assert await calendars.seed_holidays(tx, today=TODAY) == 0

    async def test_in_a_new_year_adds_one_year(self, seeded: Database) -> None:
        async with seeded.transaction() as tx:
            assert await calendars.seed_holidays(tx, today=TODAY + 60 * DAY) == len(seed_of(2029))

    async def test_leaves_alone_what_staff_moved_or_cancelled(self, seeded: Database) -> None:
        async with seeded.transaction() as tx:
            fitr = await holiday_named(tx, "Eid al-Fitr", 1448)
            await calendars.move_holiday(
                tx, holiday_id=fitr.id, new_day=fitr.day + DAY, today=TODAY
            )
            adha = await holiday_named(tx, "Eid al-Adha", 1448)
            await cancel(tx, adha)
        async with seeded.transaction() as tx:
            assert await calendars.seed_holidays(tx, today=TODAY) == 0
            again = await calendars.holiday(tx, fitr.id)
            assert (again.day, again.state) == (fitr.day + DAY, HolidayState.MOVED)
            on_that_day = await calendars.holidays_between(tx, first=adha.day, last=adha.day)
            assert on_that_day == []

    async def test_marks_what_waits_for_the_moon(self, seeded: Database) -> None:
        async with seeded.transaction() as tx:
            states = {
                name: (await holiday_named(tx, name, 1448)).state
                for name in ("Birthday of Imam Ali", "Isra' and Mi'raj")
            }
        assert states == {
            "Birthday of Imam Ali": HolidayState.CONFIRMED,
            "Isra' and Mi'raj": HolidayState.ESTIMATED,
        }


class TestAMovedHoliday:
    async def test_takes_its_lunar_month_along(self, seeded: Database) -> None:
        async with seeded.transaction() as tx:
            fitr = await holiday_named(tx, "Eid al-Fitr", 1448)
            moves = await calendars.move_holiday(
                tx, holiday_id=fitr.id, new_day=fitr.day + DAY, today=TODAY
            )
        async with seeded.reading() as tx:
            for name in (
                "Eid al-Fitr",
                "Eid al-Fitr Holiday",
                "Martyrdom of Imam Ja'far al-Sadiq",
            ):
                holiday = await holiday_named(tx, name, 1448)
                assert moves[holiday.id] == holiday.day
                assert holiday.state is HolidayState.MOVED
            martyrdom = await holiday_named(tx, "Martyrdom of Imam Ali", 1448)
            assert martyrdom.state is HolidayState.ESTIMATED
        assert len(moves) == 3
        assert moves[fitr.id] == fitr.day + DAY

    async def test_can_come_back(self, seeded: Database) -> None:
        async with seeded.transaction() as tx:
            fitr = await holiday_named(tx, "Eid al-Fitr", 1448)
            for day in (fitr.day + DAY, fitr.day):
                await calendars.move_holiday(tx, holiday_id=fitr.id, new_day=day, today=TODAY)
            sadiq = await holiday_named(tx, "Martyrdom of Imam Ja'far al-Sadiq", 1448)
        assert (await _day_of(seeded, fitr.id), sadiq.day) == (fitr.day, jalali("1406/01/14"))

    async def test_is_neither_taken_from_the_past_nor_put_there(self, seeded: Database) -> None:
        async with seeded.transaction() as tx:
            fitr = await holiday_named(tx, "Eid al-Fitr", 1448)
            with pytest.raises(DayIsPast):
                await calendars.move_holiday(
                    tx, holiday_id=fitr.id, new_day=fitr.day + DAY, today=fitr.day + DAY
                )
            with pytest.raises(DayIsPast):
                await calendars.move_holiday(
                    tx, holiday_id=fitr.id, new_day=fitr.day - DAY, today=fitr.day
                )
            assert await calendars.move_holiday(
                tx, holiday_id=fitr.id, new_day=fitr.day + DAY, today=fitr.day
            )

    async def test_that_was_cancelled_or_never_was_is_refused(self, seeded: Database) -> None:
        async with seeded.transaction() as tx:
            fitr = await holiday_named(tx, "Eid al-Fitr", 1448)
            await cancel(tx, fitr)
            for id_ in (fitr.id, HolidayId(10**9)):
                with pytest.raises(NoSuchHoliday):
                    await calendars.move_holiday(
                        tx, holiday_id=id_, new_day=fitr.day + DAY, today=TODAY
                    )


async def _day_of(database: Database, holiday_id: HolidayId) -> object:
    async with database.reading() as tx:
        return (await calendars.holiday(tx, holiday_id)).day


class TestAClosure:
    async def test_changes_the_calendar_of_its_office_alone(self, database: Database) -> None:
        draft = closed("1405/09/03", opened=MORNING)
        async with database.transaction() as tx:
            decided = await calendars.decide_closure(
                tx, draft=draft, actor_id=200, today=TODAY, now=NOW
            )
        async with database.reading() as tx:
            kanoon, other = [
                await calendars.calendar_of(tx, office_id=id_, hours=(hours(),), today=TODAY)
                for id_ in ("kanoon", "mazandaran")
            ]
            (kept,) = await calendars.closures_of(
                tx, office_id="kanoon", first=draft.first_on, last=draft.first_on
            )
        assert kept == decided
        assert (kept.draft, kept.made_by, kept.made_at) == (draft, 200, NOW)
        assert day_of(kanoon, draft.first_on).kind is DayKind.CLOSURE
        assert len(day_of(kanoon, draft.first_on).spans) == 1
        assert day_of(other, draft.first_on).kind is DayKind.WORKED

    async def test_decided_twice_is_one(self, database: Database) -> None:
        async with database.transaction() as tx:
            first, second = [
                await calendars.decide_closure(
                    tx, draft=closed("1405/09/03"), actor_id=actor, today=TODAY, now=NOW
                )
                for actor in (200, 201)
            ]
        assert first == second

    async def test_of_a_past_day_is_refused_but_not_of_today(self, database: Database) -> None:
        async with database.transaction() as tx:
            with pytest.raises(DayIsPast):
                await calendars.decide_closure(
                    tx,
                    draft=closed("1405/08/30", "1405/09/03"),
                    actor_id=200,
                    today=TODAY,
                    now=NOW,
                )
            assert await calendars.decide_closure(
                tx, draft=closed("1405/09/01"), actor_id=200, today=TODAY, now=NOW
            )

    async def test_can_be_withdrawn_and_decided_anew(self, database: Database) -> None:
        draft = closed("1405/09/03")
        async with database.transaction() as tx:
            decided = await calendars.decide_closure(
                tx, draft=draft, actor_id=200, today=TODAY, now=NOW
            )
            gone = await calendars.withdraw_closure(
                tx, closure_id=decided.id, calendar=office(), today=TODAY, now=NOW
            )
            assert gone.withdrawn_at == NOW
            calendar = await calendars.calendar_of(
                tx, office_id="kanoon", hours=(hours(),), today=TODAY
            )
            assert day_of(calendar, draft.first_on).kind is DayKind.WORKED
            with pytest.raises(NoSuchClosure):
                await calendars.withdraw_closure(
                    tx, closure_id=decided.id, calendar=office(), today=TODAY, now=NOW
                )
            anew = await calendars.decide_closure(
                tx, draft=draft, actor_id=200, today=TODAY, now=NOW
            )
        assert anew.id != decided.id

    async def test_of_today_is_withdrawn_whole(self, database: Database) -> None:
        async with database.transaction() as tx:
            decided = await calendars.decide_closure(
                tx, draft=closed("1405/09/01", "1405/09/02"), actor_id=2, today=TODAY, now=NOW
            )
            gone = await calendars.withdraw_closure(
                tx, closure_id=decided.id, calendar=office(), today=TODAY, now=NOW
            )
        assert gone.withdrawn_at == NOW

    async def test_that_has_begun_ends_today(self, database: Database) -> None:
        draft = closed("1405/09/01", "1405/09/04")
        third_day = TODAY + 2 * DAY
        async with database.transaction() as tx:
            decided = await calendars.decide_closure(
                tx, draft=draft, actor_id=200, today=TODAY, now=NOW
            )
            await calendars.withdraw_closure(
                tx, closure_id=decided.id, calendar=office(), today=third_day, now=NOW
            )
            calendar = await calendars.calendar_of(
                tx, office_id="kanoon", hours=(hours(),), today=third_day
            )
        kinds = [day_of(calendar, TODAY + ahead * DAY).kind for ahead in range(4)]
        assert kinds == [DayKind.CLOSURE, DayKind.CLOSURE, DayKind.WORKED, DayKind.WORKED]

    async def test_that_has_begun_on_a_day_off_does_not_open_it_in_hindsight(
        self, database: Database
    ) -> None:
        friday = TODAY + 5 * DAY
        draft = closed("1405/09/06", "1405/09/09", opened=MORNING)
        async with database.transaction() as tx:
            decided = await calendars.decide_closure(
                tx, draft=draft, actor_id=200, today=TODAY, now=NOW
            )
            before = await calendars.calendar_of(
                tx, office_id="kanoon", hours=(hours(),), today=TODAY
            )
            await calendars.withdraw_closure(
                tx, closure_id=decided.id, calendar=before, today=friday + DAY, now=NOW
            )
            after = await calendars.calendar_of(
                tx, office_id="kanoon", hours=(hours(),), today=TODAY
            )
        assert day_of(after, friday).kind is day_of(before, friday).kind is DayKind.NOT_WORKED
        assert day_of(after, friday).spans == ()
        assert day_of(after, friday + DAY).kind is DayKind.WORKED

    async def test_that_has_begun_on_a_worked_day_leaves_that_day_short(
        self, database: Database
    ) -> None:
        draft = closed("1405/09/01", "1405/09/03", opened=MORNING)
        async with database.transaction() as tx:
            decided = await calendars.decide_closure(
                tx, draft=draft, actor_id=200, today=TODAY, now=NOW
            )
            calendar = await calendars.calendar_of(
                tx, office_id="kanoon", hours=(hours(),), today=TODAY
            )
            kept = await calendars.withdraw_closure(
                tx, closure_id=decided.id, calendar=calendar, today=TODAY + DAY, now=NOW
            )
        assert kept.draft == closed("1405/09/01", opened=MORNING)

    async def test_that_has_begun_can_end_today_though_its_first_day_was_decided_besides(
        self, database: Database
    ) -> None:
        one_day, days = closed("1405/09/01"), closed("1405/09/01", "1405/09/03")
        tomorrow = TODAY + DAY
        async with database.transaction() as tx:
            for draft in (one_day, days):
                decided = await calendars.decide_closure(
                    tx, draft=draft, actor_id=200, today=TODAY, now=NOW
                )
            await calendars.withdraw_closure(
                tx, closure_id=decided.id, calendar=office(), today=tomorrow, now=NOW
            )
            calendar = await calendars.calendar_of(
                tx, office_id="kanoon", hours=(hours(),), today=tomorrow
            )
        assert calendar.closures == (one_day,)

    async def test_decided_again_after_another_decision_holds_again(
        self, database: Database
    ) -> None:
        whole, shortened = closed("1405/09/03"), closed("1405/09/03", opened=MORNING)
        async with database.transaction() as tx:
            for draft in (whole, shortened, whole):
                await calendars.decide_closure(tx, draft=draft, actor_id=2, today=TODAY, now=NOW)
            calendar = await calendars.calendar_of(
                tx, office_id="kanoon", hours=(hours(),), today=TODAY
            )
        assert calendar.closures == (shortened, whole)
        assert day_of(calendar, whole.first_on).spans == ()

    async def test_that_is_over_or_another_office_s_is_not_withdrawn(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            decided = await calendars.decide_closure(
                tx, draft=closed("1405/09/01"), actor_id=200, today=TODAY, now=NOW
            )
            with pytest.raises(DayIsPast):
                await calendars.withdraw_closure(
                    tx, closure_id=decided.id, calendar=office(), today=TODAY + DAY, now=NOW
                )
            another = OfficeCalendar("mazandaran", (hours(),))
            for id_, of_office in ((decided.id, another), (ClosureId(10**9), office())):
                with pytest.raises(NoSuchClosure):
                    await calendars.withdraw_closure(
                        tx, closure_id=id_, calendar=of_office, today=TODAY, now=NOW
                    )

    async def test_made_last_holds_after_it_was_kept(self, database: Database) -> None:
        async with database.transaction() as tx:
            for draft in (closed("1405/09/03"), closed("1405/09/03", opened=MORNING)):
                await calendars.decide_closure(tx, draft=draft, actor_id=2, today=TODAY, now=NOW)
            calendar = await calendars.calendar_of(
                tx, office_id="kanoon", hours=(hours(),), today=TODAY
            )
        assert len(day_of(calendar, jalali("1405/09/03")).spans) == 1


async def test_a_calendar_is_read_in_two_statements_that_use_an_index(
    seeded: Database, plan_of: Callable[..., Awaitable[str]]
) -> None:
    async def read(tx: Transaction) -> object:
        return await calendars.calendar_of(tx, office_id="kanoon", hours=(hours(),), today=TODAY)

    del seeded
    plan = await plan_of(read)
    assert "SEARCH official_holiday USING INDEX ix_official_holiday_day" in plan
    assert "SEARCH closure USING INDEX" in plan
    assert "SCAN" not in plan
    assert plan.count("SEARCH") == 2
