"""A term through Eid, in simulated time, of which every deed is a message or a button pressed."""

import pytest
from icalendar import Calendar, Event

from bot.citizens.model import Role
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import (
    MakeUpState,
    Presence,
    RegistrationState,
    Session,
    SessionState,
    Workshop,
    WorkshopState,
)
from handlers.files.rendering import Files
from handlers.jobs.housekeeping import seed_calendar
from handlers.views.workshops.calendar_file import CALENDAR_FILE
from tests.calendar.support import at
from tests.handlers.desk_support import MANAGER, OFFICER, Officer
from tests.handlers.registering_support import (
    MINA_ID,
    REZA_ID,
    SARA_ID,
    balance_of,
    registered,
    states,
)
from tests.handlers.support import DeskUnderTest, Said, faults_of, plain
from tests.handlers.workshop_support import GROUP_ID, make_ups_of, sessions_of, turn, workshop_of
from tests.workshops import given
from tests.workshops.support import DAY, HOUR

FEE = 2_000_000
FORM = """عنوان: {title}
شرح: نشست‌های هفتگی
سن: ۷ تا ۱۴
شهریه: ۲۰۰ هزار تومان
ظرفیت: ۴
حد نصاب: ۲
آغاز ثبت‌نام: ۱۴۰۵/۱۱/۰۲ ساعت ۸:۰۰
مهلت ثبت‌نام: ۱۴۰۵/۱۱/۲۰
لینک کلاس: https://class.example.ir/12
اولین جلسه: ۱۱ اسفند ۱۴۰۵
روزهای هفته: سه‌شنبه و چهارشنبه
ساعت: ۵ تا ۶ و نیم عصر
تعداد جلسات: ۵
شرایط: ثبت‌نام یعنی شرح دوره خوانده و پذیرفته شده است."""
# Eid al-Fitr of 1448 is printed on the 19th, a Wednesday, and its second day on the 20th.
PLANNED = ["1405/12/11", "1405/12/12", "1405/12/18", "1405/12/25", "1405/12/26"]


class Term:
    """The desk with those who work at it, and what they do there."""

    def __init__(self, desk: DeskUnderTest, officer: Officer, manager: Officer) -> None:
        self.desk, self.officer, self.manager = desk, officer, manager

    async def tap(self, who: Officer, said: Said, prefix: str, *parts: str) -> Said:
        """Press the button of a message that carries all these parts."""
        (data,) = [
            one
            for one in said.presses
            if one.split(":")[0] == prefix and set(parts) <= set(one.split(":"))
        ]
        answers = await who.visitor.press_data(data, message_id=said.message_id)
        assert not self.desk.refused, self.desk.refused
        assert not [fault for one in answers for fault in faults_of(one)]
        return answers[-1]

    async def make(self, title: str) -> Workshop:
        """Make a workshop by the form, take its dates, and publish it."""
        listed = await self.officer.visitor.say("/workshops")
        form = await self.tap(self.officer, listed, "dwn", "kanoon")
        _card, dates = await self.officer.reply(form, FORM.format(title=title))
        assert "چهارشنبه ۱۹ اسفند ۱۴۰۵: تعطیل" in plain(dates.text)
        card = await self.tap(self.officer, dates, "dwp")
        sure = await self.tap(self.officer, card, "dwa", "P")
        await self.tap(self.officer, sure, "dwa", "P", "y")
        async with self.desk.database.reading() as tx:
            last, *_others = await workshops.workshops(
                tx, office_id="kanoon", states=tuple(WorkshopState), limit=10
            )
        assert last.details.title == title
        return last

    async def pass_time(self, until: str) -> list[Said]:
        """Let the clock go to each moment at which something happens, and on to the last."""
        end, said = at(until), list[Said]()
        while self.desk.now < end:
            moments = [
                moment for one in await self.all_sessions() for moment in self.moments_of(one)
            ]
            moments.append(self.desk.now + 7 * DAY)
            self.desk.now = min([one for one in moments if self.desk.now < one < end], default=end)
            said += await turn(self.desk)
        return said

    def moments_of(self, session: Session) -> list:
        slot = session.slot
        return [slot.starts_at - DAY, slot.starts_at - HOUR, slot.starts_at, slot.ends_at]

    async def all_sessions(self) -> list[Session]:
        async with self.desk.database.reading() as tx:
            found = await workshops.workshops(
                tx, office_id="kanoon", states=tuple(WorkshopState), limit=10
            )
            return [
                one for each in found for one in await workshops.sessions(tx, workshop_id=each.id)
            ]

    async def move_eid(self) -> Said:
        """Move Eid to the day before, as a manager does when the moon is seen early."""
        page = await self.manager.visitor.say("/calendar")
        (label,) = [one for one in page.buttons if "عید سعید فطر" in one and "۱۹" in one]
        (opened,) = await self.manager.visitor.press_data(page.buttons[label])
        preview = await self.tap(self.manager, opened, "hdm", "earlier")
        assert "سه‌شنبه ۱۸ اسفند" in plain(preview.text)
        assert "جلسه‌های کارگاه که روزشان را از دست می‌دهند: ۱" in plain(preview.text)
        assert "نقاشی" in plain(preview.text)
        await self.manager.visitor.press_data(preview.presses[0])
        said = await turn(self.desk)
        (proposal,) = [one for one in said if one.chat_id == GROUP_ID]
        assert await turn(self.desk) == []
        return proposal

    async def events(self, said: Said) -> dict[str, Event]:
        """Read the calendar file that goes along with a message."""
        made = said.params["document"]
        content = await Files(self.desk.shared, self.desk.database).make(
            CALENDAR_FILE, made["id"], made
        )
        assert content is not None
        found = Calendar.from_ical(content).walk("VEVENT")
        return {str(one["uid"]): one for one in found}


