"""Bills and files as conversations send them, wishes to pay as they answer them."""

import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from telegram import Update
from telegram.ext import (
    CommandHandler,
    MessageHandler,
    PreCheckoutQueryHandler,
    filters,
)

from bot.inbox.model import DeadLetter, LetterId
from bot.kit.errors import InvalidInput
from bot.messenger.contract import PRE_CHECKOUT, Unreadable
from bot.wallet.errors import InsufficientFunds
from handlers.context import DeskContext
from handlers.reply import Button, FileToMake, Invoice, Reply, TextTooLong
from handlers.views.refusals import refusal
from tests.handlers.support import NOW, DeskUnderTest, Visitor, faults_of, plain

Handler = Callable[[Update, DeskContext], Awaitable[None]]
BILL = Invoice("شارژ کیف پول", "برای شهریه‌های کانون", "topup:ABCDE23456", 500_000)


@dataclass(eq=False)
class VeryLong(InvalidInput):
    """A refusal of more words than a payment's window holds."""


@refusal.register
def _very_long(_error: VeryLong, _words: object) -> str:
    return "<b>نه،</b> چون " + "خیلی طولانی است " * 40


@pytest.fixture
def cashier(desk: DeskUnderTest) -> dict[str, Handler]:
    """What the desk does about payments; a test says how."""
    deeds: dict[str, Handler] = {}

    async def check(update: Update, context: DeskContext) -> None:
        await deeds["check"](update, context)

    async def say(update: Update, context: DeskContext) -> None:
        await deeds["say"](update, context)

    application = desk.edge.application
    for group, handlers in application.handlers.items():
        for one in [one for one in handlers if isinstance(one, PreCheckoutQueryHandler)]:
            application.remove_handler(one, group)  # the wallet's own, which has tests of its own
    add = application.add_handler
    add(PreCheckoutQueryHandler(check, pattern="^topup:"), group=-2)
    add(MessageHandler(filters.SUCCESSFUL_PAYMENT, say), group=-2)
    add(CommandHandler("trybill", say), group=-2)
    return deeds


def asked(payload: str = BILL.payload, *, person_id: int = 100) -> dict[str, Any]:
    return {
        "id": "6",
        "from": {"id": person_id, "is_bot": False, "first_name": "Sara", "language_code": "fa"},
        "currency": "IRR",
        "total_amount": 500_000,
        "invoice_payload": payload,
    }


async def bill_of(visitor: Visitor, cashier: dict[str, Handler]) -> Any:
    async def say(_update: Update, context: DeskContext) -> None:
        context.reply(Reply(invoice=BILL), once="bill", about="top_up:1")

    cashier["say"] = say
    entities = [{"type": "bot_command", "offset": 0, "length": 8}]
    said = await visitor.send(text="/trybill", entities=entities)
    return said[0]


async def test_a_bill_names_its_amount_and_nobody_who_is_paid(
    sara: Visitor, cashier: dict[str, Handler]
) -> None:
    bill = await bill_of(sara, cashier)
    assert (bill.method, bill.about) == ("sendInvoice", "top_up:1")
    assert bill.params["currency"] == "IRR"
    assert bill.params["prices"] == [{"label": BILL.title, "amount": 500_000}]
    assert "provider_token" not in bill.params
    assert "parse_mode" not in bill.params
    assert not faults_of(bill)


async def test_a_bill_is_agreed_to_and_its_receipt_arrives(
    sara: Visitor, cashier: dict[str, Handler]
) -> None:
    bill = await bill_of(sara, cashier)

    async def check(update: Update, context: DeskContext) -> None:
        assert update.pre_checkout_query is not None
        assert context.is_checkout
        assert context.place_id == sara.id == context.unit.citizen.id
        context.checkout(ok=update.pre_checkout_query.total_amount == 500_000)

    async def receive(update: Update, _context: DeskContext) -> None:
        assert update.message is not None
        paid = update.message.successful_payment
        assert paid is not None
        received.append((paid.invoice_payload, paid.telegram_payment_charge_id))

    received: list[tuple[str, str]] = []
    cashier.update(check=check, say=receive)
    await sara.pay(bill, "charge-7")
    assert received == [(BILL.payload, "charge-7")]


async def test_a_refusal_is_read_where_one_was_about_to_pay(
    desk: DeskUnderTest, sara: Visitor, cashier: dict[str, Handler]
) -> None:
    bill = await bill_of(sara, cashier)
    heard = len(desk.heard[sara.id])
    errors = {
        "short": InsufficientFunds(needed_rial=2, available_rial=1),
        "long": VeryLong(),
    }

    async def check(update: Update, _context: DeskContext) -> None:
        assert update.pre_checkout_query is not None
        raise errors[update.pre_checkout_query.invoice_payload.partition(":")[2]]

    cashier["check"] = check
    short = await sara.check_out(bill, invoice_payload="topup:short")
    long = await sara.check_out(bill, invoice_payload="topup:long")
    assert short == " ".join(plain_refusal(desk, errors["short"]).split())
    assert long.startswith("نه، چون خیلی طولانی است")
    assert long.endswith("…")
    assert len(long) <= 200
    assert "<" not in short + long
    assert len(desk.heard[sara.id]) == heard
    assert len(desk.refused) == 2


