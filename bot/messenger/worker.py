"""Has updates answered: many chats at once, each strictly in order, all in one commit.

A group of updates shares a transaction without savepoints, because almost always nothing goes
wrong. When something does, the group is rolled back and answered again with a savepoint for each
update, so that a refusal or a defect undoes its own update and no other. There is no time limit:
cancelling a statement that SQLite is working on can leave its lock behind. Health tells of a
desk that hangs.

Where several replicas share a database, a group is taken in the transaction that answers it: its
letters, and with them their chats, are locked until the commit, and others take other chats. What
a group changes may be in the way of another's group: the smaller group is tried again, then.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.inbox import use_cases as inbox
from bot.inbox.model import DeadLetter, Letter
from bot.kit import metrics
from bot.kit.clock import Clock
from bot.kit.database import Database, Transaction, is_busy, is_storage_trouble
from bot.kit.errors import DeskError
from bot.kit.logs import log_context
from bot.kit.troubles import told
from bot.messenger.contract import (
    PRE_CHECKOUT,
    Desk,
    DirectCall,
    RawUpdate,
    Unreadable,
)
from bot.messenger.groups import Choice, Group, Pair, Raced, whole_or_apart
from bot.messenger.reading import loads
from bot.messenger.waiting import Backoff, news
from bot.outbox import use_cases as outbox

_logger = logging.getLogger(__name__)

_CHATS_MAX: Final = 32
_SHARED_CHATS_MAX: Final = 16
"""Of what others wait for, a group of one replica among several holds less, and for less long."""

_IN_THE_WAY_MAX: Final = 5
_TAKEN_SECONDS: Final = 0.05
"""How soon to look again where letters wait and another replica works on them."""

_LOOK_SECONDS: Final = 1.0
"""How late a letter is noticed that another replica received and did not tell of."""


class Worker:
    """The loop that takes updates from the inbox to their ends."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        *,
        clock: Clock,
        arrived: asyncio.Event,
        queued: Callable[[], None],
        call_directly: Callable[[DirectCall], None],
        paying: set[int] | None = None,
    ) -> None:
        self._database = database
        self._desk = desk
        self._clock = clock
        self._arrived = arrived
        self._queued = queued
        self._call_directly = call_directly
        self._paying = set() if paying is None else paying
        self._most = self._most_ever = _SHARED_CHATS_MAX if database.is_shared else _CHATS_MAX
        self._in_the_way = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Answer updates until told to stop; the transaction under way is finished first."""
        backoff = Backoff()
        while not stop.is_set():
            self._arrived.clear()
            try:
                worked = await self.work_once()
                rest = 0.0 if worked else await self._seconds_to_next()
            except Exception as error:
                if not is_storage_trouble(error):
                    raise
                if self._gives_way(error):
                    continue
                _logger.error("updates cannot be worked off: %s", told(error))  # noqa: TRY400 - it says what to do
                await news(stop, backoff.failed())
                continue
            backoff.succeeded()
            if rest != 0.0 and not stop.is_set():
                await news(self._arrived, rest)

    async def work_once(self) -> bool:
        """Answer the first waiting update of up to 32 chats; False when none waits."""
        now = self._clock()
        work = self._beside_others if self._database.is_shared else self._alone
        try:
            group = await work(now)
        except Raced:
            return True
        if group is None:
            return False
        self._most, self._in_the_way = min(self._most + 1, self._most_ever), 0
        if group.packed:
            self._queued()
        for call in group.direct:
            self._call_directly(call)
        return True

    async def _alone(self, now: datetime) -> Group | None:
        """Look for letters beside the writers, and then answer them; nobody else does."""
        async with self._database.reading() as tx:
            pairs = await self._choose(inbox.heads, tx, now)
        if not pairs:
            return None
        await self._prepare([update for _, update in pairs])

        async def answer(*, is_guarded: bool) -> Group:
            async with self._database.transaction() as tx:
                return await self._answer(tx, pairs, now, is_guarded=is_guarded)

        return await whole_or_apart(answer)

    async def _beside_others(self, now: datetime) -> Group | None:
        """Take letters in the transaction that answers them: until its end nobody else does."""

        async def answer(*, is_guarded: bool) -> Group | None:
            async with self._database.transaction() as tx:
                pairs = await self._choose(inbox.take, tx, now)
                if not pairs:
                    return None
                await self._prepare([update for _, update in pairs])
                return await self._answer(tx, pairs, now, is_guarded=is_guarded)

        return await whole_or_apart(answer)

    async def _choose(self, among: Choice, tx: Transaction, now: datetime) -> list[Pair]:
        """Choose what to answer next.

        Whoever is about to pay does not wait behind others: the platform gives them ten seconds.
        """
        paying = frozenset(self._paying)
        letters = await among(tx, now, self._most, of=paying) if paying else []
        if not letters:
            self._paying -= paying
            letters = await among(tx, now, self._most)
        pairs = [(letter, _read(letter)) for letter in letters]
        for letter, update in pairs:
            if PRE_CHECKOUT in update:
                self._paying.discard(letter.chat_key)
        return pairs

    def _gives_way(self, error: BaseException) -> bool:
        """True when others were in the way and the same is tried again, with fewer chats."""
        if not self._database.is_shared or not is_busy(error):
            return False
        self._in_the_way += 1
        self._most = max(self._most // 4, 1)
        return self._in_the_way < _IN_THE_WAY_MAX

    async def _answer(
        self, tx: Transaction, pairs: Sequence[Pair], now: datetime, *, is_guarded: bool
    ) -> Group:
        group = Group(tx, now)
        await self._gather(tx, [] if is_guarded else [update for _, update in pairs])
        for letter, update in pairs:
            with log_context(letter.update_id):
                if is_guarded:
                    await self._answer_guarded(group, letter, update)
                else:
                    group.add(letter, await self._desk.answer(tx, update, now))
        await self._note(tx, group.notes, now)
        await group.write()
        metrics.count(metrics.UPDATES, amount=len(group.done))
        return group

    async def _answer_guarded(self, group: Group, letter: Letter, update: RawUpdate) -> None:
        tx, now = group.tx, group.now
        try:
            try:
                async with tx.begin_nested():
                    outcome = await self._desk.answer(tx, update, now)
                    await self._note(tx, outcome.notes, now)
                group.add(letter, replace(outcome, notes=()))
            except DeskError as refusal:
                _logger.info("refused: %s", type(refusal).__name__)
                metrics.count(metrics.REFUSALS, type(refusal).__name__)
                async with tx.begin_nested():
                    group.add(letter, await self._desk.refuse(tx, update, refusal, now))
        except Exception as defect:
            if is_storage_trouble(defect):
                raise
            _logger.exception("an update could not be worked off")
            await self._fail(group, letter, update, defect)

    async def _fail(
        self, group: Group, letter: Letter, update: RawUpdate, defect: Exception
    ) -> None:
        tx, now, error = group.tx, group.now, type(defect).__name__
        # A second try of a payment would come too late, and the payer can make one themselves.
        is_hopeless = isinstance(defect, Unreadable) or PRE_CHECKOUT in update
        metrics.count(metrics.FAILURES, error)
        is_given_up = await inbox.fail(tx, letter, error, now, is_hopeless=is_hopeless)
        if not is_given_up or self._desk.alarm is None:
            return
        dead = DeadLetter(
            id=letter.id,
            update_id=letter.update_id,
            chat_key=letter.chat_key,
            attempts=letter.attempts + 1,
            error=error,
            received_at=letter.received_at,
        )
        try:
            async with tx.begin_nested():
                outcome = await self._desk.alarm(tx, dead, update, now)
                group.packed += outbox.pack(f"d{letter.id}", outcome.messages)
                group.direct += outcome.direct
        except Exception as second:
            if is_storage_trouble(second):
                raise
            _logger.exception("nobody could be told of a dead letter")

    async def _gather(self, tx: Transaction, updates: Sequence[RawUpdate]) -> None:
        if self._desk.gather is not None:
            await self._desk.gather(tx, updates)

    async def _note(self, tx: Transaction, notes: Sequence[object], now: datetime) -> None:
        if notes and self._desk.note is not None:
            await self._desk.note(tx, notes, now)

    async def _prepare(self, updates: Sequence[RawUpdate]) -> None:
        if self._desk.prepare is None:
            return
        try:
            await self._desk.prepare(updates)
        except Exception:
            _logger.exception("the answers of a group could not be prepared")

    async def _seconds_to_next(self) -> float | None:
        async with self._database.reading() as tx:
            run_at = await inbox.next_run_at(tx)
        is_shared = self._database.is_shared
        if run_at is None:
            return _LOOK_SECONDS if is_shared else None
        seconds = (run_at - self._clock()).total_seconds()
        return (
            min(max(seconds, _TAKEN_SECONDS), _LOOK_SECONDS) if is_shared else max(seconds, 0.001)
        )


def _read(letter: Letter) -> RawUpdate:
    update = loads(letter.payload)
    assert isinstance(update, dict)
    return update
