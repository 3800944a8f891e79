"""F1 and F10: the desk dies, or the disk is full, at any event of a morning; then it goes on."""

import asyncio
import re
import sqlite3
from collections import defaultdict
from random import Random
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.kit.database import Database
from bot.kit.tracking import shown
from bot.messenger.limits import Limiter
from bot.messenger.messenger import Messenger
from bot.messenger.platforms import TELEGRAM
from bot.messenger.reading import dumps, loads
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from tests.faults.conftest import Told, Update, draw_alike
from tests.faults.oracle import leaks, money, storage
from tests.faults.play import MORNING
from tests.faults.scale import IS_LONG, PATIENCE, chance, many
from tests.handlers.crash_support import _CODE, contents
from tests.messenger.test_crash import Died, Fuse, _end
from tests.storm.oracle import WAITING
from tests.window import Window

pytestmark = pytest.mark.timeout(PATIENCE)

_NEVER = 10**9
_LIFE_SECONDS_MAX = many(30, 300)  # at length beside other work, where a second may take ten
_OWN_WAYS = ("inbox", "outbox", "said_about", "sqlite_sequence")  # looked at by themselves
_PRINT = 2  # the cell with a digest of what was asked, which names a number drawn
_MARKS = re.compile("[\u2066-\u2069\u200e\u200f]")


class Platform(BotApi):
    """A platform in memory, which hands out the next update when the last one is answered."""

    def __init__(self, fuse: Fuse, said: Told, window: Window) -> None:
        super().__init__(TELEGRAM, "1:x", Wire())
        self.fuse = fuse
        self.said = said
        self.window = window
        self.heard: dict[int, list[str]] = defaultdict(list)
        self.told = 100

    async def call(
        self, method: str, params: dict[str, Any], *, timeout_seconds: float = 0
    ) -> object:
        del timeout_seconds
        self.fuse.burn()
        if method == "getUpdates":
            return await self._next(params["offset"])
        if method.startswith("answer"):
            return True
        self.heard[params["chat_id"]].append(str(params.get("text")))
        self.told += 1
        self.fuse.burn()
        return {"message_id": params.get("message_id", self.told)}

    async def _next(self, offset: int) -> list[Update]:
        while not is_quiet(self.window):  # noqa: ASYNC110 - a row in a file rings no bell
            await asyncio.sleep(0.002)
        waiting = [one for one in self.said.updates if one["update_id"] >= offset]
        if not waiting:
            await asyncio.Event().wait()
        return [self._as_heard(waiting[0])]

    def _as_heard(self, update: Update) -> Update:
        """Let people quote the codes that they were told this time."""
        quoted = dumps(update).decode()
        for old, query in self.said.codes.items():
            for (new,) in self.window.ask(query):
                quoted = quoted.replace(shown(old), shown(new)).replace(old, new)
        heard: Update = loads(quoted.encode())
        return heard

    def once(self) -> dict[int, list[str]]:
        """What was heard, without what was heard again."""
        return {
            chat: list(dict.fromkeys(_CODE.sub("CODE", _MARKS.sub("", text)) for text in said))
            for chat, said in self.heard.items()
        }


def is_quiet(window: Window) -> bool:
    return window.ask(WAITING) == [(0,)]


class Trouble(Fuse):
    """Lets a few statements or commits fail, as with a disk that has no room for a while."""

    def __init__(self, length: int, times: int, error: Exception) -> None:
        super().__init__(length)
        self.times = times
        self.error = error

    def burn(self, *_args: object, **_more: object) -> None:
        self.left -= 1
        if -self.times < self.left <= 0:
            raise OperationalError("", None, self.error)


def full_disk(window: Window) -> Exception:
    if window.url.startswith("postgresql"):
        return Complaint("53100")
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    return error


