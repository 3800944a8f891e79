"""Has updates answered: many chats at once, each strictly in order, all in one commit.

A group of updates shares a transaction without savepoints, because almost always nothing goes
wrong. When something does, the group is rolled back and answered again with a savepoint for each
update, so that a refusal or a defect undoes its own update and no other. There is no time limit:
cancelling a statement that SQLite is working on can leave its lock behind. Health tells of a
desk that hangs.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.inbox import use_cases as inbox
from bot.inbox.model import DeadLetter, Letter
from bot.kit.clock import Clock
from bot.kit.database import Database, Transaction, is_storage_trouble
from bot.kit.errors import DeskError
from bot.kit.logs import log_context
from bot.kit.troubles import told
from bot.messenger.contract import (
    PRE_CHECKOUT,
    Desk,
    DirectCall,
    Outcome,
    RawUpdate,
    Unreadable,
)
from bot.messenger.reading import loads
from bot.messenger.waiting import Backoff, news
from bot.outbox import use_cases as outbox
from bot.outbox.model import Packed

_logger = logging.getLogger(__name__)

_CHATS_MAX: Final = 32
_Pair = tuple[Letter, RawUpdate]


class _Raced(Exception):  # noqa: N818 - named for what happened
    """Another process has finished one of these updates."""


@dataclass(slots=True)
class _Group:
    """A transaction for some updates, and what they lead to, to be written in few statements."""

    tx: Transaction
    now: datetime
    packed: list[Packed] = field(default_factory=list)
    direct: list[DirectCall] = field(default_factory=list)
    notes: list[object] = field(default_factory=list)
    done: list[Letter] = field(default_factory=list)

    def add(self, letter: Letter, outcome: Outcome) -> None:
        self.packed += outbox.pack(f"u{letter.id}", outcome.messages)
        self.direct += outcome.direct
        self.notes += outcome.notes
        self.done.append(letter)

    async def write(self) -> None:
        await outbox.queue_packed(self.tx, self.packed, self.now)
        ids = [letter.id for letter in self.done]
        if ids and not await inbox.finish(self.tx, ids, self.now):
            raise _Raced


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
                _logger.error("updates cannot be worked off: %s", told(error))  # noqa: TRY400 - it says what to do
                await news(stop, backoff.failed())
                continue
            backoff.succeeded()
            if rest != 0.0 and not stop.is_set():
                await news(self._arrived, rest)

    async def work_once(self) -> bool:
        """Answer the first waiting update of up to 32 chats; False when none waits.

        Whoever is about to pay does not wait behind others: the platform gives them ten seconds.
        """
        now = self._clock()
        paying = frozenset(self._paying)
        async with self._database.reading() as tx:
            letters = await inbox.heads(tx, now, _CHATS_MAX, of=paying) if paying else []
            if not letters:
                self._paying -= paying
                letters = await inbox.heads(tx, now, _CHATS_MAX)
        if not letters:
            return False
        updates = [_read(letter) for letter in letters]
        for letter, update in zip(letters, updates, strict=True):
            if PRE_CHECKOUT in update:
                self._paying.discard(letter.chat_key)
        await self._prepare(updates)
        try:
            group = await self._answer_all(list(zip(letters, updates, strict=True)), now)
        except _Raced:
            return True
        if group.packed:
            self._queued()
        for call in group.direct:
            self._call_directly(call)
        return True

    async def _answer_all(self, pairs: Sequence[_Pair], now: datetime) -> _Group:
        try:
            return await self._answer(pairs, now, is_guarded=False)
        except Exception as error:
            if isinstance(error, _Raced) or is_storage_trouble(error):
                raise
        return await self._answer(pairs, now, is_guarded=True)

    async def _answer(self, pairs: Sequence[_Pair], now: datetime, *, is_guarded: bool) -> _Group:
        async with self._database.transaction() as tx:
            group = _Group(tx, now)
            await self._gather(tx, [] if is_guarded else [update for _, update in pairs])
            for letter, update in pairs:
                with log_context(letter.update_id):
                    if is_guarded:
                        await self._answer_guarded(group, letter, update)
                    else:
                        group.add(letter, await self._desk.answer(tx, update, now))
            await self._note(tx, group.notes, now)
            await group.write()
        return group

    async def _answer_guarded(self, group: _Group, letter: Letter, update: RawUpdate) -> None:
        tx, now = group.tx, group.now
        try:
            try:
                async with tx.begin_nested():
                    outcome = await self._desk.answer(tx, update, now)
                    await self._note(tx, outcome.notes, now)
                group.add(letter, replace(outcome, notes=()))
            except DeskError as refusal:
                _logger.info("refused: %s", type(refusal).__name__)
                async with tx.begin_nested():
                    group.add(letter, await self._desk.refuse(tx, update, refusal, now))
        except Exception as defect:
            if is_storage_trouble(defect):
                raise
            _logger.exception("an update could not be worked off")
            await self._fail(group, letter, update, defect)

    async def _fail(
        self, group: _Group, letter: Letter, update: RawUpdate, defect: Exception
    ) -> None:
        tx, now, error = group.tx, group.now, type(defect).__name__
        # A second try of a payment would come too late, and the payer can make one themselves.
        is_hopeless = isinstance(defect, Unreadable) or PRE_CHECKOUT in update
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
        if run_at is None:
            return None
        return max((run_at - self._clock()).total_seconds(), 0.001)


def _read(letter: Letter) -> RawUpdate:
    update = loads(letter.payload)
    assert isinstance(update, dict)
    return update
