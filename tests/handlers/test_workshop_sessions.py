"""What officers do with a workshop that runs: sessions, attendance, debts, words to everybody."""

from datetime import timedelta

import pytest

from bot.cases.model import REGISTRATIONS_PER_HOUR
from bot.citizens import use_cases as citizens
from bot.citizens.model import AuditEntry, Role
from bot.workshops import use_cases as workshops
from bot.workshops.errors import NotTheirStep
from bot.workshops.model import (
    CheckItem,
    MakeUpState,
    Presence,
    Registration,
    ReminderKind,
    Session,
    SessionState,
    Workshop,
)
from handlers.callback_data.checklist import CheckPressed
from handlers.callback_data.workshop_sessions import SessionVerb
from handlers.reply import TEXT_UNITS_MAX
from handlers.views.workshops.session_notices import new_dates
from tests.calendar.support import at
from tests.handlers.desk_support import (
    COLLEAGUE,
    MANAGER,
    OFFICER,
    STRANGER,
    Officer,
    register,
)
from tests.handlers.registering_support import REZA_ID, SARA_ID, offers
from tests.handlers.support import DeskUnderTest, Said, faults_of, plain
from tests.handlers.workshop_support import (
    GROUP_ID,
    NAMES,
    given_certain,
    make_ups_of,
    names_in,
    sessions_of,
    to,
    turn,
)
from tests.workshops.support import DAY, FIRST, HOUR

MINUTE = timedelta(minutes=1)
NEW_DATE = "1405/08/25 17:00"


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    await desk.open_desk(GROUP_ID)
    return await Officer.at(desk, OFFICER)


async def tapped(officer: Officer, data: str) -> Said:
    """Press anything, and look at what was said last in the admin chat."""
    said = await officer.visitor.press_data(data)
    assert said
    assert not [fault for one in said for fault in faults_of(one)]
    return said[-1]


def on(session: Session, verb: SessionVerb, step: str = "") -> str:
    return f"dws:{session.id}:{verb.value}:{step}"


def heard(desk: DeskUnderTest, person_id: int) -> list[str]:
    return [plain(said.text) for said in desk.heard[person_id]]


async def given_cancelled(
    desk: DeskUnderTest, officer: Officer
) -> tuple[Workshop, Session, tuple[Registration, Registration]]:
    workshop, *people = await given_certain(desk)
    first = (await sessions_of(desk, workshop))[0]
    await tapped(officer, on(first, SessionVerb.CANCEL, "teacher_absent-y"))
    return workshop, first, (people[0], people[1])


