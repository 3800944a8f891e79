"""Fail at the n-th statement of each step of a registration: no place and no money is lost."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest

from tests.handlers.crash_support import Broken, Died, Update, hold, sweep_update
from tests.handlers.registering_support import (
    CHILD,
    MINA_ID,
    SARA_ID,
    data_of,
    given_learner,
    given_money,
    given_workshop,
    press,
    registered,
    sound,
    tap,
    up_to_place,
    up_to_terms,
)
from tests.handlers.support import DeskUnderTest
from tests.handlers.workshop_support import decide
from tests.workshops.support import FEE

OTHER_DATES = ("1405/08/24 17:00", "1405/08/26 17:00", "1405/09/08 17:00", "1405/09/15 17:00")


@pytest.fixture(autouse=True)
def _same_draws(desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw alike in every run, so that what two runs leave behind can be compared."""
    assert desk.shared.keyring.current, "its keys are drawn at random before"
    monkeypatch.setattr("bot.kit.crypto.os", SimpleNamespace(urandom=lambda count: b"n" * count))
    drawn = SimpleNamespace(token_urlsafe=lambda count: "o" * count)
    monkeypatch.setattr("handlers.views.workshops.paying_fees.secrets", drawn)


async def about_to_save_a_learner(desk: DeskUnderTest) -> Update:
    workshop = await given_workshop(desk)
    sara = desk.person(SARA_ID)
    await press(sara, f"wle:a:0:{workshop.id}")
    await sara.say(CHILD)
    review = await sara.say("۱۳۹۵/۰۲/۱۵")
    return await hold(desk, sara.press_data(data_of(review, "wld")))


async def about_to_accept(desk: DeskUnderTest) -> Update:
    workshop = await given_workshop(desk)
    sara = desk.person(SARA_ID)
    both = [await given_learner(desk), await given_learner(desk, name="آراد")]
    page = await up_to_terms(sara, workshop, *both)
    return await hold(desk, sara.press_data(data_of(page, "wra")))


async def about_to_write_a_national_id(desk: DeskUnderTest) -> Update:
    decide(desk, requires_national_id=True)
    workshop = await given_workshop(desk)
    sara = desk.person(SARA_ID)
    await up_to_terms(sara, workshop, await given_learner(desk))
    return await hold(desk, sara.send(text="0012345679"))


async def about_to_correct_a_national_id(desk: DeskUnderTest) -> Update:
    decide(desk, requires_national_id=True)
    workshop = await given_workshop(desk, fee_rial=0)
    sara = desk.person(SARA_ID)
    await up_to_terms(sara, workshop, await given_learner(desk))
    (receipt,) = await sara.send(text="0012345679")
    await sara.press_data(data_of(receipt, "wra"))
    placed = sound(await sara.press_data("wmr:1:"))
    await sara.press_data(data_of(placed, "wri"))
    return await hold(desk, sara.send(text="1111111121"))


async def about_to_pay(desk: DeskUnderTest) -> Update:
    workshop = await given_workshop(desk)
    await given_money(desk, cash=FEE, credit_rial=FEE // 3)
    sara = desk.person(SARA_ID)
    page = await up_to_place(sara, workshop, await given_learner(desk))
    return await hold(desk, sara.press_data(data_of(page, "wrp")))


async def about_to_drop_for_the_next(desk: DeskUnderTest) -> Update:
    workshop = await given_workshop(desk, places=1, quorum=1)
    mina, _receipt = await registered(desk, workshop, MINA_ID)
    sara = desk.person(SARA_ID)
    page = await up_to_place(sara, workshop, await given_learner(desk))
    await tap(sara, page, "wj", "0")
    asked = await press(mina, "wmd:1:")
    return await hold(desk, mina.press_data(data_of(asked, "wmd")))


async def about_to_move(desk: DeskUnderTest) -> Update:
    workshop = await given_workshop(desk)
    other = await given_workshop(desk, dates=OTHER_DATES, fee_rial=FEE // 2, title="سفال")
    sara, _receipt = await registered(desk, workshop)
    asked = await press(sara, f"wmt:1:{other.id}:0")
    return await hold(desk, sara.press_data(data_of(asked, "wmv")))


PREPARATIONS = (
    about_to_save_a_learner,
    about_to_accept,
    about_to_write_a_national_id,
    about_to_correct_a_national_id,
    about_to_pay,
    about_to_drop_for_the_next,
    about_to_move,
)


@pytest.mark.parametrize(("failure", "step"), [(Died, 4), (Broken, 13)])
@pytest.mark.parametrize("prepare", PREPARATIONS)
async def test_a_failure_at_any_statement_leaves_no_trace_and_the_next_try_does_it_once(
    desk: DeskUnderTest,
    database_url: str,
    prepare: Callable[[DeskUnderTest], Awaitable[Update]],
    failure: type[BaseException],
    step: int,
) -> None:
    update = await prepare(desk)
    assert await sweep_update(desk, database_url, update, failure, step=step) > 10
