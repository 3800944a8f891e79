"""Processes that share a database: which are alive, which one leads, what they tell each other.

A replica holds one session with the server, and locks that end with it: one says that it is there,
and one of them has that of the leader. It asks the server something twice a second. Who is killed
loses its session at once. Whose session is silent for five seconds stands still, and is cut off:
the others have all its connections closed, so that nothing it had begun holds them up and nothing
of it can be committed later. It sees by its own clock, before it asks, that it leads no more.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from bot.kit.database import Database, is_storage_trouble
from bot.kit.troubles import told

_logger = logging.getLogger(__name__)

ALIVE: Final = 0x416C6976
"""The first number of the lock that says of a process that it is there."""
_LEADER: Final = 0x4C656164
_NUMBER_MAX: Final = 2**31 - 1
_AGAIN_SECONDS: Final = 1.0

_BE_THERE: Final = "SELECT pg_advisory_lock_shared($1, $2)"
_TRY_TO_LEAD: Final = "SELECT pg_try_advisory_lock($1, $2)"
_TELL: Final = "SELECT pg_notify($1, $2)"
_CUT_OFF: Final = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND application_name IN (
  SELECT silent.application_name FROM pg_locks AS held JOIN pg_stat_activity AS silent USING (pid)
  WHERE held.locktype = 'advisory' AND held.objsubid = 2 AND held.mode = 'ShareLock'
    AND held.classid = $1 AND held.objid = $2 AND silent.datname = current_database()
    AND silent.state_change < clock_timestamp() - make_interval(secs => $3)
)
"""


