"""Who floods the desk waits; nobody else does, and no money and no place is lost by it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.inbox.tables import inbox
from bot.kit.clock import now
from bot.kit.database import Database, Transaction
from bot.messenger import admission as admitting
from bot.messenger.admission import Admission, chat_key_of
from bot.messenger.contract import RawUpdate
from bot.messenger.floods import OF_GROUP, OF_PERSON, WAITING_MAX, Floods, is_spared
from bot.messenger.intake import Intake
from bot.messenger.platforms import TELEGRAM
from bot.messenger.transport import BotApi
from bot.outbox.model import OutgoingMessage
from bot.outbox.tables import outbox
from bot.simulator import Simulator

SARA, REZA, GROUP = 1001, 1002, -1001
T = 1_800_000_000.0
BURST, GROUP_BURST = int(OF_PERSON.burst), int(OF_GROUP.burst)


def wrote(person: int = SARA, chat: int | None = None, **more: Any) -> RawUpdate:
    message = {"from": {"id": person, "is_bot": False}, "chat": {"id": chat or person}, **more}
    return {"update_id": 1, "message": message}


def pressed(person: int = SARA, chat: int | None = None) -> RawUpdate:
    content = {"from": {"id": person}, "message": {"chat": {"id": chat or person}, "date": 1}}
    return {"update_id": 1, "callback_query": content}


def passed(gate: Floods, batch: Sequence[object], at: float = T) -> list[object]:
    chats = [chat_key_of(one) if isinstance(one, dict) else 0 for one in batch]
    sifted = gate.sift(batch, chats, at)
    gate.settle(sifted, at)
    return sifted.kept


@pytest.mark.parametrize("one", [wrote(), pressed()], ids=["message", "press"])
def test_a_burst_passes_and_then_one_a_second(one: RawUpdate) -> None:
    gate = Floods()
    assert len(passed(gate, [one] * 1000)) == BURST
    assert passed(gate, [one], T + 0.5) == []
    assert len(passed(gate, [one] * 1000, T + 10.5)) == 10
    assert len(passed(gate, [one] * 1000, T + 9999)) == BURST
    assert gate.dropped_count == 3000 - 2 * BURST - 10 + 1


def test_one_person_who_floods_takes_nothing_from_another() -> None:
    gate = Floods()
    kept = passed(gate, [wrote(SARA)] * 500 + [wrote(REZA)] * 10)
    assert kept.count(wrote(REZA)) == 10


def test_colleagues_at_work_in_a_group_are_not_slowed_and_one_who_floods_it_is() -> None:
    gate, colleagues = Floods(), range(2001, 2007)
    for second in range(0, 600, 10):  # each of six presses and writes every five seconds
        batch = [pressed(one, GROUP) for one in colleagues] * 2
        batch += [wrote(one, GROUP) for one in colleagues] * 2
        assert passed(gate, batch, T + second) == batch
    flood = passed(gate, [wrote(2001, GROUP)] * 1000, T + 600)
    assert len(flood) == BURST
    assert passed(gate, [wrote(2002, GROUP)] * 20, T + 601) == [wrote(2002, GROUP)] * 20


def test_a_group_of_many_floods_no_more_than_a_group_may() -> None:
    crowd = [wrote(person, GROUP) for person in range(1, 1000)]
    assert len(passed(Floods(), crowd)) == GROUP_BURST


def test_anonymous_admins_of_two_groups_do_not_share_a_bucket() -> None:
    gate, nobody = Floods(), {"id": 1087968824, "is_bot": True}
    for chat in (GROUP, GROUP - 1):
        assert (
            len(
                passed(
                    gate,
                    [wrote(chat=chat) | {"message": {"from": nobody, "chat": {"id": chat}}}] * 50,
                )
            )
            == 50
        )


def test_what_was_written_over_an_hour_without_a_desk_is_all_read() -> None:
    missed = [wrote(date=int(T) - 3600 + 20 * number) for number in range(180)]
    assert passed(Floods(), missed) == missed


def test_a_moment_in_the_future_or_none_at_all_fills_no_bucket() -> None:
    gate = Floods()
    odd: list[object] = [10**12, -5, "x", None, True, 2**80]
    batch = [wrote(date=moment) for moment in odd] * 100
    assert len(passed(gate, batch)) == BURST


@pytest.mark.parametrize(
    "spared",
    [
        {"pre_checkout_query": {"from": {"id": SARA}}},
        {"my_chat_member": {"from": {"id": SARA}, "chat": {"id": GROUP}}},
        {"message": {"chat": {"id": SARA}, "from": {"id": SARA}, "successful_payment": {}}},
        {"message": {"chat": {"id": GROUP}, "migrate_to_chat_id": 5}},
    ],
    ids=["checkout", "membership", "receipt", "move"],
)
def test_money_and_where_the_desk_belongs_are_never_dropped(spared: RawUpdate) -> None:
    gate = Floods()
    passed(gate, [wrote(), wrote(SARA, GROUP)] * 500)
    assert is_spared(spared)
    assert passed(gate, [spared] * 500) == [spared] * 500


def test_a_batch_that_is_fetched_again_is_judged_alike() -> None:
    gate = Floods()
    batch = [wrote()] * (BURST - 5)
    for _ in range(5):
        assert gate.sift(batch, [SARA] * len(batch), T).kept == batch
    assert passed(gate, batch) == batch
    assert len(passed(gate, batch)) == 5


def test_it_is_said_once_a_minute_to_each_chat() -> None:
    gate = Floods()
    chats = [SARA] * 100 + [REZA] * 100
    said = []
    for second in (0, 1, 30, 59, 60, 61, 119, 120):
        sifted = gate.sift([wrote(chat) for chat in chats], chats, T + second)
        gate.settle(sifted, T + second)
        said.append([chat_key_of(one) for one in sifted.told])
    assert said == [[SARA, REZA], [], [], [], [SARA, REZA], [], [], [SARA, REZA]]


def test_memory_stays_bounded_whoever_comes() -> None:
    gate = Floods()
    for hour in range(30):
        people = range(hour * 1000 + 1, hour * 1000 + 1001)
        passed(gate, [wrote(person) for person in people], T + 3600 * hour)
    assert len(gate._buckets) < 10_000


_any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["from", "chat", "message", "id", "date", "edit_date", "is_bot", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(batch=st.lists(_any | st.dictionaries(st.sampled_from(["message", "poll"]), _any)))
def test_updates_of_any_shape_are_borne(batch: list[object]) -> None:
    gate = Floods()
    assert len(passed(gate, batch)) <= len(batch)


class Words:
    """Says "slower" where the desk would find words."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(
        self, _tx: Transaction, update: RawUpdate, _now: datetime
    ) -> list[OutgoingMessage]:
        self.count += 1
        return [OutgoingMessage(chat_key_of(update), "sendMessage", {"text": "slower"})]


