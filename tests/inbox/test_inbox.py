from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.inbox import rules, use_cases
from bot.inbox.model import Letter, LetterState, Owner, Received
from bot.inbox.repository import InboxRepository
from bot.inbox.tables import inbox
from bot.kit.database import Database
from bot.kit.errors import StartRefused

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SARA, REZA = 11, 22


def received(update_id: int, chat: int = SARA, bot: int = 1) -> Received:
    return Received(bot, update_id, chat, b"{}")


async def given_updates(database: Database, *updates: Received) -> None:
    async with database.transaction() as tx:
        await use_cases.receive(tx, updates, NOW)


async def heads(database: Database, now: datetime = NOW, limit: int = 32) -> list[Letter]:
    async with database.reading() as tx:
        return await use_cases.heads(tx, now, limit)


async def finish(database: Database, letters: Sequence[Letter], now: datetime = NOW) -> bool:
    async with database.transaction() as tx:
        return await use_cases.finish(tx, [letter.id for letter in letters], now)


async def fail(database: Database, letter: Letter, now: datetime) -> bool:
    async with database.transaction() as tx:
        return await use_cases.fail(tx, letter, "ValueError", now)


async def test_an_update_that_comes_again_changes_nothing(database: Database) -> None:
    await given_updates(database, received(7))
    await given_updates(database, received(7), received(7), received(8))
    async with database.reading() as tx:
        ids = (await tx.scalars(select(inbox.c.update_id))).all()
    assert ids == [7, 8]


async def test_an_update_that_comes_again_after_its_end_stays_done(database: Database) -> None:
    await given_updates(database, received(7))
    await finish(database, await heads(database))
    await given_updates(database, received(7))
    assert await heads(database) == []


async def test_the_same_id_at_another_bot_is_another_update(database: Database) -> None:
    await given_updates(database, received(7, bot=1), received(7, chat=REZA, bot=2))
    assert len(await heads(database)) == 2


async def settle(database: Database, owner: Owner) -> None:
    async with database.transaction() as tx:
        await use_cases.settle(tx, owner, NOW)


@pytest.mark.parametrize("other", [Owner("bale", 1), Owner("telegram", 2)])
async def test_a_database_stays_with_the_bot_that_was_first(
    database: Database, other: Owner
) -> None:
    await settle(database, Owner("telegram", 1))
    with pytest.raises(StartRefused, match="belongs to bot 1 on telegram"):
        await settle(database, other)
    await settle(database, Owner("telegram", 1))


async def test_each_chat_offers_only_its_first(database: Database) -> None:
    await given_updates(
        database, received(1), received(2), received(3, REZA), received(4, REZA), received(5)
    )
    first = await heads(database)
    assert [letter.update_id for letter in first] == [1, 3]
    await finish(database, first)
    assert [letter.update_id for letter in await heads(database)] == [2, 4]


async def test_what_waits_in_a_chat_goes_by_its_numbers_however_it_arrived(
    database: Database,
) -> None:
    await given_updates(database, received(900), received(5), received(400))
    seen = []
    while letters := await heads(database):
        seen += [letter.update_id for letter in letters]
        await finish(database, letters)
    assert seen == [5, 400, 900]


async def test_a_limit_takes_the_oldest_chats(database: Database) -> None:
    await given_updates(database, *(received(n, chat=100 - n) for n in range(10)))
    assert [letter.update_id for letter in await heads(database, limit=3)] == [0, 1, 2]


async def test_what_is_done_is_blank(database: Database) -> None:
    await given_updates(database, received(1))
    assert await finish(database, await heads(database))
    async with database.reading() as tx:
        row = (await tx.execute(select(inbox.c.payload, inbox.c.state, inbox.c.done_at))).one()
        assert tuple(row) == (None, "done", NOW)
        assert await tx.scalar(select(inbox.c.chat_key)) == 0, "nor does it say whose it was"


async def test_nobody_finishes_a_letter_twice(database: Database) -> None:
    await given_updates(database, received(1))
    letters = await heads(database)
    assert await finish(database, letters)
    assert not await finish(database, letters)


async def test_a_failed_letter_waits_and_holds_its_chat_but_no_other(
    database: Database,
) -> None:
    await given_updates(database, received(1), received(2), received(3, REZA))
    (first, _) = await heads(database)
    assert not await fail(database, first, NOW)
    assert [letter.update_id for letter in await heads(database)] == [3]
    later = NOW + timedelta(milliseconds=500)
    (again, _) = await heads(database, later)
    assert (again.update_id, again.attempts) == (1, 1)
    await finish(database, [again])
    async with database.reading() as tx:
        assert await use_cases.next_run_at(tx) == NOW


async def test_the_next_run_is_that_of_a_head_not_of_one_behind_it(database: Database) -> None:
    await given_updates(database, received(1), received(2))
    (first,) = await heads(database)
    await fail(database, first, NOW)
    async with database.reading() as tx:
        assert await use_cases.next_run_at(tx) == NOW + timedelta(milliseconds=500)


async def test_poison_is_given_up_after_five_tries_and_the_chat_goes_on(
    database: Database,
) -> None:
    await given_updates(database, received(1), received(2))
    now = NOW
    outcomes = []
    while (letter := (await heads(database, now))[0]).update_id == 1:
        outcomes.append(await fail(database, letter, now))
        now += timedelta(minutes=1)
    assert outcomes == [False, False, False, False, True]
    async with database.reading() as tx:
        (dead,) = await tx.execute(select(inbox).where(inbox.c.state == LetterState.DEAD))
        assert await InboxRepository(tx).count_dead() == 1
    assert (dead.update_id, dead.attempts, dead.error) == (1, 5, "ValueError")


async def test_what_was_done_a_week_ago_is_forgotten(database: Database) -> None:
    await given_updates(database, received(1), received(2, REZA))
    (sara, reza) = await heads(database)
    await finish(database, [sara], NOW)
    await finish(database, [reza], NOW + timedelta(hours=1))
    async with database.transaction() as tx:
        assert await use_cases.purge(tx, NOW + timedelta(days=7, minutes=1)) == 1


async def test_the_next_update_is_found_without_walking_through_history(
    plan_of: Callable[..., Awaitable[str]],
) -> None:
    plan = await plan_of(lambda tx: use_cases.heads(tx, NOW, 32))
    assert plan.startswith("SCAN inbox USING INDEX ix_inbox_new |")
    assert "INDEX ix_inbox_new_of_chat" in plan
    assert "TEMP B-TREE" not in plan
    plan = await plan_of(use_cases.next_run_at)
    assert "USING INDEX ix_inbox_new" in plan


@given(st.integers(1, rules.ATTEMPTS_MAX - 1))
def test_pauses_grow_and_stay_under_a_minute(attempts: int) -> None:
    pause = rules.pause_after(attempts)
    assert timedelta(0) < pause < timedelta(minutes=1)
    assert attempts == 1 or pause > rules.pause_after(attempts - 1)


def test_a_pause_after_the_last_try_is_a_defect() -> None:
    with pytest.raises(AssertionError):
        rules.pause_after(rules.ATTEMPTS_MAX)
