"""The lists of the staff desk, and the figures of digests."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.cases import use_cases as cases
from bot.cases.model import CaseId, CaseKind, CaseState, Ending, Queue, ServiceTime
from bot.citizens.model import CitizenId
from bot.kit.database import Database, Transaction
from tests.cases.support import (
    CALENDAR,
    COLLEAGUE,
    DAY,
    HOUR,
    NOW,
    OFFICER,
    SARA,
    given_case,
    given_ended,
    given_in,
    tehran,
)

MINUTE = timedelta(minutes=1)


async def listed(
    tx: Transaction, queue: Queue, now: datetime = NOW, actor_id: CitizenId = OFFICER.id
) -> list[CaseId]:
    items, size = await cases.queue_page(
        tx, office_id="kanoon", queue=queue, actor_id=actor_id, now=now
    )
    assert size == len(items)
    return [item.case.id for item in items]


async def test_each_case_is_in_the_lists_where_staff_look_for_it(database: Database) -> None:
    async with database.transaction() as tx:
        await given_in(tx, CaseState.CLOSED, now=NOW - 3 * HOUR)
        new = (await given_case(tx)).id
        taken = (await given_case(tx)).id
        await cases.take(tx, case_id=taken, actor=OFFICER, now=NOW)
        waiting = (await given_in(tx, CaseState.WAITING)).id
        answered = (await given_in(tx, CaseState.ANSWERED)).id
        asleep = (await given_case(tx)).id
        await cases.snooze(tx, case_id=asleep, actor=OFFICER, until=NOW + HOUR, now=NOW)
        for_reply = (await given_case(tx, now=NOW + 2 * HOUR)).id
        await cases.snooze(tx, case_id=for_reply, actor=OFFICER, until=None, now=NOW)
        await given_case(tx, office_id="mazandaran", now=NOW + 3 * HOUR)
        assert await listed(tx, Queue.NEW) == [new]
        assert await listed(tx, Queue.MINE) == [taken, waiting]
        assert await listed(tx, Queue.MINE, actor_id=COLLEAGUE.id) == []
        assert await listed(tx, Queue.OPEN) == [new, taken]
        assert await listed(tx, Queue.WAITING) == [waiting]
        assert await listed(tx, Queue.SNOOZED) == [asleep, for_reply]
        assert await listed(tx, Queue.ANSWERED) == [answered]
        assert await listed(tx, Queue.LATE) == await listed(tx, Queue.ESCALATED) == []
        assert await listed(tx, Queue.NEW, NOW + HOUR) == [new, asleep]
        counts = await cases.counts(tx, office_id="kanoon", actor_id=None, now=NOW)
    assert counts[Queue.MINE] == 0
    assert counts[Queue.OPEN] == 2
    assert set(counts) == set(Queue)


async def test_what_is_due_and_what_is_late_are_told_apart(database: Database) -> None:
    async with database.transaction() as tx:
        case = await given_case(tx)  # due at 14:00
        await given_case(tx, now=tehran(1, 14))  # due tomorrow at 11:30
        assert await listed(tx, Queue.DUE, tehran(1, 10)) == [case.id]
        assert await listed(tx, Queue.LATE, tehran(1, 13, 59)) == []
        assert await listed(tx, Queue.DUE, tehran(1, 14)) == []
        assert await listed(tx, Queue.LATE, tehran(1, 14)) == [case.id]
        await cases.overdue(tx, office_id="kanoon", calendar=CALENDAR, now=tehran(1, 14))
        assert await listed(tx, Queue.LATE, tehran(1, 14)) == [case.id]
        await cases.escalate(tx, code=case.tracking_code, citizen_id=SARA, now=tehran(1, 15))
        assert await listed(tx, Queue.ESCALATED, tehran(1, 15)) == [case.id]
        await cases.ask(tx, case_id=case.id, actor=OFFICER, text="؟", now=tehran(1, 16))
        assert await listed(tx, Queue.LATE, tehran(1, 16)) == []


async def test_a_case_that_is_due_early_tomorrow_is_listed_once_staff_were_reminded(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        case = await given_case(tx, now=tehran(1, 10, 30))  # 120 + 90 today, 30 tomorrow
        assert await listed(tx, Queue.DUE, tehran(1, 14)) == []
        await cases.due_warnings(tx, office_id="kanoon", calendar=CALENDAR, now=tehran(1, 14))
        assert await listed(tx, Queue.DUE, tehran(1, 14)) == [case.id]


async def test_a_list_is_turned_page_by_page_with_what_is_promised_next_first(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made = [await given_case(tx, now=NOW - place * MINUTE) for place in range(5)]
        seen: list[CaseId] = []
        for offset in (0, 2, 4):
            items, size = await cases.queue_page(
                tx, office_id="kanoon", queue=Queue.NEW, actor_id=OFFICER.id,
                now=NOW, limit=2, offset=offset,
            )  # fmt: skip
            assert size == 5
            seen += [item.case.id for item in items]
    assert seen == [case.id for case in reversed(made)]


async def test_the_lists_read_no_case_that_was_closed(
    database: Database,
    plan_of: Callable[[Callable[[Transaction], Awaitable[object]]], Awaitable[str]],
) -> None:
    async with database.transaction() as tx:
        await given_case(tx)
    plan = await plan_of(lambda tx: listed(tx, Queue.LATE))
    assert "ix_desk_case_in_work" in plan
    assert "SCAN" not in plan


async def test_who_waits_longest_and_what_is_due_next(database: Database) -> None:
    async with database.transaction() as tx:
        second = await given_case(tx, now=NOW + HOUR)
        first = await given_case(tx, now=NOW)
        answered = await given_case(tx, now=NOW - HOUR)
        await cases.reply(
            tx, case_id=answered.id, actor=OFFICER, text="بله", calendar=CALENDAR, now=NOW
        )
        longest = await cases.longest_waiting(tx, office_id="kanoon")
        due = await cases.due_next(tx, office_id="kanoon", now=tehran(1, 14))
        held = await cases.claims(tx, office_id="kanoon")
    assert [item.case.id for item in longest] == [first.id, second.id]
    assert [item.case.id for item in due] == [second.id, answered.id]
    assert held == {OFFICER.id: 1}


async def test_a_period_counts_its_first_moment_and_not_its_last(database: Database) -> None:
    async with database.transaction() as tx:
        for kind, now in (
            (CaseKind.PRAISE, NOW),
            (CaseKind.PRAISE, NOW + HOUR),
            (CaseKind.OUTAGE, NOW + 2 * HOUR),
        ):
            case = await given_case(tx, kind=kind, now=now)
            await given_ended(tx, case, now=now)
        period = {"office_id": "kanoon", "since": NOW, "until": NOW + 2 * HOUR}
        assert await cases.registered_by_kind(tx, **period) == {CaseKind.PRAISE: 2}
        assert await cases.ended_by_ending(tx, **period) == {Ending.DONE: 2}
        await cases.reopen(
            tx, code=case.tracking_code, citizen_id=SARA, text="نشد",
            calendar=CALENDAR, now=NOW + 3 * HOUR,
        )  # fmt: skip
        period["until"] = NOW + DAY
        assert await cases.registered_by_kind(tx, **period) == {
            CaseKind.OUTAGE: 1,
            CaseKind.PRAISE: 2,
        }
        assert await cases.ended_by_ending(tx, **period) == {Ending.DONE: 2}


async def test_how_long_services_take_is_counted_in_working_time(database: Database) -> None:
    async with database.transaction() as tx:
        for service, minutes in (("virtual", 30), ("virtual", 50), ("virtual", 1000), (None, 60)):
            case = await given_case(tx, service_id=service)
            await given_ended(tx, case, now=NOW + timedelta(minutes=minutes))
        gone = await given_case(tx)
        await cases.withdraw(tx, code=gone.tracking_code, citizen_id=SARA, now=NOW)
        times = await cases.median_minutes_by_service(
            tx, office_id="kanoon", since=NOW, until=NOW + DAY, calendar=CALENDAR
        )
    assert times == [ServiceTime(None, 60, 1), ServiceTime("virtual", 50, 3)]


async def test_an_export_says_how_a_case_went(database: Database) -> None:
    async with database.transaction() as tx:
        on_time, late = await given_case(tx), await given_case(tx, is_anonymous=True)
        await given_ended(tx, on_time, now=NOW + HOUR)
        first, second = await cases.export_rows(
            tx, office_id="kanoon", since=NOW, until=NOW + DAY, now=tehran(1, 14)
        )
    assert (first.is_late, first.ending, first.ended_at) == (False, Ending.DONE, NOW + HOUR)
    assert (first.first_answered_at, first.resolution_due_at) == (NOW + HOUR, tehran(4, 10))
    assert (second.is_late, second.is_anonymous, second.state) == (True, True, CaseState.OPEN)
    assert late.is_anonymous


async def test_what_is_done_every_minute_reads_only_what_is_in_work(
    plan_of: Callable[[Callable[[Transaction], Awaitable[object]]], Awaitable[str]],
) -> None:
    plans = [
        await plan_of(
            lambda tx: cases.counts(tx, office_id="kanoon", actor_id=OFFICER.id, now=NOW)
        ),
        await plan_of(lambda tx: cases.close_answered(tx, now=NOW)),
        await plan_of(lambda tx: cases.cases_of_questions(tx, question_ids=[1, 2])),
    ]
    indexes = ("ix_desk_case_in_work", "ix_desk_case_answered", "ix_desk_case_question_id")
    for plan, index in zip(plans, indexes, strict=True):
        assert f"SEARCH desk_case USING INDEX {index}" in plan
        assert "SCAN" not in plan
