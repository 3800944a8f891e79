"""What time does to cases, however often it is asked."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from itertools import count

import pytest

from bot.calendar.model import OfficeCalendar
from bot.cases import use_cases as cases
from bot.cases.model import Action, Case, CaseState, ClockKind, Overdue, Policy, Shift
from bot.citizens.model import CitizenId
from bot.kit.database import Database, Transaction
from tests.cases.support import (
    CALENDAR,
    DAY,
    HOUR,
    MANAGER,
    NEVER_OPEN,
    NOW,
    OFFICER,
    POLICY,
    SARA,
    calendar_with,
    closed_on,
    given_case,
    given_ended,
    given_in,
    rows_of,
    tehran,
)

MINUTE = timedelta(minutes=1)
TUESDAY = date(2026, 11, 24)  # 3 Azar
CLOSED_TUESDAY = calendar_with(closed_on(TUESDAY))
PEOPLE = (CitizenId(number) for number in count(1000))


async def warned(tx: Transaction, now: datetime) -> list[tuple[int, ClockKind]]:
    found = await cases.due_warnings(tx, office_id="kanoon", calendar=CALENDAR, now=now)
    return [(case.id, clock.kind) for case, clock in found]


async def overdue(
    tx: Transaction, now: datetime, calendar: OfficeCalendar = CALENDAR
) -> list[Overdue]:
    return await cases.overdue(tx, office_id="kanoon", calendar=calendar, now=now)


async def answer(tx: Transaction, case: Case, now: datetime) -> Case:
    return await cases.reply(
        tx, case_id=case.id, actor=OFFICER, text="بله", calendar=CALENDAR, now=now
    )


class TestWarnings:
    async def test_come_once_and_so_many_working_minutes_before(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)  # due at 14:00
            assert await warned(tx, tehran(1, 12, 29)) == []
            # Half an hour of the hour before is lunch, in which nobody is reminded.
            assert await warned(tx, tehran(1, 12, 45)) == []
            assert await warned(tx, tehran(1, 13, 0)) == [(case.id, ClockKind.FIRST_RESPONSE)]
            assert await warned(tx, tehran(1, 13, 1)) == []

    async def test_are_counted_across_a_night(self, database: Database) -> None:
        policy = Policy(60, 60, 60, 120)
        async with database.transaction() as tx:
            case = await given_case(tx, now=tehran(1, 14, 10), policy=policy)  # due 08:10
            found = await warned(tx, tehran(1, 14, 10))
            assert found == [
                (case.id, kind) for kind in (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION)
            ]

    @pytest.mark.parametrize("now", [tehran(2, 3), tehran(6, 10), tehran(1, 12, 40)])
    async def test_never_come_at_night_on_fridays_or_at_lunch(
        self, database: Database, now: datetime
    ) -> None:
        async with database.transaction() as tx:
            await given_case(tx, now=now - 8 * DAY, policy=Policy(1, 1, 5000, 5000))
            await given_case(tx, now=now - HOUR, policy=Policy(500, 500, 5000, 5000))
            assert await warned(tx, now) == []

    async def test_are_not_about_what_was_answered_waits_or_is_over(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            answered = await given_case(tx)
            await answer(tx, answered, tehran(1, 13, 10))
            await given_in(tx, CaseState.WAITING)
            await given_ended(tx, await given_case(tx))
            await given_case(tx, office_id="mazandaran")
            late = await given_case(tx, now=NOW - DAY)
            await overdue(tx, tehran(1, 13, 20))
            assert await warned(tx, tehran(1, 13, 30)) == []
            # Of what was answered, the solution is still promised.
            assert await warned(tx, tehran(4, 9, 30)) == [(answered.id, ClockKind.RESOLUTION)]
            assert late.id

    async def test_follow_each_policy_of_its_own(self, database: Database) -> None:
        async with database.transaction() as tx:
            early = await given_case(tx, policy=Policy(240, 180, 1200, 180))
            await given_case(tx)
            assert await warned(tx, tehran(1, 10, 30)) == [(early.id, ClockKind.FIRST_RESPONSE)]


class TestLateness:
    async def test_is_told_once_with_a_new_date(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            assert await overdue(tx, tehran(1, 14) - timedelta(seconds=1)) == []
            (found,) = await overdue(tx, tehran(1, 14))
            assert (found.case, found.clock.kind) == (case, ClockKind.FIRST_RESPONSE)
            assert found.clock.due_at == found.clock.promised_at == tehran(1, 14)
            assert found.new_due_at == tehran(2, 11, 0)
            before = await rows_of(tx)
            assert await overdue(tx, tehran(1, 14)) == []
            assert await overdue(tx, tehran(2, 10, 59)) == []
            assert await rows_of(tx) == before
            whole = await cases.dossier(tx, case_id=case.id)
        assert whole.next_clock is not None
        assert whole.next_clock.promised_at == tehran(2, 11)
        assert whole.next_clock.due_at == tehran(1, 14)
        assert [e.action for e in whole.events] == [Action.REGISTERED, Action.LATE]
        kind, was, becomes = (whole.events[-1].note or "").split()
        assert kind == "first_response"
        assert datetime.fromisoformat(was) == tehran(1, 14)
        assert datetime.fromisoformat(becomes) == tehran(2, 11)

    async def test_of_a_new_date_is_told_too_and_the_next_is_farther(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            await overdue(tx, tehran(1, 14))
            (found,) = await overdue(tx, tehran(2, 11))
            assert found.clock.promised_at == tehran(2, 11)
            assert found.clock.breached_at == tehran(1, 14)
            assert found.new_due_at == tehran(3, 12, 30)
            assert found.case.id == case.id

    async def test_of_two_promises_of_a_case_is_one_message_with_the_later_date(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            await given_case(tx)
            (found,) = await overdue(tx, tehran(10, 9))
            assert found.clock.kind is ClockKind.RESOLUTION
            assert await overdue(tx, tehran(10, 9)) == []

    async def test_is_nothing_where_staff_answered_in_time_or_the_citizen_was_asked(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            await answer(tx, await given_case(tx), tehran(1, 13, 59))
            await given_in(tx, CaseState.WAITING)
            await given_ended(tx, await given_case(tx))
            assert await overdue(tx, tehran(1, 14, 1)) == []
            (found,) = await overdue(tx, tehran(30, 9))
            assert found.clock.kind is ClockKind.RESOLUTION

    async def test_waits_to_be_told_while_there_is_no_new_date_to_give(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            await given_case(tx)
            assert await overdue(tx, tehran(1, 14), NEVER_OPEN) == []
            assert len(await overdue(tx, tehran(1, 15))) == 1


class TestIdleClaims:
    async def idle(self, tx: Transaction, now: datetime) -> list[int]:
        released = await cases.idle_claims(
            tx, office_id="kanoon", calendar=CALENDAR, kept_minutes=120, now=now
        )
        assert all(case.assignee_id is None for case in released)
        return [case.id for case in released]

    async def test_return_after_so_many_working_minutes(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            await cases.take(tx, case_id=case.id, actor=OFFICER, now=tehran(1, 12))
            # 30 minutes before lunch and 90 after it.
            assert await self.idle(tx, tehran(1, 14, 29)) == []
            assert await self.idle(tx, tehran(1, 14, 30)) == [case.id]
            assert await self.idle(tx, tehran(1, 14, 30)) == []
            whole = await cases.dossier(tx, case_id=case.id)
        assert whole.case.assignee_id is None
        assert (whole.events[-1].action, whole.events[-1].actor_id) == (Action.RELEASED, None)

    async def test_return_the_longest_idle_first_and_not_all_at_once(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            made = [await given_case(tx, author_id=next(PEOPLE)) for _ in range(52)]
            for place, case in enumerate(reversed(made)):
                await cases.take(
                    tx, case_id=case.id, actor=OFFICER, now=NOW + place * timedelta(seconds=1)
                )
            released = await self.idle(tx, tehran(3, 14, 30))
            assert released == [case.id for case in reversed(made)][:50]
            assert len(await self.idle(tx, tehran(3, 14, 30))) == 2

    async def test_stay_while_something_is_done_or_put_aside_or_waits(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            noted, snoozed = await given_case(tx), await given_case(tx)
            for case in (noted, snoozed):
                await cases.take(tx, case_id=case.id, actor=OFFICER, now=NOW)
            await cases.note(tx, case_id=noted.id, actor=MANAGER, text="؟", now=tehran(1, 11))
            await cases.snooze(tx, case_id=snoozed.id, actor=OFFICER, until=tehran(2, 8), now=NOW)
            await given_in(tx, CaseState.WAITING)
            assert await self.idle(tx, tehran(1, 12, 30)) == []
            assert await self.idle(tx, tehran(1, 13, 30)) == [noted.id]


async def test_a_snooze_ends_at_its_time_and_one_until_a_reply_does_not(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        timed, until_reply = await given_case(tx), await given_case(tx)
        for case, until in ((timed, NOW + HOUR), (until_reply, None)):
            await cases.snooze(tx, case_id=case.id, actor=OFFICER, until=until, now=NOW)
        for now, woken in ((NOW + HOUR - MINUTE, []), (NOW + HOUR, [timed.id]), (NOW + DAY, [])):
            found = await cases.wake_snoozed(tx, office_id="kanoon", now=now)
            assert [case.id for case in found] == woken
        whole = await cases.dossier(tx, case_id=until_reply.id)
    assert whole.case.is_snoozed_until_reply


async def test_what_was_answered_closes_after_ten_days(database: Database) -> None:
    async with database.transaction() as tx:
        case = await given_ended(tx, await given_case(tx))
        await given_case(tx)
        moment = NOW + 10 * DAY
        assert await cases.close_answered(tx, now=moment - MINUTE) == []
        (closed,) = await cases.close_answered(tx, now=moment)
        assert (closed.id, closed.state) == (case.id, CaseState.CLOSED)
        assert await cases.close_answered(tx, now=moment) == []


class TestANewCalendar:
    async def shifts(
        self, tx: Transaction, calendar: OfficeCalendar, now: datetime = NOW + MINUTE
    ) -> list[Shift]:
        return await cases.recalculate(tx, office_id="kanoon", calendar=calendar, now=now)

    async def test_moves_what_it_touches_once_and_back_again(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            before = await rows_of(tx)
            previewed = await cases.preview(
                tx, office_id="kanoon", calendar=CLOSED_TUESDAY, now=NOW + MINUTE
            )
            assert await rows_of(tx) == before
            moved = await self.shifts(tx, CLOSED_TUESDAY)
            assert moved == previewed
            assert [(s.case, s.clock.kind, s.clock.due_at, s.due_at) for s in moved] == [
                (case, ClockKind.RESOLUTION, tehran(4, 10), tehran(7, 10))
            ]
            after = await rows_of(tx)
            assert await self.shifts(tx, CLOSED_TUESDAY) == []
            assert await rows_of(tx) == after
            (back,) = await self.shifts(tx, CALENDAR)
            assert back.due_at == tehran(4, 10)
            whole = await cases.dossier(tx, case_id=case.id)
        assert [e.action for e in whole.events].count(Action.DEADLINE_MOVED) == 2
        assert whole.events[1].note == (
            f"resolution {tehran(4, 10).isoformat()} {tehran(7, 10).isoformat()}"
        )

    async def test_leaves_alone_what_is_kept_waits_or_is_of_another_office(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            await given_ended(tx, await given_case(tx))
            await given_in(tx, CaseState.WAITING)
            await given_case(tx, office_id="mazandaran")
            assert await self.shifts(tx, CLOSED_TUESDAY) == []

    async def test_counts_the_pauses_as_before(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_in(tx, CaseState.WAITING)
            await cases.add_words(
                tx, code=case.tracking_code, citizen_id=SARA, text="این",
                calendar=CALENDAR, now=NOW + HOUR,
            )  # fmt: skip
            assert await self.shifts(tx, CALENDAR, NOW + HOUR) == []
            shifts = await self.shifts(tx, CLOSED_TUESDAY, NOW + HOUR)
        assert [(s.clock.kind, s.due_at) for s in shifts] == [
            (ClockKind.RESOLUTION, tehran(7, 11))
        ]

    async def test_is_counted_in_the_same_few_statements_for_many_cases(
        self, database: Database, plan_of: Callable[..., Awaitable[str]]
    ) -> None:
        counts = []
        for _ in range(2):
            async with database.transaction() as tx:
                for _ in range(5):
                    await given_case(tx, author_id=next(PEOPLE))
            plan = await plan_of(
                lambda tx: cases.preview(
                    tx, office_id="kanoon", calendar=CLOSED_TUESDAY, now=NOW + MINUTE
                )
            )
            counts.append(plan.count("SEARCH"))
            assert "SCAN" not in plan
        assert counts[0] == counts[1]

    async def test_moves_the_new_date_of_a_late_promise_and_not_the_broken_one(
        self, database: Database
    ) -> None:
        monday = calendar_with(closed_on(date(2026, 11, 23)))
        async with database.transaction() as tx:
            case = await given_case(tx)
            await overdue(tx, tehran(1, 14))
            shifts = await self.shifts(tx, monday, tehran(1, 15))
            whole = await cases.dossier(tx, case_id=case.id)
        late = next(shift for shift in shifts if shift.clock.kind is ClockKind.FIRST_RESPONSE)
        assert (late.clock.promised_at, late.due_at) == (tehran(2, 11), tehran(3, 11))
        assert whole.next_clock is not None
        assert (whole.next_clock.due_at, whole.next_clock.new_due_at) == (
            tehran(1, 14),
            tehran(3, 11),
        )

    async def test_never_puts_a_promise_into_the_past(self, database: Database) -> None:
        async with database.transaction() as tx:
            await given_case(tx, calendar=CLOSED_TUESDAY)
            assert await self.shifts(tx, CALENDAR, tehran(5, 9)) == []

    async def test_lets_staff_be_reminded_of_the_new_date(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            await answer(tx, case, NOW)
            remind = [(case.id, ClockKind.RESOLUTION)]
            assert await warned(tx, tehran(4, 9, 30)) == remind
            today = calendar_with(closed_on(date(2026, 11, 25)))
            assert len(await self.shifts(tx, today, tehran(4, 9, 31))) == 1
            assert await warned(tx, tehran(4, 9, 40)) == []
            assert await warned(tx, tehran(7, 9, 30)) == remind


async def test_promises_are_those_of_the_day_of_registration(database: Database) -> None:
    async with database.transaction() as tx:
        case = await given_case(tx)
        await given_case(tx, policy=Policy(10, 10, 10, 10))
        whole = await cases.dossier(tx, case_id=case.id)
    assert whole.case.policy == POLICY
