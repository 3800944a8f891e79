"""Several people decide about one top-up at once, and what the database itself refuses."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.citizens.model import CitizenId
from bot.kit.database import Database
from bot.kit.tracking import new_code
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    ReferenceClaimed,
    TopUpMoved,
)
from bot.wallet.model import (
    CLAIM_LASTS,
    Balance,
    TopUpState,
)
from bot.wallet.tables import top_up as table
from tests.wallet.support import NOW, SARA, balance_of
from tests.wallet.test_rush import rush
from tests.wallet.top_up_support import (
    AMOUNT,
    COLLEAGUE,
    MANAGER,
    assert_right,
    bill,
    claim,
    receive,
    reject,
    standing,
    unmatched,
    verify,
)


async def test_two_finance_people_verify_at_once_and_it_is_posted_once(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)
    async with database.transaction() as tx:
        code = (await claim(tx)).code
    units = [
        lambda tx: verify(tx, code),
        lambda tx: verify(tx, code, COLLEAGUE),
        lambda tx: reject(tx, code, MANAGER),
    ]
    results = await rush(database, *units * 2, other=other)
    await other.close()
    assert results.count(TopUpMoved) == 5
    async with database.reading() as tx:
        state = (await wallet.top_up(tx, code=code)).state
    won = state is TopUpState.VERIFIED
    assert await balance_of(database) == Balance(AMOUNT if won else 0, 0, 0)
    await assert_right(database, verified=int(won))


async def test_a_charge_that_is_reported_eight_times_at_once_is_posted_once(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)
    async with database.transaction() as tx:
        written = await bill(tx)
    units = [lambda tx: receive(tx, written.subject)] * 8
    units += [unmatched] * 4
    results = await rush(database, *units, other=other)
    await other.close()
    assert len({one.code for one in results[:8]}) == 1
    assert len({one.code for one in results[8:]}) == 1
    assert await balance_of(database) == Balance(AMOUNT, 0, 0)
    assert await standing(database, "suspense") == AMOUNT
    await assert_right(database, verified=1)


async def test_a_claim_that_is_verified_while_it_runs_out_ends_in_the_wallet(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        code = (await claim(tx)).code
    late = NOW + CLAIM_LASTS
    await asyncio.gather(
        rush(database, *[lambda tx: wallet.expire_top_ups(tx, now=late)] * 3),
        rush(database, *[lambda tx: verify(tx, code, now=late)] * 3),
    )
    assert await balance_of(database) == Balance(AMOUNT, 0, 0)
    await assert_right(database, verified=1)


async def test_one_reference_that_many_claim_at_once_is_claimed_once(database: Database) -> None:
    people = [CitizenId(600 + number) for number in range(6)]
    units = [lambda tx, who=who: claim(tx, citizen_id=who) for who in people]
    results = await rush(database, *units)
    assert results.count(ReferenceClaimed) == 5


async def test_the_database_itself_refuses_a_second_claim_and_a_decision_about_oneself(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        first = await claim(tx)
        row = (await tx.execute(select(table).where(table.c.code == first.code))).one()
    values = {**row._mapping, "id": None, "code": new_code()}
    values.pop("id")
    wrong: list[dict[str, Any]] = [
        {},
        {"reference": "other", "state": "verified"},
        {"reference": "other", "state": "rejected"},
        {"reference": "other", "decided_by": SARA, "decided_at": NOW},
        {"reference": "other", "amount_rial": 0},
        {"reference": None},
    ]
    for changes in wrong:
        with pytest.raises(IntegrityError):
            async with database.transaction() as tx:
                await tx.execute(insert(table).values(**(values | changes)))
