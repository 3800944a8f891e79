"""What citizens do with their cases."""

from datetime import timedelta

import pytest

from bot.cases import use_cases as cases
from bot.cases.errors import (
    AlreadyEscalated,
    CaseIsOver,
    CodeUnreadable,
    NoSuchCase,
    NotLate,
    TextMissing,
    TooLateToReopen,
    TooManyOpenCases,
    WrongState,
)
from bot.cases.model import (
    CODES_TRIED_PER_HOUR,
    WORDS_PER_HOUR,
    Action,
    CaseState,
    ClockKind,
    Ending,
    MessageKind,
)
from bot.citizens.errors import SlowDown
from bot.citizens.model import CitizenId
from bot.kit.database import Database
from bot.kit.digits import persian_digits
from bot.kit.tracking import new_code, shown
from tests.cases.support import (
    CALENDAR,
    DAY,
    FRIDAY_NIGHT,
    HOUR,
    NEVER_OPEN,
    NOW,
    OFFICER,
    REZA,
    SARA,
    given_case,
    given_ended,
    given_in,
    rows_of,
    tehran,
)


class TestRegistering:
    async def test_promises_a_date_and_an_hour(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
        async with database.reading() as tx:
            whole = await cases.dossier(tx, case_id=case.id)
        assert {clock.kind: clock.due_at for clock in whole.clocks} == {
            ClockKind.FIRST_RESPONSE: tehran(1, 14, 0),
            ClockKind.RESOLUTION: tehran(4, 10, 0),
        }
        assert whole.next_clock is not None
        assert whole.next_clock.kind is ClockKind.FIRST_RESPONSE
        assert [message.text for message in whole.messages] == ["صدای کلاس قطع می‌شود."]
        assert whole.case == case

    async def test_is_open_on_a_friday_night_and_then_counts_from_the_morning(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx, now=FRIDAY_NIGHT)
            whole = await cases.dossier(tx, case_id=case.id)
        assert whole.next_clock is not None
        assert whole.next_clock.due_at == tehran(7, 11, 30)

    async def test_is_open_even_where_the_office_never_is_and_promises_nothing(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx, calendar=NEVER_OPEN)
            whole = await cases.dossier(tx, case_id=case.id)
        assert whole.clocks == ()
        assert whole.next_clock is None

    async def test_under_the_same_key_gives_the_same_case(self, database: Database) -> None:
        async with database.transaction() as tx:
            first = await given_case(tx, key="run-1")
            before = await rows_of(tx)
            assert await given_case(tx, key="run-1", now=NOW + HOUR, text="دیگر") == first
            assert await rows_of(tx) == before
            assert await cases.registered_as(tx, key="run-1") == first
            assert await cases.registered_as(tx, key="run-2") is None

    async def test_keeps_no_number_that_names_a_person(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx, text="کد ملی ۰۰۱۳۵۴۲۴۱۹ و خدمت 10021234")
            whole = await cases.dossier(tx, case_id=case.id)
        assert whole.messages[0].text == "کد ملی ••• و خدمت 10021234"

    async def test_is_limited_by_the_hour(self, database: Database) -> None:
        async with database.transaction() as tx:
            for _ in range(6):
                await given_case(tx)
            with pytest.raises(SlowDown):
                await given_case(tx)
            await given_case(tx, author_id=REZA)
            await given_case(tx, now=NOW + 2 * HOUR)

    async def test_is_limited_by_how_many_are_open(self, database: Database) -> None:
        async with database.transaction() as tx:
            for place in range(20):
                case = await given_case(tx, now=NOW + place * HOUR)
            later = NOW + 30 * HOUR
            with pytest.raises(TooManyOpenCases) as refused:
                await given_case(tx, now=later)
            assert refused.value.count_max == 20
            await given_ended(tx, case, now=later)
            await given_case(tx, now=later)

    async def test_without_words_is_refused(self, database: Database) -> None:
        async with database.transaction() as tx:
            before = await rows_of(tx)
            with pytest.raises(TextMissing):
                async with tx.begin_nested():
                    await given_case(tx, text=" \u200c ")
            assert await rows_of(tx) == before


class TestLooking:
    async def test_finds_a_case_however_its_code_is_typed(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            code = shown(case.tracking_code)
            for typed in (code, code.lower(), persian_digits(code), f"پرونده {code} چه شد؟"):
                sight = await cases.look_up(tx, typed=typed, citizen_id=SARA, now=NOW)
                assert sight.is_whole
                assert sight.dossier.case == case
            with pytest.raises(CodeUnreadable):
                await cases.look_up(tx, typed="پرونده من", citizen_id=SARA, now=NOW)

    async def test_at_somebody_elses_case_shows_only_where_it_stands(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_ended(tx, await given_case(tx), ending=Ending.CANNOT_BE_DONE)
            sight = await cases.look_up(
                tx, typed=case.tracking_code, citizen_id=REZA, now=NOW + HOUR
            )
        assert not sight.is_whole
        assert sight.dossier.case.state is CaseState.ANSWERED
        told = repr(sight)
        for secret in (SARA, OFFICER.id, "بودجه", "صدای", "virtual"):
            assert str(secret) not in told

    async def test_shows_citizens_no_notes_and_no_names(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            await cases.note(tx, case_id=case.id, actor=OFFICER, text="راز", now=NOW)
            await cases.ask(tx, case_id=case.id, actor=OFFICER, text="کدام؟", now=NOW)
            await cases.end(
                tx, case_id=case.id, actor=OFFICER, ending=Ending.DONE, reason="شد", now=NOW
            )
            sight = await cases.sight(tx, code=case.tracking_code, citizen_id=SARA)
        assert "راز" not in repr(sight)
        assert len(sight.dossier.messages) == 2
        assert all(message.author_id is None for message in sight.dossier.messages)
        assert all(event.actor_id is None for event in sight.dossier.events)
        assert all(event.note is None for event in sight.dossier.events)
        assert [event.action for event in sight.dossier.events] == [
            Action.REGISTERED,
            Action.TAKEN,
            Action.ASKED,
            Action.ENDED,
        ]

    async def test_at_codes_that_are_not_ones_own_is_limited(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            other = await given_case(tx)
            missing = new_code()
            for _ in range(10):
                with pytest.raises(NoSuchCase):
                    await cases.look_up(tx, typed=missing, citizen_id=REZA, now=NOW)
            for code in (missing, other.tracking_code):
                with pytest.raises(SlowDown):
                    await cases.look_up(tx, typed=code, citizen_id=REZA, now=NOW)
            for _ in range(12):
                await cases.look_up(tx, typed=case.tracking_code, citizen_id=SARA, now=NOW)
            await cases.look_up(tx, typed=case.tracking_code, citizen_id=REZA, now=NOW + 2 * HOUR)

    async def test_at_an_anonymous_case_is_free_for_whoever_has_its_code(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx, is_anonymous=True)
            for _ in range(CODES_TRIED_PER_HOUR + 1):
                sight = await cases.look_up(tx, typed=case.tracking_code, citizen_id=SARA, now=NOW)
        assert sight.is_whole

    async def test_lists_ones_cases_with_those_that_go_on_first(self, database: Database) -> None:
        async with database.transaction() as tx:
            first = await given_case(tx)
            second = await given_in(tx, CaseState.ANSWERED)
            third = await given_case(tx, text="س" * 300)
            await given_case(tx, author_id=REZA)
            await given_case(tx, is_anonymous=True)
            items = await cases.cases_of(tx, citizen_id=SARA)
        assert [item.case.id for item in items] == [third.id, first.id, second.id]
        assert items[0].due_at == tehran(1, 14, 0)
        assert len(items[0].first_words) == 80
        assert items[2].due_at is None


class TestAddingWords:
    async def test_gives_each_its_own_promise_which_one_answer_keeps(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            for minutes in (30, 60):
                now = NOW + timedelta(minutes=minutes)
                await cases.add_words(
                    tx, code=case.tracking_code, citizen_id=SARA, text="؟",
                    calendar=CALENDAR, now=now,
                )  # fmt: skip
            waiting = [
                c for c in (await cases.dossier(tx, case_id=case.id)).clocks if not c.met_at
            ]
            assert [clock.kind for clock in waiting] == [
                ClockKind.FIRST_RESPONSE,
                ClockKind.RESOLUTION,
                ClockKind.NEXT_RESPONSE,
                ClockKind.NEXT_RESPONSE,
            ]
            assert [c.due_at for c in waiting[2:]] == [tehran(1, 13, 30), tehran(1, 14, 0)]
            await cases.reply(
                tx, case_id=case.id, actor=OFFICER, text="بله", calendar=CALENDAR, now=NOW + HOUR
            )
            whole = await cases.dossier(tx, case_id=case.id)
        assert [c.kind for c in whole.clocks if c.is_running] == [ClockKind.RESOLUTION]
        assert {c.met_at for c in whole.clocks if not c.is_running} == {NOW + HOUR}

    async def test_ends_the_pause_and_moves_the_deadline_by_it(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            await cases.ask(tx, case_id=case.id, actor=OFFICER, text="کدام؟", now=tehran(1, 10))
            paused = await cases.dossier(tx, case_id=case.id)
            assert paused.next_clock is None
            after = await cases.add_words(
                tx, code=case.tracking_code, citizen_id=SARA, text="این",
                calendar=CALENDAR, now=tehran(2, 20),
            )  # fmt: skip
            whole = await cases.dossier(tx, case_id=case.id)
            clock = next(c for c in whole.clocks if c.kind is ClockKind.RESOLUTION)
            why = cases.explain(whole, clock, CALENDAR, now=tehran(2, 20))
        assert after.state is CaseState.OPEN
        # Half an hour was worked before the question; 1170 minutes remain from Tuesday on.
        assert clock.due_at == tehran(5, 14, 30) + timedelta(days=2)
        assert why.minutes == 1200
        assert [day.minutes for day in why.days] == [30, 0, 390, 390, 0, 0, 390]
        assert [(p.starts_at, p.ends_at) for p in why.pauses] == [(tehran(1, 10), tehran(2, 20))]

    async def test_a_date_is_explained_to_the_minute_though_it_was_written_amid_one(
        self, database: Database
    ) -> None:
        amid = tehran(1, 9, 31) + timedelta(seconds=33)
        async with database.transaction() as tx:
            case = await given_case(tx, now=amid)
            whole = await cases.dossier(tx, case_id=case.id)
            for clock in whole.clocks:
                why = cases.explain(whole, clock, CALENDAR, now=amid)
                target = {
                    ClockKind.FIRST_RESPONSE: case.policy.first_response_minutes,
                    ClockKind.RESOLUTION: case.policy.resolution_minutes,
                }[clock.kind]
                assert why.minutes == target == sum(day.minutes for day in why.days)

    async def test_wakes_a_case_that_was_put_aside(self, database: Database) -> None:
        async with database.transaction() as tx:
            for until in (None, NOW + DAY):
                case = await given_case(tx)
                await cases.snooze(tx, case_id=case.id, actor=OFFICER, until=until, now=NOW)
                after = await cases.add_words(
                    tx, code=case.tracking_code, citizen_id=SARA, text="خب؟",
                    calendar=CALENDAR, now=NOW + HOUR,
                )  # fmt: skip
                assert (after.snoozed_until, after.is_snoozed_until_reply) == (None, False)
                whole = await cases.dossier(tx, case_id=case.id)
                assert whole.case == after
                assert whole.events[-1].action is Action.WOKEN

    async def test_that_come_twice_are_kept_once(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            for _ in range(2):
                await cases.add_words(
                    tx, code=case.tracking_code, citizen_id=SARA, text="؟",
                    calendar=CALENDAR, source=(SARA, 9), now=NOW + HOUR,
                )  # fmt: skip
            whole = await cases.dossier(tx, case_id=case.id)
        assert len(whole.messages) == 2
        assert len(whole.clocks) == 3

    async def test_says_until_when_an_answered_case_can_be_reopened(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_ended(tx, await given_case(tx))
            for now, until in ((NOW + DAY, NOW + 10 * DAY), (NOW + 10 * DAY, None)):
                with pytest.raises(CaseIsOver) as refused:
                    await cases.add_words(
                        tx, code=case.tracking_code, citizen_id=SARA, text="؟",
                        calendar=CALENDAR, now=now,
                    )  # fmt: skip
                assert refused.value.until == until

    async def test_and_editing_them_is_limited_by_the_hour(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            one = {"code": case.tracking_code, "citizen_id": SARA, "calendar": CALENDAR}
            for place in range(WORDS_PER_HOUR - 1):
                await cases.add_words(tx, **one, text="و", source=(SARA, place), now=NOW)
            edit = {"source": (SARA, 0), "citizen_id": SARA}
            assert await cases.revise_words(tx, **edit, text="اول", now=NOW)
            with pytest.raises(SlowDown):
                await cases.revise_words(tx, **edit, text="دوم", now=NOW)
            with pytest.raises(SlowDown):
                await cases.add_words(tx, **one, text="و", source=(SARA, 99), now=NOW)
            came_twice = await cases.add_words(tx, **one, text="و", source=(SARA, 0), now=NOW)
            assert came_twice.id == case.id
            await cases.add_words(tx, **one, text="و", source=(SARA, 99), now=NOW + 2 * HOUR)


class TestRevising:
    async def test_keeps_every_version(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx, source_message_id=(SARA, 7))
            for place, text in enumerate(("دوم", "سوم 0013542419"), start=1):
                found = await cases.revise_words(
                    tx, source=(SARA, 7), citizen_id=SARA, text=text, now=NOW + place * HOUR
                )
                assert found is not None
            assert (found[1].text, found[1].version) == ("سوم •••", 3)
            whole = await cases.dossier(tx, case_id=case.id)
            earlier = await cases.earlier_versions(tx, message=whole.messages[0])
        assert whole.messages == (found[1],)
        assert [(m.version, m.text, m.said_at) for m in earlier] == [
            (1, "صدای کلاس قطع می‌شود.", NOW),
            (2, "دوم", NOW + HOUR),
        ]
        assert [event.action for event in whole.events].count(Action.WORDS_REVISED) == 2

    async def test_changes_nothing_where_the_message_is_of_no_case_or_not_theirs(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            await given_case(tx, source_message_id=(SARA, 7))
            before = await rows_of(tx)
            for source, person, text in (
                ((SARA, 8), SARA, "دوم"),
                ((SARA, 7), REZA, "دوم"),
                ((SARA, 7), SARA, " صدای کلاس قطع می‌شود."),
            ):
                revised = await cases.revise_words(
                    tx, source=source, citizen_id=person, text=text, now=NOW
                )
                assert revised is None
            assert await rows_of(tx) == before


class TestDisagreeing:
    async def test_is_possible_for_ten_days_and_not_at_their_very_end(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_ended(tx, await given_case(tx))
            assert case.reopenable_until == NOW + 10 * DAY
            with pytest.raises(TooLateToReopen) as refused:
                await cases.reopen(
                    tx, code=case.tracking_code, citizen_id=SARA, text="نشد",
                    calendar=CALENDAR, now=NOW + 10 * DAY,
                )  # fmt: skip
            assert refused.value.closed_at == NOW + 10 * DAY
            now = NOW + 10 * DAY - timedelta(microseconds=1)
            again = await cases.reopen(
                tx, code=case.tracking_code, citizen_id=SARA, text="نشد",
                calendar=CALENDAR, now=now,
            )  # fmt: skip
            whole = await cases.dossier(tx, case_id=case.id)
        assert (again.state, again.ending, again.ended_at) == (CaseState.OPEN, None, None)
        assert again.assignee_id == OFFICER.id
        assert [c.kind for c in whole.clocks if c.is_running] == [
            ClockKind.NEXT_RESPONSE,
            ClockKind.RESOLUTION,
        ]
        assert whole.messages[-1].text == "نشد"

    async def test_counts_how_often_the_office_has_ended_a_case(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            for resolution in (1, 2):
                await given_ended(tx, case)
                whole = await cases.dossier(tx, case_id=case.id)
                assert whole.resolution == resolution
                await cases.reopen(
                    tx, code=case.tracking_code, citizen_id=SARA, text="نشد",
                    calendar=CALENDAR, now=NOW + HOUR,
                )  # fmt: skip

    async def test_by_objecting_is_for_a_rejection_and_once(self, database: Database) -> None:
        objection = {"citizen_id": SARA, "text": "چرا؟", "calendar": CALENDAR, "now": NOW + HOUR}
        async with database.transaction() as tx:
            done = await given_ended(tx, await given_case(tx))
            with pytest.raises(WrongState):
                await cases.object_to(tx, code=done.tracking_code, **objection)
            case = await given_in(tx, CaseState.ANSWERED)
            assert case.ending is Ending.CANNOT_BE_DONE
            await cases.object_to(tx, code=case.tracking_code, **objection)
            await given_ended(tx, case, ending=Ending.CANNOT_BE_DONE, now=NOW + 2 * HOUR)
            with pytest.raises(WrongState):
                await cases.object_to(tx, code=case.tracking_code, **objection)

    async def test_is_too_late_for_what_they_took_back_themselves(
        self, database: Database
    ) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            gone = await cases.withdraw(tx, code=case.tracking_code, citizen_id=SARA, now=NOW)
            assert (gone.state, gone.ending) == (CaseState.CLOSED, Ending.WITHDRAWN)
            whole = await cases.dossier(tx, case_id=case.id)
            assert not [clock for clock in whole.clocks if clock.is_running]
            assert whole.resolution == 0
            with pytest.raises(CaseIsOver):
                await cases.reopen(
                    tx, code=case.tracking_code, citizen_id=SARA, text="باز",
                    calendar=CALENDAR, now=NOW + HOUR,
                )  # fmt: skip


class TestEscalating:
    async def test_is_for_a_late_case_and_once(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_case(tx)
            one = {"code": case.tracking_code, "citizen_id": SARA}
            with pytest.raises(NotLate):
                await cases.escalate(tx, **one, now=tehran(1, 14) - timedelta(seconds=1))
            escalated = await cases.escalate(tx, **one, now=tehran(1, 14))
            assert escalated.escalated_at == tehran(1, 14)
            with pytest.raises(AlreadyEscalated):
                await cases.escalate(tx, **one, now=tehran(1, 15))

    async def test_is_not_for_a_case_that_waits_for_its_citizen(self, database: Database) -> None:
        async with database.transaction() as tx:
            case = await given_in(tx, CaseState.WAITING)
            with pytest.raises(NotLate):
                await cases.escalate(
                    tx, code=case.tracking_code, citizen_id=SARA, now=NOW + 30 * DAY
                )


@pytest.mark.parametrize("person", [REZA, CitizenId(0)])
async def test_somebody_elses_code_and_a_code_of_nothing_are_the_same_to_whoever_would_change(
    database: Database, person: CitizenId
) -> None:
    words = {"text": "؟", "calendar": CALENDAR}
    async with database.transaction() as tx:
        case = await given_in(tx, CaseState.ANSWERED)
        going_on = await given_case(tx)
        before = await rows_of(tx)
        for code in (case.tracking_code, going_on.tracking_code, new_code(), "", "'; --"):
            one = {"code": code, "citizen_id": person, "now": NOW + HOUR}
            for act in (cases.add_words, cases.reopen, cases.object_to):
                with pytest.raises(NoSuchCase) as refused:
                    await act(tx, **one, **words)
                assert refused.value.args == ()
            for act in (cases.withdraw, cases.escalate):
                with pytest.raises(NoSuchCase):
                    await act(tx, **one)
        assert await rows_of(tx) == before


async def test_words_of_an_anonymous_case_may_come_from_whoever_has_its_code(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        case = await given_case(tx, is_anonymous=True)
        sight = await cases.look_up(tx, typed=case.tracking_code, citizen_id=REZA, now=NOW)
        assert sight.is_whole
        await cases.add_words(
            tx, code=case.tracking_code, citizen_id=SARA, text="؟",
            calendar=CALENDAR, source=(SARA, 9), now=NOW,
        )  # fmt: skip
        whole = await cases.dossier(tx, case_id=case.id)
    assert [message.kind for message in whole.messages] == [MessageKind.WORDS] * 2
