from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.kit.database import Database
from bot.outbox import rules, use_cases
from bot.outbox.model import Claimed, OutgoingMessage, Priority, Results
from bot.outbox.repository import OutboxRepository
from bot.outbox.tables import outbox

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SARA, REZA, MINA = 11, 22, 33


def say(text: str, chat: int = SARA, priority: Priority = Priority.ANSWER) -> OutgoingMessage:
    return OutgoingMessage(chat, "sendMessage", {"text": text}, priority)


async def given_queued(database: Database, *messages: OutgoingMessage, key: str = "u1") -> None:
    async with database.transaction() as tx:
        await use_cases.queue(tx, key, messages, NOW)


async def claim(
    database: Database,
    now: datetime = NOW,
    limit: int = 32,
    lowest: Priority = Priority.NOTICE,
) -> list[Claimed]:
    async with database.transaction() as tx:
        return await use_cases.claim(tx, now, limit, lowest=lowest)


async def record(database: Database, results: Results, now: datetime = NOW) -> None:
    async with database.transaction() as tx:
        await use_cases.record(tx, results, now)


def texts(claimed: list[Claimed]) -> list[object]:
    return [message.params["text"] for message in claimed]


async def test_the_same_key_is_queued_once(database: Database) -> None:
    await given_queued(database, say("a"), say("b"))
    await given_queued(database, say("a"), say("b"))
    async with database.reading() as tx:
        keys = (await tx.scalars(select(outbox.c.dedupe_key))).all()
    assert keys == ["u1:0", "u1:1"]


async def test_what_was_sent_no_longer_says_to_which_person(database: Database) -> None:
    await given_queued(database, say("a"), say("b", -100))
    await record(database, Results(sent=[message.id for message in await claim(database)]))
    async with database.reading() as tx:
        query = select(outbox.c.chat_id, outbox.c.params).order_by(outbox.c.id)
        rows = (await tx.execute(query)).all()
    assert [tuple(row) for row in rows] == [(0, None), (-100, None)]


async def test_each_chat_is_told_one_thing_at_a_time_in_order(database: Database) -> None:
    await given_queued(database, say("a"), say("b"), say("c", REZA))
    first = await claim(database)
    assert texts(first) == ["a", "c"]
    assert await claim(database) == []
    await record(database, Results(sent=[message.id for message in first]))
    assert texts(await claim(database)) == ["b"]


async def test_a_claim_that_is_not_accounted_for_returns_after_the_lease(
    database: Database,
) -> None:
    await given_queued(database, say("a"), say("b"))
    await claim(database)
    assert await claim(database, NOW + rules.LEASE - timedelta(seconds=1)) == []
    (again,) = await claim(database, NOW + rules.LEASE)
    assert (again.params["text"], again.attempts) == ("a", 2)


async def test_a_new_sender_takes_over_at_once_what_the_last_one_held(database: Database) -> None:
    await given_queued(database, say("a"), say("b", REZA))
    (sara, _) = await claim(database)
    later = NOW + timedelta(minutes=1)
    await record(database, Results(retry_at={sara.id: later}))
    async with database.transaction() as tx:
        await use_cases.take_over(tx, NOW)
    assert texts(await claim(database)) == ["b"]


async def test_answers_go_before_notices(database: Database) -> None:
    await given_queued(database, *(say("n", chat, Priority.NOTICE) for chat in range(100, 110)))
    await given_queued(database, say("a"), key="u2")
    assert texts(await claim(database, limit=2)) == ["a", "n"]


async def test_a_notice_before_an_answer_goes_with_it_and_keeps_its_place(
    database: Database,
) -> None:
    await given_queued(database, *(say("n", chat, Priority.NOTICE) for chat in range(100, 110)))
    await given_queued(database, say("notice", SARA, Priority.NOTICE), key="u2")
    await given_queued(database, say("answer"), key="u3")
    (first,) = await claim(database, limit=1)
    assert first.params["text"] == "notice"
    await record(database, Results(sent=[first.id]))
    assert texts(await claim(database, limit=1)) == ["answer"]


async def test_notices_can_be_left_where_they_are(database: Database) -> None:
    await given_queued(database, say("n", REZA, Priority.NOTICE), say("a"))
    assert texts(await claim(database, lowest=Priority.ANSWER)) == ["a"]


async def test_what_was_said_is_blank(database: Database) -> None:
    await given_queued(database, say("a"), say("b", REZA))
    (sara, reza) = await claim(database)
    await record(database, Results(sent=[sara.id], dead={reza.id: "blocked"}))
    async with database.reading() as tx:
        rows = (await tx.execute(select(outbox.c.params, outbox.c.state, outbox.c.reason))).all()
        assert await OutboxRepository(tx).count_dead() == 1
    assert [tuple(row) for row in rows] == [(None, "sent", None), (None, "dead", "blocked")]


async def test_a_postponed_message_holds_its_chat_but_no_other(database: Database) -> None:
    await given_queued(database, say("a"), say("b"), say("c", REZA))
    (sara, reza) = await claim(database)
    later = NOW + timedelta(seconds=7)
    await record(database, Results(retry_at={sara.id: later}, sent=[reza.id]))
    assert await claim(database) == []
    async with database.reading() as tx:
        assert await use_cases.next_run_at(tx) == later
    assert texts(await claim(database, later)) == ["a"]


