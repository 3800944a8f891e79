"""Circulars, the versions they make, and the end of an agreement, in the admin chat."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.calendar.errors import DayUnreadable
from bot.catalogue import use_cases as catalogues
from bot.catalogue.errors import (
    AgreementOver,
    AnswerTooLong,
    CircularIncomplete,
    CircularTaken,
    NotYetDispatched,
    PersonalDataInAnswer,
    ReferenceMissing,
)
from bot.catalogue.model import AgreementEnd, Circular, EndReason
from bot.citizens import use_cases as citizens
from bot.citizens.errors import AnonymousAdmin, NotInDeskChat, StaffOnly
from bot.citizens.model import Role
from bot.kit.tracking import shown
from handlers.callback_data import StaleButton
from handlers.callback_data.cases import CaseActPressed
from handlers.callback_data.circulars import (
    AgreementOfficePressed,
    AgreementReasonPressed,
    CircularConfirmed,
    CircularOfficePressed,
    CircularServicePressed,
    VersionsPressed,
)
from handlers.callback_data.desk import DeskVerb
from handlers.jobs.answers import AnswerKeeper
from handlers.staff.circulars.circular_draft import moment_in
from handlers.views.office.agreement_ends import ended_banner
from tests.handlers.desk_support import (
    COLLEAGUE,
    GROUP_ID,
    MANAGER,
    OFFICER,
    OTHER_GROUP_ID,
    SARA,
    STRANGER,
    Officer,
    dossier,
    register,
    said_in,
    told,
    verb,
)
from tests.handlers.support import DeskUnderTest, Said, faults_of, plain

NUMBER, SUMMARY = "۱۴۰۵/د/۷۱۲", "مدارک ثبت‌نام کمتر شد."
PAST = "1405/08/20 10:30"
PAST_MOMENT = datetime(2026, 11, 11, 7, 0, tzinfo=UTC)
REFERENCE = "بخشنامه ۱۲۳ مورخ ۱۴۰۵/۰۸/۰۱"


@pytest.fixture(autouse=True)
async def nothing_said_was_broken(desk: DeskUnderTest) -> AsyncIterator[None]:
    yield
    for messages in desk.heard.values():
        for said in messages:
            assert not faults_of(said), said.text


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    await desk.open_desk(GROUP_ID, "kanoon")
    await desk.open_desk(OTHER_GROUP_ID, "mazandaran")
    return await Officer.at(desk, OFFICER, "kanoon")


@pytest.fixture
async def manager(desk: DeskUnderTest, officer: Officer) -> Officer:
    del officer
    return await Officer.at(desk, MANAGER, "kanoon", role=Role.MANAGER)


async def press(officer: Officer, desk: DeskUnderTest, label: str, on: Said) -> Said:
    return await officer.visitor.press(said_in(desk, label), on)


async def answer(officer: Officer, prompt: Said, text: str) -> Said:
    (said,) = await officer.reply(prompt, text)
    return said


async def enter(
    officer: Officer,
    desk: DeskUnderTest,
    *,
    number: str = NUMBER,
    dispatched: str = PAST,
    services: tuple[int, ...] = (0,),
) -> Said:
    """Enter a circular as far as its preview."""
    said = await officer.visitor.say("/circular")
    said = await answer(officer, said, number)
    choice = await answer(officer, said, dispatched)
    for place in services:
        toggles = [data for data in choice.presses if data.startswith("cis:")]
        (choice,) = await officer.visitor.press_data(toggles[place], message_id=choice.message_id)
    said = await press(officer, desk, "✅ These are all", choice)
    return await answer(officer, said, SUMMARY)


async def confirm(officer: Officer, desk: DeskUnderTest, preview: Said) -> list[Said]:
    label = said_in(desk, "✅ Confirm (manager)")
    return await officer.visitor.press_data(preview.buttons[label], message_id=preview.message_id)


async def circulars(desk: DeskUnderTest) -> list[Circular]:
    async with desk.database.reading() as tx:
        return await catalogues.circulars_of(tx, office_id="kanoon", limit=10)


async def version(desk: DeskUnderTest, at: datetime) -> int:
    service_id = desk.shared.catalogue.published_by("kanoon").services[0].id
    async with desk.database.reading() as tx:
        found = await catalogues.version_at(tx, office_id="kanoon", service_id=service_id, at=at)
    return found.number


async def actions(desk: DeskUnderTest) -> list[tuple[str, int]]:
    async with desk.database.reading() as tx:
        entries = await citizens.audit_of(tx, office_id="kanoon", limit=50)
    return [(entry.action, entry.actor_id) for entry in entries if "circular" in entry.action]


class TestEntering:
    async def test_an_officer_enters_and_a_manager_confirms(
        self, desk: DeskUnderTest, officer: Officer, manager: Officer
    ) -> None:
        preview = await enter(officer, desk, services=(0, 2))
        services = desk.shared.catalogue.published_by("kanoon").services
        text = plain(preview.text)
        for wanted in (
            NUMBER,
            SUMMARY,
            "۲۰ آبان ۱۴۰۵، ساعت ۱۰:۳۰",
            services[0].title.fa,
            services[2].title.fa,
            "Staff 2001",
        ):
            assert wanted in text
        assert await circulars(desk) == []

        assert len(await confirm(manager, desk, preview)) == 1
        (circular,) = await circulars(desk)
        assert (circular.number, circular.summary) == (NUMBER, SUMMARY)
        assert circular.dispatched_at == PAST_MOMENT
        assert circular.published_at == desk.now
        assert set(circular.service_ids) == {services[0].id, services[2].id}
        assert await version(desk, PAST_MOMENT) == 2
        assert await version(desk, PAST_MOMENT - timedelta(seconds=1)) == 1
        assert sorted(await actions(desk)) == [
            ("circular", MANAGER),
            ("propose_circular", OFFICER),
        ]

    async def test_an_officer_alone_changes_nothing(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        preview = await enter(officer, desk)
        await confirm(officer, desk, preview)
        assert isinstance(desk.refused[-1], StaffOnly)
        assert await circulars(desk) == []

    async def test_a_manager_may_do_both(self, desk: DeskUnderTest, manager: Officer) -> None:
        await confirm(manager, desk, await enter(manager, desk))
        assert len(await circulars(desk)) == 1
        assert await actions(desk) == [("circular", MANAGER)]

    async def test_a_second_tap_changes_nothing(
        self, desk: DeskUnderTest, manager: Officer
    ) -> None:
        preview = await enter(manager, desk)
        for _ in range(2):
            await confirm(manager, desk, preview)
        assert isinstance(desk.refused[-1], StaleButton)
        assert len(await circulars(desk)) == 1

    async def test_an_earlier_answer_can_be_mended(
        self, desk: DeskUnderTest, manager: Officer
    ) -> None:
        asked_number = await manager.visitor.say("/circular")
        asked_day = await answer(manager, asked_number, "1")
        again = await answer(manager, asked_number, NUMBER)
        assert again.about == asked_day.about
        assert NUMBER in plain(again.text)
        choice = await answer(manager, again, PAST)
        everything = await press(manager, desk, "All of them", choice)
        none = await press(manager, desk, "None", everything)
        assert said_in(desk, "✅ These are all") not in none.buttons
        everything = await press(manager, desk, "All of them", none)
        asked_summary = await press(manager, desk, "✅ These are all", everything)
        await answer(manager, asked_summary, "۱")
        preview = await answer(manager, asked_summary, SUMMARY)
        await confirm(manager, desk, preview)
        (circular,) = await circulars(desk)
        published = desk.shared.catalogue.published_by("kanoon")
        assert set(circular.service_ids) == {service.id for service in published.services}
        assert (circular.number, circular.summary) == (NUMBER, SUMMARY)

    async def test_what_is_dropped_is_gone(
        self, desk: DeskUnderTest, officer: Officer, manager: Officer
    ) -> None:
        colleague = await Officer.at(desk, COLLEAGUE, "kanoon")
        preview = await enter(officer, desk)
        drop = preview.buttons[said_in(desk, "✖️ Drop")]
        await colleague.visitor.press_data(drop)
        assert isinstance(desk.refused[-1], StaffOnly)
        await officer.visitor.press_data(drop)
        await confirm(manager, desk, preview)
        assert isinstance(desk.refused[-1], StaleButton)
        assert await circulars(desk) == []

    async def test_a_colleague_does_not_answer_in_anothers_place(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        colleague = await Officer.at(desk, COLLEAGUE, "kanoon")
        asked = await officer.visitor.say("/circular")
        said = await answer(colleague, asked, "999")
        assert said.about is None
        assert "999" not in plain(said.text)
        said = await answer(officer, asked, NUMBER)
        assert NUMBER in plain(said.text)


class TestWhatIsTyped:
    async def test_a_number_is_entered_once(self, desk: DeskUnderTest, manager: Officer) -> None:
        await confirm(manager, desk, await enter(manager, desk))
        asked = await manager.visitor.say("/circular")
        await answer(manager, asked, NUMBER)
        assert isinstance(desk.refused[-1], CircularTaken)
        await answer(manager, asked, "…")
        assert isinstance(desk.refused[-1], CircularIncomplete)

    @pytest.mark.parametrize(
        ("typed", "error"),
        [
            ("1405/09/02 08:00", NotYetDispatched),
            ("امروز 23:59", NotYetDispatched),
            ("1405/13/02", DayUnreadable),
            ("1405/08/20 25:00", DayUnreadable),
            ("سلام", DayUnreadable),
        ],
    )
    async def test_a_dispatch_is_a_day_that_has_come(
        self, desk: DeskUnderTest, officer: Officer, typed: str, error: type[Exception]
    ) -> None:
        asked = await officer.visitor.say("/circular")
        asked = await answer(officer, asked, NUMBER)
        await answer(officer, asked, typed)
        assert isinstance(desk.refused[-1], error)
        choice = await answer(officer, asked, "۱۴۰۵/۰۸/۲۰، ساعت ۱۰:۳۰")
        assert "۲۰ آبان ۱۴۰۵، ساعت ۱۰:۳۰" in plain(choice.text)

    @pytest.mark.parametrize(
        ("typed", "error"),
        [("ا" * 1001, AnswerTooLong), ("کد ملی 0499370899 را بیاورید", PersonalDataInAnswer)],
    )
    async def test_a_summary_is_for_everybody(
        self, desk: DeskUnderTest, officer: Officer, typed: str, error: type[Exception]
    ) -> None:
        asked = await answer(officer, await officer.visitor.say("/circular"), NUMBER)
        choice = await press(officer, desk, "All of them", await answer(officer, asked, PAST))
        asked = await press(officer, desk, "✅ These are all", choice)
        await answer(officer, asked, typed)
        assert isinstance(desk.refused[-1], error)

    async def test_markup_and_a_picture_do_no_harm(self, officer: Officer) -> None:
        asked = await officer.visitor.say("/circular")
        photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
        original = {
            "message_id": asked.message_id,
            "date": 1,
            "chat": officer.visitor.chat,
            "from": {"id": 1, "is_bot": True, "first_name": "x"},
        }
        (refused,) = await officer.visitor.send(photo=photo, reply_to_message=original)
        assert refused.about is None
        said = await answer(officer, asked, "<b>712\u202e</i>")
        assert "<b>712</i>" in plain(said.text)

    def test_a_day_alone_counts_from_its_beginning(self) -> None:
        now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
        midnight = datetime(2026, 11, 10, 20, 30, tzinfo=UTC)
        assert moment_in("۲۰ آبان ۱۴۰۵", now) == midnight
        assert moment_in("1405/08/20 0:00", now) == midnight
        assert moment_in("۲۰ آبان ۱۴۰۵ ساعت ۹:۰۵", now) == midnight + timedelta(hours=9, minutes=5)


class TestCases:
    async def test_cases_keep_the_version_of_their_day_and_staff_look_at_those_in_between(
        self, desk: DeskUnderTest, officer: Officer, manager: Officer
    ) -> None:
        entered_at = desk.now
        desk.now = PAST_MOMENT - timedelta(hours=1)
        before = await register(desk)
        desk.now = PAST_MOMENT + timedelta(days=1)
        between = await register(desk)
        desk.now = entered_at
        preview = await enter(officer, desk)
        keep = said_in(desk, "{count} open cases keep the version of their day.")
        assert keep.format(count="۲") in plain(preview.text)
        (said,) = await confirm(manager, desk, preview)
        text = plain(said.text)
        assert shown(between.tracking_code) in text
        assert shown(before.tracking_code) not in text
        (card,) = await officer.visitor.press_data(verb(said, DeskVerb.OPEN))
        assert card.about == f"case:{between.id}"
        for case in (before, between):
            assert (await dossier(desk, case)).case == case
        await officer.reply(said, "این را به شهروند نگویید")
        assert told(desk, SARA) == []

    async def test_citizens_read_on_the_card_what_changed_and_on_their_case_what_did_not(
        self, desk: DeskUnderTest, manager: Officer, tmp_path: Path
    ) -> None:
        service_id = desk.shared.catalogue.published_by("kanoon").services[0].id
        case = await register(desk)
        sara = desk.person(SARA)
        page = f"s:kanoon:{service_id}"
        before = plain((await sara.press_data(page))[0].text)
        desk.now += timedelta(hours=1)
        await confirm(manager, desk, await enter(manager, desk, dispatched="1405/09/01 12:31"))
        keeper = AnswerKeeper(desk.shared, desk.database, desk.shared.answerer.lexicon)
        await keeper.catch_up(tmp_path)
        after = plain((await sara.press_data(page))[0].text)
        assert SUMMARY in after
        assert SUMMARY not in before
        assert "۱ آذر ۱۴۰۵" in after
        (own,) = await sara.press_data(CaseActPressed(case.tracking_code, "show").pack())
        assert "شرایط روز ثبت" in plain(own.text)
        assert NUMBER in plain(own.text)
        newer = await register(desk, service_version=2)
        (own,) = await sara.press_data(CaseActPressed(newer.tracking_code, "show").pack())
        assert "شرایط روز ثبت" not in plain(own.text)

    async def test_a_circular_of_now_leaves_nothing_to_look_at(
        self, desk: DeskUnderTest, manager: Officer
    ) -> None:
        await register(desk)
        preview = await enter(manager, desk, dispatched="امروز 12:30")
        (said,) = await confirm(manager, desk, preview)
        (circular,) = await circulars(desk)
        assert circular.dispatched_at == desk.now
        # Registered in the very minute of the dispatch: it is looked at rather than overlooked.
        assert len([data for data in said.presses if ":open:" in data]) == 1


class TestVersions:
    async def test_are_listed_with_the_one_that_holds(
        self, desk: DeskUnderTest, officer: Officer, manager: Officer
    ) -> None:
        await confirm(manager, desk, await enter(manager, desk))
        await confirm(
            manager, desk, await enter(manager, desk, number="older", dispatched="1405/07/01")
        )
        service = desk.shared.catalogue.published_by("kanoon").services[0]
        for typed in (service.id, service.title.fa):
            said = await officer.visitor.say(f"/versions {typed}")
            newest, second, first = plain(said.text).split("\n\n")[1:]
            assert "older" in newest
            assert NUMBER in second
            assert "✅" in second
            assert "✅" not in newest + first
        listed = await officer.visitor.say("/versions")
        (page,) = await officer.visitor.press_data(listed.presses[0])
        assert page.text == said.text

    async def test_a_later_circular_is_pointed_at(
        self, desk: DeskUnderTest, manager: Officer
    ) -> None:
        await confirm(manager, desk, await enter(manager, desk))
        preview = await enter(manager, desk, number="older", dispatched="1405/07/01")
        note = said_in(desk, "(only until the version of a later circular, which is entered)")
        assert note in plain(preview.text)


class TestEndingAnAgreement:
    async def test_it_ends_for_a_reason_and_by_a_document(
        self, desk: DeskUnderTest, manager: Officer
    ) -> None:
        choice = await manager.visitor.say("/endagreement")
        assert len(choice.presses) == len(EndReason) == 3
        asked = await press(manager, desk, "A circular", choice)
        await answer(manager, asked, "—")
        assert isinstance(desk.refused[-1], ReferenceMissing)
        asked_day = await answer(manager, asked, REFERENCE)
        await answer(manager, asked_day, "روزی")
        assert isinstance(desk.refused[-1], DayUnreadable)
        preview = await answer(manager, asked_day, "۱۴۰۵/۰۸/۳۰")
        assert REFERENCE in plain(preview.text)
        assert await self.end(desk) is None
        said = await press(manager, desk, "✅ It ends", preview)
        assert "۳۰ آبان ۱۴۰۵" in plain(said.text)
        end = await self.end(desk)
        assert end is not None
        assert (end.reason, end.document_ref) == (EndReason.CIRCULAR, REFERENCE)
        assert end.ended_on == date(2026, 11, 21)
        assert end.entered_by == MANAGER

        await manager.visitor.press_data(preview.presses[0])
        assert isinstance(desk.refused[-1], StaleButton)
        await manager.visitor.say("/endagreement")
        assert isinstance(desk.refused[-1], AgreementOver)

    async def test_what_was_typed_can_be_mended_and_dropped(
        self, desk: DeskUnderTest, manager: Officer
    ) -> None:
        choice = await manager.visitor.say("/endagreement")
        asked = await press(manager, desk, "The procedure", choice)
        asked_day = await answer(manager, asked, "x1")
        await answer(manager, asked_day, "1405/08/30")
        preview = await answer(manager, asked, REFERENCE)
        assert REFERENCE in plain(preview.text)
        preview = await answer(manager, asked_day, "1405/08/29")
        assert "۲۹ آبان" in plain(preview.text)
        await press(manager, desk, "✖️ Drop", preview)
        await manager.visitor.press_data(preview.presses[0])
        assert isinstance(desk.refused[-1], StaleButton)
        assert await self.end(desk) is None

    async def test_there_is_no_fourth_reason(self, desk: DeskUnderTest, manager: Officer) -> None:
        forged = AgreementReasonPressed("kanoon", "boredom").pack()
        await manager.visitor.press_data(forged)
        assert isinstance(desk.refused[-1], StaleButton)

    async def test_it_is_for_managers(self, desk: DeskUnderTest, officer: Officer) -> None:
        await officer.visitor.say("/endagreement")
        assert isinstance(desk.refused[-1], StaffOnly)
        await officer.visitor.press_data(AgreementReasonPressed("kanoon", "circular").pack())
        assert isinstance(desk.refused[-1], StaffOnly)

    async def test_citizens_read_when_it_ended_and_by_what(
        self, desk: DeskUnderTest, manager: Officer
    ) -> None:
        choice = await manager.visitor.say("/endagreement")
        asked = await press(manager, desk, "The instructions", choice)
        asked = await answer(manager, asked, "<دستورالعمل>")
        preview = await answer(manager, asked, "1405/08/30")
        await press(manager, desk, "✅ It ends", preview)
        end = await self.end(desk)
        assert end is not None
        published = desk.shared.catalogue.published_by("kanoon")
        words = desk.shared.words["fa"]
        (past,) = ended_banner(words, published, end, date(2026, 11, 22))
        (ahead,) = ended_banner(words, published, end, date(2026, 11, 20))
        for banner in (past, ahead):
            assert "۳۰ آبان ۱۴۰۵" in banner
            assert "&lt;دستورالعمل&gt;" in banner
        assert past != ahead

    async def test_citizens_read_it_on_all_that_rests_on_the_agreement(
        self, desk: DeskUnderTest, manager: Officer, tmp_path: Path
    ) -> None:
        choice = await manager.visitor.say("/endagreement")
        asked = await press(manager, desk, "The instructions", choice)
        asked = await answer(manager, asked, "دستورالعمل ۷۷")
        await press(manager, desk, "✅ It ends", await answer(manager, asked, "1405/08/30"))
        keeper = AnswerKeeper(desk.shared, desk.database, desk.shared.answerer.lexicon)
        await keeper.catch_up(tmp_path)
        (section,) = await desk.person(SARA).press_data("a:kanoon:fees:0")
        assert "دستورالعمل ۷۷" in plain(section.text)
        (other,) = await desk.person(SARA).press_data("a:mazandaran:fees:0")
        assert "دستورالعمل ۷۷" not in plain(other.text)

    @staticmethod
    async def end(desk: DeskUnderTest) -> AgreementEnd | None:
        async with desk.database.reading() as tx:
            return await catalogues.agreement_end(tx, "kanoon")


class TestWhoAndWhere:
    @pytest.mark.parametrize("command", ["/circular", "/versions", "/endagreement"])
    async def test_a_stranger_learns_nothing(
        self, desk: DeskUnderTest, officer: Officer, command: str
    ) -> None:
        del officer
        stranger = Officer.outsider(desk, STRANGER)
        await stranger.visitor.say(command)
        assert isinstance(desk.refused[-1], StaffOnly)

    async def test_another_group_is_not_the_desk(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        del officer
        elsewhere = Officer.outsider(desk, OFFICER, -1009)
        await elsewhere.visitor.say("/circular")
        assert isinstance(desk.refused[-1], NotInDeskChat)

    async def test_another_office_has_its_own(
        self, desk: DeskUnderTest, officer: Officer, manager: Officer
    ) -> None:
        for payload in (
            CircularOfficePressed("mazandaran"),
            VersionsPressed("mazandaran", "x"),
            AgreementOfficePressed("mazandaran"),
        ):
            for person in (officer, manager):
                await person.visitor.press_data(payload.pack())
                assert isinstance(desk.refused[-1], StaffOnly)

    async def test_nobody_acts_anonymously(self, desk: DeskUnderTest, officer: Officer) -> None:
        await officer.visitor.say("/circular", sender_chat=officer.visitor.chat)
        assert isinstance(desk.refused[-1], AnonymousAdmin)

    async def test_forged_buttons_do_nothing(self, desk: DeskUnderTest, manager: Officer) -> None:
        asked = await manager.visitor.say("/circular")
        choice = await answer(manager, await answer(manager, asked, NUMBER), PAST)
        token = next(d for d in choice.presses if d.startswith("cis:")).split(":")[1]
        count = len(desk.refused)
        for payload in (
            CircularServicePressed(token, "no-such", "0"),
            CircularServicePressed("x" * 12, "no-such", "0"),
            CircularConfirmed("abc", token),
            CircularConfirmed("9" * 18, token),
            CircularConfirmed(str(MANAGER), token),
        ):
            await manager.visitor.press_data(payload.pack())
        assert all(isinstance(error, StaleButton) for error in desk.refused[count:])
        assert len(desk.refused) == count + 5
        assert await circulars(desk) == []
