"""GET /metrics: what was done is counted there, and nothing about anybody."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.kit import metrics
from bot.kit.database import Database
from bot.kit.version import version
from bot.messenger.health import Examiner, Health, examine
from bot.messenger.health_page import health_page, page_of_all
from bot.outbox.use_cases import queue
from bot.simulator import FaultKind, Simulator
from tests.messenger.support import STAFF, EchoDesk, ManualClock, Start, eventually, say

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SARA, ALI = 1001, 1002


@pytest.fixture(autouse=True)
def counting() -> Iterator[None]:
    metrics.turn_on()
    yield
    metrics.turn_off()


async def page_of(database: Database) -> tuple[int, str]:
    examiner = Examiner(
        database,
        lambda: NOW - timedelta(seconds=7),
        lambda: NOW,
        lambda: NOW - timedelta(hours=1),
    )
    async with (
        health_page(examiner, 0) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        return answer.status, await answer.text()


def value_of(page: str, sample: str, **labels: str) -> float | None:
    for family in text_string_to_metric_families(page):
        for one in family.samples:
            if one.name == sample and one.labels == labels:
                return float(one.value)
    return None


async def test_how_the_durable_path_is_stands_on_the_page(database: Database) -> None:
    async with database.transaction() as tx:
        await queue(tx, "x", [say(1, "x"), say(1, "y")], NOW - timedelta(seconds=30))
    status, page = await page_of(database)
    assert status == 200
    assert value_of(page, "mizban_healthy") == 1
    assert value_of(page, "mizban_intake_age_seconds") == 7
    assert value_of(page, "mizban_outbox_oldest_seconds") == 30
    assert value_of(page, "mizban_outbox_waiting") == 2
    assert value_of(page, "mizban_inbox_waiting") == 0
    assert value_of(page, "mizban_backup_age_seconds") == 3600
    assert value_of(page, "mizban_build", version=version()) == 1
    assert (value_of(page, "mizban_commit_seconds_count") or 0) >= 1


async def test_several_bots_of_a_process_stand_on_one_page(database: Database) -> None:
    async with database.transaction() as tx:
        await queue(tx, "x", [say(1, "x")], NOW - timedelta(seconds=30))
    worse = await examine(database, NOW - timedelta(seconds=9), NOW)
    well = replace(worse, intake_age=1.0, oldest_message_age=None, waiting_messages=0)

    async def asked(*healths: Health | str) -> str:
        async def look(found: Health | str) -> Health | str:
            return found

        looks = {str(number): partial(look, one) for number, one in enumerate(healths)}
        async with (
            page_of_all(looks, 0) as port,
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/metrics") as answer,
        ):
            return await answer.text()

    page = await asked(well, worse)
    assert value_of(page, "mizban_healthy") == 1
    assert value_of(page, "mizban_intake_age_seconds") == 9
    assert value_of(page, "mizban_outbox_oldest_seconds") == 30
    assert value_of(page, "mizban_outbox_waiting") == 1
    page = await asked(well, "its token is not known")
    assert value_of(page, "mizban_healthy") == 0
    assert value_of(page, "mizban_intake_age_seconds") == 1


async def test_where_nothing_is_counted_there_is_no_page(database: Database) -> None:
    metrics.turn_off()
    assert (await page_of(database))[0] == 404


def counted(sample: str, **labels: str) -> float:
    meter = metrics.meter()
    assert meter is not None
    return value_of(meter.page()[0].decode(), sample, **labels) or 0.0


async def test_what_happens_to_updates_and_messages_is_counted_in_words_of_ours(
    start: Start, simulator: Simulator
) -> None:
    simulator.faults.order(FaultKind.TOO_MANY_REQUESTS, "sendMessage")
    clock = ManualClock()
    async with start(EchoDesk().desk(), clock=clock) as messenger:
        for text in ("09121234567", "no", "poison"):
            simulator.say(SARA, text)
        simulator.say(ALI, "hello")

        async def is_over() -> bool:
            clock.advance(seconds=20)
            messenger._arrived.set()
            messenger.wake()
            return bool(simulator.messages(STAFF))

        await eventually(is_over, 30)
    assert counted("mizban_updates_total") >= 3
    assert counted("mizban_refusals_total", kind="InvalidInput") >= 1
    assert counted("mizban_update_failures_total", error="Poison") == 5
    assert counted("mizban_sends_total", outcome="sent") >= 2
    assert counted("mizban_sends_total", outcome="wait") >= 1
    assert counted("mizban_too_many_requests_total") == 1
    assert counted("mizban_send_seconds_count", method="sendMessage") >= 2
    meter = metrics.meter()
    assert meter is not None
    families = text_string_to_metric_families(meter.page()[0].decode())
    labels = {
        value
        for family in families
        for one in family.samples
        for key, value in one.labels.items()
        if key != "le"
    }
    assert labels <= {"InvalidInput", "Poison", "sent", "wait", "retry", "sendMessage"}
