"""A citizen asks for their money: step by step, once, and nobody reads their account."""

from base64 import b64decode
from datetime import timedelta

import pytest

from bot.citizens.model import CitizenId
from bot.citizens.use_cases import dialogue_of
from bot.kit.crypto import WrongKey
from bot.kit.tracking import shown
from bot.wallet.errors import NoSuchPayout, TooManyPayouts
from bot.wallet.model import Balance, PayoutState
from handlers.callback_data import StaleButton
from handlers.callback_data.payouts import (
    MyPayoutPressed,
    MyPayoutsPressed,
    MyPayoutVerb,
    PayoutBegins,
    PayoutConfirmed,
    PayoutVerb,
)
from handlers.views.wallet.my_payouts import PAYOUTS_ON_A_PAGE
from tests.handlers.desk_support import told
from tests.handlers.payout_support import (
    ABOVE,
    CASH,
    IBAN,
    MASKED,
    OTHER_IBAN,
    OWNER,
    REZA,
    SARA,
    TYPED_IBAN,
    act,
    all_payouts,
    approved,
    assert_right,
    balance_of,
    give,
    kept,
    now,
    payout_in,
    press,
    request,
    sound,
    staffed,
    tap,
    toast,
    up_to_review,
    write,
)
from tests.handlers.support import GROUP_ID, DeskUnderTest, Visitor, plain
from tests.wallet import support


@pytest.fixture
async def rich(desk: DeskUnderTest) -> Visitor:
    await give(desk)
    return desk.person(SARA)


async def draft_of(desk: DeskUnderTest) -> dict[str, object] | None:
    async with desk.database.reading() as tx:
        talk = await dialogue_of(tx, chat_id=SARA, citizen_id=CitizenId(SARA), now=desk.now)
    return None if talk is None else talk.draft


async def test_from_the_wallet_to_the_receipt(desk: DeskUnderTest, rich: Visitor) -> None:
    await desk.open_desk()
    page = await write(rich, "/wallet")
    asked = await tap(rich, page, "wy", "kanoon")
    assert "۵۰٬۰۰۰٬۰۰۰ ریال" in plain(asked.text)
    assert "۱۰۰٬۰۰۰ ریال" in plain(asked.text)
    assert "۲۴ رقم" in (await write(rich, "۵۰۰ هزار تومان")).text
    said = await rich.send(text=TYPED_IBAN)
    assert desk.deleted == [(SARA, next(rich._message_ids) - 1)], "that message and no other"
    assert "پاک" in sound(said).text
    assert MASKED in plain(sound(said).text)
    review = await write(rich, OWNER)
    read = plain(review.text)
    assert "۵٬۰۰۰٬۰۰۰ ریال (۵۰۰٬۰۰۰ تومان)" in read
    assert MASKED in read
    assert "س••• ا•••" in read
    assert "زمان واریز در توافق‌نامه اعلام نشده است" in read
    assert await balance_of(desk) == Balance(CASH, 0, 0), "nothing is held before it is sent"
    receipt = await tap(rich, review, "wyc")
    payout = await payout_in(desk, receipt)
    assert (payout.state, payout.amount_rial) == (PayoutState.REQUESTED, 5_000_000)
    assert await balance_of(desk) == Balance(CASH, 0, 5_000_000)
    assert await draft_of(desk) is None
    (card,) = desk.heard[GROUP_ID]
    assert shown(payout.code) in card.text
    assert MASKED in plain(card.text)
    await assert_right(desk)


