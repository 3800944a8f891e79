"""Says what is due: many chats at once, each in order, at the platform's pace.

A message is claimed for half a minute, sent, and accounted for as soon as possible: a crash
between the two says it twice, so results never wait for a batch to fill. Those that happen to
come back while a commit is under way share the next one.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from bot.kit import metrics
from bot.kit.clock import Clock
from bot.kit.database import Database, Transaction, is_busy, is_storage_trouble
from bot.kit.logs import log_context
from bot.kit.troubles import told
from bot.messenger.contract import Render
from bot.messenger.errors import CallFailed
from bot.messenger.files import make_files
from bot.messenger.limits import Limiter
from bot.messenger.transport import BotApi
from bot.messenger.verdicts import (
    Judged,
    Kind,
    Verdict,
    another_way,
    delivered,
    foreseen,
    judge,
    sum_up,
)
from bot.messenger.waiting import Backoff, news
from bot.outbox import use_cases as outbox
from bot.outbox.model import Claimed, Priority

_logger = logging.getLogger(__name__)

_AT_ONCE_MAX: Final = 32
_NOTICES_WAITING_MAX: Final = 8
"""Beyond these, only answers are claimed: a broadcast must not fill every place in the line."""

_HELD_SECONDS_MAX: Final = 10.0
"""What has to wait longer for its turn is given back, for its lease to stay true."""

_WAYS_MAX: Final = 3
_ATTEMPTS_MAX: Final = 8
"""What fails for a fault of ours is given up after these: behind it waits all else of its chat."""

_IDLE_SECONDS_MAX: Final = 10.0
"""How late a message is noticed that another process has queued."""

_IDLE_SHARED_SECONDS_MAX: Final = 1.0
"""The same where replicas queue messages, and what they tell each other may be lost."""

_IN_THE_WAY_MAX: Final = 5
_SILENT_SECONDS: Final = 0.1
"""How soon to look again whether this replica may speak."""


class Sender:
    """The loop that takes messages from the outbox to the people they are for."""

    def __init__(
        self,
        database: Database,
        api: BotApi,
        limiter: Limiter,
        *,
        clock: Clock,
        render: Render | None = None,
        may_speak: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database = database
        self._may_speak = may_speak
        self._render = render
        self._api = api
        self._limiter = limiter
        self._clock = clock
        self._news = asyncio.Event()
        self._waiting: list[Claimed] = []
        self._in_flight: dict[int, Claimed] = {}
        self._judged: list[Judged] = []
        self._retry_at: datetime | None = None
        self._may_have_more = True

    def wake(self) -> None:
        """Look into the outbox again, there may be something new."""
        self._may_have_more = True
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop; what is on its way then is still accounted for."""
        backoff = Backoff()
        has_taken_over = False
        self._may_have_more = True
        async with asyncio.TaskGroup() as group:
            while not self._is_over(stop):
                self._news.clear()
                try:
                    if not has_taken_over:
                        await self._take_over()
                        has_taken_over = True
                    await self._account_and_claim(is_stopping=stop.is_set())
                    rest = self._start(group)
                    if not self._is_busy():
                        rest = await self._seconds_to_next()
                except Exception as error:
                    if not is_storage_trouble(error):
                        raise
                    rest = self._pause_after(error, backoff)
                else:
                    backoff.succeeded()
                if not self._is_over(stop):
                    await news(self._news, rest)

    def _pause_after(self, error: Exception, backoff: Backoff) -> float:
        """Say how long to wait; whoever was in another's way tries again almost at once."""
        is_in_the_way = self._database.is_shared and is_busy(error)
        if is_in_the_way and backoff.failures < _IN_THE_WAY_MAX:
            backoff.failed()
            return _SILENT_SECONDS
        _logger.error("messages cannot be accounted for: %s", told(error))
        return backoff.failed()

    def _is_over(self, stop: asyncio.Event) -> bool:
        return stop.is_set() and not self._is_busy()

    def _is_busy(self) -> bool:
        return bool(self._in_flight or self._waiting or self._judged)

    async def _take_over(self) -> None:
        async with self._database.transaction() as tx:
            await outbox.take_over(tx, self._clock())

    async def _account_and_claim(self, *, is_stopping: bool) -> None:
        now = self._clock()
        if is_stopping:
            self._give_back(self._waiting)
        elif self._retry_at is not None and self._retry_at <= now:
            self._retry_at, self._may_have_more = None, True
        judged, self._judged = self._judged, []
        room = 0 if is_stopping else _AT_ONCE_MAX - len(self._in_flight) - len(self._waiting)
        is_claiming = room > 0 and (bool(judged) or self._may_have_more)
        if not judged and not is_claiming:
            return
        lowest = Priority.NOTICE if self._takes_notices() else Priority.ANSWER
        claimed: Sequence[Claimed] = ()
        try:
            async with self._database.transaction() as tx:
                if judged:
                    await self._account(tx, judged, now)
                if is_claiming:
                    self._may_have_more = lowest is Priority.ANSWER
                    claimed = await outbox.claim(tx, now, room, lowest=lowest)
        except BaseException:
            self._judged, self._may_have_more = judged + self._judged, True
            raise
        self._may_have_more |= bool(claimed) and len(claimed) == room
        self._accept(claimed, now)

    async def _account(self, tx: Transaction, judged: Sequence[Judged], now: datetime) -> None:
        results = sum_up(judged, now)
        await outbox.record(tx, results, now)
        moments = [*results.retry_at.values()]
        if moments:
            self._retry_at = min(moments if self._retry_at is None else [self._retry_at, *moments])

    def _takes_notices(self) -> bool:
        waiting = sum(message.priority is Priority.NOTICE for message in self._waiting)
        return waiting < _NOTICES_WAITING_MAX

    def _accept(self, claimed: Sequence[Claimed], now: datetime) -> None:
        judged = {message.id for message, _ in self._judged}  # meanwhile
        held = self._in_flight.keys() | {message.id for message in self._waiting} | judged
        for message in claimed:
            if message.id in held:
                continue  # Its lease ended while it was still on its way.
            verdict = foreseen(message, now)
            if verdict is None:
                self._waiting.append(message)
            else:
                self._judged.append((message, verdict))
                self._news.set()

    def _start(self, group: asyncio.TaskGroup) -> float | None:
        """Send what may go now; return how long the first of the others has to wait.

        A replica that stood still finds that another one speaks, and keeps silent.
        """
        if not self._may_speak():
            return _SILENT_SECONDS if self._waiting else None
        moment = asyncio.get_running_loop().time()
        rests = []
        still_waiting = []
        self._waiting.sort(key=lambda message: (message.priority, message.id))
        for message in self._waiting:
            is_notice = message.priority is Priority.NOTICE
            delay = self._limiter.delay(message.chat_id, moment, is_notice=is_notice)
            if delay == 0.0:
                self._in_flight[message.id] = message
                group.create_task(self._send(message))
            elif delay > _HELD_SECONDS_MAX:
                self._judged.append((message, Verdict(Kind.WAIT, wait_seconds=delay)))
                self._news.set()
            else:
                still_waiting.append(message)
                rests.append(delay)
        self._waiting = still_waiting
        if self._retry_at is not None:
            rests.append(max((self._retry_at - self._clock()).total_seconds(), 0.001))
        return min(rests, default=None)

    def _give_back(self, messages: Sequence[Claimed]) -> None:
        self._judged += [(message, Verdict(Kind.WAIT)) for message in messages]
        self._waiting = []

    async def _send(self, message: Claimed) -> None:
        try:
            with log_context(message.id, "outgoing"):
                is_told = self._may_speak()
                verdict = await self._deliver(message) if is_told else Verdict(Kind.WAIT)
        except Exception as error:
            is_ours = not is_storage_trouble(error)
            if is_ours:
                _logger.exception("a message could not be sent")
            else:
                _logger.warning("a message waits for the storage: %s", told(error))
            is_hopeless = message.attempts >= _ATTEMPTS_MAX and is_ours
            verdict = Verdict(Kind.DEAD if is_hopeless else Kind.RETRY, "defect")
        metrics.count(metrics.SENDS, verdict.kind.name.lower())
        metrics.count(metrics.TOO_MANY, amount=verdict.kind is Kind.WAIT)
        del self._in_flight[message.id]
        self._judged.append((message, verdict))
        self._news.set()

    async def _deliver(self, message: Claimed) -> Verdict:
        method, params = message.method, {**message.params, "chat_id": message.chat_id}
        unmade = await make_files(params, self._render)
        if unmade is not None:
            return Verdict(Kind.DEAD, unmade)
        for _ in range(_WAYS_MAX):
            try:
                with metrics.timed(metrics.SEND_SECONDS, method):
                    result = await self._api.call(method, params)
            except CallFailed as error:
                failure = error
            else:
                return delivered(message, result)
            other = another_way(failure, method, params)
            if other is None:
                break
            method, params = other
        verdict = judge(failure, message.method)
        if verdict.kind is not Kind.SENT:
            _logger.info("a message was not taken: %s", failure)
        if verdict.kind is Kind.WAIT:
            moment = asyncio.get_running_loop().time()
            self._limiter.pause(message.chat_id, moment + verdict.wait_seconds, moment)
        return verdict

    async def _seconds_to_next(self) -> float:
        async with self._database.reading() as tx:
            run_at = await outbox.next_run_at(tx)
        idle = _IDLE_SHARED_SECONDS_MAX if self._database.is_shared else _IDLE_SECONDS_MAX
        if run_at is None:
            return idle
        seconds = (run_at - self._clock()).total_seconds()
        if seconds <= 0:
            self._may_have_more = True
        return min(max(seconds, 0.001), idle)
