from base64 import b64decode
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from bot.calendar import use_cases as calendars
from bot.calendar.model import ClosureDraft, ClosureScope
from bot.cases.model import CaseKind, Queue
from bot.citizens import use_cases as citizens
from bot.citizens.errors import NotInDeskChat, StaffOnly
from bot.citizens.model import CitizenId, Role, Staff
from bot.digests.model import DayCount, DigestKind
from bot.digests.tables import digest as digest_table
from bot.kit.clock import TEHRAN
from bot.kit.tracking import shown
from bot.surveys import use_cases as surveys
from bot.surveys.model import SurveyKind
from handlers.callback_data import StaleButton
from handlers.callback_data.desk import QueuePressed
from handlers.callback_data.digests import DigestPressed, ReportPressed
from handlers.callback_data.learning import UnansweredOpened
from handlers.files.rendering import Files
from handlers.jobs.digests import send_agreement_alerts, send_digests
from handlers.views.office import chart
from tests.handlers.conftest import Shipped
from tests.handlers.desk_support import GROUP_ID, OFFICER, SARA, register
from tests.handlers.support import MANAGER_ID, DeskUnderTest, Said, Visitor, faults_of, plain
from tests.handlers.top_up_support import claimed


def tehran(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TEHRAN).astimezone(UTC)


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Visitor:
    desk.now = tehran(21, 9)  # a Saturday
    await desk.open_desk(GROUP_ID, "kanoon")
    await desk.make_staff(OFFICER, Role.OFFICER, "kanoon")
    (visitor,) = desk.group(GROUP_ID, OFFICER)
    return visitor


@pytest.fixture
async def manager(desk: DeskUnderTest, officer: Visitor) -> Visitor:
    assert officer.id == OFFICER
    (visitor,) = desk.group(GROUP_ID, MANAGER_ID)
    return visitor


async def digests_at(desk: DeskUnderTest, moment: datetime) -> list[Said]:
    desk.now = moment
    return [said for said in await desk.round(send_digests) if said.method == "sendMessage"]


async def covered(desk: DeskUnderTest, kind: DigestKind) -> list[tuple[datetime, datetime]]:
    async with desk.database.reading() as tx:
        rows = await tx.execute(
            select(digest_table.c.covered_since, digest_table.c.covered_until)
            .where(digest_table.c.kind == kind.value)
            .order_by(digest_table.c.id)
        )
        return [(row[0], row[1]) for row in rows]


