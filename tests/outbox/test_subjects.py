"""What messages are about, and what became of those that did not arrive."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.kit.database import Database
from bot.outbox import use_cases
from bot.outbox.model import Claimed, OutgoingMessage, Priority, Results, Said

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SARA, GROUP, SUPERGROUP = 11, -55, -1_000_000_000_055


def say(
    text: str,
    chat: int = GROUP,
    about: str | None = None,
    priority: Priority = Priority.NOTICE,
) -> OutgoingMessage:
    return OutgoingMessage(chat, "sendMessage", {"text": text}, priority, about=about)


async def given_queued(database: Database, *messages: OutgoingMessage, key: str = "u1") -> None:
    async with database.transaction() as tx:
        await use_cases.queue(tx, key, messages, NOW)


async def claim(database: Database, now: datetime = NOW) -> list[Claimed]:
    async with database.transaction() as tx:
        return await use_cases.claim(tx, now, 32)


async def record(database: Database, results: Results, now: datetime = NOW) -> None:
    async with database.transaction() as tx:
        await use_cases.record(tx, results, now)


async def given_said(database: Database, *said: Said) -> None:
    await record(database, Results(said=[*said]))


async def subject_of(
    database: Database, chat_id: int, message_id: int, reply_id: int | None = None
) -> str | None:
    async with database.reading() as tx:
        return await use_cases.subject_of(
            tx, chat_id=chat_id, message_id=message_id, reply_id=reply_id
        )


async def test_what_a_message_is_about_goes_with_it_and_stays_when_it_is_forgotten(
    database: Database,
) -> None:
    await given_queued(database, say("card", about="case:12"))
    (card,) = await claim(database)
    assert card.about == "case:12"
    await record(database, Results(sent=[card.id], said=[Said(GROUP, 7, "case:12")]))
    async with database.transaction() as tx:
        assert await use_cases.purge(tx, NOW + timedelta(days=8)) == 1
    assert await subject_of(database, GROUP, 7) == "case:12"
    assert await subject_of(database, GROUP, 8) is None
    assert await subject_of(database, SARA, 7) is None


async def test_a_message_that_was_changed_is_about_the_last_thing(database: Database) -> None:
    await given_said(database, Said(GROUP, 7, "do:note:12"))
    await given_said(database, Said(GROUP, 7, "case:12"))
    assert await subject_of(database, GROUP, 7) == "case:12"


async def test_what_somebody_else_wrote_can_be_about_something(database: Database) -> None:
    async with database.transaction() as tx:
        await use_cases.note_subject(tx, chat_id=SARA, message_id=3, about="case:4", now=NOW)
    assert await subject_of(database, SARA, 3) == "case:4"


@pytest.mark.parametrize("about", ["", "x" * 65])
def test_a_subject_has_one_to_sixty_four_characters(about: str) -> None:
    assert use_cases.pack("u1", [say("a", about="x" * 64)])[0].about == "x" * 64
    with pytest.raises(AssertionError):
        use_cases.pack("u1", [say("a", about=about)])


async def test_a_group_that_says_it_moved_is_followed(database: Database) -> None:
    await given_queued(database, say("a"))
    async with database.transaction() as tx:
        await use_cases.follow_move(tx, old_chat_id=GROUP, new_chat_id=SUPERGROUP, now=NOW)
    await given_queued(database, say("b"), key="u2")
    facts = [(one.params["text"], one.chat_id, one.moved_to) for one in await claim(database)]
    assert facts == [("a", SUPERGROUP, None), ("b", GROUP, SUPERGROUP)]


class TestAGroupThatBecameASupergroup:
    """Its messages are counted from one again, and old numbers mean something else there."""

    @pytest.fixture(autouse=True)
    async def moved(self, database: Database) -> None:
        await given_said(database, Said(GROUP, 500, "case:1"), Said(GROUP, 3, "case:2"))
        await record(database, Results(moved={GROUP: SUPERGROUP}))
        await given_said(database, Said(SUPERGROUP, 2, "case:9"))

    async def test_an_old_message_is_known_where_it_was_said(self, database: Database) -> None:
        assert await subject_of(database, GROUP, 500) == "case:1"

    async def test_a_new_message_is_known_by_its_new_number(self, database: Database) -> None:
        assert await subject_of(database, SUPERGROUP, 2, reply_id=4) == "case:9"

    async def test_a_reply_to_a_number_not_reached_yet_is_to_an_old_message(
        self, database: Database
    ) -> None:
        assert await subject_of(database, SUPERGROUP, 500, reply_id=5) == "case:1"

    async def test_a_new_message_about_nothing_is_not_taken_for_an_old_one(
        self, database: Database
    ) -> None:
        assert await subject_of(database, SUPERGROUP, 3, reply_id=5) is None
        assert await subject_of(database, SUPERGROUP, 3) is None


async def test_what_did_not_arrive_is_listed_until_somebody_was_told(database: Database) -> None:
    await given_queued(database, say("a", SARA, "case:12"), say("b", 22), say("c", 33, "case:13"))
    first, second, third = await claim(database)
    reasons = {first.id: "blocked", second.id: "blocked", third.id: "expired"}
    await record(database, Results(dead=reasons), NOW + timedelta(minutes=1))
    async with database.transaction() as tx:
        dead = await use_cases.undelivered(tx, since=NOW, limit=10)
        facts = [(one.chat_id, one.about, one.reason) for one in dead]
        assert facts == [(SARA, "case:12", "blocked"), (33, "case:13", "expired")]
        assert dead[0].ended_at == NOW + timedelta(minutes=1)
        await use_cases.note_told(tx, [dead[0].id])
        assert await use_cases.undelivered(tx, since=NOW, limit=10) == dead[1:]
        later = NOW + timedelta(minutes=2)
        assert await use_cases.undelivered(tx, since=later, limit=10) == []


async def test_an_answer_in_a_group_passes_the_notices_that_wait(database: Database) -> None:
    await given_queued(database, *(say(f"n{number}") for number in range(3)))
    (first,) = await claim(database)
    await given_queued(
        database,
        say("a1", priority=Priority.ANSWER),
        say("a2", priority=Priority.ANSWER),
        key="u2",
    )
    said = [first.params["text"]]
    await record(database, Results(sent=[first.id]))
    while claimed := await claim(database):
        (one,) = claimed
        said.append(one.params["text"])
        await record(database, Results(sent=[one.id]))
    assert said == ["n0", "a1", "a2", "n1", "n2"]


async def test_subjects_are_found_by_their_index(plan_of: Callable[..., Awaitable[str]]) -> None:
    plan = await plan_of(
        lambda tx: use_cases.subject_of(tx, chat_id=GROUP, message_id=9, reply_id=4)
    )
    assert "SCAN said_about" not in plan
    plan = await plan_of(lambda tx: use_cases.forget_subjects(tx, about=["case:12", "said:12"]))
    assert "SEARCH said_about USING INDEX ix_said_about_about" in plan
    plan = await plan_of(lambda tx: use_cases.undelivered(tx, since=NOW, limit=5))
    assert "ix_outbox_dead" in plan
