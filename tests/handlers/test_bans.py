"""A manager bans: what it shuts out, what it leaves open, and how it ends."""

from datetime import timedelta

import pytest

from bot.cases.model import Case
from bot.citizens import use_cases as citizens
from bot.citizens.errors import (
    Banned,
    BanUnreadable,
    NobodyToBan,
    NotBanned,
    NotToBeBanned,
    StaffOnly,
)
from bot.citizens.model import CitizenId, Role
from bot.kit.tracking import new_code, shown
from handlers.jobs.forgetting import forget_what_is_over
from handlers.views.cases.case_draft import Press
from tests.handlers import payout_support, registering_support
from tests.handlers.citizen_support import cases_of, everything_kept, up_to_review
from tests.handlers.citizen_support import tap as tap_case
from tests.handlers.desk_support import GROUP_ID, MANAGER, OFFICER, SARA, Officer, register
from tests.handlers.support import DeskUnderTest, Said, plain

WHY = "توهین به همکاران"


@pytest.fixture
async def manager(desk: DeskUnderTest) -> Officer:
    await desk.open_desk(GROUP_ID)
    return await Officer.at(desk, MANAGER, role=Role.MANAGER)


async def ban(manager: Officer, case: Case, text: str = f"/ban 7 {WHY}") -> list[Said]:
    return await manager.reply(await manager.card(case), text)


async def told(manager: Officer, text: str) -> list[Said]:
    length = len(text.split(maxsplit=1)[0])
    mark = [{"type": "bot_command", "offset": 0, "length": length}]
    return await manager.visitor.send(text=text, entities=mark)


async def code_of(desk: DeskUnderTest, person: int = SARA) -> str:
    async with desk.database.transaction() as tx:
        return await citizens.person_code(tx, citizen_id=CitizenId(person))


async def test_a_banned_person_is_told_why_until_when_and_how_to_object(
    desk: DeskUnderTest, manager: Officer
) -> None:
    (done,) = await ban(manager, await register(desk))
    code = await code_of(desk)
    assert code in done.text
    assert str(SARA) not in done.text
    assert f"mbl:kanoon:{code}" in done.presses
    notice = plain(desk.heard[SARA][-1].text)
    for part in (WHY, "۸ آذر", "کیف پول", "اعتراض", "/start"):
        assert part in notice, part
    async with desk.database.reading() as tx:
        entry, *_ = await citizens.audit_of(tx, office_id="kanoon", limit=1)
    assert (entry.action, entry.subject, entry.note) == ("ban", f"person:{code}", WHY)
    assert (entry.before, entry.after) == (None, "2026-11-29T09:00Z")


@pytest.mark.parametrize("number", ["09123456789", "۰۹۱۲ ۳۴۵ ۶۷۸۹", "0013542419"])
async def test_a_number_of_a_person_in_the_reason_is_kept_and_told_nowhere(
    desk: DeskUnderTest, manager: Officer, number: str
) -> None:
    await ban(manager, await register(desk), f"/ban 7 {WHY} {number}")
    async with desk.database.reading() as tx:
        entry, *_ = await citizens.audit_of(tx, office_id="kanoon", limit=1)
        (banned,) = await citizens.bans_on(tx, citizen_id=CitizenId(SARA), now=desk.now)
    for said in (banned.reason, entry.note or "", desk.heard[SARA][-1].text):
        assert WHY in plain(said)
        assert number not in said
        assert number[-4:] not in said


async def test_nothing_new_is_taken_and_nothing_of_it_is_kept(
    desk: DeskUnderTest, manager: Officer
) -> None:
    case = await register(desk)
    sara = desk.person(SARA)
    review = await up_to_review(sara)
    await ban(manager, case)
    before = await everything_kept(desk)
    assert await tap_case(sara, review, Press.SEND)
    assert isinstance(desk.refused[-1], Banned)
    after = await everything_kept(desk)
    for table in ("case", "case_message", "case_event", "ledger_transfer", "spent_limit"):
        assert after.get(table) == before.get(table), table
    await sara.say("/track " + shown(case.tracking_code))
    assert len(await cases_of(desk, sara)) == 1, "what is theirs can still be read"


async def test_a_place_is_not_given_and_a_place_that_is_there_can_be_left(
    desk: DeskUnderTest, manager: Officer
) -> None:
    case = await register(desk)
    workshop = await registering_support.given_workshop(desk, fee_rial=0)
    sara, _page = await registering_support.registered(desk, workshop)
    other = await registering_support.given_workshop(desk, fee_rial=0, title="دیگر")
    await ban(manager, case)
    learner = await registering_support.given_learner(desk, name="نیلوفر")
    await sara.press_data(f"wrl:{other.id}:{learner.id}")
    assert isinstance(desk.refused[-1], Banned)
    (mine,) = await registering_support.registrations(desk)
    refused = len(desk.refused)
    await sara.press_data(f"wms:{mine.id}:0")
    assert len(desk.refused) == refused