async def test_the_digest_comes_at_the_hour_of_the_office_once(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    assert officer.group_id == GROUP_ID
    assert await digests_at(desk, tehran(22, 7, 59)) == []
    (said,) = await digests_at(desk, tehran(22, 8, 0))
    assert said.chat_id == GROUP_ID
    assert not faults_of(said)
    assert await digests_at(desk, tehran(22, 8, 1)) == []


async def test_an_office_without_an_admin_chat_is_not_told(desk: DeskUnderTest) -> None:
    assert await digests_at(desk, tehran(22, 9)) == []


async def test_days_off_and_restarts_neither_skip_nor_repeat(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    assert officer.group_id == GROUP_ID
    async with desk.database.transaction() as tx:
        draft = ClosureDraft(
            "kanoon", ClosureScope.PROVINCE, date(2026, 11, 24), date(2026, 11, 24), (), "برف"
        )
        await calendars.decide_closure(
            tx, draft=draft, actor_id=MANAGER_ID, today=date(2026, 11, 21), now=desk.now
        )
    moment = tehran(22, 0)
    while moment < tehran(29, 12):
        await digests_at(desk, moment)
        await digests_at(desk, moment - timedelta(hours=5))  # the clock is put back
        moment += timedelta(minutes=110)
    periods = await covered(desk, DigestKind.DAILY)
    assert [until.astimezone(TEHRAN).day for _since, until in periods] == [22, 23, 25, 26, 28, 29]
    assert all(earlier[1] == later[0] for earlier, later in pairwise(periods))
    assert len(await covered(desk, DigestKind.WEEKLY)) == 1


async def test_money_that_waits_is_said_with_the_way_to_it(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    desk.now = tehran(22, 9)
    assert "امور مالی" not in (await officer.say("/digest")).text
    desk.shared.takes_payments = True
    await claimed(desk.person(SARA))
    said = await officer.say("/digest")
    (line,) = [line for line in plain(said.text).splitlines() if "/topups" in line]
    assert line == "• ۱ پرداختی برای تأیید: /topups"
    assert "/payouts" not in said.text


async def test_what_is_due_today_is_said_without_its_date(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    desk.now = tehran(22, 9)
    await register(desk, kind=CaseKind.OUTAGE)
    said = await officer.say("/digest")
    due = [
        line for line in plain(said.text).splitlines() if "گزارش قطعی" in line and "امروز" in line
    ]
    assert len(due) == 1
    assert "۱۴۰۵" not in due[0]


async def test_on_the_day_of_the_week_both_digests_come(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    assert officer.group_id == GROUP_ID
    case = await register(desk)
    day, week = await digests_at(desk, tehran(28, 8))
    assert shown(case.tracking_code) in plain(day.text)
    assert shown(case.tracking_code) not in plain(week.text)  # how the desk stands is said once
    assert day.presses == week.presses


async def test_each_number_leads_to_its_list(desk: DeskUnderTest, officer: Visitor) -> None:
    for number in range(3):
        await register(desk, author=SARA + number)
    (said,) = await digests_at(desk, tehran(22, 8))
    to_new = QueuePressed("kanoon", Queue.NEW.value, "0").pack()
    labels = [label for label, data in said.buttons.items() if data == to_new]
    assert labels
    assert "۳" in labels[0]
    (listed,) = await officer.press_data(to_new)
    assert not faults_of(listed)


async def test_the_questions_without_an_answer_lead_to_their_list(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    await desk.person(SARA).say("ناهار هم می‌دهید؟")
    (said,) = await digests_at(desk, tehran(22, 8))
    to_list = UnansweredOpened("kanoon").pack()
    assert to_list in said.presses
    (listed,) = await officer.press_data(to_list)
    assert listed.method == "sendMessage"  # the digest stays as it was
    assert "ناهار" in plain(listed.text)


async def test_the_picture_comes_when_there_is_something_to_see(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    assert officer.group_id == GROUP_ID
    await register(desk)
    desk.now = tehran(22, 8)
    picture, text = await desk.round(send_digests)
    assert (picture.method, text.method) == ("sendPhoto", "sendMessage")
    assert b64decode(picture.params["photo"]["file_base64"]).startswith(b"\x89PNG")
    assert not faults_of(picture)


async def test_what_people_and_staff_wrote_cannot_break_the_digest(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    async with desk.database.transaction() as tx:
        await citizens.grant(
            tx,
            citizen_id=CitizenId(officer.id),
            office_id="kanoon",
            role=Role.OFFICER,
            name="<b>& \u202e" + "😀" * 60,
            now=desk.now,
        )
        draft = ClosureDraft(
            "kanoon",
            ClosureScope.OFFICE,
            date(2026, 11, 24),
            date(2026, 11, 24),
            (),
            "<a href='x'>&" + "و" * 180,
        )
        await calendars.decide_closure(
            tx, draft=draft, actor_id=MANAGER_ID, today=date(2026, 11, 21), now=desk.now
        )
    case = await register(desk, text="<script>&lt;")
    async with desk.database.transaction() as tx:
        await surveys.plan(
            tx,
            kind=SurveyKind.RATING,
            subject=f"case:{case.id}",
            resolution=1,
            office_id="kanoon",
            service_id="<gone>",
            citizen_id=CitizenId(SARA),
            officer_id=None,
            due_at=desk.now,
        )
        (survey,) = await surveys.due(tx, now=desk.now, limit=1)
        of_sara = {"survey_id": survey.id, "citizen_id": CitizenId(SARA), "now": desk.now}
        await surveys.mark_asked(tx, survey_id=survey.id, now=desk.now)
        await surveys.rate(tx, score=1, **of_sara)  # type: ignore[arg-type]
        await surveys.comment(tx, text="<i>&" + "😀" * 240, **of_sara)  # type: ignore[arg-type]
    sara = desk.person(SARA)
    for _ in range(2):
        await sara.say("<b>ناهار & شام</b> هم می‌دهید؟")
    (said,) = await digests_at(desk, tehran(22, 8))
    assert not faults_of(said)
    assert str(SARA) not in said.text


async def test_a_look_in_between_covers_nothing(desk: DeskUnderTest, officer: Visitor) -> None:
    await register(desk, kind=CaseKind.PRAISE)
    said = await officer.say("/digest")
    assert not faults_of(said)
    week = await officer.press_data(DigestPressed("kanoon", "weekly").pack())
    assert week[0].method == "editMessageText"
    assert await covered(desk, DigestKind.DAILY) == []
    (told,) = await digests_at(desk, tehran(22, 8))
    assert "۱" in plain(told.text)


async def test_only_staff_look_and_only_in_their_chat(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    (stranger,) = desk.group(GROUP_ID, 4321)
    await stranger.send(
        text="/digest", entities=[{"type": "bot_command", "offset": 0, "length": 7}]
    )
    assert isinstance(desk.refused[-1], StaffOnly)
    (elsewhere,) = desk.group(-1777, officer.id)
    await elsewhere.send(
        text="/digest", entities=[{"type": "bot_command", "offset": 0, "length": 7}]
    )
    assert isinstance(desk.refused[-1], NotInDeskChat)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
async def test_a_manager_takes_a_report_along_and_the_record_says_so(
    desk: DeskUnderTest, manager: Visitor, form: str
) -> None:
    case = await register(desk, text="=1+1 رازی مگو")
    said = await manager.say("/report")
    pressed = ReportPressed("kanoon", "month", form).pack()
    assert pressed in said.presses
    (sent,) = await manager.press_data(pressed)
    assert sent.method == "sendDocument"
    assert not faults_of(sent)
    document = sent.params["document"]
    assert document["name"].endswith(form)
    files = Files(desk.shared, desk.database)
    content = await files.make(document["made_of"], document["id"], document)
    assert content is not None
    assert content[:2] == b"PK" or case.tracking_code[-2:].encode() in content
    for secret in (str(SARA), case.tracking_code, "رازی مگو"):
        assert secret.encode() not in content
    async with desk.database.reading() as tx:
        entry = (await citizens.audit_of(tx, office_id="kanoon", limit=5))[0]
    assert (entry.actor_id, entry.action, entry.subject) == (MANAGER_ID, "report", "office:kanoon")


async def test_who_manages_the_office_no_longer_gets_no_report_that_waits_for_them(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    other_id = 4322
    await desk.make_staff(other_id, Role.MANAGER, "kanoon")
    (sent,) = await manager.press_data(ReportPressed("kanoon", "month", "csv").pack())
    document = sent.params["document"]
    files = Files(desk.shared, desk.database)
    assert await files.make(document["made_of"], document["id"], document) is not None
    async with desk.database.transaction() as tx:
        await citizens.dismiss(
            tx,
            citizen_id=CitizenId(MANAGER_ID),
            office_id="kanoon",
            role=Role.MANAGER,
            actor=Staff(CitizenId(other_id), "kanoon", Role.MANAGER, "Another manager"),
            now=desk.now,
        )
    assert await files.make(document["made_of"], document["id"], document) is None
    document["for"] = OFFICER
    assert await files.make(document["made_of"], document["id"], document) is None


async def test_an_officer_is_refused_a_report(desk: DeskUnderTest, officer: Visitor) -> None:
    await officer.press_data(ReportPressed("kanoon", "month", "csv").pack())
    assert isinstance(desk.refused[-1], StaffOnly)


@pytest.mark.parametrize(
    "data",
    ["dgr:kanoon:never:csv", "dgr:kanoon:month:exe", "dgr:nowhere:month:csv", "dg:kanoon:hourly"],
)
async def test_a_forged_button_is_out_of_date(
    desk: DeskUnderTest, manager: Visitor, data: str
) -> None:
    await manager.press_data(data)
    assert isinstance(desk.refused[-1], StaleButton)


async def test_the_end_of_an_agreement_is_told_once_and_never_at_night(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    assert officer.group_id == GROUP_ID
    desk.now = tehran(22, 3)
    assert await desk.round(send_agreement_alerts) == []
    desk.now = tehran(22, 8)
    (said,) = await desk.round(send_agreement_alerts)
    assert said.chat_id == GROUP_ID
    assert not faults_of(said)
    assert "۲۹ اسفند ۱۴۰۲" in plain(said.text)
    assert await desk.round(send_agreement_alerts) == []


async def test_the_ended_agreement_stays_a_task_in_every_digest(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    assert officer.group_id == GROUP_ID
    for day in (22, 23):
        (said,) = await digests_at(desk, tehran(day, 8))
        assert "۲۹ اسفند ۱۴۰۲" in plain(said.text)


def test_a_picture_is_a_png_and_of_nothing_there_is_none(shipped: Shipped) -> None:
    days = [
        DayCount(date(2026, 11, day), day % 3, 0, is_worked=day != 20) for day in range(15, 22)
    ]
    for words in shipped.words.values():
        assert chart.draw(words, "کانون", days).startswith(b"\x89PNG")
    assert chart.is_worth_drawing(days)
    assert not chart.is_worth_drawing([DayCount(date(2026, 11, 15), 0, 0)])
