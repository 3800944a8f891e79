"""What is posted is kept before it is confirmed, once, and by nobody who lacks the secret."""

import asyncio
import gzip
import json
import logging
import math
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.inbox.model import LetterState
from bot.inbox.tables import inbox
from bot.kit.clock import now
from bot.kit.database import Database
from bot.messenger import listener as listening
from bot.messenger import webhook
from bot.messenger.admission import Admission
from bot.messenger.floods import Floods
from bot.messenger.listener import BODY_BYTES_MAX, SECRET_HEADER
from bot.messenger.platforms import BALE, TELEGRAM
from bot.messenger.reading import dumps
from bot.messenger.webhook_address import Address
from bot.simulator import BALE as BALE_PROFILE
from bot.simulator import FaultKind, Simulator
from bot.simulator.updates import Queued
from tests.messenger.conftest import Place
from tests.messenger.posting import REZA, SARA, SECRET, Posted, posted_to, wrote
from tests.messenger.support import EchoDesk, ManualClock, eventually, set_pages_max

HIDDEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"


@pytest.fixture
async def echo() -> EchoDesk:
    return EchoDesk()


@pytest.fixture
async def posted(database: Database, place: Place, echo: EchoDesk) -> AsyncIterator[Posted]:
    async with posted_to(database, place.simulator, place.address, echo.desk()) as desk:
        yield desk


@asynccontextmanager
async def nobody_keeps_anything(database: Database) -> AsyncIterator[None]:
    async with database.transaction() as tx:
        if database.is_shared:  # where writers do not stand in one line
            await tx.exec_driver_sql("LOCK TABLE inbox IN SHARE MODE")
        yield


async def count(database: Database) -> int:
    async with database.reading() as tx:
        return int(await tx.scalar(select(func.count()).select_from(inbox)) or 0)


async def is_all_done(database: Database, known: int) -> bool:
    async with database.reading() as tx:
        done = await tx.scalar(select(func.count()).where(inbox.c.state == LetterState.DONE))
    return done == known


async def test_people_who_speak_are_answered_in_order_and_no_poll_is_made(
    posted: Posted, simulator: Simulator, echo: EchoDesk
) -> None:
    for number in range(5):
        simulator.say(SARA, str(number))
    await simulator.until(lambda: len(simulator.journal.of("sendMessage")) == 5)
    assert echo.heard == ["0", "1", "2", "3", "4"]
    assert not simulator.world.updates.pending
    assert simulator.journal.of("getUpdates") == []
    (call,) = simulator.journal.of("setWebhook")
    assert call.params["secret_token"] == SECRET
    assert call.params["max_connections"] == 40
    assert "pre_checkout_query" in call.params["allowed_updates"]
    assert call.params["url"] == posted.address.url


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(SECRET_HEADER, "")],
        [(SECRET_HEADER, SECRET[:-1])],
        [(SECRET_HEADER, SECRET + "x")],
        [(SECRET_HEADER, SECRET.lower())],
        [(SECRET_HEADER, SECRET), (SECRET_HEADER, SECRET)],
        [(SECRET_HEADER, SECRET), (SECRET_HEADER, "x")],
        [(SECRET_HEADER, "é")],
        [("Authorization", SECRET)],
    ],
)
async def test_without_the_one_secret_nothing_is_kept(
    posted: Posted, database: Database, headers: list[tuple[str, str]]
) -> None:
    assert await posted.post(wrote(1, "hello"), headers=headers) == 403
    assert await count(database) == 0


async def test_at_another_door_nothing_is_kept(posted: Posted, database: Database) -> None:
    door = posted.address.door
    for wrong in ("", "x", door[:-1], door + "x", door.lower(), f"{door}/", f"%20{door}"):
        assert await posted.post(wrote(1, "hello"), door=wrong) == 403, wrong
    assert await posted.post(wrote(1, "hello"), verb="GET") == 405
    assert await posted.post(wrote(1, "hello"), verb="PUT") == 405
    assert await count(database) == 0


