"""The loops of the durable path, started and ended together."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.inbox import use_cases as inbox
from bot.kit.clock import Clock, now
from bot.kit.database import Database, is_storage_trouble
from bot.kit.replicas import Alone
from bot.kit.troubles import told
from bot.messenger.admission import Admission
from bot.messenger.contract import Desk
from bot.messenger.direct import DirectCalls
from bot.messenger.floods import Floods
from bot.messenger.health import Examiner, Health
from bot.messenger.health_page import health_page
from bot.messenger.intake import Intake
from bot.messenger.limits import Limiter
from bot.messenger.sender import Sender
from bot.messenger.transport import BotApi
from bot.messenger.waiting import Bell, news
from bot.messenger.webhook import Posts, Webhook
from bot.messenger.worker import Worker
from bot.outbox import use_cases as outbox

_logger = logging.getLogger(__name__)

_DRAIN_SECONDS_MAX: Final = 7.0
_HOUSEKEEPING_SECONDS: Final = 300.0
_RECEIVED, _QUEUED = "received", "queued"  # what replicas tell each other


class Messenger:
    """Everything between the platform and the desk; `run` lives until it is told to stop.

    The wire and the database stay open for longer than that: they are the caller's.
    A loop that crashes takes all others with it: the process ends loudly, none dies in silence.
    """

    def __init__(
        self,
        database: Database,
        api: BotApi,
        desk: Desk,
        *,
        clock: Clock = now,
        limiter: Limiter | None = None,
        floods: Floods | None = None,
        health_port: int | None = None,
        last_backup_at: Callable[[], datetime | None] = lambda: None,
        posts: Posts | None = None,
        replica: Alone | None = None,
    ) -> None:
        self._database = database
        self._replica = replica or Alone()
        self._api = api
        self._clock = clock
        self._health_port = health_port
        self._started_at = clock()
        self._examiner = Examiner(database, self._last_intake_at, clock, last_backup_at)
        self._direct = DirectCalls(api)
        self._arrived = Bell(partial(self._replica.tell, _RECEIVED))
        paying: set[int] = set()
        self._sender = Sender(
            database,
            api,
            limiter or Limiter(api.platform.overall_per_second),
            clock=clock,
            render=desk.render,
            may_speak=lambda: self._replica.leads,
        )
        self._replica.hear(_RECEIVED, self._arrived.ring)
        self._replica.hear(_QUEUED, self._sender.wake)
        self._intake = self._way_in(desk, floods, paying, posts)
        self._worker = Worker(
            database,
            desk,
            clock=clock,
            arrived=self._arrived,
            queued=self.wake,
            call_directly=self._direct.add,
            paying=paying,
        )

    def _way_in(
        self, desk: Desk, floods: Floods | None, paying: set[int], posts: Posts | None
    ) -> Intake | Webhook:
        admission = Admission(
            self._database,
            self._api.bot_id,
            clock=self._clock,
            arrived=self._arrived,
            paying=paying,
            gate=floods,
            slow_down=desk.slow_down,
            queued=self.wake,
        )
        if posts is None:
            return Intake(self._api, admission)
        return Webhook(self._database, self._api, admission, posts, clock=self._clock)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop, then end in order within seven seconds.

        What is cut short then is in the inbox or the outbox, and is taken up at the next start.
        """
        drained = asyncio.Event()
        async with AsyncExitStack() as stack:
            if self._health_port is not None:
                await stack.enter_async_context(self._health_page(self._health_port))
            try:
                async with asyncio.timeout(None) as patience, asyncio.TaskGroup() as group:
                    lead = self._replica.lead
                    group.create_task(self._replica.run())
                    intake = group.create_task(self._take_in(stop))
                    worker = group.create_task(self._worker.run(stop))
                    speaking = lead(self._sender.run, drained, self._sender.wake)
                    sender = group.create_task(speaking)
                    # It ends by itself, between statements.
                    group.create_task(lead(self._keep_house, stop))
                    others = self._direct.start(group)
                    await stop.wait()
                    patience.reschedule(asyncio.get_running_loop().time() + _DRAIN_SECONDS_MAX)
                    self._intake.interrupt()
                    self._arrived.ring()
                    await asyncio.wait([intake, worker])
                    drained.set()
                    self._sender.wake()
                    await asyncio.wait([sender])
                    await self._direct.settle()
                    self._replica.end()
                    for task in others:
                        task.cancel()
            except TimeoutError:
                _logger.warning("the end was cut short; what is left is kept for the next start")

    async def _take_in(self, stop: asyncio.Event) -> None:
        """Ask for updates where this replica leads; what is posted may come to any of them."""
        if isinstance(self._intake, Intake):
            await self._replica.lead(self._intake.run, stop, self._intake.interrupt)
        else:
            await self._intake.run(stop)

    def wake(self) -> None:
        """Say that something was queued, to whoever is to say it."""
        self._sender.wake()
        if not self._replica.leads:
            self._replica.tell(_QUEUED)

    async def fetch_file(self, file_id: str) -> bytes:
        """Fetch a file of at most 2 MB that somebody sent; never while a transaction is open.

        Raises Refused when the platform no longer has it, FileTooBig, or Unreachable, after which
        another try may succeed.
        """
        return await self._api.fetch_file(file_id)

    async def health(self) -> Health:
        """Examine the durable path."""
        return await self._examiner.health()

    def _last_intake_at(self) -> datetime:
        own = self._intake.last_success_at or self._started_at
        seen_ago = self._replica.leader_seen
        if seen_ago is None or not isinstance(self._intake, Intake):
            return own
        # Another one asks for updates. How that goes it says itself.
        return max(own, self._clock() - timedelta(seconds=seen_ago))

    @asynccontextmanager
    async def _health_page(self, port: int) -> AsyncIterator[None]:
        async with health_page(self._examiner, port) as opened:
            _logger.info("health is told on port %d", opened)
            yield

    async def _keep_house(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                async with self._database.transaction() as tx:
                    moment = self._clock()
                    await inbox.purge(tx, moment)
                    await outbox.purge(tx, moment)
                await self._database.tidy()
            except Exception as error:
                if not is_storage_trouble(error):
                    raise
                _logger.error("what is long done cannot be forgotten: %s", told(error))  # noqa: TRY400 - it says what to do
            await news(stop, _HOUSEKEEPING_SECONDS)


def stop_on_signals(stop: asyncio.Event) -> None:
    """Stop at the first SIGTERM or SIGINT; another one changes nothing."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
