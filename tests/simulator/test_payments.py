"""A bill, the question before it is paid, and the receipt."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientSession
from telegram import Bot, LabeledPrice, Message

from bot.simulator import BALE, TELEGRAM, Simulator
from bot.simulator.errors import PersonError
from bot.simulator.payments import DECLINED, UNANSWERED
from bot.simulator.profiles import Profile
from tests.simulator.conftest import Caller

Call = Callable[..., Any]


@pytest.fixture
async def bill(simulator: Simulator, bot: Bot) -> Message:
    simulator.say("maryam", "/start")
    await bot.get_updates(offset=-1)
    return await bot.send_invoice(
        1003, "شهریه", "کارگاه سفال", "reg/7", "XTR", [LabeledPrice("شهریه", 50)]
    )


async def test_a_bill_is_paid_when_the_bot_agrees(
    simulator: Simulator, bot: Bot, bill: Message
) -> None:
    assert bill.invoice is not None
    assert bill.invoice.total_amount == 50
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        paying = group.create_task(simulator.pay("maryam", bill.message_id))
        asked = (await bot.get_updates(offset=-1, timeout=5))[0].pre_checkout_query
        while asked is None:
            asked = (await bot.get_updates(offset=-1, timeout=5))[0].pre_checkout_query
        assert asked.invoice_payload == "reg/7"
        await bot.answer_pre_checkout_query(asked.id, ok=True)
    assert paying.result() == ""
    receipt = (await bot.get_updates(offset=-1))[0].message
    assert receipt is not None
    assert receipt.successful_payment is not None
    assert receipt.successful_payment.total_amount == 50


async def test_the_bot_may_refuse_with_a_word(
    simulator: Simulator, call: Call, bill: Message
) -> None:
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        paying = group.create_task(simulator.pay("maryam", bill.message_id))
        await simulator.until(lambda: bool(simulator.world.queries))
        (query_id,) = simulator.world.queries
        silent = await call("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=False)
        assert silent.status == 400
        await call(
            "answerPreCheckoutQuery",
            pre_checkout_query_id=query_id,
            ok=False,
            error_message="ظرفیت پر شد",
        )
    assert paying.result() == "ظرفیت پر شد"
    assert len(simulator.messages(1003)) == 2


async def test_an_answer_after_ten_seconds_is_too_late(
    simulator: Simulator, call: Call, bill: Message, clock: Any
) -> None:
    del bill
    query_id = simulator.world.add_query(1003, 1003)
    clock.now += 10.5
    late = await call("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)
    assert "query is too old" in late.description


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": "x" * 33}, "TITLE_INVALID"),
        ({"description": ""}, "DESCRIPTION_INVALID"),
        ({"payload": "آ" * 65}, "INVOICE_PAYLOAD_INVALID"),
        ({"currency": "rial"}, "CURRENCY_INVALID"),
        ({"provider_token": "x"}, "PAYMENT_PROVIDER_INVALID"),
        ({"prices": []}, "prices must be a non-empty Array of LabeledPrice"),
        ({"prices": [{"label": "x", "amount": 0}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
    ],
)
async def test_a_bad_bill_is_refused(
    simulator: Simulator, call: Call, change: dict[str, object], reason: str
) -> None:
    simulator.say("maryam", "/start")
    good = {
        "chat_id": 1003,
        "title": "شهریه",
        "description": "کارگاه",
        "payload": "p",
        "currency": "XTR",
        "prices": [{"label": "شهریه", "amount": 50}],
    }
    answer = await call("sendInvoice", **good | change)
    assert answer.description == f"Bad Request: {reason}"


async def agree_to_all(simulator: Simulator, call: Call) -> None:
    await simulator.until(lambda: bool(simulator.world.queries))
    for query_id in simulator.world.queries:
        await call("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)


def receipts(simulator: Simulator, chat: int = 1003) -> list[Any]:
    messages = simulator.messages(chat)
    return [one["successful_payment"] for one in messages if "successful_payment" in one]


@pytest.mark.parametrize(("ends", "count"), [("paid", 1), ("twice", 2), ("declined", 0)])
async def test_what_the_bot_agreed_to_may_end_in_several_ways(
    simulator: Simulator, call: Call, bill: Message, ends: str, count: int
) -> None:
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        paying = group.create_task(simulator.pay("maryam", bill.message_id, ends=ends))
        await agree_to_all(simulator, call)
    assert paying.result() == ("" if count else DECLINED)
    charges = [one["telegram_payment_charge_id"] for one in receipts(simulator)]
    assert len(charges) == count
    assert len(set(charges)) == min(count, 1)


async def test_a_provider_may_take_the_money_though_the_bot_said_nothing(
    simulator: Simulator, bill: Message
) -> None:
    simulator.world.checkout_seconds = 0.01
    assert await simulator.pay("maryam", bill.message_id) == UNANSWERED
    assert receipts(simulator) == []
    assert await simulator.pay("maryam", bill.message_id, ends="regardless") == ""
    assert len(receipts(simulator)) == 1


async def test_a_receipt_may_come_again_as_a_new_message(
    simulator: Simulator, bill: Message
) -> None:
    with pytest.raises(PersonError):
        simulator.repeat_receipt("maryam")
    simulator.world.checkout_seconds = 0.01
    await simulator.pay("maryam", bill.message_id, ends="regardless")
    last_update_id = simulator.last_update_id
    again = simulator.repeat_receipt("maryam")
    first, second = receipts(simulator)
    assert first == second == again["successful_payment"]
    assert simulator.last_update_id == last_update_id + 1


async def test_no_two_payments_have_the_same_charge_even_in_two_messengers(
    simulator: Simulator, bill: Message, clock: Any
) -> None:
    simulator.world.checkout_seconds = 0.01
    for seconds in (0, 1):
        clock.now += seconds
        await simulator.pay("maryam", bill.message_id, ends="regardless")
        simulator.world._last_query_id -= 1
    assert len({one["telegram_payment_charge_id"] for one in receipts(simulator)}) == 2


@pytest.mark.parametrize("profile", [TELEGRAM, BALE])
async def test_a_bill_is_paid_over_http_on_every_messenger(profile: Profile) -> None:
    simulator = Simulator(profile=profile)
    simulator.say("maryam", "/start")
    async with simulator.serve() as address, ClientSession() as session:
        call = Caller(session, address, simulator.token)

        async def act(deed: str, **wishes: object) -> Any:
            url = f"{address}/sim/{deed}"
            async with session.post(url, json={"person": "maryam", **wishes}) as response:
                return await response.json()

        answer = await call(
            "sendInvoice",
            chat_id=1003,
            title="شارژ کیف پول",
            description="برای شهریه‌ها",
            payload="topup:X",
            currency="IRR",
            provider_token=simulator.payment_token,
            prices=[{"label": "شارژ", "amount": 500_000}],
        )
        number = answer.body["result"]["message_id"]
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            paying = group.create_task(act("pay", message_id=number))
            await agree_to_all(simulator, call)
        assert paying.result() == {"failure": ""}
        (paid,) = receipts(simulator)
        assert (paid["invoice_payload"], paid["total_amount"]) == ("topup:X", 500_000)
        assert ("provider_payment_charge_id" in paid) is profile.is_complete
        assert (await act("repeat_receipt"))["message_id"] > number + 1
        assert "error" in await act("pay", message_id=number, ends="stolen")
