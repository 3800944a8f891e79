"""One's own registrations: the list, each page, dropping, giving up late, moving, the history."""

import re
from datetime import timedelta
from unicodedata import bidirectional

import pytest

from bot.citizens.model import CitizenId
from bot.kit.tracking import shown
from bot.workshops import use_cases as workshops
from bot.workshops.model import DEFAULT_POLICY, CancelReason, RegistrationState
from tests.handlers import top_up_support
from tests.handlers.registering_support import (
    CHILD,
    MINA_ID,
    SARA_ID,
    balance_of,
    change_terms,
    data_of,
    given_learner,
    given_money,
    given_workshop,
    offers,
    press,
    registered,
    registrations,
    states,
    tap,
    up_to_place,
)
from tests.handlers.support import DeskUnderTest, plain
from tests.workshops import given
from tests.workshops.support import CLOSES, FEE, OFFICE, OFFICER

HELD, CONFIRMED, DROPPED, MOVED, WITHDRAWN = (
    RegistrationState.HELD,
    RegistrationState.CONFIRMED,
    RegistrationState.DROPPED,
    RegistrationState.MOVED,
    RegistrationState.WITHDRAWN_LATE,
)
OTHER_DATES = ("1405/08/24 17:00", "1405/08/26 17:00", "1405/09/08 17:00", "1405/09/15 17:00")


