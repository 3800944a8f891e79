"""Fail at the n-th statement of each step of a payout: no money is lost, held or told twice."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest

from handlers.callback_data.payouts import MyPayoutPressed, MyPayoutVerb, PayoutVerb
from tests.handlers.crash_support import Broken, Died, Update, hold, sweep_update
from tests.handlers.payout_support import (
    ABOVE,
    SARA,
    TYPED_IBAN,
    approved,
    exported,
    give,
    press,
    request,
    staffed,
    up_to_review,
    write,
)
from tests.handlers.support import DeskUnderTest


@pytest.fixture(autouse=True)
def _same_draws(desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw alike in every run, so that what two runs leave behind can be compared."""
    assert desk.shared.keyring.current, "its keys are drawn at random before"
    nonces = SimpleNamespace(urandom=lambda count: b"n" * count)
    monkeypatch.setattr("bot.kit.crypto.os", nonces)


async def about_to_tell_the_account(desk: DeskUnderTest) -> Update:
    await give(desk)
    sara = desk.person(SARA)
    await write(sara, "/payout")
    await write(sara, "500 هزار تومان")
    return await hold(desk, sara.say(TYPED_IBAN))


async def about_to_confirm(desk: DeskUnderTest) -> Update:
    await staffed(desk)
    await give(desk)
    sara = desk.person(SARA)
    review = await up_to_review(sara)
    data = next(data for data in review.presses if data.startswith("wyc"))
    return await hold(desk, sara.press_data(data, message_id=review.message_id))


async def about_to_withdraw(desk: DeskUnderTest) -> Update:
    await staffed(desk)
    payout = await request(desk)
    data = MyPayoutPressed.on(payout, MyPayoutVerb.WITHDRAW_SURELY).pack()
    return await hold(desk, desk.person(SARA).press_data(data))


async def about_to_approve(desk: DeskUnderTest) -> Update:
    finance, *_ = await staffed(desk)
    payout = await request(desk, SARA, f"{ABOVE} ریال")
    await press(finance, payout, PayoutVerb.TAKE)
    return await hold(desk, press(finance, payout, PayoutVerb.APPROVE))


async def about_to_reject(desk: DeskUnderTest) -> Update:
    finance, *_ = await staffed(desk)
    payout = await request(desk)
    (prompt,) = await press(finance, payout, PayoutVerb.REJECT)
    return await hold(desk, finance.reply(prompt, "نام نمی‌خواند"))


async def about_to_export(desk: DeskUnderTest) -> Update:
    finance, *_ = await staffed(desk)
    for person_id in (SARA, SARA + 1):
        await approved(finance, await request(desk, person_id))
    (asked,) = await finance.visitor.press_data("mpe:kanoon")
    data = next(data for data in asked.presses if data.startswith("mpx"))
    return await hold(desk, finance.visitor.press_data(data, message_id=asked.message_id))


async def about_to_pay(desk: DeskUnderTest) -> Update:
    finance, *_ = await staffed(desk)
    payout = await request(desk)
    await approved(finance, payout)
    await exported(finance)
    (prompt,) = await press(finance, payout, PayoutVerb.PAID)
    return await hold(desk, finance.reply(prompt, "77129900"))


PREPARATIONS = (
    about_to_tell_the_account,
    about_to_confirm,
    about_to_withdraw,
    about_to_approve,
    about_to_reject,
    about_to_export,
    about_to_pay,
)


@pytest.mark.parametrize(("failure", "step"), [(Died, 3), (Broken, 11)])
@pytest.mark.parametrize("prepare", PREPARATIONS)
async def test_a_failure_at_any_statement_leaves_no_trace_and_the_next_try_does_it_once(
    desk: DeskUnderTest,
    database_url: str,
    prepare: Callable[[DeskUnderTest], Awaitable[Update]],
    failure: type[BaseException],
    step: int,
) -> None:
    update = await prepare(desk)
    assert await sweep_update(desk, database_url, update, failure, step=step) > 8
