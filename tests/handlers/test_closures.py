"""The calendar in the admin chat: closing days, moving holidays, and who is told."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time

import pytest

from bot.calendar import use_cases as calendars
from bot.calendar.errors import DayIsPast, DayUnreadable, NoSuchClosure
from bot.calendar.model import Closure, ClosureDraft, ClosureScope, HolidayState, Window
from bot.cases.errors import ReasonMissing
from bot.cases.model import Action, Case, ClockKind
from bot.citizens import use_cases as citizens
from bot.citizens.errors import NotInDeskChat, StaffOnly
from bot.citizens.model import Role
from bot.kit.jalali import tehran_day
from bot.kit.tracking import shown
from handlers.callback_data import StaleButton
from handlers.callback_data.closures import CalendarPressed, CloseDayPressed, ConfirmPressed
from handlers.staff.calendar import closing_words
from tests.calendar.support import at, jalali
from tests.handlers.desk_support import (
    COLLEAGUE,
    GROUP_ID,
    MANAGER,
    OFFICER,
    OTHER_GROUP_ID,
    REZA,
    SARA,
    STRANGER,
    Officer,
    dossier,
    register,
    said_in,
    told,
)
from tests.handlers.support import DeskUnderTest, Said, faults_of, plain

COLD = "سرمای شدید"
CLOSE_THIRD = f"/close kanoon 1405/09/03 {COLD}"


@pytest.fixture(autouse=True)
async def nothing_said_was_broken(desk: DeskUnderTest) -> AsyncIterator[None]:
    yield
    for messages in desk.heard.values():
        for said in messages:
            assert not faults_of(said), said.text


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    await desk.open_desk(GROUP_ID)
    await seed(desk)
    return await Officer.at(desk, OFFICER)


@pytest.fixture
async def manager(desk: DeskUnderTest, officer: Officer) -> Officer:
    del officer
    return await Officer.at(desk, MANAGER, role=Role.MANAGER)


async def seed(desk: DeskUnderTest) -> None:
    async with desk.database.transaction() as tx:
        await calendars.seed_holidays(tx, today=tehran_day(desk.now))


async def say(officer: Officer, text: str) -> Said:
    """Write something in the group; gives the single answer."""
    return await officer.visitor.say(text)


async def press(officer: Officer, desk: DeskUnderTest, label: str, on: Said) -> Said:
    return await officer.visitor.press(said_in(desk, label), on)


async def confirm(officer: Officer, desk: DeskUnderTest, preview: Said) -> Said:
    return await press(officer, desk, "✅ Confirm", preview)


async def confirm_in_vain(officer: Officer, desk: DeskUnderTest, preview: Said) -> None:
    """Nothing happens, and the chat of the others stays quiet."""
    data = preview.buttons[said_in(desk, "✅ Confirm")]
    assert await officer.visitor.press_data(data, message_id=preview.message_id) == []
    assert desk.direct[0].params["text"]
    assert isinstance(desk.refused[-1], StaleButton)


async def due(desk: DeskUnderTest, case: Case, kind: ClockKind = ClockKind.RESOLUTION) -> datetime:
    clocks = (await dossier(desk, case)).clocks
    return next(clock.due_at for clock in clocks if clock.kind is kind)


async def closures(desk: DeskUnderTest, office_id: str = "kanoon") -> list[Closure]:
    async with desk.database.reading() as tx:
        return await calendars.closures_of(
            tx, office_id=office_id, first=date(2026, 1, 1), last=date(2028, 1, 1)
        )


class TestClosing:
    async def test_is_previewed_confirmed_and_told_once(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)  # at 12:30 on 1 Azar: 1170 minutes
        assert await due(desk, case) == at("1405/09/04 12:30")

        preview = await say(officer, CLOSE_THIRD)
        text = plain(preview.text)
        assert shown(case.tracking_code) in text
        assert COLD in text
        assert "۴ آذر ۱۴۰۵، ساعت ۱۲:۳۰" in text
        assert "۷ آذر ۱۴۰۵، ساعت ۰۸:۰۰" in text
        assert await closures(desk) == []
        assert await due(desk, case) == at("1405/09/04 12:30")
        assert told(desk, SARA) == []

        summary = await confirm(officer, desk, preview)
        assert COLD in plain(summary.text)
        (closure,) = await closures(desk)
        assert (closure.made_by, closure.draft.reason) == (OFFICER, COLD)
        # Thursday has 270 of the 300 minutes that are left, Friday none.
        assert await due(desk, case) == at("1405/09/07 08:00")
        (heard,) = told(desk, SARA)
        assert COLD in heard
        assert shown(case.tracking_code) in heard
        assert "۷ آذر ۱۴۰۵، ساعت ۰۸:۰۰" in heard
        assert desk.heard[SARA][0].about == f"case:{case.id}"
        actions = [event.action for event in (await dossier(desk, case)).events]
        assert actions.count(Action.DEADLINE_MOVED) == 1

    async def test_confirmed_twice_changes_and_tells_nothing_more(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        await register(desk)
        preview = await say(officer, CLOSE_THIRD)
        await confirm(officer, desk, preview)
        await confirm_in_vain(officer, desk, preview)
        assert len(await closures(desk)) == 1
        assert len(told(desk, SARA)) == 1

    async def test_whoever_has_several_cases_is_told_of_them_in_one_message(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        cases = [await register(desk) for _ in range(3)]
        await register(desk, author=REZA)
        settled = await confirm(officer, desk, await say(officer, CLOSE_THIRD))
        (heard,) = told(desk, SARA)
        assert all(shown(case.tracking_code) in heard for case in cases)
        assert desk.heard[SARA][0].about is None
        assert len(told(desk, REZA)) == 1
        assert plain(settled.text).endswith("کسانی که خبردار شدند: ۲.")

    async def test_each_example_of_the_help_is_understood(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        examples = [
            line.removeprefix("• ")
            for line in plain((await say(officer, "/close")).text).splitlines()
            if line.startswith("• /close")
        ]
        assert len(examples) == 3
        for example in examples:
            preview = await say(officer, example)
            assert said_in(desk, "✅ Confirm") in preview.buttons, example

    async def test_tells_nobody_whose_date_stays_or_who_is_anonymous(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        hidden = await register(desk, is_anonymous=True)
        elsewhere = await register(desk, author=REZA, office_id="mazandaran")
        before = await due(desk, elsewhere)
        await confirm(officer, desk, await say(officer, CLOSE_THIRD))
        assert await due(desk, hidden) == at("1405/09/07 08:00")
        assert await due(desk, elsewhere) == before
        assert told(desk, SARA) == told(desk, REZA) == []

    async def test_a_reply_to_a_preview_reaches_no_citizen(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        preview = await say(officer, CLOSE_THIRD)
        assert plain(preview.text).count(shown(case.tracking_code)) == 1
        await officer.reply(preview, "این را به شهروند نگویید")
        assert told(desk, SARA) == []

    async def test_leaves_a_record(self, desk: DeskUnderTest, officer: Officer) -> None:
        await confirm(officer, desk, await say(officer, CLOSE_THIRD))
        (closure,) = await closures(desk)
        async with desk.database.reading() as tx:
            entries = await citizens.audit_of(tx, office_id="kanoon", limit=5)
        found = [(entry.actor_id, entry.action, entry.subject, entry.note) for entry in entries]
        assert (OFFICER, "closure.decided", f"closure:{closure.id}", COLD) in found

    async def test_counts_cases_that_came_after_the_preview(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        preview = await say(officer, CLOSE_THIRD)
        case = await register(desk)
        await confirm(officer, desk, preview)
        assert await due(desk, case) == at("1405/09/07 08:00")
        assert len(told(desk, SARA)) == 1

    async def test_can_be_left(self, desk: DeskUnderTest, officer: Officer) -> None:
        preview = await say(officer, CLOSE_THIRD)
        dropped = await press(officer, desk, "✖️ Cancel", preview)
        assert plain(dropped.text) == said_in(desk, "Nothing was changed.")
        await confirm_in_vain(officer, desk, preview)
        assert await closures(desk) == []

    async def test_is_confirmed_by_whoever_saw_the_preview(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        colleague = await Officer.at(desk, COLLEAGUE)
        preview = await say(officer, CLOSE_THIRD)
        await confirm_in_vain(colleague, desk, preview)
        assert await closures(desk) == []
        await confirm(officer, desk, preview)
        assert len(await closures(desk)) == 1

    async def test_of_hours_shortens_the_day(self, desk: DeskUnderTest, officer: Officer) -> None:
        case = await register(desk)
        await confirm(
            officer, desk, await say(officer, f"/close kanoon 1405/09/03 07:30-10:00 {COLD}")
        )
        (closure,) = await closures(desk)
        assert closure.draft.windows == (Window(time(7, 30), time(10)),)
        assert await due(desk, case) == at("1405/09/05 10:00")

    async def test_of_several_days_for_the_province(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        province = said_in(desk, "province")
        typed = f"/close کانون ۳ تا ۴ آذر {province} {COLD}"
        await confirm(officer, desk, await say(officer, typed))
        (closure,) = await closures(desk)
        draft = closure.draft
        assert (draft.first_on, draft.last_on) == (jalali("1405/09/03"), jalali("1405/09/04"))
        assert (draft.scope, draft.reason) == (ClosureScope.PROVINCE, COLD)

    async def test_says_so_where_nobody_works_anyway(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        note = said_in(desk, "The hours of these days stay as they are: nobody works then anyway.")
        friday = await say(officer, f"/close kanoon 1405/09/06 {COLD}")
        assert note in plain(friday.text)
        assert note not in plain((await say(officer, CLOSE_THIRD)).text)

    async def test_needs_no_office_where_the_chat_serves_one(self, desk: DeskUnderTest) -> None:
        await desk.open_desk(GROUP_ID, "kanoon")
        officer = await Officer.at(desk, OFFICER, "kanoon")
        await confirm(officer, desk, await say(officer, f"/close 1405/09/03 {COLD}"))
        assert len(await closures(desk)) == 1

    async def test_shows_markup_as_it_was_typed(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        await register(desk)
        reason = "<b>سرما</b> &amp; \u202eبرف"
        await confirm(officer, desk, await say(officer, f"/close kanoon 1405/09/03 {reason}"))
        assert "<b>سرما</b> &amp; برف" in told(desk, SARA)[0]


class TestClosingByButtons:
    async def test_begins_without_words_and_asks_for_the_reason(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        page = await say(officer, "/close")
        assert "/close" in plain(page.text)
        choice = await officer.visitor.press_data(page.presses[0])
        tomorrow = CloseDayPressed("kanoon", "2026-11-23").pack()
        assert tomorrow in choice[0].presses
        assert CloseDayPressed("kanoon", "2026-11-27").pack() not in choice[0].presses  # Friday
        (prompt,) = await officer.visitor.press_data(tomorrow)
        assert prompt.about is not None
        (preview,) = await officer.reply(prompt, COLD)
        await confirm(officer, desk, preview)
        (closure,) = await closures(desk)
        assert closure.draft.first_on == date(2026, 11, 23)
        assert closure.draft.reason == COLD

    async def test_asks_for_the_reason_of_what_was_typed_without_one(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        prompt = await say(officer, "/close kanoon 1405/09/03 07:30-10:00")
        colleague = await Officer.at(desk, COLLEAGUE)
        (preview,) = await colleague.reply(prompt, COLD)  # whoever knows it may say it
        await confirm(colleague, desk, preview)
        (closure,) = await closures(desk)
        assert closure.draft.windows == (Window(time(7, 30), time(10)),)
        assert closure.made_by == COLLEAGUE

    async def test_asks_which_office_where_there_are_several(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        page = await say(officer, f"/close 1405/09/03 {COLD}")
        offices = [published.office.id for published in desk.shared.catalogue.offices]
        assert [data.split(":")[1] for data in page.presses] == offices
        assert await closures(desk) == []


class TestRefusals:
    @pytest.mark.parametrize(
        ("typed", "refusal"),
        [
            (f"/close kanoon 1405/08/30 {COLD}", DayIsPast),
            (f"/close kanoon 1405/08/30-1405/09/03 {COLD}", DayIsPast),
            ("/close kanoon 1405/08/30", DayIsPast),
            (f"/close kanoon 1405/09/31 {COLD}", DayUnreadable),
            (f"/close kanoon 1405/09/03 10:00-07:30 {COLD}", DayUnreadable),
            (f"/close kanoon 1405/09/03-1405/12/03 {COLD}", DayUnreadable),
            (f"/close kanoon 1410/09/03 {COLD}", DayUnreadable),
            (f"/close kanoon {COLD}", DayUnreadable),
            ("/close kanoon " + "😀" * 1000, DayUnreadable),
        ],
    )
    async def test_what_cannot_be_closed_is_refused(
        self, desk: DeskUnderTest, officer: Officer, typed: str, refusal: type[Exception]
    ) -> None:
        await say(officer, typed)
        assert [type(error) for error in desk.refused] == [refusal]

    async def test_strangers_and_other_chats_close_nothing(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        await say(Officer.outsider(desk, STRANGER), CLOSE_THIRD)
        assert isinstance(desk.refused[-1], StaffOnly)
        await say(await Officer.at(desk, OFFICER, group_id=OTHER_GROUP_ID), CLOSE_THIRD)
        assert isinstance(desk.refused[-1], NotInDeskChat)
        await say(Officer.outsider(desk, STRANGER), "/calendar")
        assert isinstance(desk.refused[-1], StaffOnly)
        preview = await say(officer, CLOSE_THIRD)
        token = ConfirmPressed.unpack(preview.presses[0]).token
        await Officer.outsider(desk, STRANGER).visitor.press_data(f"cly:{token}")
        assert isinstance(desk.refused[-1], StaleButton)
        assert await closures(desk) == []

    async def test_an_office_of_another_chat_is_not_closed(self, desk: DeskUnderTest) -> None:
        await desk.open_desk(GROUP_ID, "kanoon")
        await desk.open_desk(OTHER_GROUP_ID, "mazandaran")
        officer = await Officer.at(desk, OFFICER, "kanoon")
        await say(officer, f"/close mazandaran 1405/09/03 {COLD}")
        assert isinstance(desk.refused[-1], StaffOnly)
        await officer.visitor.press_data(CalendarPressed("mazandaran").pack())
        assert isinstance(desk.refused[-1], StaffOnly)

    @pytest.mark.parametrize(
        "data",
        [
            "cld:kanoon:tomorrow",
            "cld:kanoon:2036-01-01",
            "cld:kanoon",
            "clw:kanoon:x",
            "clw:kanoon:99999999999999999999",
            "cly:none",
            "cln:",
            "hdm:kanoon:1:sideways",
            "hd:kanoon:-1",
        ],
    )
    async def test_forged_buttons_are_refused(
        self, desk: DeskUnderTest, manager: Officer, data: str
    ) -> None:
        await manager.visitor.press_data(data)
        assert [type(error) for error in desk.refused] == [StaleButton]

    async def test_a_reason_has_words(self, desk: DeskUnderTest, officer: Officer) -> None:
        prompt = await say(officer, "/close kanoon 1405/09/03")
        await officer.reply(prompt, "\u202e \u2066")
        assert isinstance(desk.refused[-1], ReasonMissing)


class TestWithdrawing:
    async def test_moves_dates_back_and_tells_it(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        case = await register(desk)
        await confirm(officer, desk, await say(officer, CLOSE_THIRD))
        page = await say(officer, "/calendar")
        assert COLD in plain(page.text)
        (closure,) = await closures(desk)
        button = next(data for data in page.presses if data.startswith("clw:"))
        (preview,) = await officer.visitor.press_data(button)
        assert "۴ آذر ۱۴۰۵، ساعت ۱۲:۳۰" in plain(preview.text)
        await confirm(officer, desk, preview)
        assert await closures(desk) == []
        assert await due(desk, case) == at("1405/09/04 12:30")
        first, second = told(desk, SARA)
        assert "۷ آذر" in first
        assert "۴ آذر ۱۴۰۵، ساعت ۱۲:۳۰" in second
        await officer.visitor.press_data(f"clw:kanoon:{closure.id}")
        assert isinstance(desk.refused[-1], NoSuchClosure)


class TestHolidays:
    async def test_are_shown_with_how_sure_they_are(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        desk.now = at("1405/10/05 09:00")
        page = plain((await say(officer, "/calendar")).text)
        estimated = said_in(desk, "{occasion} (estimated)")
        assert estimated.format(occasion="مبعث رسول اکرم (ص)") in page
        assert "۱۶ دی" in page
        confirmed = await say(officer, "/calendar")
        assert any(data.startswith("hd:kanoon:") for data in confirmed.presses)

    async def test_of_this_month_that_are_none_are_said(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        page = plain((await say(officer, "/calendar")).text)
        assert said_in(desk, "No official holiday in the coming 30 days.") in page
        assert "۰۷:۳۰" in page

    async def test_lose_their_mark_once_a_manager_is_sure(
        self, desk: DeskUnderTest, officer: Officer, manager: Officer
    ) -> None:
        desk.now = at("1405/12/17 13:00")
        await say(manager, "/calendar")
        sure = f"hds:kanoon:{await self.fitr(desk)}"
        opened = f"hd:kanoon:{await self.fitr(desk)}"
        assert sure in (await officer.visitor.press_data(opened))[0].presses
        await officer.visitor.press_data(sure)
        assert isinstance(desk.refused[-1], StaffOnly)
        for _twice in range(2):
            (page,) = await manager.visitor.press_data(sure)
            assert "تخمینی" not in plain(page.text)
            assert sure not in page.presses

    async def test_are_moved_by_managers_alone(
        self, desk: DeskUnderTest, officer: Officer, manager: Officer
    ) -> None:
        desk.now = at("1405/12/17 13:00")
        page = await say(manager, "/calendar")
        fitr = await self.fitr(desk)
        assert f"hd:kanoon:{fitr}" in page.presses
        (opened,) = await officer.visitor.press_data(f"hd:kanoon:{fitr}")
        assert "امام جعفر صادق" in plain(opened.text)
        await officer.visitor.press_data(f"hdm:kanoon:{fitr}:later")
        assert isinstance(desk.refused[-1], StaffOnly)
        (preview,) = await manager.visitor.press_data(f"hdm:kanoon:{fitr}:later")
        await officer.visitor.press_data(preview.presses[0])
        assert isinstance(desk.refused[-1], StaleButton)
        assert await self.fitr(desk) == fitr

    async def test_are_moved_with_what_follows_and_told_in_every_office(
        self, desk: DeskUnderTest, manager: Officer
    ) -> None:
        """Fitr 1448 is printed on 19 Esfand; the moon is seen an evening later."""
        desk.now = at("1405/12/17 13:00")
        here = await register(desk)
        there = await register(desk, author=REZA, office_id="mazandaran")
        first_answer = await due(desk, here, ClockKind.FIRST_RESPONSE)
        before = await due(desk, there)
        assert await due(desk, here) == at("1405/12/23 12:30")
        fitr = await self.fitr(desk)
        (preview,) = await manager.visitor.press_data(f"hdm:kanoon:{fitr}:later")
        assert shown(there.tracking_code) not in plain(preview.text)
        assert shown(here.tracking_code) in plain(preview.text)
        sums = await manager.visitor.press_data(preview.presses[0])
        assert len(sums) == 2  # this chat is the desk of both offices
        async with desk.database.reading() as tx:
            moved = await calendars.holidays_between(
                tx, first=jalali("1405/12/18"), last=jalali("1406/01/20")
            )
        days = {found.occasion_en: found.day for found in moved if found.lunar_month == 10}
        assert set(days.values()) == {
            jalali("1405/12/20"),
            jalali("1405/12/21"),
            jalali("1406/01/15"),
        }
        assert {h.state for h in moved if h.lunar_month == 10} == {HolidayState.MOVED}
        assert await due(desk, here) == at("1405/12/22 12:30")
        assert await due(desk, here, ClockKind.FIRST_RESPONSE) == first_answer
        assert await due(desk, there) < before
        (heard,) = told(desk, SARA)
        assert "عید سعید فطر" in heard
        assert "۲۲ اسفند ۱۴۰۵، ساعت ۱۲:۳۰" in heard
        assert len(told(desk, REZA)) == 1

    async def fitr(self, desk: DeskUnderTest) -> int:
        async with desk.database.reading() as tx:
            found = await calendars.holidays_between(
                tx, first=jalali("1405/12/19"), last=jalali("1405/12/19")
            )
        return next(holiday.id for holiday in found if holiday.occasion_en == "Eid al-Fitr")


@pytest.mark.parametrize(
    "draft",
    [
        ClosureDraft(
            "kanoon", ClosureScope.OFFICE, date(2026, 11, 24), date(2026, 11, 24), (), COLD
        ),
        ClosureDraft(
            "an-office-of-24-letters-",
            ClosureScope.PROVINCE,
            date(2026, 11, 24),
            date(2026, 12, 3),
            (Window(time(7, 30), time(10)), Window(time(23), time(23, 59))),
            COLD,
        ),
    ],
)
def test_a_prompt_remembers_its_draft_in_64_characters(draft: ClosureDraft) -> None:
    subject = closing_words.subject_of(draft)
    assert len(subject) <= 64
    assert closing_words.draft_of(subject, COLD) == draft
    assert closing_words.from_kept(closing_words.as_kept(draft)) == draft