def plain_refusal(desk: DeskUnderTest, error: Any) -> str:
    return plain(refusal(error, desk.shared.words["fa"]))


@pytest.mark.parametrize("payload", ["unknown:1", "topup:silent"])
async def test_what_nobody_has_agreed_to_is_refused_kindly(
    sara: Visitor, cashier: dict[str, Handler], payload: str
) -> None:
    bill = await bill_of(sara, cashier)

    async def check(_update: Update, _context: DeskContext) -> None:
        pass

    cashier["check"] = check
    assert "پولی پرداخت نشد" in await sara.check_out(bill, invoice_payload=payload)


async def test_a_wish_to_pay_that_was_given_up_is_refused_kindly(desk: DeskUnderTest) -> None:
    dead = DeadLetter(LetterId(1), 1, 100, 1, "KeyError", NOW)
    async with desk.database.transaction() as tx:
        outcome = await desk.edge.alarm(tx, dead, {PRE_CHECKOUT: asked()}, NOW)
        nameless = await desk.edge.alarm(tx, dead, {PRE_CHECKOUT: {"id": 5}}, NOW)
        misshapen = await desk.edge.alarm(tx, dead, {PRE_CHECKOUT: "?"}, NOW)
    (answer,) = outcome.direct
    assert answer.is_pressing
    assert (answer.params["pre_checkout_query_id"], answer.params["ok"]) == ("6", False)
    assert "پولی پرداخت نشد" in str(answer.params["error_message"])
    assert not any((outcome.messages, nameless.direct, misshapen.direct, misshapen.messages))


async def test_a_misshapen_wish_to_pay_is_given_up_at_once(desk: DeskUnderTest) -> None:
    query = asked()
    del query["total_amount"]
    with pytest.raises(Unreadable):
        await desk.receive(PRE_CHECKOUT, query)


async def test_whoever_paid_for_what_was_given_up_is_not_told_to_try_again(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    dead = DeadLetter(LetterId(1), 1, 100, 5, "KeyError", NOW)
    raw: dict[str, object] = {"message": sara.message(successful_payment={"currency": "IRR"})}
    async with desk.database.transaction() as tx:
        (told,) = (await desk.edge.alarm(tx, dead, raw, NOW)).messages
    assert told.chat_id == sara.id
    assert "دوباره پرداخت نکنید" in str(told.params["text"])


@pytest.mark.parametrize(
    "change", [{"title": "x" * 33}, {"description": "x" * 256}], ids=["title", "description"]
)
def test_a_bill_that_the_messenger_would_refuse_is_not_made(change: dict[str, str]) -> None:
    with pytest.raises(TextTooLong):
        dataclasses.replace(BILL, **change)


@pytest.mark.parametrize(
    "change", [{"payload": ""}, {"payload": "آ" * 65}, {"amount_rial": 0}, {"title": ""}]
)
def test_a_bill_without_sense_is_a_defect(change: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        dataclasses.replace(BILL, **change)


@pytest.mark.parametrize(
    "beside",
    [{"text": "x"}, {"buttons": [[Button("x", url="https://kpf.ir")]]}, {"is_page": True}],
)
def test_a_bill_stands_alone(beside: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        Reply(invoice=BILL, **beside)


def test_a_file_to_be_made_says_of_what() -> None:
    reply = Reply("فهرست", file=FileToMake("batch.xlsx", "payout_batch", 5, {"language": "fa"}))
    assert reply.method == "sendDocument"
    params = reply.as_params()
    assert params["caption"] == "فهرست"
    assert params["document"] == {
        "made_of": "payout_batch",
        "id": 5,
        "name": "batch.xlsx",
        "language": "fa",
    }


async def test_what_somebody_wrote_is_taken_back_with_the_answer(
    desk: DeskUnderTest, sara: Visitor, cashier: dict[str, Handler]
) -> None:
    async def say(_update: Update, context: DeskContext) -> None:
        context.unsay()
        context.reply(Reply("خواندم و پاک کردم."))

    cashier["say"] = say
    message = sara.message(
        text="/trybill IR06", entities=[{"type": "bot_command", "offset": 0, "length": 8}]
    )
    said = await desk.receive("message", message)
    assert said[0].text == "خواندم و پاک کردم."
    assert desk.deleted == [(sara.id, message["message_id"])]
