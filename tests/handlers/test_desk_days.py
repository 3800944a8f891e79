"""Whole days at the desk: citizens in their private chats, two officers in the admin chat."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.cases.model import CaseState, Ending
from bot.kit.tracking import code_in
from bot.surveys import use_cases as surveys
from bot.surveys.model import SurveyKind
from handlers.callback_data.desk import DeskVerb
from handlers.jobs import cases as rounds
from tests.handlers.desk_support import (
    COLLEAGUE,
    GROUP_ID,
    MINA,
    OFFICER,
    REZA,
    SARA,
    Officer,
    case_of,
    told,
)
from tests.handlers.support import DeskUnderTest, Said, Visitor, faults_of, plain

FRIDAY_NIGHT = datetime(2026, 11, 27, 19, 30, tzinfo=UTC)  # 23:00 in Tehran
SATURDAY_MORNING = datetime(2026, 11, 28, 4, 30, tzinfo=UTC)  # 08:00


@pytest.fixture(autouse=True)
async def nothing_wrong_or_personal_was_said(desk: DeskUnderTest) -> AsyncIterator[None]:
    yield
    for chat_id, messages in desk.heard.items():
        for said in messages:
            assert not faults_of(said), said.text
            assert chat_id > 0 or "7712345" not in str(said.params) + plain(said.text)


@pytest.fixture
async def officers(desk: DeskUnderTest) -> tuple[Officer, Officer]:
    desk.now = FRIDAY_NIGHT
    await desk.open_desk(GROUP_ID)
    return await Officer.at(desk, OFFICER), await Officer.at(desk, COLLEAGUE)


async def tells(citizen: Visitor, kind: str, text: str, *, hidden: bool = False) -> str:
    """Go through the flow of the citizens; gives the code of the receipt."""
    await citizen.press_data(f"k:kanoon:virtual-workshops:{kind}")
    (review,) = await citizen.send(text=text)
    if hidden:
        (review,) = await citizen.press_data(_step(review, "h"))
    (receipt,) = await citizen.press_data(_step(review, "y"))
    code = code_in(plain(receipt.text))
    assert code is not None
    return code


def _step(said: Said, verb: str) -> str:
    return next(data for data in said.presses if data.split(":")[0::2][1] == verb)


def latest(desk: DeskUnderTest) -> Said:
    """The last card in the admin chat."""
    return desk.heard[GROUP_ID][-1]


async def test_what_is_told_on_a_friday_night_is_asked_about_answered_and_closed_on_saturday(
    desk: DeskUnderTest, officers: tuple[Officer, Officer]
) -> None:
    officer, colleague = officers
    mina = desk.person(MINA)
    code = await tells(mina, "outage", "سامانه ثبت‌نام باز نمی‌شود.")
    card = latest(desk)
    assert code_in(plain(card.text)) == code
    for round_ in (rounds.warn_staff, rounds.tell_overdue, rounds.return_idle_claims):
        assert await desk.round(round_) == []

    desk.now = SATURDAY_MORNING
    await officer.press(card, DeskVerb.TAKE)
    (prompt,) = await officer.press(card, DeskVerb.ASK)
    await officer.reply(prompt, "کدام صفحه؟")
    assert (await case_of(desk, code)).state is CaseState.WAITING
    desk.now += timedelta(hours=1)
    await mina.reply_to(desk.heard[MINA][-1], "صفحه پرداخت")
    assert "صفحه پرداخت" in latest(desk).text
    await colleague.reply(latest(desk), "درست شد؛ دوباره امتحان کنید.")
    (menu,) = await colleague.press(card, DeskVerb.ENDINGS)
    await colleague.press(menu, DeskVerb.END, "done")

    case = await case_of(desk, code)
    assert (case.state, case.ending) == (CaseState.ANSWERED, Ending.DONE)
    assert "درست شد" in told(desk, MINA)[-2]
    async with desk.database.reading() as tx:
        soon = await surveys.due(tx, now=desk.now + timedelta(hours=2), limit=9)
        later = await surveys.due(tx, now=desk.now + timedelta(weeks=5), limit=9)
    assert [survey.kind for survey in soon] == [SurveyKind.RATING]
    assert {survey.kind for survey in later} == {SurveyKind.RATING, SurveyKind.FOLLOW_UP}


async def test_a_late_case_is_owned_up_to_escalated_rejected_objected_to_and_solved(
    desk: DeskUnderTest, officers: tuple[Officer, Officer]
) -> None:
    officer, _colleague = officers
    sara = desk.person(SARA)
    code = await tells(sara, "complaint", "گواهی من نیامده است.")
    card = latest(desk)
    desk.now = SATURDAY_MORNING + timedelta(hours=30)
    first, *_ = await desk.round(rounds.tell_overdue)
    assert first.chat_id == SARA
    await sara.press_data(f"ka:{code}:escalate")
    assert "📣" in latest(desk).text
    assert (await case_of(desk, code)).escalated_at == desk.now

    (menu,) = await officer.press(card, DeskVerb.ENDINGS)
    _card, prompt = await officer.press(menu, DeskVerb.END, "cannot_be_done")
    await officer.reply(prompt, "نام شما در فهرست نیست.")
    assert "نام شما در فهرست نیست." in told(desk, SARA)[-1]
    await sara.press_data(f"ka:{code}:object")
    await sara.send(text="رسید ثبت‌نام دارم.")
    case = await case_of(desk, code)
    assert case.state is CaseState.OPEN
    assert "رسید ثبت‌نام دارم." in latest(desk).text
    await officer.reply(latest(desk), "حق با شماست؛ گواهی صادر شد.")
    (menu,) = await officer.press(latest(desk), DeskVerb.ENDINGS)
    await officer.press(menu, DeskVerb.END, "done")
    assert (await case_of(desk, code)).ending is Ending.DONE
    async with desk.database.reading() as tx:
        planned = await surveys.due(tx, now=desk.now + timedelta(weeks=5), limit=9)
    assert {survey.resolution for survey in planned} == {2}, "the first outcome is history"


async def test_who_stays_anonymous_is_answered_by_the_code_and_never_asked_to_rate(
    desk: DeskUnderTest, officers: tuple[Officer, Officer]
) -> None:
    officer, _colleague = officers
    reza = desk.person(REZA)
    code = await tells(reza, "criticism", "نوبت‌ها دیر است.", hidden=True)
    heard = len(desk.heard[REZA])
    await officer.reply(latest(desk), "از فردا نوبت‌ها بیشتر می‌شود.")
    (menu,) = await officer.press(desk.heard[GROUP_ID][0], DeskVerb.ENDINGS)
    await officer.press(menu, DeskVerb.END, "answered")
    assert len(desk.heard[REZA]) == heard
    shown = await reza.say(f"/track {code}")
    assert "از فردا نوبت‌ها بیشتر می‌شود." in plain(shown.text)
    async with desk.database.reading() as tx:
        assert await surveys.due(tx, now=desk.now + timedelta(weeks=5), limit=9) == []


async def test_a_withdrawn_case_can_no_longer_be_answered_by_an_old_card(
    desk: DeskUnderTest, officers: tuple[Officer, Officer]
) -> None:
    officer, _colleague = officers
    sara = desk.person(SARA)
    code = await tells(sara, "complaint", "دیگر لازم نیست.")
    card = latest(desk)
    await sara.press_data(f"ka:{code}:gone")
    assert (await case_of(desk, code)).ending is Ending.WITHDRAWN
    heard = len(desk.heard[SARA])
    await officer.reply(card, "پاسخ")
    for verb in (DeskVerb.TAKE, DeskVerb.ASK):
        (page,) = await officer.press(card, verb)
        assert desk.direct[0].params["text"]
        assert f"d:{(await case_of(desk, code)).id}:take:" not in page.presses
    assert len(desk.heard[SARA]) == heard


async def test_whoever_s_case_was_merged_hears_of_the_outcome_and_can_say_it_is_another_matter(
    desk: DeskUnderTest, officers: tuple[Officer, Officer]
) -> None:
    officer, _colleague = officers
    sara, reza = desk.person(SARA), desk.person(REZA)
    kept = await tells(sara, "complaint", "کلاس برگزار نشد.")
    code = await tells(reza, "complaint", "کلاس تشکیل نشد.")
    (more,) = await officer.press(latest(desk), DeskVerb.MORE)
    (prompt,) = await officer.press(more, DeskVerb.MERGE)
    await officer.reply(prompt, kept)
    card = await officer.card(await case_of(desk, kept))
    (menu,) = await officer.press(card, DeskVerb.ENDINGS)
    prompt = (await officer.press(menu, DeskVerb.END, "cannot_be_done"))[-1]
    await officer.reply(prompt, "بودجه نیست.")
    outcome = desk.heard[REZA][-1]
    assert "بودجه" not in plain(outcome.text), "a reason may name another citizen's"
    assert f"ka:{code}:object" not in outcome.presses
    await reza.press_data(f"ka:{code}:reopen")
    await reza.say("موضوع من چیز دیگری بود.")
    assert (await case_of(desk, code)).state is CaseState.OPEN
    assert f"ka:{kept}:object" in desk.heard[SARA][-1].presses
