"""Paying in, as finance sees it and decides about it."""

from datetime import timedelta

import pytest

from bot.citizens.errors import NotInDeskChat, StaffOnly
from bot.citizens.model import CitizenId, Role
from bot.kit.tracking import new_code
from bot.wallet.errors import (
    InsufficientFunds,
    NoSuchTopUp,
    OwnTopUp,
    SameVerifier,
    TopUpMoved,
    TopUpReasonTooLong,
)
from bot.wallet.model import CLAIM_LASTS, Balance, TopUpState
from handlers.callback_data import StaleButton
from handlers.callback_data.top_ups import (
    TopUpDeskPressed,
    TopUpsListed,
    TopUpVerb,
)
from handlers.jobs.money import expire_top_ups
from handlers.views.wallet.top_ups_desk import TOP_UPS_ON_A_PAGE
from tests.calendar.support import at
from tests.handlers.desk_support import MANAGER, SARA, Officer, told
from tests.handlers.support import GROUP_ID, DeskUnderTest, Visitor, faults_of, plain
from tests.handlers.top_up_support import (
    AMOUNT,
    REFERENCE,
    assert_right,
    balance_of,
    billed,
    button,
    cards,
    claimed,
    command,
    money_kept,
    press,
    refused,
    reviewed,
    tap,
    top_up_of,
)
from tests.wallet import support

FINANCE, SECOND_FINANCE, SECOND_MANAGER, OFFICER = 2010, 2011, 2012, 2013


@pytest.fixture
def citizen(desk: DeskUnderTest) -> Visitor:
    desk.shared.takes_payments = True
    return desk.person(SARA)


@pytest.fixture
async def finance(desk: DeskUnderTest) -> Officer:
    desk.shared.takes_payments = True
    await desk.open_desk()
    return await Officer.at(desk, FINANCE, role=Role.FINANCE, group_id=GROUP_ID)


@pytest.fixture
async def manager(desk: DeskUnderTest, finance: Officer) -> Officer:
    assert finance.visitor.id == FINANCE, "the desk is open"
    return await Officer.at(desk, MANAGER, role=Role.MANAGER, group_id=GROUP_ID)


async def test_a_reference_is_claimed_verified_and_told(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer
) -> None:
    desk.now = at("1405/09/01 10:00")
    review = await reviewed(citizen, "۱۴۰۵-۰۹۰۱ ۸۷۶۵")
    assert REFERENCE in plain(review.text)
    (receipt,) = await tap(citizen, review, "wtd", "y")
    claim = await top_up_of(desk)
    assert claim.shown_code in plain(receipt.text)
    (card,) = cards(desk)
    assert {REFERENCE, claim.shown_code} <= set(plain(card.text).split())
    assert str(SARA) not in card.text
    assert "disable_notification" not in card.params
    assert await balance_of(desk) == Balance(0, 0, 0)
    (decided,) = await press(finance, card, TopUpVerb.VERIFY)
    assert decided.method == "editMessageText"
    assert await balance_of(desk) == Balance(AMOUNT, 0, 0)
    notice = told(desk, SARA)[-1]
    assert claim.shown_code in notice
    assert notice.count("۵٬۰۰۰٬۰۰۰") == 2, "the amount, and what is in the wallet now"
    await assert_right(desk)


async def test_a_second_press_shows_what_was_decided_and_posts_nothing(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer
) -> None:
    await claimed(citizen)
    (card,) = cards(desk)
    second = await Officer.at(desk, SECOND_FINANCE, role=Role.FINANCE, group_id=GROUP_ID)
    await press(finance, card, TopUpVerb.VERIFY)
    before = await money_kept(desk)
    for verb in (TopUpVerb.VERIFY, TopUpVerb.REJECT):
        (again,) = await press(second, card, verb)
        assert "تأیید" in again.text
        assert "تغییر نکرد" in str(desk.direct[0].params["text"])
    assert await money_kept(desk) == before
    assert len(told(desk, SARA)) == 6, "four steps, the receipt, and one notice"