class Complaint(Exception):  # noqa: N818 - a server's
    """What a server says by a code of the SQL standard."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("a server's complaint")
        self.sqlstate = sqlstate


class CutOff(Fuse):
    """Lets a server end all connections of the desk, with whatever they had begun."""

    def __init__(self, length: int, window: Window) -> None:
        super().__init__(length)
        self.window = window

    def burn(self, *_args: object, **_more: object) -> None:
        self.left -= 1
        if self.left == 0:
            cut_off(self.window)


def cut_off(window: Window) -> None:
    """Have a server end all connections of desks, and give back what they had begun."""
    if window.url.startswith("sqlite"):
        return
    window.ask(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name LIKE 'mizban %'"
    )
    window.give_numbers_back()


async def live(told: Told, window: Window, platform: Platform, disk: Fuse | None = None) -> None:
    """Run one life until it dies or everything is answered and said."""
    database = Database.open(window.url)
    engine = database._engine.sync_engine
    opened: list[Any] = []
    event.listen(engine, "connect", lambda connection, _: opened.append(connection))
    burn = (disk or platform.fuse).burn
    event.listen(engine, "before_cursor_execute", burn)
    event.listen(engine, "commit", burn)
    if database.is_shared:
        event.listen(engine, "rollback", lambda _: window.give_numbers_back())
    limiter, stop = Limiter(1000, is_paced=False), asyncio.Event()
    messenger = Messenger(database, platform, told.desk, clock=lambda: MORNING, limiter=limiter)

    async def watch() -> None:
        query = "SELECT count(*) FROM inbox WHERE state <> 'new'"
        while not (  # noqa: ASYNC110 - as above
            window.ask(query) == [(len(told.updates),)] and is_quiet(window)
        ):
            await asyncio.sleep(0.005)
        stop.set()

    try:
        async with asyncio.timeout(_LIFE_SECONDS_MAX), asyncio.TaskGroup() as group:
            group.create_task(messenger.run(stop))
            group.create_task(watch())
    finally:
        if not database.is_shared:
            for connection in opened:
                await _end(connection.driver_connection)
        cut_off(window)
        await database.close()


async def lives(told: Told, window: Window, length: int = _NEVER) -> tuple[Platform, int]:
    """Die at an event, and live again; say what was heard, and how many events there were."""
    window.put_back(told.image)
    platform = Platform(Fuse(length), told, window)
    told.draws.seed(length)
    try:
        await live(told, window, platform)
    except BaseExceptionGroup as group:
        if group.split(Died)[1] is not None:
            raise
    count = length - platform.fuse.left
    if platform.fuse.left <= 0:
        platform.fuse.left = _NEVER
        await live(told, window, platform)
    return platform, count


def left_in(window: Window) -> dict[str, list[str]]:
    """Every row that a repetition may not change, without what was drawn at random."""
    rows = {name: found for name, found in contents(window).items() if name not in _OWN_WAYS}
    cells = [row.split(" | ") for row in rows["operation"]]
    rows["operation"] = [" | ".join(row[:_PRINT] + row[_PRINT + 1 :]) for row in cells]
    return rows


def broken(window: Window, told: Told) -> list[str]:
    done = {row[0] for row in window.ask("SELECT update_id FROM inbox WHERE state='done'")}
    ended = {row[0] for row in window.ask("SELECT DISTINCT state FROM outbox")}
    found = [*money(window), *storage(window)]
    found += [f"update {one}" for one in {one["update_id"] for one in told.updates} ^ done]
    return found + [f"messages are {state}" for state in ended - {"sent"}]


@pytest.fixture
def draws(monkeypatch: pytest.MonkeyPatch) -> Random:
    return draw_alike(monkeypatch, is_one_token=True)


async def test_a_desk_that_dies_at_any_event_goes_on_as_if_it_had_not(
    told: Told, elsewhere: Window
) -> None:
    draw, window = chance(), elsewhere
    undisturbed, count = await lives(told, window)
    wanted = left_in(window)
    assert count > 300
    assert len(wanted["case_message"]) == len(["what was told", "its answer"])
    assert broken(window, told) == []
    lengths = range(draw.randint(1, 3), count, 3) if IS_LONG else draw.sample(range(count), 6)
    for length in lengths:
        platform, _ = await lives(told, window, length)
        assert broken(window, told) == [], length
        assert left_in(window) == wanted, length
        assert platform.once() == undisturbed.once(), length


async def test_a_disk_that_is_full_at_any_event_delays_and_changes_nothing(
    told: Told, elsewhere: Window, caplog: pytest.LogCaptureFixture
) -> None:
    draw, window = chance(), elsewhere
    undisturbed, count = await lives(told, window)
    wanted = left_in(window)
    for _ in range(many(3, 100)):
        length, times = draw.randrange(1, count), draw.choice((1, 1, 2, 4))
        platform = Platform(Fuse(_NEVER), told, window)
        window.put_back(told.image)
        await live(told, window, platform, Trouble(length, times, full_disk(window)))
        assert broken(window, told) == [], (length, times)
        assert left_in(window) == wanted, (length, times)
        assert platform.once() == undisturbed.once(), (length, times)
    assert "is full; make room" in caplog.text
    assert leaks(caplog.text) == []


@pytest.mark.about_a_server("a file ends no connection")
async def test_a_server_that_ends_every_connection_at_any_event_delays_and_changes_nothing(
    told: Told, elsewhere: Window, caplog: pytest.LogCaptureFixture
) -> None:
    draw, window = chance(), elsewhere
    undisturbed, count = await lives(told, window)
    wanted = left_in(window)
    for _ in range(many(4, 100)):
        length = draw.randrange(1, count)
        platform = Platform(Fuse(_NEVER), told, window)
        window.put_back(told.image)
        told.draws.seed(length)
        await live(told, window, platform, CutOff(length, window))
        assert broken(window, told) == [], length
        assert left_in(window) == wanted, length
        assert platform.once() == undisturbed.once(), length
    assert leaks(caplog.text) == []


@pytest.mark.about_a_server("a file has one writer")
async def test_who_is_in_the_way_at_any_event_delays_and_changes_nothing(
    told: Told, elsewhere: Window, caplog: pytest.LogCaptureFixture
) -> None:
    """A deadlock that was lost, a serialization that failed, a lock that was not had in time."""
    draw, window = chance(), elsewhere
    undisturbed, count = await lives(told, window)
    wanted = left_in(window)
    for _ in range(many(1, 40)):
        for state in ("40P01", "40001", "55P03"):
            length, times = draw.randrange(1, count), draw.choice((1, 1, 2, 4))
            platform = Platform(Fuse(_NEVER), told, window)
            window.put_back(told.image)
            await live(told, window, platform, Trouble(length, times, Complaint(state)))
            assert broken(window, told) == [], (state, length, times)
            assert left_in(window) == wanted, (state, length, times)
            assert platform.once() == undisturbed.once(), (state, length, times)
    assert leaks(caplog.text) == []
