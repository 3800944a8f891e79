"""Paying in, as a citizen does it and as finance sees it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.citizens.errors import NotInDeskChat, StaffOnly
from bot.citizens.model import CitizenId, Role
from bot.kit.tracking import code_in, new_code, shown
from bot.wallet.errors import (
    InsufficientFunds,
    NoSuchTopUp,
    OwnTopUp,
    SameVerifier,
    TooManyTopUps,
    TopUpMoved,
    TopUpReasonTooLong,
)
from bot.wallet.model import CLAIM_LASTS, Balance, TopUpState
from handlers.callback_data import StaleButton
from handlers.callback_data.top_ups import (
    MyTopUpsPressed,
    TopUpBegins,
    TopUpDeskPressed,
    TopUpDialoguePressed,
    TopUpsListed,
    TopUpVerb,
)
from handlers.jobs.money import expire_top_ups
from handlers.views.wallet.top_ups_desk import TOP_UPS_ON_A_PAGE
from tests.calendar.support import at
from tests.handlers.citizen_support import everything_kept, talk_of
from tests.handlers.desk_support import MANAGER, SARA, Officer, told
from tests.handlers.support import GROUP_ID, DeskUnderTest, Visitor, faults_of, plain
from tests.handlers.top_up_support import (
    AMOUNT,
    REFERENCE,
    assert_right,
    balance_of,
    begun,
    billed,
    button,
    cards,
    checkout,
    claimed,
    command,
    money_kept,
    pay,
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


async def test_a_bill_in_the_chat_is_paid_into_the_wallet(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    page = await citizen.say("/wallet")
    assert any("افزایش موجودی" in label for label in page.buttons)
    bill = await billed(citizen)
    assert bill.params["prices"][0]["amount"] == AMOUNT
    code = code_in(bill.params["description"])
    assert code is not None
    assert bill.params["payload"] == f"topup:{code}"
    assert await talk_of(desk, citizen) is None
    assert await checkout(citizen, bill) == (True, "")
    (receipt,) = await pay(citizen, bill)
    assert not faults_of(receipt)
    assert shown(code) in plain(receipt.text)
    assert "۵٬۰۰۰٬۰۰۰ ریال (۵۰۰٬۰۰۰ تومان)" in plain(receipt.text)
    assert await balance_of(desk) == Balance(AMOUNT, 0, 0)
    statement = await citizen.press("صورتحساب", await citizen.press("کیف پول", receipt))
    assert shown(code) in plain(statement.text)
    await assert_right(desk)


async def test_a_bill_that_was_paid_or_is_somebody_elses_is_refused_in_words(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    bill = await billed(citizen)
    thief = desk.person(SARA + 1)
    for person, wanted in (
        (thief, {}),
        (citizen, {"total_amount": 1}),
        (citizen, {"currency": "USD"}),
        (citizen, {"invoice_payload": "else"}),
        (citizen, {"invoice_payload": f"topup:{new_code()}"}),
    ):
        ok, why = await checkout(person, bill, **wanted)
        assert not ok
        assert 10 < len(why) <= 200
    await pay(citizen, bill)
    assert not (await checkout(citizen, bill))[0]
    assert isinstance(desk.refused[-1], TopUpMoved)
    desk.now += timedelta(days=2)
    late = await billed(citizen)
    desk.now += timedelta(days=1)
    assert not (await checkout(citizen, late))[0]
    assert await balance_of(desk) == Balance(AMOUNT, 0, 0)


async def test_a_payment_that_is_reported_again_is_told_and_counted_once(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    bill = await billed(citizen)
    assert len(await pay(citizen, bill)) == 1
    for _ in range(3):
        assert await pay(citizen, bill) == []
    assert await balance_of(desk) == Balance(AMOUNT, 0, 0)
    assert len(await pay(citizen, bill, "c2")) == 1
    assert await balance_of(desk) == Balance(2 * AMOUNT, 0, 0)
    await assert_right(desk)


async def test_a_payment_without_a_number_of_the_platform_is_counted_by_its_message(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    bill = await billed(citizen)
    nameless = {"telegram_payment_charge_id": "", "provider_payment_charge_id": ""}
    await pay(citizen, bill, **nameless)
    await pay(citizen, bill, **nameless)
    assert await balance_of(desk) == Balance(2 * AMOUNT, 0, 0)


async def test_a_payment_in_the_middle_of_anything_is_received(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    bill = await billed(citizen)
    await citizen.say("/case")
    (receipt,) = await pay(citizen, bill)
    assert "۵٬۰۰۰٬۰۰۰" in receipt.text
    assert await talk_of(desk, citizen) is not None
    assert await balance_of(desk) == Balance(AMOUNT, 0, 0)


async def test_money_without_a_bill_is_told_to_the_payer_and_to_finance_who_places_it(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer
) -> None:
    bill = await billed(citizen)
    payer = desk.person(SARA + 5)
    (answer,) = await pay(payer, bill, invoice_payload="topup:unknown")
    assert not faults_of(answer)
    lost = await top_up_of(desk, payer.id)
    assert lost.state is TopUpState.UNMATCHED
    assert lost.shown_code in plain(answer.text)
    assert await balance_of(desk, payer.id) == Balance(0, 0, 0)
    (card,) = cards(desk)
    assert lost.shown_code in plain(card.text)
    assert str(payer.id) not in card.text
    (shown_anew,) = await press(finance, card, TopUpVerb.VERIFY)
    assert "تأیید" in shown_anew.text
    assert await balance_of(desk, payer.id) == Balance(AMOUNT, 0, 0)
    assert lost.shown_code in told(desk, payer.id)[-1]
    await assert_right(desk)


async def test_dollars_are_written_down_for_finance_and_put_nowhere(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer
) -> None:
    bill = await billed(citizen)
    await pay(citizen, bill, currency="USD", total_amount=700)
    (listed,) = await finance.visitor.send(**command("/topups"))
    (card,) = await press(finance, listed, TopUpVerb.CARD)
    assert "700 USD" in plain(card.text)
    assert not card.presses
    await assert_right(desk)


@pytest.mark.parametrize(
    ("typed", "amount_rial"),
    [
        ("۵۰ هزار تومان", 500_000),
        ("500000 ریال", 500_000),
        ("۱ میلیون تومن", 10_000_000),
        ("1,500,000 rials", 1_500_000),
    ],
)
async def test_an_amount_is_read_with_its_unit(
    citizen: Visitor, typed: str, amount_rial: int
) -> None:
    await begun(citizen, "invoice")
    _said, bill = await citizen.send(text=typed)
    assert bill.params["prices"][0]["amount"] == amount_rial


@pytest.mark.parametrize(("unit", "amount_rial"), [("rial", 500_000), ("toman", 5_000_000)])
async def test_a_bare_number_is_never_guessed_at(
    citizen: Visitor, unit: str, amount_rial: int
) -> None:
    await begun(citizen, "invoice")
    asked = await citizen.say("۵۰۰۰۰۰")
    assert not faults_of(asked)
    assert "ریال" in asked.text
    _said, bill = await tap(citizen, asked, "wtd", "u", unit)
    assert bill.params["prices"][0]["amount"] == amount_rial


async def test_what_is_no_amount_or_too_much_is_asked_again_and_nothing_is_lost(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    await begun(citizen, "invoice")
    assert any(data.startswith("wtd:") for data in (await citizen.say("زیاد")).presses)
    for typed in ("1 ریال", "۹ میلیارد تومان"):
        said = await citizen.say(typed)
        assert "نمی‌شود" in said.text
        assert "۲۰۰٬۰۰۰٬۰۰۰" in said.text
        assert button(said, "wtd", "x"), "one can leave, or choose another"
    assert not desk.refused
    asked = await citizen.say("5")
    (said,) = await tap(citizen, asked, "wtd", "u", "rial")
    assert "نمی‌شود" in said.text
    assert len(await citizen.send(text="یک میلیون")) == 1
    _said, bill = await citizen.send(text="1 میلیون ریال")
    assert bill.params["prices"][0]["amount"] == 1_000_000


async def test_a_sample_says_that_it_is_one(citizen: Visitor) -> None:
    assert "نمونه" in (await begun(citizen, "invoice")).text
    page = await begun(citizen, "bank")
    (page,) = await tap(citizen, page, "wtd", "m", str(AMOUNT))
    assert "نمونه" in page.text


async def test_only_the_ways_that_there_are_are_offered(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    page = await citizen.say("/topup")
    assert {data.split(":")[3] for data in page.presses if ":w:" in data} == {"invoice", "bank"}
    desk.shared.takes_payments = False
    await citizen.press_data(button(page, "wtd", "w", "invoice"))
    assert isinstance(desk.refused.pop(), StaleButton)
    only = await citizen.say("/topup")
    assert any(":m:" in data for data in only.presses), "the one way is not asked for"
    await citizen.press_data(TopUpBegins("mazandaran").pack())
    assert isinstance(desk.refused.pop(), StaleButton)


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


async def test_a_button_of_the_flow_serves_nobody_but_its_owner(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    review = await reviewed(citizen)
    thief = desk.person(SARA + 1)
    before = await money_kept(desk)
    for data in [one for one in review.presses if one.startswith("wtd:")]:
        for said in await thief.press_data(data):
            assert REFERENCE not in said.text
    assert await money_kept(desk) == before
    await desk.open_desk()
    (member,) = desk.group(GROUP_ID, SARA)
    wanted = (
        *[one for one in review.presses if one.startswith("wtd:")],
        TopUpBegins("kanoon").pack(),
        TopUpBegins().pack(),
        MyTopUpsPressed().pack(),
    )
    for data in wanted:
        said_there = await refused(desk, StaleButton, member, data)
        assert "ریال" not in "".join(one.text for one in said_there)
    await member.send(**command("/topup"))
    assert await talk_of(desk, citizen) is not None
    assert not cards(desk)


async def test_another_person_sees_only_their_own_top_ups(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    await claimed(citizen)
    claim = await top_up_of(desk)
    (own,) = await citizen.press_data(MyTopUpsPressed().pack())
    assert not faults_of(own)
    assert claim.shown_code in plain(own.text)
    (theirs,) = await desk.person(SARA + 1).press_data(MyTopUpsPressed().pack())
    assert claim.shown_code not in plain(theirs.text)
    assert not faults_of(theirs)


async def test_a_double_tap_registers_once_and_shows_where_it_stands(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer
) -> None:
    review = await reviewed(citizen)
    await tap(citizen, review, "wtd", "y")
    before = await money_kept(desk)
    (again,) = await tap(citizen, review, "wtd", "y")
    assert (await top_up_of(desk)).shown_code in plain(again.text)
    assert await money_kept(desk) == before
    assert len(cards(desk)) == 1
    assert finance.visitor.id == FINANCE


async def test_a_double_tap_on_an_amount_makes_one_bill(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    page = await begun(citizen, "invoice")
    await tap(citizen, page, "wtd", "m", str(AMOUNT))
    (again,) = await tap(citizen, page, "wtd", "m", str(AMOUNT))
    assert (await top_up_of(desk)).shown_code in plain(again.text)
    assert len((await money_kept(desk))["top_up"]) == 1


async def test_a_reference_of_somebody_else_is_refused_without_saying_whose(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    await claimed(citizen)
    other = desk.person(SARA + 1)
    review, before = await reviewed(other), await money_kept(desk)
    (said,) = await tap(other, review, "wtd", "y")
    assert "پیش‌تر ثبت شده" in said.text
    assert str(SARA) not in said.text
    assert await money_kept(desk) == before
    review = await other.say("998877665544")
    (said,) = await tap(other, review, "wtd", "y")
    assert "998877665544" in plain(said.text), "the number is mended, and all else was kept"


async def test_an_unreadable_reference_and_a_card_number_are_asked_for_anew(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    page = await begun(citizen, "bank")
    await tap(citizen, page, "wtd", "m", str(AMOUNT))
    said = await citizen.say("سلام")
    assert "نتوانستم" in said.text
    assert button(said, "wtd", "x")
    assert not desk.deleted
    said = await citizen.say("6037991234567893")
    assert "پاک" in said.text
    assert [chat_id for chat_id, _message_id in desk.deleted] == [SARA]
    assert "6037991234567893" not in str(await everything_kept(desk))
    assert REFERENCE in plain((await citizen.say(REFERENCE)).text)


@pytest.mark.parametrize("kind", ["photo", "document"])
async def test_a_picture_of_a_receipt_is_refused_kindly_and_nothing_is_lost(
    citizen: Visitor, kind: str
) -> None:
    page = await begun(citizen, "bank")
    await tap(citizen, page, "wtd", "m", str(AMOUNT))
    size = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
    content: dict[str, Any] = {kind: [size] if kind == "photo" else size}
    (said,) = await citizen.send(**content)
    assert not faults_of(said)
    assert "شماره مرجع" in said.text
    assert REFERENCE in plain((await citizen.say(REFERENCE)).text)


async def test_a_step_back_changes_one_thing_and_keeps_the_other(citizen: Visitor) -> None:
    review = await reviewed(citizen)
    (page,) = await tap(citizen, review, "wtd", "c", "amount")
    (review,) = await tap(citizen, page, "wtd", "m", "1000000")
    assert {"۱٬۰۰۰٬۰۰۰", REFERENCE} <= set(plain(review.text).split())
    await tap(citizen, review, "wtd", "c", "reference")
    assert "998877665544" in plain((await citizen.say("998877665544")).text)


async def test_one_can_leave_at_any_step_and_come_back_after_it_ran_out(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    for way in ("bank", "invoice"):
        page = await begun(citizen, way)
        await tap(citizen, page, "wtd", "x")
        assert await talk_of(desk, citizen) is None
    await reviewed(citizen)
    await citizen.say("/cancel")
    review = await reviewed(citizen)
    desk.now += timedelta(days=2)
    (said,) = await tap(citizen, review, "wtd", "y")
    assert not faults_of(said)
    assert (await money_kept(desk))["top_up"] == []


async def test_a_question_long_after_the_last_step_is_a_question(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    await begun(citizen, "bank")
    desk.now += timedelta(hours=2)
    said = await citizen.say("مدارک کارگاه‌های مجازی چیست؟")
    assert not any(data.startswith("wtd:") for data in said.presses)


@pytest.mark.parametrize(
    ("verb", "value"),
    [
        ("m", "x"),
        ("u", "rial"),
        ("u", "pound"),
        ("c", "way"),
        ("w", "gold"),
        ("y", ""),
        ("z", ""),
    ],
)
async def test_a_forged_step_is_refused(
    desk: DeskUnderTest, citizen: Visitor, verb: str, value: str
) -> None:
    await begun(citizen, "bank")
    dialogue = await talk_of(desk, citizen)
    assert dialogue is not None
    data = TopUpDialoguePressed(dialogue.token, verb, value).pack()
    await citizen.press_data(data)
    assert isinstance(desk.refused[-1], StaleButton)
    assert (await money_kept(desk))["top_up"] == []


async def test_so_many_open_bills_are_enough(desk: DeskUnderTest, citizen: Visitor) -> None:
    for number in range(5):
        await begun(citizen, "invoice")
        await citizen.send(text=f"{500 + number} هزار ریال")
    await begun(citizen, "invoice")
    await citizen.send(text="900 هزار ریال")
    assert isinstance(desk.refused[-1], TooManyTopUps)


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


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_every_page_is_sound_in_both_languages(
    desk: DeskUnderTest, finance: Officer, language: str
) -> None:
    person = desk.person(6_000, language)
    await claimed(person)
    await billed(person)
    await person.press_data(MyTopUpsPressed().pack())
    await press(finance, cards(desk)[0], TopUpVerb.VERIFY)
    for said in desk.heard[person.id]:
        if said.method != "sendInvoice":
            assert not faults_of(said)


async def test_the_wallet_says_what_finance_is_still_looking_for(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    assert "هنوز در کیف پول نیست" not in (await citizen.say("/wallet")).text
    await billed(citizen)
    assert "هنوز در کیف پول نیست" not in (await citizen.say("/wallet")).text
    receipt = await claimed(citizen)
    desk.now += timedelta(days=1)
    page = await citizen.say("/wallet")
    assert "هنوز در کیف پول نیست: ۵٬۰۰۰٬۰۰۰ ریال (۵۰۰٬۰۰۰ تومان)" in plain(page.text)
    listed = await citizen.press("افزایش موجودی‌های من", page)
    assert code_in(receipt.text) == code_in(listed.text)
    thief = desk.person(SARA + 1)
    assert "هنوز در کیف پول نیست" not in (await thief.say("/wallet")).text