@pytest.fixture
async def term(desk: DeskUnderTest) -> Term:
    desk.now = at("1405/11/01 09:00")
    await desk.round(seed_calendar)
    await desk.open_desk(GROUP_ID)
    manager = await Officer.at(desk, MANAGER, role=Role.MANAGER)
    return Term(desk, await Officer.at(desk, OFFICER), manager)


async def test_a_term_goes_through_a_moved_eid_a_cancelled_session_and_absences(
    term: Term,
) -> None:
    desk, officer = term.desk, term.officer
    made = await term.make("نقاشی")
    desk.now = at("1405/11/03 10:00")
    await turn(desk)
    for person_id in (SARA_ID, REZA_ID):
        await registered(desk, made, person_id)
    await term.pass_time("1405/11/21 08:00")
    assert (await workshop_of(desk, made.id)).state is WorkshopState.CONFIRMED

    await term.pass_time("1405/12/10 09:00")
    await _cancel_the_first(term, made)
    await term.pass_time("1405/12/12 19:00")
    await _note_absence(term, made)

    await term.pass_time("1405/12/15 09:00")
    proposal = await term.move_eid()
    before = {person_id: len(desk.heard[person_id]) for person_id in (SARA_ID, REZA_ID)}
    accept = next(one for one in proposal.presses if one.startswith("dwr:"))
    for _twice in range(2):
        await officer.visitor.press_data(accept, message_id=proposal.message_id)
    for person_id, count in before.items():
        (told,) = desk.heard[person_id][count:]
        assert "به‌جای سه‌شنبه ۱۸ اسفند" in plain(told.text)
    await _see_that_no_session_is_lost(term, made, told)

    await term.pass_time("1406/02/01 09:00")
    assert (await make_ups_of(desk, made))[0].state is MakeUpState.HELD
    assert (await workshop_of(desk, made.id)).state is WorkshopState.COMPLETED
    assert await states(desk, SARA_ID) == [RegistrationState.COMPLETED]
    days = [one for one in desk.heard[SARA_ID] if "wkc" in "".join(one.presses)]
    assert len(days) == 2 * 5, "of every session that is held, and of none that is not"
    async with desk.database.reading() as tx:
        assert await given.escrow_rial(tx, made) == 0
        assert await given.standing(tx, "revenue") == 2 * FEE
        assert not await wallet.audit(tx)


