"""What the clock does at the desk: reminders, delays owned up to, and tidying up."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.cases.model import Case, CaseState
from bot.kit.tracking import shown
from bot.outbox import use_cases as outbox
from bot.outbox.model import Results
from handlers.callback_data.desk import DeskVerb
from handlers.jobs import cases as rounds
from handlers.jobs.undelivered import report_undelivered
from tests.handlers.desk_support import (
    GROUP_ID,
    OFFICER,
    SARA,
    Officer,
    dossier,
    register,
    told,
)
from tests.handlers.support import DeskUnderTest, Said, faults_of, plain

SUNDAY_MORNING = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)  # 08:00 in Tehran


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    desk.now = SUNDAY_MORNING
    await desk.open_desk(GROUP_ID)
    return await Officer.at(desk, OFFICER)


async def first_due(desk: DeskUnderTest, case: Case) -> datetime:
    return min(clock.due_at for clock in (await dossier(desk, case)).clocks)


def to(said: list[Said], chat_id: int) -> list[str]:
    for message in said:
        assert not faults_of(message)
    return [plain(message.text) for message in said if message.chat_id == chat_id]


class TestReminders:
    async def test_staff_are_reminded_once_before_a_promise_is_due(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        del officer
        case = await register(desk)
        due_at = await first_due(desk, case)
        assert await desk.round(rounds.warn_staff) == []
        desk.now = due_at - timedelta(minutes=30)
        said = await desk.round(rounds.warn_staff)
        (reminder,) = to(said, GROUP_ID)
        assert shown(case.tracking_code) in reminder
        assert said[0].about == f"case:{case.id}"
        assert await desk.round(rounds.warn_staff) == []
        assert not told(desk, SARA)

    async def test_nobody_is_reminded_of_what_was_answered(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        due_at = await first_due(desk, case)
        await officer.reply(await officer.card(case), "پاسخ")
        desk.now = due_at - timedelta(minutes=30)
        assert await desk.round(rounds.warn_staff) == []
        desk.now = due_at + timedelta(minutes=30)
        assert await desk.round(rounds.tell_overdue) == []

    async def test_there_are_no_reminders_at_night(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        del officer
        desk.now = SUNDAY_MORNING + timedelta(hours=5)  # 13:00; due early on Monday
        case = await register(desk)
        due_at = await first_due(desk, case)
        closes_at = SUNDAY_MORNING + timedelta(hours=6, minutes=30)
        for hour in range(17):
            desk.now = closes_at + timedelta(hours=hour)
            assert desk.now < due_at
            assert await desk.round(rounds.warn_staff) == []
        desk.now = due_at - timedelta(minutes=10)
        assert len(await desk.round(rounds.warn_staff)) == 1


class TestManyAtOnce:
    @pytest.mark.parametrize("at_once", [3, 4])
    async def test_more_than_three_are_told_in_one_list(
        self, desk: DeskUnderTest, officer: Officer, at_once: int
    ) -> None:
        cases = [await register(desk, author=SARA + number) for number in range(at_once)]
        desk.now = await first_due(desk, cases[0]) + timedelta(minutes=1)
        said = await desk.round(rounds.tell_overdue)
        heard = to(said, GROUP_ID)
        assert len(said) - len(heard) == at_once
        if at_once == 3:
            assert len(heard) == 3
            return
        assert len(heard) == 1
        assert all(shown(case.tracking_code) in heard[0] for case in cases)
        (listed,) = await officer.visitor.press_data(said[-1].presses[-1])
        assert shown(cases[-1].tracking_code) in plain(listed.text)
        assert await desk.round(rounds.tell_overdue) == []

    async def test_a_reply_to_the_list_reaches_nobody(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        cases = [await register(desk, author=SARA + number) for number in range(4)]
        desk.now = await first_due(desk, cases[0]) - timedelta(minutes=30)
        (said,) = await desk.round(rounds.warn_staff)
        await officer.reply(said, "پاسخ")
        assert not any(told(desk, SARA + number) for number in range(4))


class TestDelays:
    async def test_the_citizen_hears_of_a_delay_before_staff_do_and_once(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        del officer
        case = await register(desk)
        due_at = await first_due(desk, case)
        desk.now = due_at + timedelta(minutes=1)
        said = await desk.round(rounds.tell_overdue)
        assert [message.chat_id for message in said] == [SARA, GROUP_ID]
        assert any(":escalate" in data for data in said[0].presses)
        assert shown(case.tracking_code) in plain(said[1].text)
        assert await desk.round(rounds.tell_overdue) == []
        clock = (await dossier(desk, case)).next_clock
        assert clock is not None
        assert clock.new_due_at is not None
        assert clock.new_due_at > desk.now

    async def test_of_an_anonymous_case_staff_alone_are_told(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        del officer
        case = await register(desk, is_anonymous=True)
        due_at = await first_due(desk, case)
        desk.now = due_at + timedelta(minutes=1)
        said = await desk.round(rounds.tell_overdue)
        assert [message.chat_id for message in said] == [GROUP_ID]

    async def test_an_office_without_an_admin_chat_still_owns_up_to_the_citizen(
        self, desk: DeskUnderTest
    ) -> None:
        desk.now = SUNDAY_MORNING
        case = await register(desk)
        due_at = await first_due(desk, case)
        desk.now = due_at + timedelta(minutes=1)
        said = await desk.round(rounds.tell_overdue)
        assert [message.chat_id for message in said] == [SARA]

    async def test_a_desk_that_was_down_owns_up_in_the_morning_not_at_night(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        del officer
        await register(desk)
        desk.now = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # 04:00 in Tehran
        assert await desk.round(rounds.tell_overdue) == []
        desk.now = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
        assert len(await desk.round(rounds.tell_overdue)) >= 2


class TestTidying:
    async def test_an_idle_claim_returns_to_everybody(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        await officer.press(await officer.card(case), DeskVerb.TAKE)
        desk.now += timedelta(minutes=119)
        assert await desk.round(rounds.return_idle_claims) == []
        desk.now += timedelta(minutes=2)
        (said,) = to(await desk.round(rounds.return_idle_claims), GROUP_ID)
        assert shown(case.tracking_code) in said
        assert (await dossier(desk, case)).case.assignee_id is None
        assert await desk.round(rounds.return_idle_claims) == []

    async def test_a_case_that_was_put_aside_comes_back(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        (snoozes,) = await officer.press(await officer.card(case), DeskVerb.SNOOZES)
        await officer.press(snoozes, DeskVerb.SNOOZE, "hour")
        assert await desk.round(rounds.wake_snoozed) == []
        desk.now += timedelta(hours=1)
        (said,) = to(await desk.round(rounds.wake_snoozed), GROUP_ID)
        assert shown(case.tracking_code) in said
        assert await desk.round(rounds.wake_snoozed) == []

    async def test_an_answered_case_is_closed_after_ten_days_and_nobody_is_bothered(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        (menu,) = await officer.press(await officer.card(case), DeskVerb.ENDINGS)
        await officer.press(menu, DeskVerb.END, "done")
        for days, state in ((9, CaseState.ANSWERED), (2, CaseState.CLOSED)):
            desk.now += timedelta(days=days)
            assert await desk.round(rounds.close_answered) == []
            assert (await dossier(desk, case)).case.state is state

    async def test_what_did_not_reach_the_citizen_is_reported_once(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        await officer.reply(await officer.card(case), "پاسخ")
        async with desk.database.transaction() as tx:
            claimed = await outbox.claim(tx, desk.now, 100)
            dead = {
                message.id: "403 Forbidden: bot was blocked by the user"
                for message in claimed
                if message.chat_id == SARA
            }
            assert dead
            await outbox.record(tx, Results(dead=dead), desk.now)
        (said,) = to(await desk.round(report_undelivered), GROUP_ID)
        assert "📵" in said
        assert shown(case.tracking_code) in said
        assert await desk.round(report_undelivered) == []
