"""Many at once, each in a transaction of its own: the last rial is spent once, a key acts once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from bot.wallet import use_cases as wallet
from bot.wallet.errors import AlreadyReversed, HoldResolved, InsufficientFunds, ReferenceHeld
from bot.wallet.model import Balance
from tests.wallet.support import (
    SARA,
    balance_of,
    cash,
    hold,
    pay,
    post,
    reverse,
    said,
    top_up,
    void,
)

Unit = Callable[[Transaction], Awaitable[Any]]


async def rush(database: Database, *units: Unit, other: Database | None = None) -> list[Any]:
    """Run units at once, every second one through another door to the same file, if there is."""

    async def one(unit: Unit, door: Database) -> object:
        try:
            return await door.attempt(unit)
        except DeskError as refusal:
            return type(refusal)

    doors = (database, other or database)
    return list(await asyncio.gather(*(one(unit, doors[n % 2]) for n, unit in enumerate(units))))


async def sound(database: Database) -> bool:
    async with database.reading() as tx:
        return await wallet.audit(tx) == []


async def test_the_last_rial_is_spent_once(database: Database, database_url: str) -> None:
    other = Database.open(database_url)
    async with database.transaction() as tx:
        await top_up(tx, 100)
    results = await rush(
        database, *[lambda tx: pay(tx, 100), lambda tx: hold(tx, 100)] * 4, other=other
    )
    await other.close()
    assert results.count(InsufficientFunds) == 7
    balance = await balance_of(database)
    assert balance.withdrawable_rial == 0
    assert balance in (Balance(0, 0, 0), Balance(100, 0, 100))
    assert await sound(database)


async def test_a_key_that_comes_many_times_at_once_acts_once(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)
    words = said()
    results = await rush(database, *[lambda tx: top_up(tx, 100, **words)] * 8, other=other)
    await other.close()
    assert all(result == results[0] for result in results)
    assert await balance_of(database) == Balance(100, 0, 0)
    assert await sound(database)


async def test_a_journal_that_many_reverse_at_once_is_reversed_once(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 100)
        paid = await pay(tx, 60)
    results = await rush(database, *[lambda tx: reverse(tx, paid)] * 6)
    assert results.count(AlreadyReversed) == 5
    assert await balance_of(database) == Balance(100, 0, 0)
    assert await sound(database)


async def test_a_hold_that_is_posted_and_voided_at_once_ends_in_one_way(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 100)
        held = await hold(tx, 60)
    results = await rush(database, *[lambda tx: post(tx, held, 60), lambda tx: void(tx, held)] * 3)
    assert results.count(HoldResolved) == 5
    assert (await balance_of(database)).held_rial == 0
    assert (await balance_of(database)).cash_rial in (40, 100)
    assert await sound(database)


async def test_one_matter_that_is_held_twice_at_once_is_held_once(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 100)
    results = await rush(database, *[lambda tx: hold(tx, 30, reference="held")] * 4)
    assert results.count(ReferenceHeld) == 3
    assert await balance_of(database) == Balance(100, 0, 30)


async def test_a_storm_of_everything_leaves_books_that_balance(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 1_000)
    keys = [said() for _ in range(5)]
    units: list[Unit] = [lambda tx, words=words: pay(tx, 7, **words) for words in keys * 4]
    units += [lambda tx: top_up(tx, 3), lambda tx: hold(tx, 11)] * 10
    await rush(database, *units)
    balance = await balance_of(database)
    assert balance == Balance(1_000 - 5 * 7 + 10 * 3, 0, 110)
    async with database.reading() as tx:
        lines = await wallet.statement(tx, office_id="kanoon", citizen_id=SARA, limit=100)
        codes = await tx.exec_driver_sql("SELECT code FROM account")
        assert cash(SARA) in {row[0] for row in codes}
    assert lines[0].balance_rial == balance.cash_rial
    assert await sound(database)
