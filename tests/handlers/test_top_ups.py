"""Paying in, as a citizen does it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.citizens.model import CitizenId, Role
from bot.kit.tracking import code_in, new_code, shown
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    TooManyTopUps,
    TopUpMoved,
)
from bot.wallet.model import Balance, TopUpState
from handlers.callback_data import StaleButton
from handlers.callback_data.top_ups import (
    MyTopUpsPressed,
    TopUpBegins,
    TopUpDialoguePressed,
    TopUpVerb,
)
from tests.handlers.citizen_support import agree, everything_kept, talk_of
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

FINANCE, SECOND_FINANCE, SECOND_MANAGER, OFFICER = 2010, 2011, 2012, 2013


@pytest.fixture
async def citizen(desk: DeskUnderTest) -> Visitor:
    desk.shared.takes_payments = True
    await agree(desk, SARA)
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


@pytest.mark.parametrize("typed", ["صد تومن", "100 tomans", "۱۰۰"])
@pytest.mark.parametrize(("unit", "amount_rial"), [("thousand", 1_000_000), ("toman", None)])
async def test_far_too_few_tomans_may_be_thousands_and_are_asked_back(
    desk: DeskUnderTest, citizen: Visitor, typed: str, unit: str, amount_rial: int | None
) -> None:
    await begun(citizen, "invoice")
    asked = await citizen.say(typed)
    assert not faults_of(asked)
    assert [label for label in asked.buttons if "هزار تومان" in label]
    assert "نمی‌شود" not in asked.text
    said = await tap(citizen, asked, "wtd", "u", unit)
    if amount_rial is None:
        assert "نمی‌شود" in said[0].text, "who meant it so is told what the least is"
    else:
        assert said[1].params["prices"][0]["amount"] == amount_rial
    assert not desk.refused


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


@pytest.mark.parametrize("typed", ["بله", "تأیید می‌کنم", "✅", "۵۰۰ هزار تومان", "500000"])
async def test_a_typed_yes_below_the_last_look_claims_nothing_and_says_so(
    desk: DeskUnderTest, citizen: Visitor, typed: str
) -> None:
    await reviewed(citizen)
    page = await citizen.say(typed)
    assert page.text.startswith("هنوز چیزی ثبت نشده است")
    assert REFERENCE in plain(page.text)
    async with desk.database.reading() as tx:
        assert await wallet.top_ups_of(tx, citizen_id=CitizenId(SARA), limit=1) == []
    (receipt,) = await tap(citizen, page, "wtd", "y")
    assert code_in(receipt.text) is not None


async def test_a_question_below_the_last_look_is_still_answered(citizen: Visitor) -> None:
    await reviewed(citizen)
    assert "هنوز چیزی ثبت نشده" not in (await citizen.say("تا کی می‌تونم انصراف بدم؟")).text