async def test_the_button_is_there_only_while_something_can_be_paid_out(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    page = await write(sara, "/wallet")
    assert not [data for data in page.presses if data.startswith("wy")]
    poor = await write(sara, "/payout")
    assert "۰ ریال" in plain(poor.text)
    async with desk.database.transaction() as tx:
        await support.grant(tx, 500_000, CitizenId(sara.id), now=desk.now)
    assert "اعتبار" in (await write(sara, "/payout")).text, "credit is never paid out"
    assert await all_payouts(desk, sara.id) == []


@pytest.mark.parametrize(("unit", "amount_rial"), [("rial", 700_000), ("toman", 7_000_000)])
async def test_a_bare_number_is_asked_back(
    desk: DeskUnderTest, rich: Visitor, unit: str, amount_rial: int
) -> None:
    await write(rich, "/payout")
    asked = await write(rich, "۷۰۰۰۰۰")
    assert "ریال است یا تومان" in asked.text
    await tap(rich, asked, "u", unit)
    await write(rich, IBAN)
    payout = await payout_in(desk, await tap(rich, await write(rich, OWNER), "wyc"))
    assert payout.amount_rial == amount_rial


async def test_far_too_few_tomans_are_asked_back_here_too(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    await write(rich, "/payout")
    await tap(rich, await write(rich, "پنجاه تومن"), "u", "thousand")
    await write(rich, IBAN)
    payout = await payout_in(desk, await tap(rich, await write(rich, OWNER), "wyc"))
    assert payout.amount_rial == 500_000


async def test_all_of_it_is_what_is_there_at_that_moment(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    asked = await write(rich, "/payout")
    async with desk.database.transaction() as tx:
        await support.pay(tx, 10_000_000, CitizenId(SARA), now=desk.now)
    await tap(rich, asked, "a")
    await write(rich, IBAN)
    payout = await payout_in(desk, await tap(rich, await write(rich, OWNER), "wyc"))
    assert payout.amount_rial == CASH - 10_000_000
    await assert_right(desk)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("۵٬۰۰۰٬۰۰۱ تومان", "۵۰٬۰۰۰٬۰۰۰ ریال"),
        ("۹٬۹۹۹ تومان", "۱۰۰٬۰۰۰ ریال"),
        ("۰ ریال", "۱۰۰٬۰۰۰ ریال"),
        ("هر چه شد", "۵۰۰٬۰۰۰ تومان"),
        ("-500 هزار تومان", "۵۰۰٬۰۰۰ تومان"),
    ],
)
async def test_an_amount_that_cannot_be_is_said_with_what_can(
    rich: Visitor, typed: str, said: str
) -> None:
    await write(rich, "/payout")
    answer = await write(rich, typed)
    assert said in plain(answer.text)
    assert [data for data in answer.presses if data.endswith(":a:")], "it is asked again"
    assert "۲۴ رقم" in (await write(rich, "۱۰٬۰۰۰ تومان")).text


@pytest.mark.parametrize(
    ("typed", "said", "is_deleted"),
    [
        ("نمی‌دانم کجا نوشته", "شماره‌ای نخواندم", False),
        ("6037 9911 2345 6789", "شماره کارت", True),
        (IBAN[:-1], "۲۳ رقم", True),
        (IBAN + "5", "۲۵ رقم", True),
        (IBAN[:-1] + "2", "با هم نمی‌خوانند", True),
        ("IR" + "0" * 24, "با هم نمی‌خوانند", True),
        ("DE89 3704 0044 0532 0130 00", "بیرون از ایران", True),
    ],
)
async def test_what_is_wrong_with_an_account_is_said_kindly_and_its_number_deleted(
    desk: DeskUnderTest, rich: Visitor, typed: str, said: str, *, is_deleted: bool
) -> None:
    await write(rich, "/payout")
    await write(rich, "۵۰۰ هزار تومان")
    answer = await write(rich, typed)
    assert said in plain(answer.text)
    assert bool(desk.deleted) is is_deleted
    assert not is_deleted or typed[-6:] not in answer.text
    assert MASKED in plain((await write(rich, f"شبای من: {IBAN}")).text), "and then it is read"


@pytest.mark.parametrize("typed", ["6037 9911 2345 6789", "کارتم ۶۰۳۷۹۹۱۱۲۳۴۵۶۷۸۹"])
async def test_a_card_is_refused_and_deleted_where_an_amount_is_asked_for(
    desk: DeskUnderTest, rich: Visitor, typed: str
) -> None:
    await write(rich, "/payout")
    answer = await write(rich, typed)
    assert "شماره کارت" in plain(answer.text)
    assert "6789" not in answer.text
    assert len(desk.deleted) == 1
    await write(rich, "۵۰۰ هزار تومان")
    assert MASKED in plain((await write(rich, IBAN)).text), "the amount was still asked for"


async def test_a_card_does_not_undo_the_account_that_was_named(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    await write(rich, "/payout")
    await write(rich, "۵۰۰ هزار تومان")
    await write(rich, IBAN)
    await write(rich, "6037 9911 2345 6789")
    assert len(desk.deleted) == 2
    draft = await draft_of(desk)
    assert draft is not None
    assert draft["iban_tail"] == "0001"


@pytest.mark.parametrize("step", ["amount", "owner", "review"])
async def test_an_account_is_read_and_deleted_at_whatever_step_it_comes(
    desk: DeskUnderTest, rich: Visitor, step: str
) -> None:
    await write(rich, "/payout")
    if step != "amount":
        await write(rich, "۵۰۰ هزار تومان")
        await write(rich, OTHER_IBAN)
    if step == "review":
        await write(rich, OWNER)
    deleted_count = len(desk.deleted)
    said = await rich.send(text=TYPED_IBAN)
    assert len(desk.deleted) == deleted_count + 1
    draft = await draft_of(desk)
    assert draft is not None
    assert draft["iban_tail"] == "0001"
    for answer in ("۵۰۰ هزار تومان",) if step == "amount" else ():
        await write(rich, answer)
    if step != "review":
        said = [await write(rich, OWNER)]
    payout = await payout_in(desk, await tap(rich, sound(said), "wyc"))
    assert payout.iban_tail == "0001"


async def test_an_account_outside_the_flow_is_refused_as_ever(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    said = await write(rich, TYPED_IBAN)
    assert "نگه نداشتم" in said.text
    assert await all_payouts(desk) == []
    assert not (await desk.kept())["asked_question"]


@pytest.mark.parametrize("typed", ["5", "سارا 2", IBAN[2:12], "س", "ن" * 65, "=cmd()", "؟"])
async def test_what_is_no_name_is_asked_again(rich: Visitor, typed: str) -> None:
    await write(rich, "/payout")
    await write(rich, "۵۰۰ هزار تومان")
    await write(rich, IBAN)
    assert "نام و نام خانوادگی" in (await write(rich, typed)).text
    assert "مرور" in (await write(rich, "Sara O'Neil-احمدی")).text


async def test_a_draft_holds_no_open_account_and_no_name_and_opens_for_nobody_else(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    await up_to_review(rich)
    draft = await draft_of(desk)
    assert draft is not None
    for secret in (IBAN, IBAN[2:], TYPED_IBAN, OWNER, OWNER.split()[0]):
        assert secret not in repr(draft)
    keyring = desk.shared.keyring
    sealed = b64decode(str(draft["iban"]))
    assert keyring.open(sealed, column="dialogue.iban", row=SARA) == IBAN
    for column, row in (("dialogue.iban", REZA), ("dialogue.owner", SARA)):
        with pytest.raises(WrongKey):
            keyring.open(sealed, column=column, row=row)


async def test_what_was_shown_before_a_change_cannot_be_confirmed(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    review = await up_to_review(rich)
    old = next(data for data in review.presses if data.startswith("wyc"))
    await tap(rich, review, "c", "amount")
    changed = await write(rich, "۶۰۰ هزار تومان")
    await rich.press_data(old)
    assert isinstance(desk.refused[-1], StaleButton)
    assert await all_payouts(desk) == []
    payout = await payout_in(desk, await tap(rich, changed, "wyc"))
    assert payout.amount_rial == 6_000_000


async def test_a_second_tap_shows_what_the_first_one_registered(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    await desk.open_desk()
    review = await up_to_review(rich)
    first = await tap(rich, review, "wyc")
    before = await kept(desk)
    again = await tap(rich, review, "wyc")
    assert again.text == first.text
    assert "یک بار ثبت شده" in toast(desk)
    assert await kept(desk) == before
    assert len(desk.heard[GROUP_ID]) == 1
    await assert_right(desk)


async def test_nobody_confirms_for_another(desk: DeskUnderTest, rich: Visitor) -> None:
    await give(desk, REZA)
    reza = desk.person(REZA)
    review = await up_to_review(rich)
    data = next(data for data in review.presses if data.startswith("wyc"))
    for _ in range(2):
        await reza.press_data(data)
        assert isinstance(desk.refused[-1], StaleButton)
        assert await all_payouts(desk, REZA) == []
        await rich.press_data(data)
    assert len(await all_payouts(desk)) == 1
    for forged in ("", "x" * 41, "\0", "topup"):
        await reza.press_data(PayoutConfirmed(forged).pack())
        assert isinstance(desk.refused[-1], StaleButton)


async def test_money_that_was_spent_meanwhile_leads_back_to_the_amount(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    review = await up_to_review(rich)
    async with desk.database.transaction() as tx:
        await support.pay(tx, CASH - 1_000_000, CitizenId(SARA), now=desk.now)
    said = await tap(rich, review, "wyc")
    assert "۱٬۰۰۰٬۰۰۰ ریال" in plain(said.text)
    assert await all_payouts(desk) == []
    payout = await payout_in(desk, await tap(rich, await write(rich, "1000000 ریال"), "wyc"))
    assert payout.amount_rial == 1_000_000
    await assert_right(desk)


async def test_only_so_many_are_open_at_once(desk: DeskUnderTest, rich: Visitor) -> None:
    for _ in range(3):
        payout = await request(desk, SARA, "۱۰۰ هزار تومان")
    await write(rich, "/payout")
    assert isinstance(desk.refused[-1], TooManyPayouts)
    await rich.press_data(MyPayoutPressed.on(payout, MyPayoutVerb.WITHDRAW_SURELY).pack())
    await write(rich, "/payout")
    assert len(desk.refused) == 1


async def test_a_flow_that_rested_takes_no_text_but_an_account(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    await write(rich, "/payout")
    await write(rich, "۵۰۰ هزار تومان")
    desk.now += timedelta(minutes=31)
    answer = await write(rich, "مدارک کارگاه‌های مجازی چیست؟")
    assert "شبا" not in answer.text
    assert MASKED in plain((await write(rich, TYPED_IBAN)).text)
    assert desk.deleted


async def test_pictures_are_not_opened_and_a_flow_can_be_left(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    asked = await write(rich, "/payout")
    (said,) = await rich.send(
        photo=[{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]
    )
    assert "تصویر" in said.text
    await tap(rich, asked, "x")
    assert await draft_of(desk) is None
    again = await write(rich, "/payout")
    for old in (data for data in asked.presses if data.startswith("wyd:")):
        await rich.press_data(old)
        assert isinstance(desk.refused[-1], StaleButton), "of an earlier run"
    draft = await draft_of(desk)
    assert draft is not None
    assert draft["amount_rial"] is None
    await tap(rich, again, "a")


async def test_in_a_group_nothing_is_said_of_money(desk: DeskUnderTest) -> None:
    payout = await request(desk)
    (member,) = desk.group(GROUP_ID, SARA)
    assert not await member.send(
        text="/payout", entities=[{"type": "bot_command", "offset": 0, "length": 7}]
    )
    for data in (
        PayoutBegins("kanoon"),
        MyPayoutsPressed("kanoon", "0"),
        MyPayoutPressed.on(payout, MyPayoutVerb.SHOW),
        MyPayoutPressed.on(payout, MyPayoutVerb.WITHDRAW_SURELY),
    ):
        await member.press_data(data.pack())
        assert isinstance(desk.refused[-1], StaleButton)
    assert (await now(desk, payout)).state is PayoutState.REQUESTED
    assert not desk.heard[GROUP_ID]


async def test_an_office_without_a_wallet_pays_nothing_out(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    for data in ("wy:mazandaran", "wyl:mazandaran:0", "wy:nowhere"):
        await rich.press_data(data)
        assert isinstance(desk.refused[-1], StaleButton)


async def test_withdrawing_asks_once_and_frees_the_money(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    await desk.open_desk()
    payout = await request(desk)
    page = await tap(rich, await write(rich, "/wallet"), "wyl")
    assert any(shown(payout.code) in plain(label) for label in page.buttons), "which of several"
    page = await tap(rich, page, payout.code, "show")
    asked = await tap(rich, page, "withdraw")
    assert (await now(desk, payout)).state is PayoutState.REQUESTED
    assert "ثبت شد" in (await tap(rich, asked, "show")).text
    gone = await tap(rich, asked, "gone")
    assert "پس گرفته شد" in toast(desk)
    assert not [data for data in gone.presses if data.endswith(("withdraw", "gone"))]
    assert (await now(desk, payout)).state is PayoutState.WITHDRAWN
    assert (await balance_of(desk)).held_rial == 0
    assert "پس گرفت" in desk.heard[GROUP_ID][-1].text
    before = await kept(desk)
    await tap(rich, asked, "gone")
    assert "تغییر کرده" in toast(desk)
    assert await kept(desk) == before
    await assert_right(desk)


async def test_what_is_approved_is_not_withdrawn_and_the_page_says_where_it_stands(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    finance, _other, _manager = await staffed(desk)
    payout = await request(desk)
    (page,) = await rich.press_data(MyPayoutPressed.on(payout, MyPayoutVerb.SHOW).pack())
    asked = await tap(rich, page, "withdraw")
    await approved(finance, payout)
    said = await tap(rich, asked, "gone")
    assert "تأیید شد" in toast(desk)
    assert "در نوبت فرستادن به بانک" in said.text
    assert (await now(desk, payout)).state is PayoutState.APPROVED
    said = await tap(rich, page, "withdraw")
    assert "در نوبت فرستادن به بانک" in said.text, "not asked for what is no longer possible"


async def test_anothers_payout_is_as_good_as_none(desk: DeskUnderTest) -> None:
    payout = await request(desk)
    thief = desk.person(REZA)
    before = await kept(desk)
    for verb in MyPayoutVerb:
        for code in (payout.code, payout.code[::-1], "", "\0"):
            await thief.press_data(MyPayoutPressed(code, verb.value).pack())
            assert isinstance(desk.refused[-1], NoSuchPayout)
    for said in desk.heard[REZA]:
        assert payout.code not in said.text
        assert "0001" not in said.text
    (listed,) = await thief.press_data(MyPayoutsPressed("kanoon", "0").pack())
    assert shown(payout.code) not in listed.text
    assert await kept(desk) == before


async def test_the_code_of_a_notice_leads_to_ones_own_payout_and_to_nobody_elses(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    payout = await request(desk)
    for typed in (payout.code.lower(), f"/track {shown(payout.code)}", f"کد {payout.code} چه شد؟"):
        said = await write(rich, typed)
        assert MASKED in plain(said.text), typed
    foreign = await write(desk.person(REZA), payout.code)
    assert "0001" not in foreign.text
    assert "/cases" in foreign.text


async def test_the_list_is_paged_and_shows_each_with_its_state(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    finance, _other, _manager = await staffed(desk)
    payouts = []
    for _ in range(PAYOUTS_ON_A_PAGE + 1):
        payouts.append(await request(desk, SARA, "۱۰۰ هزار تومان"))
        await act(finance, payouts[-1], PayoutVerb.REJECT, "نام حساب نمی‌خواند")
    (first,) = await rich.press_data(MyPayoutsPressed("kanoon", "0").pack())
    second = await tap(rich, first, "wyl", "1")
    read = plain(first.text) + plain(second.text)
    assert all(shown(payout.code) in read for payout in payouts)
    assert read.count("رد شد") == len(payouts)
    (beyond,) = await rich.press_data(MyPayoutsPressed("kanoon", "99").pack())
    assert beyond.text == second.text
    page = await tap(rich, second, payouts[0].code)
    assert "نام حساب نمی‌خواند" in page.text
    assert "/case" in page.text, "there is a next step"


async def test_the_last_look_counts_what_was_asked_for_within_a_day(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    await desk.open_desk()
    half = f"{ABOVE // 2 + 1} ریال"
    review = await up_to_review(rich, half)
    assert "مدیر هم" not in review.text
    await tap(rich, review, "wyc")
    review = await up_to_review(rich, half)
    assert "مدیر هم" in review.text
    assert "مدیر هم" in (await tap(rich, review, "wyc")).text


async def test_every_state_has_its_moment_on_the_page_and_the_large_take_two(
    desk: DeskUnderTest, rich: Visitor
) -> None:
    finance, _other, manager = await staffed(desk)
    payout = await request(desk, SARA, f"{ABOVE} ریال")
    receipt = desk.heard[SARA][-1].text
    assert "مدیر هم" in receipt
    for officer, verb in (
        (finance, PayoutVerb.TAKE),
        (finance, PayoutVerb.APPROVE),
        (manager, PayoutVerb.SECOND),
    ):
        desk.now += timedelta(minutes=7)
        await press(officer, payout, verb)
    (page,) = await rich.press_data(MyPayoutPressed.on(payout, MyPayoutVerb.OPEN).pack())
    steps = plain(page.text).split("\n\n")[1].split("\n")
    assert len(steps) == 4
    assert len({step[:40] for step in steps}) == 4
    assert page.method == "sendMessage"
    assert sum("تأیید شد" in text for text in told(desk, SARA)) == 2, "the notice and this page"


async def test_a_typed_yes_below_the_last_look_asks_for_nothing_and_says_so(
    desk: DeskUnderTest,
) -> None:
    await give(desk)
    sara = desk.person(SARA)
    await up_to_review(sara)
    page = await write(sara, "باشه")
    assert page.text.startswith("هنوز چیزی ثبت نشده است")
    assert await all_payouts(desk) == []