async def test_a_rejection_says_why_and_what_to_do(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer
) -> None:
    await claimed(citizen)
    claim = await top_up_of(desk)
    (prompt,) = await press(finance, cards(desk)[0], TopUpVerb.REJECT)
    (again,) = await finance.reply(prompt, "\u200c \u2068")
    assert "دلیل" in again.text
    await finance.reply(prompt, "د" * 201)
    assert isinstance(desk.refused.pop(), TopUpReasonTooLong)
    (decided,) = await finance.reply(prompt, "چنین واریزی نیست؛ شبا IR062960000000100324200001")
    assert not faults_of(decided)
    notice = desk.heard[SARA][-1]
    assert claim.shown_code in plain(notice.text)
    assert "چنین واریزی نیست" in notice.text
    assert "0629" not in notice.text, "nobody's account is passed on"
    assert any(data.startswith("wt:") for data in notice.presses)
    assert await balance_of(desk) == Balance(0, 0, 0)
    assert await claimed(citizen), "the same reference can be registered anew"


async def test_a_wrong_verification_is_taken_back_by_another_person(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer, manager: Officer
) -> None:
    await claimed(citizen)
    claim = await top_up_of(desk)
    (card,) = cards(desk)
    (verified,) = await press(manager, card, TopUpVerb.VERIFY)
    data = button(verified, "mt", TopUpVerb.REVERSE.value)
    await refused(desk, StaffOnly, finance.visitor, data)
    await refused(desk, SameVerifier, manager.visitor, data)
    second = await Officer.at(desk, SECOND_MANAGER, role=Role.MANAGER, group_id=GROUP_ID)
    (prompt,) = await press(second, verified, TopUpVerb.REVERSE)
    async with desk.database.transaction() as tx:
        held = await support.hold(tx, 1, CitizenId(SARA))
    await second.reply(prompt, "اشتباه شد")
    assert isinstance(desk.refused.pop(), InsufficientFunds)
    async with desk.database.transaction() as tx:
        await support.void(tx, held)
    (undone,) = await second.reply(prompt, "اشتباه شد")
    assert not faults_of(undone)
    assert not undone.presses
    assert await balance_of(desk) == Balance(0, 0, 0)
    notice = told(desk, SARA)[-1]
    assert claim.shown_code in notice
    assert "اشتباه شد" in notice
    await second.reply(prompt, "باز هم")
    assert isinstance(desk.refused.pop(), TopUpMoved)
    await assert_right(desk)


@pytest.mark.parametrize("verb", list(TopUpVerb))
async def test_only_finance_and_managers_of_the_office_in_its_chat_decide(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer, verb: TopUpVerb
) -> None:
    await claimed(citizen)
    code = (await top_up_of(desk)).code
    data = TopUpDeskPressed(code, verb.value).pack()
    other_group = GROUP_ID - 7
    await desk.open_desk(other_group, "mazandaran")
    elsewhere = await Officer.at(desk, 2050, "mazandaran", role=Role.MANAGER, group_id=other_group)
    stranger = await Officer.at(desk, 2051, "mazandaran", role=Role.FINANCE, group_id=GROUP_ID)
    officer = await Officer.at(desk, OFFICER, group_id=GROUP_ID)
    private = desk.person(FINANCE)
    outsider = Officer.outsider(desk, 2052, GROUP_ID)
    nobodys = Officer.outsider(desk, FINANCE, GROUP_ID - 9)
    for person, kind in (
        (elsewhere.visitor, NoSuchTopUp),
        (stranger.visitor, StaffOnly),
        (officer.visitor, StaffOnly),
        (outsider.visitor, StaffOnly),
        (citizen, NotInDeskChat),
        (private, NotInDeskChat),
        (nobodys.visitor, NotInDeskChat),
    ):
        said = await refused(desk, kind, person, data)
        assert REFERENCE not in "".join(one.text for one in said)
    await finance.visitor.press_data(TopUpDeskPressed(new_code(), verb.value).pack())
    assert isinstance(desk.refused.pop(), NoSuchTopUp | StaffOnly)


