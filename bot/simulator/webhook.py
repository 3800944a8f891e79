"""Posts updates to the bot's address: in order within a lane, again and again until accepted."""

import asyncio
import time
from collections.abc import Callable

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.simulator.updates import Queued, UpdateQueue

RETRY_SECONDS_MAX = 60.0
POST_SECONDS_MAX = 60.0
_GONE = 410


class Webhook:
    """Where updates are posted, and how that goes."""

    def __init__(
        self, queue: UpdateQueue, clock: Callable[[], float], *, retry_seconds: float = 1.0
    ) -> None:
        self.url = ""
        self.secret = ""
        self.connections_max = 0
        self.last_error = ""
        self.last_error_on = 0
        self.may_leave_the_house = False
        self.retry_seconds = retry_seconds
        self._queue = queue
        self._clock = clock
        self._busy_lanes: set[str] = set()
        self._resting_until: dict[str, float] = {}
        self._failures: dict[str, int] = {}

    def set(self, url: str, secret: str, connections_max: int) -> None:
        """Post to another address from now on, or to none."""
        self.url, self.secret, self.connections_max = url, secret, connections_max
        self.last_error, self.last_error_on = "", 0
        self._resting_until.clear()
        self._failures.clear()
        self._queue.arrived.ring()

    async def run(self) -> None:
        """Post for as long as the simulator lives."""
        timeout = ClientTimeout(total=POST_SECONDS_MAX)
        async with ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as group:
            while True:
                wait_seconds = self._start_deliveries(session, group)
                await self._queue.arrived.wait(wait_seconds)

    def _start_deliveries(self, session: ClientSession, group: asyncio.TaskGroup) -> float | None:
        """Start what can be posted now; say when the first resting lane may try again."""
        if not self.url:
            return None
        now = time.monotonic()
        first_wake: float | None = None
        for queued in list(self._queue.pending):
            if len(self._busy_lanes) >= self.connections_max:
                break
            if queued.lane in self._busy_lanes:
                continue
            rest = self._resting_until.get(queued.lane, 0.0) - now
            if rest > 0:
                first_wake = rest if first_wake is None else min(first_wake, rest)
                continue
            self._busy_lanes.add(queued.lane)
            group.create_task(self._deliver(session, queued))
        return first_wake

    async def _deliver(self, session: ClientSession, queued: Queued) -> None:
        url = self.url
        try:
            status, retry_after = await self._post(session, url, queued)
        except (ClientError, TimeoutError, OSError) as error:
            status, retry_after = 0, None
            self._note(f"Connection failed: {type(error).__name__}")
        if self.url == url:
            self._settle(queued, status, retry_after)
        self._busy_lanes.discard(queued.lane)
        self._queue.arrived.ring()

    async def _post(
        self, session: ClientSession, url: str, queued: Queued
    ) -> tuple[int, float | None]:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        async with session.post(url, data=queued.body, headers=headers) as response:
            await response.read()
            wanted = response.headers.get("Retry-After", "")
            return response.status, float(wanted) if wanted.isdecimal() else None

    def _settle(self, queued: Queued, status: int, retry_after: float | None) -> None:
        if 200 <= status < 300:  # noqa: PLR2004 - the range of success
            self._failures.pop(queued.lane, None)
            self._resting_until.pop(queued.lane, None)
            if queued in self._queue.pending:
                self._queue.pending.remove(queued)
            return
        if status == _GONE:
            self.set("", "", 0)
            return
        if status:
            self._note(f"Wrong response from the webhook: {status}")
        failures = self._failures[queued.lane] = self._failures.get(queued.lane, 0) + 1
        backoff = min(RETRY_SECONDS_MAX, self.retry_seconds * 2.0 ** min(failures - 1, 10))
        rest = backoff if retry_after is None else retry_after
        self._resting_until[queued.lane] = time.monotonic() + rest

    def _note(self, error: str) -> None:
        self.last_error = error
        self.last_error_on = int(self._clock())