async def test_a_chat_that_moved_takes_its_messages_along(database: Database) -> None:
    await given_queued(database, say("a"), say("b"))
    (first,) = await claim(database)
    await record(database, Results(moved={SARA: MINA}, retry_at={first.id: NOW}))
    (again,) = await claim(database)
    assert (again.chat_id, again.params["text"]) == (MINA, "a")
    await given_queued(database, say("late", SARA), key="u2")
    (late,) = await claim(database)
    assert (late.chat_id, late.moved_to) == (SARA, MINA)


async def test_an_unreachable_chat_is_known_until_it_speaks(database: Database) -> None:
    await given_queued(database, say("a"), say("b"), say("c", REZA))
    (sara, _) = await claim(database)
    await record(database, Results(dead={sara.id: "blocked"}, unreachable={SARA: "blocked"}))
    (second,) = await claim(database)
    assert second.unreachable == "blocked"
    async with database.transaction() as tx:
        await use_cases.heard_from(tx, [SARA])
    again = await claim(database, NOW + rules.LEASE)
    assert [message.unreachable for message in again] == [None, None]


async def test_a_late_refusal_does_not_silence_a_person_who_is_back(database: Database) -> None:
    await given_queued(database, say("before"), say("b", REZA))
    (sara, reza) = await claim(database)
    async with database.transaction() as tx:
        await use_cases.heard_from(tx, [SARA])
    late = Results(
        dead={sara.id: "blocked", reza.id: "blocked"},
        unreachable={SARA: "blocked", REZA: "blocked"},
    )
    await record(database, late)
    await given_queued(database, say("answer"), say("notice", REZA), key="u2")
    facts = [(m.params["text"], m.unreachable) for m in await claim(database)]
    assert facts == [("answer", None), ("notice", "blocked")]


async def test_whoever_blocks_again_later_is_unreachable_again(database: Database) -> None:
    await given_queued(database, say("a"), say("b"), say("c"))
    (first,) = await claim(database)
    async with database.transaction() as tx:
        await use_cases.heard_from(tx, [SARA])
    await record(database, Results(dead={first.id: "blocked"}, unreachable={SARA: "blocked"}))
    (second,) = await claim(database)
    await record(database, Results(dead={second.id: "blocked"}, unreachable={SARA: "blocked"}))
    (third,) = await claim(database)
    assert third.unreachable == "blocked"


@pytest.mark.parametrize("end", ["sent", "dead"])
async def test_what_has_ended_stays_ended_whatever_is_heard_of_it_later(
    database: Database, end: str
) -> None:
    await given_queued(database, say("a"))
    (first,) = await claim(database)
    is_sent = end == "sent"
    await record(database, Results(sent=[first.id]) if is_sent else Results(dead={first.id: "x"}))
    late = NOW + timedelta(minutes=1)
    await record(database, Results(sent=[first.id]), late)
    await record(database, Results(dead={first.id: "y"}, unreachable={SARA: "y"}), late)
    await record(database, Results(retry_at={first.id: late}), late)
    async with database.reading() as tx:
        row = (await tx.execute(select(outbox.c.state, outbox.c.reason, outbox.c.done_at))).one()
    assert tuple(row) == (end, None if is_sent else "x", NOW)
    await given_queued(database, say("b"), key="u2")
    (second,) = await claim(database)
    assert second.unreachable is None


async def test_what_is_known_of_one_chat_is_not_said_of_another(database: Database) -> None:
    await record(database, Results(unreachable={SARA: "blocked"}, moved={MINA: 44}))
    await given_queued(database, say("a"), say("b", REZA))
    facts = [(m.chat_id, m.unreachable, m.moved_to) for m in await claim(database)]
    assert facts == [(SARA, "blocked", None), (REZA, None, None)]


async def test_what_ended_a_week_ago_is_forgotten(database: Database) -> None:
    await given_queued(database, say("a"), say("b", REZA), say("c", MINA))
    (sara, reza, _) = await claim(database)
    await record(database, Results(sent=[sara.id], dead={reza.id: "blocked"}))
    async with database.transaction() as tx:
        assert await use_cases.purge(tx, NOW + timedelta(days=6)) == 0
        assert await use_cases.purge(tx, NOW + timedelta(days=7, seconds=1)) == 2


async def test_a_message_that_cannot_be_written_out_is_refused_before_the_queue() -> None:
    with pytest.raises(TypeError):
        use_cases.pack("u1", [OutgoingMessage(SARA, "sendMessage", {"text": object()})])


async def test_the_next_message_is_found_without_walking_through_history(
    plan_of: Callable[..., Awaitable[str]],
) -> None:
    plan = await plan_of(lambda tx: use_cases.claim(tx, NOW, 32))
    assert "SEARCH outbox USING INDEX ix_outbox_queued (priority<?) |" in plan
    assert plan.count("SEARCH chat_standing") == 2
    assert "INDEX ix_outbox_queued_of_chat" in plan
    assert "TEMP B-TREE" not in plan
    plan = await plan_of(use_cases.next_run_at)
    assert "USING INDEX ix_outbox_queued" in plan


def test_pauses_grow_to_two_minutes_and_no_further() -> None:
    pauses = [rules.pause_after(attempts) for attempts in range(1, 40)]
    assert pauses[:4] == [timedelta(seconds=n) for n in (1, 2, 4, 8)]
    assert max(pauses) == timedelta(minutes=2)
    assert pauses == sorted(pauses)
