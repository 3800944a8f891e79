"""What the clock does with money and places, with a death at any statement: no fee moves twice."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest

from bot.citizens.model import CitizenId
from bot.kit.database import Database
from bot.kit.firings import SLOT_SECONDS, fire, fired
from handlers.jobs.audits import audit
from handlers.jobs.workshops import run_workshops
from tests.handlers.crash_support import Died, sweep
from tests.handlers.registering_support import REZA_ID, SARA_ID, given_learner, given_workshop
from tests.handlers.support import DeskUnderTest
from tests.handlers.workshop_support import GROUP_ID, given_certain, joined, sessions_of, turn
from tests.window import window_into
from tests.workshops import given
from tests.workshops.support import CLOSES, DAY, OPENS

SLOT = timedelta(seconds=SLOT_SECONDS)
NOT_SAID = "I20"  # messages wait here for ever: there is no sender


@pytest.fixture(autouse=True)
def _same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = SimpleNamespace(token_urlsafe=lambda count: "o" * count)
    monkeypatch.setattr("handlers.views.workshops.paying_fees.secrets", drawn)


async def too_few(desk: DeskUnderTest) -> None:
    """Fees go back, because too few have come."""
    await joined(desk, await given_workshop(desk), SARA_ID)
    desk.now = CLOSES
    await turn(desk)
    desk.now += DAY


async def not_paid_for(desk: DeskUnderTest) -> None:
    """A place that nobody paid for is offered to whoever waits."""
    workshop = await given_workshop(desk, places=1, quorum=1)
    first = await given_learner(desk, SARA_ID)
    second = await given_learner(desk, REZA_ID)
    async with desk.database.transaction() as tx:
        await given.held(tx, workshop, first, payer_id=CitizenId(SARA_ID))
        await given.waits(tx, workshop, second, payer_id=CitizenId(REZA_ID))
    desk.now = OPENS + DAY


async def over(desk: DeskUnderTest) -> None:
    """Fees are earned, because the last session has ended."""
    workshop, *_ = await given_certain(desk)
    for session in await sessions_of(desk, workshop):
        desk.now = session.slot.starts_at
        await turn(desk)
        desk.now = session.slot.ends_at
        if session.slot.ends_at < (await sessions_of(desk, workshop))[-1].slot.ends_at:
            await turn(desk)


@pytest.mark.parametrize("prepare", [too_few, not_paid_for, over])
async def test_a_round_that_dies_at_any_statement_moves_each_fee_and_place_once(
    desk: DeskUnderTest,
    database_url: str,
    prepare: Callable[[DeskUnderTest], Awaitable[None]],
) -> None:
    await desk.open_desk(GROUP_ID)
    await prepare(desk)

    turns = itertools.count()

    async def act(database: Database) -> None:
        """Make turn after turn, each in a slot of its own; one that died is not had again."""
        while True:
            slots = await fire(database, ["workshops"], desk.now + SLOT * next(turns))
            if not await run_workshops(desk.shared, fired(database, *slots.popitem()), desk.now):
                break
        async with database.reading() as tx:
            found = await audit(tx, desk.shared.catalogue, now=desk.now)
        assert [one for one in found if one.invariant != NOT_SAID] == []

    await desk.database.close()
    with window_into(database_url) as window:
        assert await sweep(window, act, Died, is_atomic=False, step=13) > 10