async def test_the_list_names_all_and_leads_to_each(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara, _receipt = await registered(desk, workshop)
    page = await sara.say("/myworkshops")
    label = next(label for label, data in page.buttons.items() if data.startswith("wmr:"))
    assert label.endswith("✅")
    assert "نقاشی" in label
    assert CHILD in label
    page = await tap(sara, page, "wmr")
    assert "ثبت‌نام قطعی" in plain(page.text)


async def test_whoever_has_nothing_is_led_to_the_workshops(desk: DeskUnderTest) -> None:
    page = await desk.person(SARA_ID).say("/myworkshops")
    assert offers(page, "wl")
    assert not offers(page, "wmr")


async def test_a_long_list_is_turned(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk, places=20, fee_rial=0)
    sara = desk.person(SARA_ID)
    for letter in "ابپتثجچ":
        await up_to_place(sara, workshop, await given_learner(desk, name=f"{CHILD}{letter}"))
    page = await sara.say("/myworkshops")
    assert sum(data.startswith("wmr:") for data in page.presses) == 6
    older = await tap(sara, page, "wm", "2")
    assert [data for data in older.presses if data.startswith("wmr:")] == ["wmr:1:"]


async def test_a_begun_registration_goes_on_where_it_was(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    await press(sara, f"wrl:{workshop.id}:{child.id}")
    page = await press(sara, "wmr:1:")
    assert offers(page, "wra")
    await tap(sara, page, "wra")
    page = await press(sara, "wmr:1:1")
    assert offers(page, "wtn")
    assert page.method == "sendMessage", "below a message that is worth keeping"


async def test_money_that_comes_in_leads_on_to_the_place_that_waits_for_it(
    desk: DeskUnderTest,
) -> None:
    desk.shared.takes_payments = True
    workshop = await given_workshop(desk)
    sara, child = desk.person(SARA_ID), await given_learner(desk)
    brother = await given_learner(desk, name="پیروز")
    await up_to_place(sara, workshop, child, brother)
    bill = await top_up_support.billed(sara, 2 * FEE)
    assert await top_up_support.checkout(sara, bill) == (True, "")
    (receipt,) = await top_up_support.pay(sara, bill)
    assert sum(one.startswith("wmr:") for one in receipt.presses) == 1, "one place for both"
    page = await tap(sara, receipt, "wmr")
    assert page.method == "sendMessage", "the receipt stays"
    await tap(sara, page, "wrp")
    assert await states(desk) == [CONFIRMED, CONFIRMED]
    async with desk.database.reading() as tx:
        kept = await workshops.kept_for(tx, payer_id=CitizenId(SARA_ID), office_id=OFFICE)
    assert not kept, "nothing waits any more"


async def test_a_drop_says_what_comes_back_and_where_and_is_asked_about(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    await given_money(desk, credit_rial=200_000)
    sara, _receipt = await registered(desk, workshop)
    page = await press(sara, "wmr:1:")
    asked = await tap(sara, page, "wmd")
    assert "از اعتبار خدمت: ۲۰۰٬۰۰۰ ریال" in plain(asked.text)
    assert "از نقد: ۳۰۰٬۰۰۰ ریال" in plain(asked.text)
    assert await states(desk) == [CONFIRMED]
    done = await tap(sara, asked, "wmd")
    assert await states(desk) == [DROPPED]
    assert "۵۰۰٬۰۰۰ ریال" in plain(done.text)
    balance = await balance_of(desk)
    assert (balance.credit_rial, balance.cash_rial) == (200_000, 500_000)


async def test_a_second_press_on_drop_shows_where_it_stands(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara, _receipt = await registered(desk, workshop)
    asked = await press(sara, "wmd:1:")
    await tap(sara, asked, "wmd")
    kept = await given.rows_of(desk.database)
    again = await tap(sara, asked, "wmd")
    assert "انصراف" in plain(again.text)
    assert await given.rows_of(desk.database) == kept


async def test_the_last_moment_to_drop_passes_between_the_question_and_the_answer(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    sara, _receipt = await registered(desk, workshop)
    assert workshop.drop_until is not None
    desk.now = workshop.drop_until - timedelta(seconds=1)
    asked = await press(sara, "wmd:1:")
    desk.now = workshop.drop_until
    said = await tap(sara, asked, "wmd")
    assert await states(desk) == [CONFIRMED]
    assert offers(said, "wmw")
    assert not offers(said, "wmd")
    assert not offers(said, "wmm")


async def test_a_late_withdrawal_says_before_that_nothing_comes_back(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara, _receipt = await registered(desk, workshop)
    early = await press(sara, "wmw:1:")
    assert "انصراف" in plain(early.text)
    assert await states(desk) == [CONFIRMED]
    desk.now = CLOSES - timedelta(hours=1)
    asked = await press(sara, "wmw:1:")
    assert "برنمی‌گردد" in plain(asked.text)
    assert await states(desk) == [CONFIRMED]
    await tap(sara, asked, "wmw")
    await tap(sara, asked, "wmw")
    assert await states(desk) == [WITHDRAWN]
    assert (await balance_of(desk)).available_rial == 0


@pytest.mark.parametrize(
    ("fee", "word"), [(300_000, "برمی‌گردد"), (FEE, "یکسان"), (700_000, "دیگر")]
)
async def test_a_move_says_the_difference_and_takes_the_new_terms(
    desk: DeskUnderTest, fee: int, word: str
) -> None:
    workshop = await given_workshop(desk)
    other = await given_workshop(desk, dates=OTHER_DATES, fee_rial=fee, title="سفال")
    sara, _receipt = await registered(desk, workshop)
    await given_money(desk, cash=max(fee - FEE, 0))
    page = await press(sara, "wmm:1:0")
    asked = await tap(sara, page, "wmt", str(other.id))
    assert word in plain(asked.text)
    assert given.TERMS in plain(asked.text)
    assert await states(desk) == [CONFIRMED], "looking begins nothing"
    done = await tap(sara, asked, "wmv")
    assert await states(desk) == [MOVED, CONFIRMED]
    assert "جابه‌جا شد" in plain(done.text)
    assert (await balance_of(desk)).available_rial == max(FEE - fee, 0)
    again = await tap(sara, asked, "wmv")
    assert await states(desk) == [MOVED, CONFIRMED]
    assert offers(again, "wmh")
    assert "سفال" in plain(again.text), "who taps twice sees where they are now"
    assert "از ث-۱" in plain((await press(sara, "wmr:2:")).text)


async def test_a_move_without_the_difference_leaves_all_as_it_was(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    await given_workshop(desk, dates=OTHER_DATES, fee_rial=FEE + 70_000, title="سفال")
    sara, _receipt = await registered(desk, workshop)
    asked = await tap(sara, await press(sara, "wmm:1:0"), "wmt")
    before = await given.rows_of(desk.database)
    said = await tap(sara, asked, "wmv")
    assert data_of(said, "wtn") == f"wtn:{OFFICE}:70000"
    assert "بی‌تغییر" in plain(said.text)
    assert await given.rows_of(desk.database) == before
    await given_money(desk, SARA_ID, 70_000)
    await tap(sara, await tap(sara, said, "wmt"), "wmv")
    assert await states(desk) == [MOVED, CONFIRMED], "who has paid in goes on from there"


async def test_a_move_to_changed_terms_shows_them_first(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    other = await given_workshop(desk, dates=OTHER_DATES, title="سفال")
    sara, _receipt = await registered(desk, workshop)
    asked = await press(sara, f"wmt:1:{other.id}:0")
    await change_terms(desk, other, "شرایط تازه")
    again = await tap(sara, asked, "wmv")
    assert "شرایط تازه" in plain(again.text)
    assert await states(desk) == [CONFIRMED]
    await tap(sara, again, "wmv")
    assert await states(desk) == [MOVED, CONFIRMED]


async def test_a_move_into_a_clash_is_asked_about(desk: DeskUnderTest) -> None:
    first = await given_workshop(desk, title="آواز")
    third = await given_workshop(desk, dates=OTHER_DATES, title="سفال", fee_rial=0)
    target = await given_workshop(desk, dates=OTHER_DATES, title="خط")
    child = await given_learner(desk)
    sara, _receipt = await registered(desk, first, learner=child)
    await registered(desk, third, learner=child)
    asked = await tap(sara, await press(sara, f"wmt:1:{target.id}:0"), "wmv")
    assert "سفال" in plain(asked.text)
    await tap(sara, asked, "wmv", "s")
    assert await states(desk) == [MOVED, CONFIRMED, CONFIRMED]


async def test_a_move_to_a_place_that_is_gone_by_now_changes_nothing(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    other = await given_workshop(desk, dates=OTHER_DATES, title="سفال", places=1, quorum=1)
    sara, _receipt = await registered(desk, workshop)
    asked = await press(sara, f"wmt:1:{other.id}:0")
    await registered(desk, other, MINA_ID)
    before = await given.rows_of(desk.database)
    said = await tap(sara, asked, "wmv")
    assert "جای خالی نیست" in plain(said.text)
    assert await given.rows_of(desk.database) == before


async def test_only_fitting_workshops_of_the_office_are_offered_for_a_move(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    await given_workshop(desk, age_min=15, age_max=17, title="نجوم")
    full = await given_workshop(desk, places=1, quorum=1, title="سفال")
    fits = await given_workshop(desk, title="خط")
    await registered(desk, full, MINA_ID)
    child = await given_learner(desk)
    sara, _receipt = await registered(desk, workshop, learner=child)
    (own,) = await registrations(desk)
    page = await press(sara, f"wmm:{own.id}:0")
    chosen = [data for data in page.presses if data.startswith("wmt:")]
    assert chosen == [f"wmt:{own.id}:{fits.id}:0"]


async def test_sessions_are_listed_with_what_is_owed(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk, places=1, quorum=1)
    sara, _receipt = await registered(desk, workshop)
    desk.now = CLOSES
    async with desk.database.transaction() as tx:
        await workshops.close_due(tx, office_id=OFFICE, now=desk.now)
        await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=desk.now)
        session = (await workshops.sessions(tx, workshop_id=workshop.id))[1]
        await workshops.cancel_session(
            tx,
            session_id=session.id,
            actor=OFFICER,
            why=CancelReason.TEACHER_ABSENT,
            reason="مدرس بیمار است",
            policy=DEFAULT_POLICY,
            now=desk.now,
        )
    page = await press(sara, "wms:1:0")
    assert "لغو شده از سوی اداره" in plain(page.text)
    assert "کلاس جبرانی حداکثر تا" in plain(page.text)
    assert "class.example.ir" in plain(page.text)


async def test_the_history_tells_each_step_and_each_movement_of_money(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    sara, _receipt = await registered(desk, workshop)
    desk.now += timedelta(minutes=1)
    await tap(sara, await press(sara, "wmd:1:"), "wmd")
    (one,) = await registrations(desk)
    assert one.journal_id is not None
    text = plain((await press(sara, "wmh:1")).text)
    steps = ["ثبت‌نام آغاز شد", "شرایط پذیرفته شد", "جا نگه داشته شد", "انصراف به‌موقع"]
    assert [step for step in steps if step in text] == steps
    assert shown(one.journal_id) in text
    assert str(SARA_ID) not in text


async def test_a_fee_that_came_back_for_want_of_a_quorum_can_be_paid_out(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk)
    sara, _receipt = await registered(desk, workshop)
    desk.now = CLOSES + timedelta(days=2)
    async with desk.database.transaction() as tx:
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES)
        await workshops.fail_due(tx, office_id=OFFICE, now=desk.now)
    page = await press(sara, "wmr:1:")
    assert "کیف پول" in plain(page.text)
    assert offers(page, "wy")
    assert offers(page, "wl")


async def test_in_english_every_line_runs_from_the_left_although_names_are_persian(
    desk: DeskUnderTest,
) -> None:
    workshop = await given_workshop(desk, fee_rial=0)
    child = await given_learner(desk)
    sara = desk.person(SARA_ID, "en")
    await up_to_place(sara, workshop, child)
    for data in ("wmr:1:", "wms:1:0", "wm:0:", f"wr:{workshop.id}", f"wle:s:{child.id}:"):
        page = await press(sara, data)
        for line in re.sub("<[^>]*>", "", page.text).splitlines():
            beside = re.sub("[\u2066-\u2068][^\u2069]*\u2069", "", line)
            strong = [one for one in map(bidirectional, beside) if one in ("L", "R", "AL")]
            assert set(strong) <= {"L"}, line
            assert strong or "\u2068" not in line, line
