"""Whether a bill may be paid is asked for ten seconds: the answer is quick, sure, and kept."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.inbox.model import DeadLetter
from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError, InvalidInput
from bot.messenger.admission import chat_key_of
from bot.messenger.contract import PRE_CHECKOUT, Desk, DirectCall, Outcome
from bot.messenger.limits import Limiter
from bot.messenger.platforms import BALE, TELEGRAM, Platform
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from bot.outbox.model import OutgoingMessage
from bot.outbox.tables import outbox
from bot.simulator import PROFILES, FaultKind, Simulator
from bot.simulator.payments import UNANSWERED
from tests.messenger.conftest import Place, starting
from tests.messenger.support import Poison, Start, eventually, running, say

SARA = 1001
TOO_MUCH = "too much"


def invoice(payload: str = "topup:X") -> OutgoingMessage:
    params: dict[str, object] = {
        "title": "Wallet",
        "description": "For fees",
        "payload": payload,
        "currency": "IRR",
        "prices": [{"label": "Wallet", "amount": 500_000}],
    }
    return OutgoingMessage(SARA, "sendInvoice", params)


def answered(update: dict[str, Any], error: str = "") -> list[DirectCall]:
    params = {"pre_checkout_query_id": update[PRE_CHECKOUT]["id"], "ok": not error}
    if error:
        params["error_message"] = error
    return [DirectCall("answerPreCheckoutQuery", params, is_pressing=True)]


@dataclass
class Cashier:
    """Sends a bill to whoever speaks, and agrees to what is not refused."""

    receipts: list[str] = field(default_factory=list)
    payload: str = "topup:X"
    pace_seconds: float = 0.0
    said: int = 0
    said_before: int | None = None  # the checkout

    async def answer(self, _tx: Transaction, update: dict[str, Any], _now: datetime) -> Outcome:
        await asyncio.sleep(self.pace_seconds)
        if PRE_CHECKOUT in update:
            self.said_before = self.said
            if self.payload == "poison":
                raise Poison
            if self.payload == TOO_MUCH:
                raise InvalidInput
            return Outcome(direct=answered(update))
        self.said += 1
        message = update.get("message", {})
        if "successful_payment" in message:
            self.receipts.append(message["successful_payment"]["telegram_payment_charge_id"])
            return Outcome([say(message["chat"]["id"], "paid")])
        if message.get("chat", {}).get("id") != SARA:
            return Outcome([say(message["chat"]["id"], "echo")])
        return Outcome([invoice(self.payload)])

    async def refuse(
        self, _tx: Transaction, update: dict[str, Any], _error: DeskError, _now: datetime
    ) -> Outcome:
        return Outcome(direct=answered(update, TOO_MUCH))

    async def alarm(
        self, _tx: Transaction, _dead: DeadLetter, update: dict[str, Any], _now: datetime
    ) -> Outcome:
        return Outcome(direct=answered(update, "given up"))

    def desk(self) -> Desk:
        return Desk(self.answer, self.refuse, alarm=self.alarm)


@pytest.fixture
async def bill(simulator: Simulator) -> Callable[[], Awaitable[int]]:
    async def sent() -> int:
        simulator.say(SARA, "/start")
        message = await simulator.next_message(SARA)
        assert message["invoice"]["total_amount"] == 500_000
        return int(message["message_id"])

    return sent


Bill = Callable[[], Awaitable[int]]


@pytest.mark.parametrize("platform", [TELEGRAM, BALE])
def test_a_checkout_is_asked_for_and_belongs_to_the_payer(platform: Platform) -> None:
    assert PRE_CHECKOUT in platform.update_kinds
    query = {"id": "1", "from": {"id": SARA}, "currency": "IRR", "total_amount": 1}
    assert chat_key_of({"update_id": 1, PRE_CHECKOUT: query}) == SARA


@pytest.mark.parametrize("platform", [TELEGRAM, BALE])
async def test_a_bill_is_paid_on_every_messenger(database: Database, platform: Platform) -> None:
    simulator, cashier = Simulator(profile=PROFILES[platform.name]), Cashier()
    async with simulator.serve() as address:
        start = starting(Place(simulator, address), database)
        async with start(cashier.desk(), platform=platform):
            simulator.say(SARA, "/start")
            bill = await simulator.next_message(SARA)
            assert await simulator.pay(SARA, bill["message_id"]) == ""
            await simulator.until(lambda: bool(cashier.receipts))


@pytest.mark.parametrize(
    ("payload", "failure"), [(TOO_MUCH, TOO_MUCH), ("poison", "given up"), ("topup:X", "")]
)
async def test_whoever_is_about_to_pay_is_always_answered_at_once(
    start: Start, simulator: Simulator, bill: Bill, payload: str, failure: str
) -> None:
    cashier = Cashier(payload=payload)
    async with start(cashier.desk()) as messenger:
        begun = time.perf_counter()
        assert await simulator.pay(SARA, await bill()) == failure
        assert time.perf_counter() - begun < 3.5  # one of the hanging presses takes four
        assert (await messenger.health()).dead_letters == (payload == "poison")
        await simulator.until(lambda: bool(failure or cashier.receipts))
    spoken = [m["text"] for m in simulator.messages(SARA) if m["from"]["is_bot"] and "text" in m]
    assert not failure or spoken == []


@pytest.mark.parametrize("kind", ["server_error", "bad_json", "cut_before", "too_many_requests"])
async def test_an_answer_that_did_not_arrive_is_given_again_in_time(
    start: Start, simulator: Simulator, bill: Bill, kind: str
) -> None:
    simulator.faults.order(kind, "answerPreCheckoutQuery", times=2)
    async with start(Cashier().desk()):
        assert await simulator.pay(SARA, await bill()) == ""
    assert len(simulator.journal.of("answerPreCheckoutQuery")) == 3


async def test_an_answer_that_arrived_unseen_is_refused_the_second_time_and_all_is_well(
    start: Start, simulator: Simulator, bill: Bill
) -> None:
    simulator.faults.order(FaultKind.CUT_AFTER, "answerPreCheckoutQuery")
    async with start(Cashier().desk()):
        assert await simulator.pay(SARA, await bill()) == ""
        await simulator.until(lambda: len(simulator.journal.of("answerPreCheckoutQuery")) == 2)


async def test_an_answer_is_not_given_for_ever(
    start: Start, simulator: Simulator, bill: Bill
) -> None:
    simulator.world.checkout_seconds = 0.3
    simulator.faults.order(FaultKind.SERVER_ERROR, "answerPreCheckoutQuery", times=9)
    async with start(Cashier().desk()):
        assert await simulator.pay(SARA, await bill()) == UNANSWERED
        await simulator.until(lambda: len(simulator.journal.of("answerPreCheckoutQuery")) == 3)
    assert len(simulator.journal.of("answerPreCheckoutQuery")) == 3


async def test_the_end_waits_for_an_answer_that_is_on_its_way(
    start: Start, simulator: Simulator, bill: Bill
) -> None:
    async with asyncio.timeout(8), asyncio.TaskGroup() as group, start(Cashier().desk()):
        number = await bill()
        simulator.faults.order(FaultKind.CUT_BEFORE, "answerPreCheckoutQuery", times=2)
        paying = group.create_task(simulator.pay(SARA, number))
        await simulator.until(lambda: bool(simulator.journal.of("answerPreCheckoutQuery")))
    assert paying.result() == ""


async def test_whoever_is_about_to_pay_waits_behind_no_queue_of_others(
    start: Start, simulator: Simulator, bill: Bill
) -> None:
    others = range(5000, 5200)
    for person in others:
        simulator.add_person(f"p{person}", person, "Citizen")
    cashier = Cashier()
    async with start(cashier.desk(), limiter=Limiter(10_000, is_paced=False)):
        number = await bill()
        cashier.pace_seconds = 0.02  # four seconds for all of them
        for person in others:
            simulator.say(person, "hello")
        assert await simulator.pay(SARA, number) == ""
        assert cashier.said_before is not None
        assert cashier.said_before < 100, "a group or two of 32 that had begun, and no more"
        cashier.pace_seconds = 0.0
        await simulator.until(lambda: len(simulator.messages(others[-1])) == 2)


async def test_hurry_is_for_one_payment_and_not_for_all_that_the_payer_writes(
    start: Start, simulator: Simulator, bill: Bill
) -> None:
    async with start(Cashier().desk()) as messenger:
        assert await simulator.pay(SARA, await bill()) == ""
        await simulator.until(lambda: not messenger._worker._paying)
        assert len(simulator.journal.of("answerPreCheckoutQuery")) == 1


async def test_presses_that_hang_hold_up_no_checkout(
    start: Start, simulator: Simulator, bill: Bill
) -> None:
    simulator.faults.order(FaultKind.DELAY, "sendChatAction", times=50, delay_seconds=4.0)
    async with start(Cashier().desk()) as messenger:
        number = await bill()
        typing = {"chat_id": SARA, "action": "typing"}
        for _ in range(300):
            messenger._direct.add(DirectCall("sendChatAction", typing))
        begun = time.perf_counter()
        assert await simulator.pay(SARA, number) == ""
        assert time.perf_counter() - begun < 3, "which is less than any of those takes"


@pytest.mark.about_a_file("looks into the bytes of the file")
async def test_who_is_paid_is_said_on_the_wire_and_written_nowhere_else(
    start: Start, simulator: Simulator, bill: Bill, database_url: str, caplog: Any
) -> None:
    token = simulator.payment_token
    caplog.set_level(logging.DEBUG)
    simulator.faults.order(FaultKind.SERVER_ERROR, "sendInvoice")
    async with start(Cashier().desk()):
        await bill()
    assert [call.params["provider_token"] for call in simulator.journal.of("sendInvoice")] == [
        token,
        token,
    ]
    path = Path(database_url.partition("///")[2])
    kept = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert b"topup:X" not in kept, "what is said is sealed until it is said, and blank then"
    assert token.encode() not in kept
    assert token not in caplog.text


async def test_a_bill_of_nobody_ends_with_a_reason(
    database: Database, place: Place, simulator: Simulator
) -> None:
    simulator.say(SARA, "/start")
    async with Wire() as wire:
        api = BotApi(TELEGRAM.at(place.address), simulator.token, wire)
        async with running(database, api, Cashier().desk()):

            async def reasons() -> list[str]:
                async with database.reading() as tx:
                    return [one for one in await tx.scalars(select(outbox.c.reason)) if one]

            async def is_dead() -> bool:
                return bool(await reasons())

            await eventually(is_dead)
            assert await reasons() == ["400 Bad Request: PAYMENT_PROVIDER_INVALID"]