async def test_secrets_are_compared_in_constant_time(
    posted: Posted, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(listening.hmac, "compare_digest", compare)
    assert await posted.post(wrote(1, "x"), headers=[(SECRET_HEADER, "guess")]) == 403
    assert compared[-1] == (b"guess", SECRET.encode())
    assert compared[0] == (posted.address.door.encode(), posted.address.door.encode())


async def test_200_comes_only_after_the_commit(posted: Posted, database: Database) -> None:
    async with nobody_keeps_anything(database):
        posting = asyncio.ensure_future(posted.post(wrote(1, "hello")))
        await asyncio.sleep(0.1)
        assert not posting.done()
    assert await posting == 200
    assert await count(database) == 1


async def test_the_same_update_many_times_at_once_is_kept_once(
    posted: Posted, database: Database, echo: EchoDesk
) -> None:
    updates = [wrote(number, f"n{number}") for number in range(1, 11)]
    said = [posted.post(update) for update in updates for _ in range(5)]
    assert set(await asyncio.gather(*said)) == {200}
    assert await posted.post(updates[0]) == 200
    assert await count(database) == 10
    await eventually(lambda: is_all_done(database, 10))
    assert sorted(echo.heard) == sorted(f"n{number}" for number in range(1, 11))


JUNK: list[Any] = [
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"{",
    b"{}",
    b"\x00\xff\xfe",
    b'{"update_id": "5"}',
    b'{"update_id": 5.0}',
    b'{"update_id": true}',
    b'{"update_id": null, "message": {}}',
    b'{"update_id": 99999999999999999999}',
    b'[{"update_id": 5}]',
    b"[" * 100_000,
    b'{"update_id": 5, "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
]


@pytest.mark.parametrize("body", JUNK)
async def test_junk_with_the_secret_is_passed_over_for_good_and_not_repeated_in_the_log(
    posted: Posted, database: Database, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert await posted.post(body) == 200
    assert await count(database) == 0
    assert await posted.post(wrote(1, "after")) == 200
    assert await count(database) == 1
    assert "update" in caplog.text
    assert SECRET not in caplog.text
    assert posted.address.door not in caplog.text


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
_updates = st.fixed_dictionaries(
    {"update_id": st.integers(0, 2**40) | _values},
    optional={
        "message": _values | st.fixed_dictionaries({"chat": _values, "from": _values}),
        "callback_query": _values,
        "pre_checkout_query": _values,
    },
)


async def test_whatever_is_posted_the_answer_is_200_and_the_desk_goes_on(
    posted: Posted, simulator: Simulator
) -> None:
    drawn: list[bytes] = []

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=200) | _updates.map(lambda value: json.dumps(value).encode()))
    def draw(body: bytes) -> None:
        drawn.append(body)

    await asyncio.to_thread(draw)
    for body in drawn:
        assert await posted.post(body) == 200, body
    simulator.say(SARA, "still there")
    await simulator.until(
        lambda: any(
            call.params.get("text") == "echo still there"
            for call in simulator.journal.of("sendMessage")
        )
    )


async def test_a_body_that_is_too_long_is_refused_before_it_is_read(
    posted: Posted, database: Database
) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while taken < 100_000:
            taken += 1
            yield b" " * 65_536

    assert await posted.post(BytesIO(b" " * (BODY_BYTES_MAX + 1))) == 413
    assert await posted.post(endless()) == 413
    assert taken < 100_000, "six gigabytes are not listened to"
    long = BytesIO(dumps(wrote(2, "x" * (BODY_BYTES_MAX - 1000))))
    assert await posted.post(long) == 200, "just below the limit it is kept"
    assert await count(database) == 1


async def test_a_packed_body_is_not_unpacked(posted: Posted, database: Database) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    known = [(SECRET_HEADER, SECRET), ("Content-Encoding", "gzip")]
    assert await posted.post(bomb, headers=known) == 415
    assert await count(database) == 0