async def count_of(database: Database, table: Any, **where: object) -> int:
    query = select(func.count()).select_from(table)
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    async with database.reading() as tx:
        return int(await tx.scalar(query) or 0)


async def test_through_the_intake_a_flood_is_dropped_and_told_and_others_are_kept(
    simulator: Simulator, database: Database, api: BotApi
) -> None:
    words, stop, gate = Words(), asyncio.Event(), Floods()
    admission = Admission(
        database,
        api.bot_id,
        clock=now,
        arrived=asyncio.Event(),
        gate=gate,
        slow_down=words,
    )
    intake = Intake(api, admission)
    for _ in range(300):
        simulator.say(SARA, "x")
    simulator.say(REZA, "kept")
    async with asyncio.TaskGroup() as group:
        group.create_task(intake.run(stop))
        await simulator.until(lambda: len(simulator.journal.of("getUpdates")) >= 5)
        stop.set()
        intake.interrupt()
    assert await count_of(database, inbox, chat_key=REZA) == 1
    mine = await count_of(database, inbox, chat_key=SARA)
    assert BURST <= mine <= BURST + 10
    assert gate.dropped_count == 300 - mine
    assert words.count == 1
    assert await count_of(database, outbox, chat_id=SARA) == 1


class Platform:
    """Hands out what it was given, batch by batch, and then is silent."""

    bot_id, platform = 5, TELEGRAM

    def __init__(self, *batches: list[RawUpdate]) -> None:
        self.batches = list(batches)
        self.emptied = asyncio.Event()

    async def call(self, *_: object, **__: object) -> list[RawUpdate]:
        if self.batches:
            return self.batches.pop(0)
        self.emptied.set()
        await asyncio.sleep(3600)
        return []


async def test_of_a_chat_in_a_hurry_no_more_than_so_many_wait(database: Database) -> None:
    moment, ids = now(), count(1)

    def clock() -> datetime:
        nonlocal moment
        moment += timedelta(seconds=20)  # so that the bucket is never quite empty
        return moment

    people = [SARA] * 25 + [REZA]
    batches = [[wrote(one) | {"update_id": next(ids)} for one in people] for _ in range(12)]
    receipt = wrote(SARA, successful_payment={}) | {"update_id": next(ids)}
    platform, stop = Platform(*batches, [receipt]), asyncio.Event()
    admission = Admission(
        database, platform.bot_id, clock=clock, arrived=asyncio.Event(), gate=Floods()
    )
    intake = Intake(cast("BotApi", platform), admission)
    async with asyncio.TaskGroup() as group:
        group.create_task(intake.run(stop))
        await asyncio.wait_for(platform.emptied.wait(), 10)
        stop.set()
        intake.interrupt()
    assert await count_of(database, inbox, chat_key=SARA) == WAITING_MAX + 1, "and the receipt"
    assert await count_of(database, inbox, chat_key=REZA) == 12


async def test_what_is_posted_twice_costs_nobody_anything(database: Database) -> None:
    gate, moment = Floods(), now()
    admission = Admission(database, 5, clock=lambda: moment, arrived=asyncio.Event(), gate=gate)
    updates = [wrote() | {"update_id": number} for number in range(1, BURST + 1)]
    for update in updates:
        await admission.admit([update, update])
        await admission.admit([update])
    await admission.admit(updates)
    assert gate.dropped_count == 0
    assert await count_of(database, inbox, chat_key=SARA) == BURST
    too_much = wrote() | {"update_id": BURST + 1}
    for _ in range(2):  # what was dropped is as new as before when it comes again
        await admission.admit([too_much])
    assert gate.dropped_count == 2


async def test_what_comes_again_is_not_dropped_for_what_waits(database: Database) -> None:
    moment = now()
    admission = Admission(
        database, 5, clock=lambda: moment, arrived=asyncio.Event(), gate=Floods()
    )
    for first in range(0, WAITING_MAX, 20):
        moment += timedelta(seconds=60)
        await admission.admit(
            [wrote() | {"update_id": number} for number in range(first, first + 20)]
        )
    in_a_hurry = [wrote() | {"update_id": 1000 + number} for number in range(25)]
    said = await admission.admit([wrote() | {"update_id": 0}, *in_a_hurry])
    assert said.kept == 1, "what is kept already; of the others too many wait"


async def test_of_numbers_only_the_last_are_remembered(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admitting, "_LATELY_MAX", 10)
    admission = Admission(database, 5, clock=now, arrived=asyncio.Event(), gate=Floods())
    for number in range(30):
        await admission.admit([wrote(2000 + number) | {"update_id": number}])
    assert list(admission._lately) == list(range(20, 30))