async def _cancel_the_first(term: Term, made: Workshop) -> None:
    """The office cancels a session, and gives the make-up class that it owes a date (KN-18)."""
    first, *_ = await sessions_of(term.desk, made)
    await term.officer.visitor.press_data(f"dws:{first.id}:k:teacher_absent-y")
    (owed,) = await make_ups_of(term.desk, made)
    (prompt,) = await term.officer.visitor.press_data(f"dwu:{owed.id}:s")
    await term.officer.reply(prompt, "۱۳ اسفند ساعت ۵ عصر")
    assert (await sessions_of(term.desk, made))[2].slot.starts_at == at("1405/12/13 17:00")


async def _note_absence(term: Term, made: Workshop) -> None:
    """Sara stays away from the second session; that alone is owed to nobody (KN-30)."""
    _first, second, *_ = await sessions_of(term.desk, made)
    (page,) = await term.officer.visitor.press_data(f"dws:{second.id}:a:0")
    sara = next(one for one in page.presses if one.startswith("dwt:"))
    for step in ("present", "late", "absent"):
        assert f":{step}:" in sara
        (page,) = await term.officer.visitor.press_data(sara)
        sara = next(one for one in page.presses if one.startswith("dwt:"))
    await term.officer.visitor.press_data(f"dws:{second.id}:p:0")
    await term.officer.visitor.press_data(f"dws:{second.id}:s:y")
    async with term.desk.database.reading() as tx:
        noted = await workshops.attendance(tx, session_id=second.id)
    assert sorted(one.presence for one in noted) == [Presence.ABSENT, Presence.PRESENT]
    assert len(await make_ups_of(term.desk, made)) == 1


async def _see_that_no_session_is_lost(term: Term, made: Workshop, told: Said) -> None:
    """Every session has a date on an open day, and each phone learns of the one that moved."""
    sessions = await sessions_of(term.desk, made)
    planned = [one for one in sessions if one.state is SessionState.PLANNED]
    ended = [one for one in sessions if one.state is not SessionState.PLANNED]
    assert len(planned) + len(ended) == len(PLANNED) + 1, "five, and the make-up class"
    (moved,) = [one for one in planned if one.revision]
    assert moved.slot.starts_at == at("1406/01/10 17:00"), "Nowruz and its holidays are left out"
    assert not {at(f"1405/12/{day} 17:00") for day in (18, 19)} & {
        one.slot.starts_at for one in planned
    }
    events = await term.events(told)
    event = events[f"workshop-session-{moved.id}@mizban"]
    assert event["dtstart"].dt == moved.slot.starts_at
    assert (str(event["status"]), int(event["sequence"])) == ("CONFIRMED", 2)
    others = [one for key, one in events.items() if str(moved.id) not in key]
    assert {int(one["sequence"]) for one in others if str(one["status"]) == "CONFIRMED"} == {0}


async def test_in_the_same_term_a_workshop_for_which_too_few_come_gives_its_fees_back(
    term: Term,
) -> None:
    desk = term.desk
    made = await term.make("سفال")
    desk.now = at("1405/11/03 10:00")
    await turn(desk)
    await registered(desk, made, MINA_ID)
    said = await term.pass_time("1405/11/21 08:00")
    (asked,) = [one for one in said if one.chat_id == GROUP_ID and "dwa:" in str(one.presses)]
    assert (await workshop_of(desk, made.id)).state is (WorkshopState.QUORUM_FAILED_PENDING)
    sure = await term.tap(term.manager, asked, "dwa", "f")
    await term.tap(term.manager, sure, "dwa", "f", "y")
    assert await states(desk, MINA_ID) == [RegistrationState.CREDITED]
    assert (await balance_of(desk, MINA_ID)).withdrawable_rial == FEE
    assert await term.pass_time("1405/12/15 09:00") == []
    async with desk.database.reading() as tx:
        assert await given.escrow_rial(tx, made) == 0
        assert not await wallet.audit(tx)