async def test_a_body_that_never_ends_is_waited_for_so_long_and_others_meanwhile(
    database: Database, place: Place, echo: EchoDesk
) -> None:
    async with posted_to(
        database, place.simulator, place.address, echo.desk(), body_seconds=0.3
    ) as posted:
        head = (
            f"POST /mizban/{posted.address.door} HTTP/1.1\r\nHost: x\r\n"
            f"{SECRET_HEADER}: {SECRET}\r\nContent-Length: 100\r\n\r\n" + '{"update_id": 1'
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", posted.listener.port)
        writer.write(head.encode())
        assert await posted.post(wrote(2, "meanwhile")) == 200
        async with asyncio.timeout(5):
            assert b"408" in await reader.readline()
            await reader.read()
        writer.close()
        assert await count(database) == 1


async def test_who_ends_the_connection_in_the_middle_leaves_nothing(
    posted: Posted, database: Database
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", posted.listener.port)
    head = f"POST /mizban/{posted.address.door} HTTP/1.1\r\nHost: x\r\n"
    writer.write(f"{head}{SECRET_HEADER}: {SECRET}\r\nContent-Length: 100\r\n\r\n{{".encode())
    await writer.drain()
    writer.transport.abort()
    assert await posted.post(wrote(2, "after")) == 200
    assert await count(database) == 1


@pytest.mark.about_a_file("fills the disk of the file")
async def test_a_full_disk_is_503_with_a_time_and_nothing_is_lost_of_it(
    database: Database, place: Place, echo: EchoDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "_TROUBLE_SECONDS", 1)
    simulator = place.simulator
    with closing(sqlite3.connect(str(database._engine.url.database))) as connection:
        connection.execute("VACUUM")  # Migrations leave pages that are free.
    async with posted_to(database, simulator, place.address, echo.desk()) as posted:
        async with database.transaction() as tx:
            pages = (await tx.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await set_pages_max(database, pages)
        known = {SECRET_HEADER: SECRET}
        async with posted.session.post(
            posted.address.url, json=wrote(1, "y" * 60_000), headers=known
        ) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "1")
        for _ in range(10):
            simulator.say(SARA, "x" * 4000)
        await simulator.until(lambda: bool(simulator.world.webhook.last_error))
        assert "503" in simulator.world.webhook.last_error
        await set_pages_max(database, 1_000_000)
        await simulator.until(lambda: len(echo.heard) == 10)
        assert not simulator.world.updates.pending


async def test_what_comes_in_when_too_much_waits_is_turned_away_until_there_is_room(
    database: Database, place: Place, echo: EchoDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "_UNANSWERED_MAX", 3)
    monkeypatch.setattr(webhook, "_COUNTED_EVERY_SECONDS", 0.0)
    gate = asyncio.Event()

    async def prepare(_: object) -> None:
        await gate.wait()

    desk = replace(echo.desk(), prepare=prepare)
    async with posted_to(database, place.simulator, place.address, desk) as posted:
        said = [await posted.post(wrote(number, "x", number)) for number in range(1, 9)]
        assert said == [200] * 4 + [503] * 4
        gate.set()

        async def is_let_in() -> bool:
            return await posted.post(wrote(9, "x")) == 200

        await eventually(is_let_in)


async def test_a_flood_is_dropped_without_being_posted_again_and_others_are_kept(
    database: Database, place: Place, echo: EchoDesk
) -> None:
    gate = Floods()
    async with posted_to(
        database, place.simulator, place.address, echo.desk(), floods=gate
    ) as posted:
        said = [posted.post(wrote(number, "x")) for number in range(1, 121)]
        assert set(await asyncio.gather(*said)) <= {200, 503}
        assert await posted.post(wrote(500, "kept", REZA)) == 200
        async with database.reading() as tx:
            query = select(func.count()).where(inbox.c.update_id == 500)
            assert await tx.scalar(query) == 1
    assert gate.dropped_count > 20


async def test_an_idle_connection_is_kept(posted: Posted) -> None:
    head = f"POST /mizban/{posted.address.door} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}"
    body = json.dumps(wrote(1, "x"))
    request = f"{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", posted.listener.port)
    for _ in range(3):
        writer.write(request)
        assert b" 200 " in await reader.readuntil(b"\r\n")
        await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def test_on_bale_the_door_is_the_secret_and_what_it_leaves_out_is_put_back(
    database: Database, echo: EchoDesk
) -> None:
    simulator = Simulator(profile=BALE_PROFILE)
    async with (
        simulator.serve() as address,
        posted_to(database, simulator, address, echo.desk(), platform=BALE) as posted,
    ):
        (call,) = simulator.journal.of("setWebhook")
        assert set(call.params) == {"url"}
        simulator.say(SARA, "سلام")
        await simulator.until(lambda: len(simulator.journal.of("sendMessage")) == 1)
        press = {"id": "1", "from": {"id": SARA}, "data": "x"}
        update = {"update_id": 7, "callback_query": press}
        assert await posted.post(update, headers=[]) == 200
        assert await posted.post(update, headers=[], door="x" * 43) == 403
    assert echo.heard == ["سلام"]


async def test_a_webhook_that_somebody_took_away_is_set_again(
    database: Database, place: Place, echo: EchoDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "_LOOKED_AT_EVERY_SECONDS", 0.02)
    simulator = place.simulator
    async with posted_to(database, simulator, place.address, echo.desk()):
        simulator.world.webhook.set("", "", 0)
        simulator.say(SARA, "hello")
        await simulator.until(lambda: echo.heard == ["hello"])
        assert len(simulator.journal.of("setWebhook")) == 2


async def test_a_quiet_night_is_no_illness_and_a_platform_that_cannot_post_here_is(
    database: Database,
    place: Place,
    echo: EchoDesk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(webhook, "_LOOKED_AT_EVERY_SECONDS", 0.02)
    clock, simulator = ManualClock(), place.simulator
    async with posted_to(database, simulator, place.address, echo.desk(), clock=clock) as posted:
        messenger = posted.messenger
        for _ in range(3):
            clock.advance(hours=1)
            asked = len(simulator.journal.of("getWebhookInfo"))
            await simulator.until(
                lambda asked=asked: len(simulator.journal.of("getWebhookInfo")) > asked + 1
            )
            assert (await messenger.health()).is_healthy, "nobody wrote, and nothing is wrong"
        simulator.world.updates.pending.append(Queued(1, "raw", b"{}"))
        simulator.world.webhook._resting_until["raw"] = math.inf
        simulator.world.webhook.last_error = (
            f"Wrong response from the webhook: 502 at {posted.address.url}, token {HIDDEN}"
        )
        simulator.world.webhook.last_error_on = int(clock().timestamp()) + 1
        asked = len(simulator.journal.of("getWebhookInfo"))
        await simulator.until(lambda: len(simulator.journal.of("getWebhookInfo")) > asked + 1)
        clock.advance(minutes=2)
        assert not (await messenger.health()).is_healthy
    assert "the platform cannot post here: Wrong response" in caplog.text
    assert posted.address.door not in caplog.text
    assert HIDDEN not in caplog.text


@pytest.mark.parametrize(
    "kind", [FaultKind.SERVER_ERROR, FaultKind.TOO_MANY_REQUESTS, FaultKind.UNAUTHORIZED]
)
async def test_setting_it_is_tried_again_until_the_platform_takes_it(
    database: Database, place: Place, echo: EchoDesk, kind: FaultKind
) -> None:
    place.simulator.faults.order(kind, "setWebhook", retry_after=1)
    async with posted_to(database, place.simulator, place.address, echo.desk()):
        assert len(place.simulator.journal.of("setWebhook")) == 2


async def test_told_to_stop_it_finishes_what_was_begun_and_hears_no_more(
    posted: Posted, database: Database
) -> None:
    async with nobody_keeps_anything(database):
        posting = asyncio.ensure_future(posted.post(wrote(1, "hello")))
        await asyncio.sleep(0.1)
        posted.stop.set()
        await asyncio.sleep(0.1)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", posted.listener.port)
    assert await posting == 200
    assert await count(database) == 1


class Silent:
    """A platform that never answers."""

    bot_id, platform = 5, TELEGRAM

    async def call(self, *_: object, **__: object) -> None:
        await asyncio.sleep(3600)


async def test_cut_short_before_the_commit_it_confirms_nothing_and_leaves_nobody_waiting(
    database: Database,
) -> None:
    silent: Any = Silent()
    listener = listening.Listener()
    posts = webhook.Posts(listener, listener.add(Address("", "door", None)))
    admission = Admission(database, 5, clock=now, arrived=asyncio.Event())
    hook = webhook.Webhook(database, silent, admission, posts, clock=now)
    running = asyncio.ensure_future(hook.run(asyncio.Event()))
    async with asyncio.timeout(5), nobody_keeps_anything(database):
        in_work = asyncio.ensure_future(hook.take(dumps(wrote(1, "in work"))))
        await asyncio.sleep(0.1)
        behind = asyncio.ensure_future(hook.take(dumps(wrote(2, "behind"))))
        await asyncio.sleep(0.1)
        running.cancel()
        said = await asyncio.gather(in_work, behind, return_exceptions=True)
        assert all(isinstance(one, listening.TurnedAway) for one in said)
        with pytest.raises(listening.TurnedAway):
            await hook.take(dumps(wrote(3, "too late")))
    assert running.done()
    assert await count(database) == 0


async def test_a_press_and_a_message_that_overtake_each_other_are_both_done(
    posted: Posted, database: Database
) -> None:
    press = {"id": "1", "from": {"id": SARA}, "data": "x"}
    later = {"update_id": 20, "callback_query": press}
    assert await asyncio.gather(posted.post(later), posted.post(wrote(19, "x"))) == [200, 200]

    await eventually(lambda: is_all_done(database, 2))


async def test_nothing_that_is_logged_names_the_door_or_the_secret(
    database: Database, place: Place, echo: EchoDesk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with posted_to(database, place.simulator, place.address, echo.desk()) as posted:
        await posted.post(b"junk")
        await posted.post(wrote(1, "x"), headers=[(SECRET_HEADER, SECRET), ("X\x01", "y")][:1])
        reader, writer = await asyncio.open_connection("127.0.0.1", posted.listener.port)
        writer.write(f"POST /{posted.address.door} {SECRET}\r\n\x00\r\n\r\n".encode())
        assert b"400" in await reader.readline()
        writer.close()
    ours = [line for line in caplog.text.splitlines() if "selector_events" not in line]
    assert ours
    assert SECRET not in "\n".join(ours)
    assert posted.address.door not in "\n".join(ours)