class TestSessions:
    async def test_the_list_leads_to_each_session(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, *_ = await given_certain(desk)
        page = await tapped(officer, f"dwa:{workshop.id}:s:")
        assert len([data for data in page.presses if data.startswith("dws:")]) == 4
        card = await tapped(officer, page.presses[0])
        assert offers(card, "dws")
        assert not names_in([page, card], GROUP_ID)

    async def test_a_cancelled_session_is_owed_and_told_at_once(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, *_ = await given_certain(desk)
        first = (await sessions_of(desk, workshop))[0]
        before = len(desk.heard[SARA_ID])
        reasons = await tapped(officer, on(first, SessionVerb.CANCEL))
        assert any("teacher_absent" in data for data in reasons.presses)
        assert not any("too_short" in data for data in reasons.presses)
        asked = await tapped(officer, on(first, SessionVerb.CANCEL, "teacher_absent"))
        assert (await sessions_of(desk, workshop))[0].state is SessionState.PLANNED
        await tapped(officer, asked.presses[0])
        (owed,) = await make_ups_of(desk, workshop)
        assert owed.state is MakeUpState.OWED
        assert len(desk.heard[SARA_ID]) == before + 1
        assert desk.heard[SARA_ID][-1].params["document"]["made_of"] == "workshop_calendar"
        assert len(desk.heard[REZA_ID]) == len(desk.heard[SARA_ID])
        await officer.visitor.press_data(asked.presses[0])
        assert len(desk.heard[SARA_ID]) == before + 1

    async def test_another_reason_is_said_in_words(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, *_ = await given_certain(desk)
        first = (await sessions_of(desk, workshop))[0]
        prompt = await tapped(officer, on(first, SessionVerb.CANCEL, "other"))
        await officer.reply(prompt, "سالن آماده نیست")
        assert (await sessions_of(desk, workshop))[0].state is SessionState.CANCELLED_BY_OFFICE

    async def test_a_cancelled_session_is_not_reminded_of(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        await given_cancelled(desk, officer)
        desk.now = FIRST - DAY
        assert await turn(desk) == []

    async def test_another_date_is_told_and_reminded_of_anew(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, *_ = await given_certain(desk)
        first = (await sessions_of(desk, workshop))[0]
        prompt = await tapped(officer, on(first, SessionVerb.MOVE))
        before = len(desk.heard[SARA_ID])
        (again,) = await officer.reply(prompt, NEW_DATE)
        assert len(desk.heard[SARA_ID]) == before, "a reason is missing"
        await officer.reply(again, f"{NEW_DATE}\nمربی سفر است")
        assert len(desk.heard[SARA_ID]) == before + 1
        told = heard(desk, SARA_ID)[-1]
        assert "به‌جای شنبه ۲۳ آبان" in told, "nobody should have to look up which one"
        assert "مربی سفر است" in told
        moved = (await sessions_of(desk, workshop))[0]
        assert (moved.slot.starts_at, moved.revision) == (at(NEW_DATE), 1)
        desk.now = at(NEW_DATE) - DAY
        assert len(to(await turn(desk), SARA_ID)) == 1

    async def test_a_number_of_a_person_in_the_reason_is_kept_and_told_nowhere(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, *_ = await given_certain(desk)
        first = (await sessions_of(desk, workshop))[0]
        prompt = await tapped(officer, on(first, SessionVerb.MOVE))
        await officer.reply(prompt, f"{NEW_DATE}\nمربی سفر است، 09123456789")
        told = heard(desk, SARA_ID)[-1]
        async with desk.database.reading() as tx:
            events = await workshops.history_of_workshop(tx, workshop_id=workshop.id, limit=9)
        kept = [one.reason for one in events if one.act == "reschedule"]
        assert kept
        for said in (told, *kept):
            assert "مربی سفر است" in (said or "")
            assert "09123456789" not in (said or "")

    @pytest.mark.parametrize(
        "typed", ["فردا", "1405/08/25", "1405/08/25 ۵\nسفر", "نمی‌دانم\nدلیل", ""]
    )
    async def test_what_is_no_date_is_asked_for_again(
        self, desk: DeskUnderTest, officer: Officer, typed: str
    ) -> None:
        workshop, *_ = await given_certain(desk)
        first = (await sessions_of(desk, workshop))[0]
        prompt = await tapped(officer, on(first, SessionVerb.MOVE))
        await officer.reply(prompt, typed or "؟")
        assert (await sessions_of(desk, workshop))[0] == first

    async def test_a_closed_day_is_refused(self, desk: DeskUnderTest, officer: Officer) -> None:
        workshop, *_ = await given_certain(desk)
        first = (await sessions_of(desk, workshop))[0]
        prompt = await tapped(officer, on(first, SessionVerb.MOVE))
        await officer.reply(prompt, "1405/08/29 17:00\nجمعه")
        assert (await sessions_of(desk, workshop))[0] == first
        assert desk.refused


class TestMakeUps:
    async def test_a_make_up_class_gets_a_date_is_told_and_held(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, _first, _people = await given_cancelled(desk, officer)
        (owed,) = await make_ups_of(desk, workshop)
        prompt = await tapped(officer, f"dwu:{owed.id}:s")
        before = len(desk.heard[SARA_ID])
        await officer.reply(prompt, NEW_DATE)
        (owed,) = await make_ups_of(desk, workshop)
        assert owed.state is MakeUpState.NOTIFIED
        assert len(desk.heard[SARA_ID]) == before + 1
        desk.now = at(NEW_DATE)
        await turn(desk)
        desk.now += 90 * MINUTE
        await turn(desk)
        (owed,) = await make_ups_of(desk, workshop)
        assert owed.state is MakeUpState.HELD

    async def test_a_make_up_without_a_date_is_owned_up_to_once(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, _first, _people = await given_cancelled(desk, officer)
        (owed,) = await make_ups_of(desk, workshop)
        desk.now = owed.due_at + MINUTE
        said = [one for one in await turn(desk) if offers(one, "dwu") or one.chat_id == SARA_ID]
        assert len(to(said, SARA_ID)) == 1
        assert len(to(said, GROUP_ID)) == 1
        later = await turn(desk)
        assert not to(later, SARA_ID)

    async def test_only_a_manager_waives_it(self, desk: DeskUnderTest, officer: Officer) -> None:
        workshop, _first, _people = await given_cancelled(desk, officer)
        (owed,) = await make_ups_of(desk, workshop)
        assert await officer.visitor.press_data(f"dwu:{owed.id}:w") == []
        assert isinstance(desk.refused[-1], NotTheirStep)
        manager = await Officer.at(desk, MANAGER, role=Role.MANAGER)
        prompt = await tapped(manager, f"dwu:{owed.id}:w")
        await officer.reply(prompt, "همه موافقت کردند")
        assert (await make_ups_of(desk, workshop))[0].state is MakeUpState.OWED
        before = len(desk.heard[SARA_ID])
        await manager.reply(prompt, "همه موافقت کردند")
        assert (await make_ups_of(desk, workshop))[0].state is MakeUpState.CREDITED
        assert "همه موافقت کردند" in heard(desk, SARA_ID)[-1]
        assert len(desk.heard[SARA_ID]) == before + 1


class TestDisplaced:
    async def test_a_closure_displaces_and_the_proposal_is_accepted_and_told(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, *_ = await given_certain(desk)
        await self.close(officer)
        said = await turn(desk)
        assert len(to(said, SARA_ID)) == 1
        (proposal,) = [one for one in said if one.chat_id == GROUP_ID]
        assert await turn(desk) == []
        accept = next(data for data in proposal.presses if data.startswith("dwr:"))
        before = len(desk.heard[SARA_ID])
        await tapped(officer, accept)
        assert len(desk.heard[SARA_ID]) == before + 1
        sessions = await sessions_of(desk, workshop)
        assert {one.state for one in sessions} == {SessionState.PLANNED}
        assert [one.revision for one in sessions].count(1) == 1
        assert at("1405/08/30 17:00") not in {one.slot.starts_at for one in sessions}
        await tapped(officer, accept)
        assert len(desk.heard[SARA_ID]) == before + 1

    async def test_an_old_proposal_is_shown_anew_instead(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, *_ = await given_certain(desk)
        await self.close(officer)
        await turn(desk)
        await tapped(officer, f"dwr:{workshop.id}:00000000")
        assert any(
            one.state is SessionState.DISPLACED for one in await sessions_of(desk, workshop)
        )

    async def close(self, officer: Officer) -> None:
        said = await officer.visitor.say("/close کانون 1405/08/30 برف")
        await officer.visitor.press_data(said.presses[0])


class TestAttendance:
    async def test_taps_note_who_was_there_and_the_list_is_closed(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, sara, reza = await given_certain(desk)
        first = (await sessions_of(desk, workshop))[0]
        desk.now = FIRST
        await turn(desk)
        page = await tapped(officer, on(first, SessionVerb.ATTENDANCE, "0"))
        assert not names_in([page], GROUP_ID)
        assert not any(name in label for name in NAMES.values() for label in page.buttons)
        taps = [data for data in page.presses if data.startswith("dwt:")]
        assert len(taps) == 2
        for _ in range(2):
            page = await tapped(officer, taps[0])
        assert (await self.noted(desk, first))[sara.id] is Presence.PRESENT
        await tapped(officer, next(data for data in page.presses if data.startswith("dwt:")))
        assert (await self.noted(desk, first))[sara.id] is Presence.LATE
        await tapped(officer, on(first, SessionVerb.ALL_PRESENT, "0"))
        noted = await self.noted(desk, first)
        assert (noted[sara.id], noted[reza.id]) == (Presence.LATE, Presence.PRESENT)
        desk.now += 90 * MINUTE
        await turn(desk)
        asked = await tapped(officer, on(first, SessionVerb.SETTLE))
        await tapped(officer, asked.presses[0])
        assert (await sessions_of(desk, workshop))[0].state is SessionState.SETTLED
        await officer.visitor.press_data(taps[1])
        assert desk.refused
        assert await self.noted(desk, first) == noted
        marks = await self.marks(desk, workshop.office_id)
        wanted = [(None, "present"), ("present", "late"), (None, "present")]
        assert [(one.before, one.after) for one in marks] == wanted, "a second tap is no mark"
        whom = [f"#{first.id}: #{one.id}" for one in (sara, reza)]
        assert [one.note for one in marks][::2] == whom

    async def marks(self, desk: DeskUnderTest, office_id: str) -> list[AuditEntry]:
        async with desk.database.reading() as tx:
            done = await citizens.audit_of(tx, office_id=office_id, limit=20)
        return [one for one in reversed(done) if one.action == "session.note_attendance"]

    async def noted(self, desk: DeskUnderTest, session: Session) -> dict[int, Presence]:
        async with desk.database.reading() as tx:
            found = await workshops.attendance(tx, session_id=session.id)
        return {one.registration_id: one.presence for one in found}

    async def test_who_asked_for_help_is_marked(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, sara, _reza = await given_certain(desk)
        first = (await sessions_of(desk, workshop))[0]
        desk.now = FIRST - DAY
        await turn(desk)
        help_wanted = CheckPressed.on(
            sara.id, first.id, ReminderKind.DAY, CheckItem.CAMERA, is_ready=False
        )
        parent = desk.person(SARA_ID)
        redrawn, receipt = await parent.press_data(help_wanted.pack())
        assert "\n\u200f🆘 " in redrawn.text, "its letters would turn the line around"
        assert "کد پیگیری" in plain(receipt.text)
        assert len(await parent.press_data(help_wanted.pack())) == 1
        cards = [one for one in desk.heard[GROUP_ID] if (one.about or "").startswith("case:")]
        assert len(cards) == 1
        desk.now = FIRST
        await turn(desk)
        page = await tapped(officer, on(first, SessionVerb.ATTENDANCE, "0"))
        assert sum("🆘" in label for label in page.buttons) == 1

    async def test_a_need_of_help_is_kept_where_no_case_can_be_opened(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, sara, _reza = await given_certain(desk)
        first = (await sessions_of(desk, workshop))[0]
        desk.now = FIRST - DAY
        await turn(desk)
        for number in range(REGISTRATIONS_PER_HOUR):
            await register(desk, author=SARA_ID, text=f"پرسش {number}")
        help_wanted = CheckPressed.on(
            sara.id, first.id, ReminderKind.DAY, CheckItem.CAMERA, is_ready=False
        )
        parent = desk.person(SARA_ID)
        redrawn, said = await parent.press_data(help_wanted.pack())
        assert "🆘" in plain(redrawn.text)
        assert "کنار همین جلسه یادداشت کردم" in plain(said.text)
        assert "لطفاً تا" in plain(said.text), "when it can be tried again"
        assert any(data.startswith("kl:") for data in said.presses)
        async with desk.database.reading() as tx:
            (kept,) = await workshops.checks_before(tx, session_id=first.id)
        assert (kept.item, kept.is_ready) == (CheckItem.CAMERA, False)
        assert [one for one in desk.heard[GROUP_ID] if (one.about or "").startswith("case:")] == []
        desk.now += 2 * HOUR
        _redrawn, receipt = await parent.press_data(help_wanted.pack())
        assert "کد پیگیری" in plain(receipt.text), "the same press opens the case later"
        desk.now = FIRST
        await turn(desk)
        page = await tapped(officer, on(first, SessionVerb.ATTENDANCE, "0"))
        assert sum("🆘" in label for label in page.buttons) == 1

    async def test_nobody_checks_for_somebody_else(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        del officer
        workshop, sara, _reza = await given_certain(desk)
        first = (await sessions_of(desk, workshop))[0]
        data = CheckPressed.on(
            sara.id, first.id, ReminderKind.DAY, CheckItem.CAMERA, is_ready=True
        ).pack()
        await desk.person(REZA_ID).press_data(data)
        assert desk.refused
        async with desk.database.reading() as tx:
            assert await workshops.checks_before(tx, session_id=first.id) == []


class TestWords:
    async def test_an_announcement_is_shown_and_then_sent_to_each_family_once(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, *_ = await given_certain(desk)
        prompt = await tapped(officer, f"dwa:{workshop.id}:n:")
        before = len(desk.heard[SARA_ID])
        (preview,) = await officer.reply(prompt, "آبرنگ و <قلم> بیاورید")
        assert len(desk.heard[SARA_ID]) == before
        await tapped(officer, preview.presses[0])
        assert "آبرنگ و <قلم> بیاورید" in heard(desk, SARA_ID)[-1]
        assert len(desk.heard[SARA_ID]) == before + 1
        await officer.visitor.press_data(preview.presses[0])
        assert len(desk.heard[SARA_ID]) == before + 1

    async def test_only_who_wrote_it_can_send_it(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, *_ = await given_certain(desk)
        prompt = await tapped(officer, f"dwa:{workshop.id}:n:")
        (preview,) = await officer.reply(prompt, "آبرنگ بیاورید")
        colleague = await Officer.at(desk, COLLEAGUE)
        before = len(desk.heard[SARA_ID])
        await colleague.visitor.press_data(preview.presses[0])
        assert len(desk.heard[SARA_ID]) == before
        await tapped(officer, preview.presses[1])
        await officer.visitor.press_data(preview.presses[0])
        assert len(desk.heard[SARA_ID]) == before

    async def test_an_announcement_that_is_too_long_is_asked_for_again(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, *_ = await given_certain(desk)
        prompt = await tapped(officer, f"dwa:{workshop.id}:n:")
        (again,) = await officer.reply(prompt, "ب" * 1501)
        assert not again.presses
        assert again.about == prompt.about

    async def test_learners_and_history_name_nobody(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        workshop, *_ = await given_certain(desk)
        learners = await tapped(officer, f"dwa:{workshop.id}:l:")
        history = await tapped(officer, f"dwa:{workshop.id}:y:")
        assert not names_in([learners, history], GROUP_ID)
        assert "ث-۱: شرایط پذیرفته شد" in plain(history.text)
        assert "ب…" in plain(learners.text)


class TestAuthority:
    async def test_a_stranger_and_another_office_can_do_nothing(
        self, desk: DeskUnderTest, officer: Officer
    ) -> None:
        del officer
        workshop, sara, _reza = await given_certain(desk)
        first = (await sessions_of(desk, workshop))[0]
        stranger = Officer.outsider(desk, STRANGER)
        other = await Officer.at(desk, COLLEAGUE, "mazandaran")
        for who in (stranger, other):
            for data in (
                on(first, SessionVerb.CANCEL, "teacher_absent-y"),
                f"dwt:{first.id}:{sara.id}:present:0",
                f"dwa:{workshop.id}:l:",
                f"dwe:{workshop.id}:0",
                f"dwr:{workshop.id}:",
            ):
                count = len(desk.refused)
                await who.visitor.press_data(data)
                assert len(desk.refused) == count + 1, data
        assert (await sessions_of(desk, workshop))[0] == first

    @pytest.mark.parametrize(
        "data",
        [
            "dws:99:c:",
            "dws:x:c:",
            "dws:1:?:",
            "dws:1:k:bad-y",
            "dws:1:k:workshop_cancelled-y",
            "dwt:1:99:present:0",
            "dwt:1:1:away:0",
            "dwu:99:s",
            "dwu:1:?",
            "dwr:99:",
            "dwe:99:0",
            "dwc:nothing:1",
        ],
    )
    async def test_a_forged_or_stale_button_is_refused(
        self, desk: DeskUnderTest, officer: Officer, data: str
    ) -> None:
        await given_certain(desk)
        desk.now = FIRST
        await turn(desk)
        count = len(desk.refused)
        await officer.visitor.press_data(data)
        assert len(desk.refused) == count + 1


async def test_many_new_dates_fit_one_message(desk: DeskUnderTest) -> None:
    workshop, *_people = await given_certain(desk)
    session = (await sessions_of(desk, workshop))[0]
    words = desk.shared.words_of("fa")
    said = new_dates(words, [session] * 60, {session.id: session.slot.starts_at})
    assert len(said) < TEXT_UNITS_MAX / 2
    assert said.count("<b>") == 15
    assert "… و ۴۵ مورد دیگر" in said
