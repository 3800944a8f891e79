"""A top-up by bank that was mistyped is taken back by its citizen, and by nobody else."""

from datetime import timedelta

import pytest

from bot.citizens.errors import SlowDown
from bot.citizens.model import Role
from bot.wallet.errors import NoSuchTopUp, TopUpMoved
from bot.wallet.model import WITHDRAWN_PER_DAY, TopUpState
from handlers.callback_data.top_ups import ClaimWithdrawn, TopUpVerb
from tests.handlers.desk_support import SARA, Officer
from tests.handlers.support import GROUP_ID, DeskUnderTest, Visitor, plain
from tests.handlers.top_up_support import (
    REFERENCE,
    assert_right,
    balance_of,
    cards,
    claimed,
    money_kept,
    press,
    tap,
    top_up_of,
)

FINANCE, STRANGER = 2010, 771_234_599


@pytest.fixture
def citizen(desk: DeskUnderTest) -> Visitor:
    desk.shared.takes_payments = True
    return desk.person(SARA)


@pytest.fixture
async def finance(desk: DeskUnderTest) -> Officer:
    await desk.open_desk()
    return await Officer.at(desk, FINANCE, role=Role.FINANCE, group_id=GROUP_ID)


async def test_a_mistyped_claim_is_taken_back_and_registered_rightly(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer
) -> None:
    receipt = await claimed(citizen)
    (asked,) = await tap(citizen, receipt, "wtb")
    assert REFERENCE in plain(asked.text)
    assert (await top_up_of(desk)).state is TopUpState.PENDING, "asked about once"
    (done,) = await tap(citizen, asked, "wtb", "y")
    assert "پس گرفته شد" in plain(done.text)
    assert (await top_up_of(desk)).state is TopUpState.WITHDRAWN
    (drawn,) = await press(finance, cards(desk)[-1], TopUpVerb.VERIFY)
    assert (await balance_of(desk)).cash_rial == 0
    assert "شهروند آن را پس گرفت" in plain(drawn.text)
    await claimed(citizen)
    assert (await top_up_of(desk)).state is TopUpState.PENDING
    await assert_right(desk)


async def test_the_list_offers_it_for_what_waits_alone(
    desk: DeskUnderTest, citizen: Visitor
) -> None:
    receipt = await claimed(citizen)
    (listed,) = await tap(citizen, receipt, "wtl")
    assert sum(data.startswith("wtb:") for data in listed.presses) == 1
    (asked,) = await tap(citizen, listed, "wtb")
    await tap(citizen, asked, "wtb", "y")
    before = await money_kept(desk)
    (again,) = await tap(citizen, asked, "wtb", "y")
    assert await money_kept(desk) == before, "twice is once"
    (listed,) = await tap(citizen, again, "wtl")
    assert not any(data.startswith("wtb:") for data in listed.presses)


async def test_nobody_takes_back_what_is_anothers(desk: DeskUnderTest, citizen: Visitor) -> None:
    await claimed(citizen)
    code = (await top_up_of(desk)).code
    for step in ("", "y"):
        await desk.person(STRANGER).press_data(ClaimWithdrawn(code, step).pack())
        assert isinstance(desk.refused[-1], NoSuchTopUp)
    assert (await top_up_of(desk)).state is TopUpState.PENDING


async def test_what_finance_has_verified_is_not_taken_back(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer
) -> None:
    receipt = await claimed(citizen)
    (asked,) = await tap(citizen, receipt, "wtb")
    await press(finance, cards(desk)[-1], TopUpVerb.VERIFY)
    await citizen.press_data(asked.presses[0])
    assert isinstance(desk.refused[-1], TopUpMoved)
    assert (await top_up_of(desk)).state is TopUpState.VERIFIED
    await assert_right(desk)


async def test_finance_is_not_flooded_with_what_comes_and_goes(
    desk: DeskUnderTest, citizen: Visitor, finance: Officer
) -> None:
    del finance
    for number in range(WITHDRAWN_PER_DAY + 1):
        receipt = await claimed(citizen, f"{REFERENCE}{number}")
        (asked,) = await tap(citizen, receipt, "wtb")
        await citizen.press_data(asked.presses[0])
    assert isinstance(desk.refused[-1], SlowDown)
    assert (await top_up_of(desk)).state is TopUpState.PENDING
    desk.now += timedelta(days=2)
    await citizen.press_data(asked.presses[0])
    assert (await top_up_of(desk)).state is TopUpState.WITHDRAWN