async def test_finance_does_not_decide_about_their_own_money(
    desk: DeskUnderTest, finance: Officer
) -> None:
    own = desk.person(FINANCE)
    await claimed(own)
    (card,) = cards(desk)
    for verb in (TopUpVerb.VERIFY, TopUpVerb.REJECT):
        await refused(desk, OwnTopUp, finance.visitor, button(card, "mt", verb.value))
    await desk.make_staff(FINANCE, Role.MANAGER)
    second = await Officer.at(desk, SECOND_FINANCE, role=Role.FINANCE, group_id=GROUP_ID)
    (verified,) = await press(second, card, TopUpVerb.VERIFY)
    assert "۵۰۰٬۰۰۰" in plain(verified.text)
    data = button(verified, "mt", TopUpVerb.REVERSE.value)
    await refused(desk, OwnTopUp, finance.visitor, data)
    assert "همکار" in str(desk.direct[-1].params["text"]), "they are told, over the chat"


async def test_finance_turns_the_pages_of_what_waits_and_opens_a_card(
    desk: DeskUnderTest, finance: Officer
) -> None:
    codes = []
    for number in range(TOP_UPS_ON_A_PAGE + 2):
        person = desk.person(5_000 + number)
        await claimed(person, f"70000{number:03}")
        codes.append((await top_up_of(desk, person.id)).shown_code)
    (first,) = await finance.visitor.send(**command("/topups"))
    assert not faults_of(first)
    (second,) = await finance.visitor.press_data(button(first, "mtl", str(TOP_UPS_ON_A_PAGE)))
    listed = [code for code in codes if code in plain(first.text)]
    listed += [code for code in codes if code in plain(second.text)]
    assert listed == codes
    (card,) = await finance.visitor.press_data(
        button(second, "mt", codes[-1].replace("-", ""), "card")
    )
    assert codes[-1] in plain(card.text)
    (by_code,) = await finance.visitor.send(**command(f"/topups {codes[3]}"))
    assert codes[3] in plain(by_code.text)
    for wrong in ("/topups چه", f"/topups {new_code()}"):
        await finance.visitor.send(**command(wrong))
        assert isinstance(desk.refused.pop(), NoSuchTopUp)
    for data in (TopUpsListed("nobody", "0").pack(), TopUpsListed("kanoon", "x").pack()):
        await refused(desk, StaleButton, finance.visitor, data)
    officer = await Officer.at(desk, OFFICER, group_id=GROUP_ID)
    await refused(desk, StaffOnly, officer.visitor, TopUpsListed("kanoon", "0").pack())
    await officer.visitor.send(**command("/topups"))
    assert isinstance(desk.refused.pop(), StaffOnly)


async def test_a_claim_outside_of_the_hours_rings_no_phone(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer
) -> None:
    desk.now += timedelta(hours=12)
    await claimed(citizen)
    assert cards(desk)[0].params["disable_notification"] is True
    assert finance.visitor.id == FINANCE


async def test_a_claim_that_nobody_found_in_time_ends_and_its_citizen_is_told_once(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer
) -> None:
    await claimed(citizen)
    claim = await top_up_of(desk)
    await billed(citizen)
    desk.now += CLAIM_LASTS - timedelta(days=1)
    assert await desk.round(expire_top_ups) == [], "nobody is told of a bill that ran out"
    desk.now += timedelta(days=1)
    (notice,) = await desk.round(expire_top_ups)
    assert not faults_of(notice)
    assert notice.chat_id == SARA
    assert claim.shown_code in plain(notice.text)
    assert await desk.round(expire_top_ups) == []
    (card,) = await press(finance, cards(desk)[0], TopUpVerb.VERIFY)
    assert "تأیید" in card.text
    assert await balance_of(desk) == Balance(AMOUNT, 0, 0)
    await assert_right(desk)


async def test_a_picture_is_no_reason(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer
) -> None:
    await claimed(citizen)
    (prompt,) = await press(finance, cards(desk)[0], TopUpVerb.REJECT)
    original = {
        "message_id": prompt.message_id,
        "date": 0,
        "chat": finance.visitor.chat,
        "text": "…",
    }
    size = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
    (said,) = await finance.visitor.send(photo=[size], reply_to_message=original)
    assert not faults_of(said)
    assert (await top_up_of(desk)).state is TopUpState.PENDING
