"""Flows of several messages."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Dialogue
from bot.kit.database import Database, Transaction

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SARA, REZA = CitizenId(11), CitizenId(22)
LATER = NOW + timedelta(hours=24)


async def begin(database: Database, name: str = "case", chat_id: int = SARA) -> Dialogue:
    async with database.transaction() as tx:
        return await citizens.begin(
            tx,
            chat_id=chat_id,
            citizen_id=SARA,
            name=name,
            step="kind",
            draft={"text": "سلام", "parts": [1, None]},
            now=NOW,
        )


async def current(database: Database, now: datetime = NOW, chat_id: int = SARA) -> Dialogue | None:
    async with database.reading() as tx:
        return await citizens.dialogue_of(tx, chat_id=chat_id, citizen_id=SARA, now=now)


async def test_what_was_said_so_far_is_kept_as_it_was(database: Database) -> None:
    begun = await begin(database)
    assert await current(database) == begun
    assert begun.draft == {"text": "سلام", "parts": [1, None]}
    assert begun.expires_at == LATER


async def test_a_new_flow_takes_the_place_of_the_old_one(database: Database) -> None:
    old, new = await begin(database), await begin(database, "survey")
    assert await current(database) == new
    assert old.token != new.token


async def test_the_end_of_an_old_run_does_not_end_the_new_one(database: Database) -> None:
    old, new = await begin(database), await begin(database)
    async with database.transaction() as tx:
        await citizens.end(tx, dialogue=old)
    assert await current(database) == new
    async with database.transaction() as tx:
        await citizens.end(tx, dialogue=new)
    assert await current(database) is None


async def test_a_step_keeps_the_run_and_begins_the_day_anew(database: Database) -> None:
    begun, at = await begin(database), NOW + timedelta(hours=23)
    async with database.transaction() as tx:
        further = await citizens.advance(
            tx, dialogue=begun, step="text", draft={"kind": "praise"}, now=at
        )
    assert await current(database, at + timedelta(hours=23)) == further
    assert (further.token, further.step, further.draft) == (
        begun.token,
        "text",
        {"kind": "praise"},
    )


async def test_a_flow_left_alone_for_a_day_is_over(database: Database) -> None:
    begun = await begin(database)
    assert await current(database, LATER - timedelta(seconds=1)) == begun
    assert await current(database, LATER) is None
    async with database.transaction() as tx:
        await citizens.forget_expired(tx, now=LATER - timedelta(seconds=1))
        assert await citizens.dialogues_of_all(tx, places=[(SARA, SARA)]) != {}
        await citizens.forget_expired(tx, now=LATER)
        assert await citizens.dialogues_of_all(tx, places=[(SARA, SARA)]) == {}


async def test_flows_in_two_chats_are_two(database: Database) -> None:
    private, group = await begin(database), await begin(database, "snooze", chat_id=-5)
    assert await current(database) == private
    assert await current(database, chat_id=-5) == group
    async with database.reading() as tx:
        found = await citizens.dialogues_of_all(
            tx, places=[(SARA, SARA), (-5, SARA), (-5, REZA), (REZA, REZA)]
        )
        assert found == {(SARA, SARA): private, (-5, SARA): group}
        assert await citizens.dialogues_of_all(tx, places=[]) == {}


async def test_whoever_is_in_a_flow_anywhere_is_talking(database: Database) -> None:
    await begin(database, chat_id=-5)
    async with database.reading() as tx:
        assert await citizens.is_talking(tx, citizen_id=SARA, now=NOW)
        assert not await citizens.is_talking(tx, citizen_id=SARA, now=LATER)
        assert not await citizens.is_talking(tx, citizen_id=REZA, now=NOW)


async def test_what_is_asked_for_every_update_reads_no_whole_table(
    plan_of: Callable[..., Awaitable[str]],
) -> None:
    async def gather(tx: Transaction) -> None:
        await citizens.recall_all(tx, citizen_ids=[SARA, REZA])
        await citizens.roles_of_all(tx, citizen_ids=[SARA, REZA])
        await citizens.dialogues_of_all(tx, places=[(SARA, SARA), (REZA, REZA)])

    plan = await plan_of(gather)
    assert plan.count("SEARCH") == 3
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan
