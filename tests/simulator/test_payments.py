"""A bill, the question before it is paid, and the receipt."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from telegram import Bot, LabeledPrice, Message

from bot.simulator import Simulator

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
