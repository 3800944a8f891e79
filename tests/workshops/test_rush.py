"""Many people at once: never oversold, first come first served, and not a rial too much."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

from bot.citizens.model import CitizenId
from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.errors import PlacesTaken
from bot.workshops.model import DEFAULT_POLICY, Actor, Registration, RegistrationId, Workshop
from tests.storm.places_oracle import faults, rows_after
from tests.workshops.given import begun, given_money, given_open
from tests.workshops.support import CALENDAR, FEE, OFFICE, OPENS, learner

PLACES, PEOPLE, CHANGES = 6, 64, 60  # `make rush` lets a thousand people at thirty places
OTHER_DATES = ("1405/08/24 17:00", "1405/09/01 17:00", "1405/09/08 17:00", "1405/09/15 17:00")
Unit = Callable[[Transaction], Awaitable[Any]]


def payer(number: int) -> CitizenId:
    return CitizenId(1_000 + number)


async def rush(database: Database, units: list[Unit]) -> list[Any]:
    """Run everything at once, a few dozen at a time, and give answers or refusals."""
    gate = asyncio.Semaphore(24)

    async def one(unit: Unit) -> object:
        async with gate:
            for _ in range(20):  # Whoever is in somebody's way comes again, as the worker does.
                try:
                    return await database.attempt(unit)
                except DeskError as refusal:
                    return refusal
                except Exception as error:
                    if "lock timeout" not in str(error) and "deadlock" not in str(error):
                        raise
            raise AssertionError

    return list(await asyncio.gather(*(one(unit) for unit in units)))


async def register(tx: Transaction, workshop: Workshop, number: int) -> RegistrationId:
    """Take a place and pay for it, or wait to have one at once."""
    who = payer(number)
    ids = await begun(tx, workshop, learner(number, who), payer_id=who)
    words = {"registration_ids": ids, "payer_id": who, "now": OPENS}
    try:
        await workshops.take_places(tx, policy=DEFAULT_POLICY, **words, is_clash_accepted=True)  # type: ignore[arg-type]
    except PlacesTaken:
        is_auto = number % 3 != 0
        await workshops.join_line(tx, policy=DEFAULT_POLICY, **words, is_auto_accept=is_auto)  # type: ignore[arg-type]
    else:
        await workshops.confirm(tx, **words)  # type: ignore[arg-type]
    return ids[0]


async def leave(tx: Transaction, number: int, others: list[Workshop], choice: int) -> object:
    """Drop, move, decline, take, or leave the line, whichever can be done."""
    who = payer(number)
    actor = Actor.citizen(who)
    mine = await workshops.registrations_of(tx, payer_id=who, limit=10)
    active = [one for one in mine if one.is_active]
    if not active:
        return None
    one = active[0]
    words = {"actor": actor, "calendar": CALENDAR, "now": OPENS}
    turn = await workshops.turn_of(tx, registration=one)
    if turn is not None:
        if turn.expires_at is not None and choice % 2:
            return await workshops.confirm(tx, registration_ids=[one.id], payer_id=who, now=OPENS)
        return await workshops.leave_line(tx, entry_id=turn.id, policy=DEFAULT_POLICY, **words)  # type: ignore[arg-type]
    elsewhere = next(place for place in others if place.id != one.workshop_id)
    if choice % 2:
        return await workshops.drop(tx, registration_id=one.id, policy=DEFAULT_POLICY, **words)  # type: ignore[arg-type]
    (target,) = await begun(tx, elsewhere, learner(number, who), payer_id=who)
    return await workshops.move(
        tx,
        registration_id=one.id,
        to_registration_id=target,
        policy=DEFAULT_POLICY,
        **words,  # type: ignore[arg-type]
    )


async def ensure_sound(database: Database, people: int) -> None:
    """Count everything anew: by the bare rows, by the ledger and by the audit of workshops."""
    means = {payer(number): 2 * FEE for number in range(people)}
    assert faults(await rows_after(database), means) == []
    async with database.reading() as tx:
        assert await wallet.audit(tx) == []
        assert await workshops.audit(tx, calendars={OFFICE: CALENDAR}, now=OPENS) == []


async def test_a_rush_on_few_places_with_drops_and_moves(database: Database) -> None:
    seed = 20261122
    chance = random.Random(seed)
    async with database.transaction() as tx:
        one = await given_open(tx, places=PLACES, quorum=1)
        other = await given_open(tx, OTHER_DATES, places=PLACES, quorum=1, title="خوشنویسی")
        for number in range(PEOPLE):
            await given_money(tx, 2 * FEE, payer(number))
    opened = [one, other]
    units: list[Unit] = [
        lambda tx, n=number: register(tx, opened[n % 4 == 3], n)  # type: ignore[misc]
        for number in range(PEOPLE)
    ]
    answers = await rush(database, units)
    assert not [answer for answer in answers if isinstance(answer, DeskError)], seed
    await ensure_sound(database, PEOPLE)
    async with database.reading() as tx:
        for place in opened:
            counts = await workshops.counts(tx, workshop_id=place.id)
            assert counts["confirmed"] == PLACES  # type: ignore[index]
    chosen = [(chance.randrange(PEOPLE), chance.randrange(4)) for _ in range(CHANGES)]
    changes: list[Unit] = [
        lambda tx, n=number, c=choice: leave(tx, n, opened, c)  # type: ignore[misc]
        for number, choice in chosen
    ]
    answers = await rush(database, changes)
    assert [answer for answer in answers if not isinstance(answer, DeskError)], seed
    await ensure_sound(database, PEOPLE)


async def test_the_last_place_is_taken_once_however_many_reach_for_it(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=1, quorum=1)
        ids: list[list[RegistrationId]] = []
        for number in range(12):
            who = payer(number)
            ids.append(await begun(tx, opened, learner(number, who), payer_id=who))
            await given_money(tx, 2 * FEE, who)

    def reach(number: int) -> Unit:
        return lambda tx: workshops.take_places(
            tx,
            registration_ids=ids[number],
            payer_id=payer(number),
            policy=DEFAULT_POLICY,
            now=OPENS,
        )

    answers = await rush(database, [reach(number) for number in range(12)])
    assert sum(isinstance(answer, PlacesTaken) for answer in answers) == 11
    (place,) = next(answer for answer in answers if isinstance(answer, tuple))
    assert isinstance(place, Registration)

    def pay(tx: Transaction) -> Awaitable[Any]:
        return workshops.confirm(
            tx, registration_ids=[place.id], payer_id=place.payer_id, now=OPENS, key="k:pay"
        )

    answers = await rush(database, [pay] * 6)
    assert len({answer[0] for answer in answers}) == 1
    await ensure_sound(database, 12)