async def test_their_money_is_never_locked_in(desk: DeskUnderTest, manager: Officer) -> None:
    await ban(manager, await register(desk))
    assert not desk.refused
    payout = await payout_support.request(desk)
    assert payout.citizen_id == SARA
    assert (await desk.person(SARA).say("/wallet")).presses
    assert not desk.refused


async def test_another_office_is_not_concerned(desk: DeskUnderTest, manager: Officer) -> None:
    await ban(manager, await register(desk))
    assert (await register(desk, office_id="mazandaran")).author_id == SARA


async def test_it_ends_by_itself_to_the_second_and_is_forgotten(
    desk: DeskUnderTest, manager: Officer
) -> None:
    await ban(manager, await register(desk), f"/ban 1 {WHY}")
    desk.now += timedelta(days=1) - timedelta(seconds=1)
    with pytest.raises(Banned):
        await register(desk)
    desk.now += timedelta(seconds=1)
    await register(desk)
    await forget_what_is_over(desk.shared, desk.database, desk.now)
    assert (await everything_kept(desk))["ban"] == []


@pytest.mark.parametrize("way", ["button", "command"])
async def test_a_manager_lifts_it_and_the_person_is_told(
    desk: DeskUnderTest, manager: Officer, way: str
) -> None:
    await ban(manager, await register(desk))
    code = await code_of(desk)
    if way == "button":
        (done,) = await manager.visitor.press_data(f"mbl:kanoon:{code}")
    else:
        (done,) = await told(manager, f"/unban {code.lower()}")
    assert code in done.text
    assert "برداشته شد" in plain(desk.heard[SARA][-1].text)
    await register(desk)
    async with desk.database.reading() as tx:
        entries = await citizens.audit_of(tx, office_id="kanoon", limit=9)
        assert await citizens.chain_findings(tx) == []
    assert [one.action for one in entries[:2]] == ["unban", "ban"]
    await manager.visitor.press_data(f"mbl:kanoon:{code}")
    assert isinstance(desk.refused[-1], NotBanned)


async def test_who_is_banned_is_listed_by_code(desk: DeskUnderTest, manager: Officer) -> None:
    nobody, _of_the_other = await told(manager, "/ban")
    assert "هیچ‌کس" in nobody.text
    case = await register(desk)
    await told(manager, f"/ban {shown(case.tracking_code)} 3 {WHY}")
    listed, of_the_other = await told(manager, "/ban")
    assert await code_of(desk) in listed.text
    assert WHY in listed.text
    assert WHY not in of_the_other.text


@pytest.mark.parametrize("text", ["/ban", "/ban 0 زیاد", "/ban 91 زیاد", "/ban 7", "/ban 7 x"])
async def test_a_ban_without_a_reason_or_for_no_time_is_explained(
    desk: DeskUnderTest, manager: Officer, text: str
) -> None:
    await ban(manager, await register(desk), text)
    assert isinstance(desk.refused[-1], BanUnreadable)
    assert (await everything_kept(desk))["ban"] == []


async def test_nobody_behind_an_anonymous_case_and_no_colleague_can_be_banned(
    desk: DeskUnderTest, manager: Officer
) -> None:
    await ban(manager, await register(desk, is_anonymous=True))
    assert isinstance(desk.refused[-1], NobodyToBan)
    await desk.make_staff(OFFICER, Role.OFFICER)
    for colleague in (OFFICER, MANAGER):
        await ban(manager, await register(desk, author=colleague))
        assert isinstance(desk.refused[-1], NotToBeBanned)
    assert (await everything_kept(desk))["ban"] == []


async def test_an_officer_bans_nobody_and_lifts_nothing(
    desk: DeskUnderTest, manager: Officer
) -> None:
    case = await register(desk)
    officer = await Officer.at(desk, OFFICER)
    await ban(officer, case)
    assert isinstance(desk.refused[-1], StaffOnly)
    await ban(manager, case)
    await officer.visitor.press_data(f"mbl:kanoon:{await code_of(desk)}")
    assert isinstance(desk.refused[-1], StaffOnly)
    assert len((await everything_kept(desk))["ban"]) == 1


async def test_a_case_of_another_office_is_as_good_as_none(desk: DeskUnderTest) -> None:
    await desk.open_desk(GROUP_ID, "kanoon")
    await desk.make_staff(MANAGER + 50, Role.MANAGER, "mazandaran")
    await desk.open_desk(-1002, "mazandaran")
    case = await register(desk)
    other = Officer.outsider(desk, MANAGER + 50, -1002)
    await told(other, f"/ban {shown(case.tracking_code)} 7 {WHY}")
    await told(other, f"/ban {shown(new_code())} 7 {WHY}")
    assert len({type(one) for one in desk.refused[-2:]}) == 1
    assert (await everything_kept(desk))["ban"] == []