Work = Callable[[asyncio.Event], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a replica shows itself, and how long its silence is borne."""

    beat_seconds: float = 0.5
    trusted_seconds: float = 4.0  # less than `silent_seconds`: who leads stops by itself before
    silent_seconds: float = 5.0
    patience_seconds: float = 3.0  # for one answer of the server


class Alone:
    """The only process of a desk, as on a file: it leads, and has nobody to tell anything."""

    @property
    def leads(self) -> bool:
        """True while no other process may do what one alone should do."""
        return True

    @property
    def leader_seen(self) -> float | None:
        """Say how long ago another one was seen to lead, in seconds; None if none was."""
        return None

    def hear(self, topic: str, do: Callable[[], None]) -> None:
        """Have something done when another replica tells of this."""

    def tell(self, topic: str) -> None:
        """Tell the others, soon; nobody waits for it, and it may be lost."""

    def end(self) -> None:
        """Lead no more, and let the others go on."""

    async def run(self) -> None:
        """Be there until told to end."""

    async def lead(
        self, work: Work, stop: asyncio.Event, interrupt: Callable[[], None] | None = None
    ) -> None:
        """Do what one replica alone should do, whenever and as long as it is this one.

        The work is given what tells it to stop; `interrupt` is called when that is set before
        the stop that is named here.
        """
        del interrupt
        await work(stop)


class Replica(Alone):
    """One of several processes that share a database on a server."""

    def __init__(self, database: Database, number: int, pace: Pace | None = None) -> None:
        self._database = database
        self._number = number & _NUMBER_MAX
        self._pace = pace or Pace()
        self._channel = f"mizban_{self._number}"
        self._to_do: dict[str, Callable[[], None]] = {}
        self._untold: set[str] = set()
        self._bell = asyncio.Event()
        self._is_over = False
        self._leading = asyncio.Event()
        self._following = asyncio.Event()
        self._following.set()
        self._leads_until = self._beat_at = float("-inf")
        self._leader_seen_at: float | None = None

    @property
    def leads(self) -> bool:
        """True while no other process may do what one alone should do."""
        return self._leading.is_set() and monotonic() < self._leads_until

    @property
    def leader_seen(self) -> float | None:
        """Say how long ago another one was seen to lead, in seconds; None if none was."""
        return None if self._leader_seen_at is None else monotonic() - self._leader_seen_at

    def hear(self, topic: str, do: Callable[[], None]) -> None:
        """Have something done when another replica tells of this."""
        self._to_do[topic] = do

    def tell(self, topic: str) -> None:
        """Tell the others, soon; nobody waits for it, and it may be lost."""
        self._untold.add(topic)
        self._bell.set()

    def end(self) -> None:
        """Lead no more, and let the others go on."""
        self._is_over = True
        self._bell.set()

    async def run(self) -> None:
        """Be there until told to end, whatever becomes of the server meanwhile."""
        while not self._is_over:
            try:
                async with self._database.session() as session:
                    try:
                        await self._live(session)
                    finally:
                        self._step_down()  # before the lock is free for another
            except Exception as error:
                if not is_storage_trouble(error):
                    raise
                _logger.warning("this replica has lost its session: %s", told(error))
            if not self._is_over:
                await _rung(self._bell, _AGAIN_SECONDS)

    async def lead(
        self, work: Work, stop: asyncio.Event, interrupt: Callable[[], None] | None = None
    ) -> None:
        """Do what one replica alone should do, whenever and as long as it is this one."""
        while not stop.is_set():
            await _first(stop, self._leading)
            if stop.is_set():
                return
            over = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                watch = group.create_task(self._watch(over, stop, interrupt))
                await work(over)
                watch.cancel()

    async def _watch(
        self, over: asyncio.Event, stop: asyncio.Event, interrupt: Callable[[], None] | None
    ) -> None:
        await _first(stop, self._following)
        over.set()
        if interrupt is not None:
            interrupt()

    async def _live(self, session: Any) -> None:  # noqa: ANN401 - a driver's connection
        async with asyncio.timeout(self._pace.patience_seconds):
            await session.execute(_BE_THERE, ALIVE, self._number)
            await session.add_listener(self._channel, self._heard)
        self._beat_at = float("-inf")
        for do in self._to_do.values():
            do()  # Something may have been told while nobody listened.
        while not self._is_over:
            self._bell.clear()
            async with asyncio.timeout(self._pace.patience_seconds):
                if monotonic() >= self._beat_at + self._pace.beat_seconds:
                    await self._beat(session)
                while self._untold:
                    await session.execute(_TELL, self._channel, self._untold.pop())
            rest = self._beat_at + self._pace.beat_seconds - monotonic()
            await _rung(self._bell, max(rest, 0.0))

    async def _beat(self, session: Any) -> None:  # noqa: ANN401 - as above
        began = self._beat_at = monotonic()
        led = self._leading.is_set()
        has_lead = led or await session.fetchval(_TRY_TO_LEAD, _LEADER, self._number)
        silent_seconds = self._pace.silent_seconds
        if await session.fetchval(_CUT_OFF, ALIVE, self._number, silent_seconds):
            _logger.warning("a replica that stood still was cut off")
            self._beat_at -= 0.9 * self._pace.beat_seconds  # perhaps it led: again soon
        if has_lead:
            self._leads_until = began + self._pace.trusted_seconds
            if not led:
                _logger.info("this replica leads")
                self._following.clear()
                self._leading.set()
        else:
            self._leader_seen_at = began

    def _step_down(self) -> None:
        if self._leading.is_set():
            _logger.info("this replica leads no more")
        self._leading.clear()
        self._following.set()

    def _heard(self, session: Any, by: int, _channel: str, topic: str) -> None:  # noqa: ANN401 - as above
        if by != session.get_server_pid() and topic in self._to_do:
            self._to_do[topic]()


def replica_of(database: Database, number: int) -> Alone:
    """Take part in a desk; `number` tells apart the desks that share a database."""
    return Replica(database, number) if database.is_shared else Alone()


async def _rung(bell: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await bell.wait()
    except TimeoutError:
        return


async def _first(*events: asyncio.Event) -> None:
    """Wait until one of some events is set."""
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(event.wait()) for event in events]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for one in waiting:
            one.cancel()
