"""The one way in: whatever the platform hands over is sifted, kept in one commit, and told of.

Whoever fetches updates, or has them posted, says to the platform that it has them only once this
returned. One caller at a time: who may pass depends on who passed before.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.clock import Clock
from bot.kit.database import Database, Transaction
from bot.messenger.contract import PRE_CHECKOUT, RawUpdate, SlowDown
from bot.messenger.floods import Floods, Sifted, is_spared, waiting_max
from bot.messenger.reading import dumps
from bot.outbox import use_cases as outbox

_logger = logging.getLogger(__name__)

_ID_MAX: Final = 2**63 - 1
_LATELY_MAX: Final = 10_000
"""Of so many numbers it is known that they are kept: what a platform posts again is no flood."""

_SPOKEN_KINDS: Final = ("message", "edited_message", "callback_query")
_Kept = tuple[RawUpdate, Received]


class Admitted(NamedTuple):
    """How many updates of a batch were neither too much nor misshapen, and how many are kept."""

    heard: int
    kept: int


class Admission:
    """Keeps updates of one bot, and wakes those who work them off."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        *,
        clock: Clock,
        arrived: asyncio.Event,
        paying: set[int] | None = None,
        gate: Floods | None = None,
        slow_down: SlowDown | None = None,
        queued: Callable[[], None] | None = None,
    ) -> None:
        self._database = database
        self._bot_id = bot_id
        self._clock = clock
        self._arrived = arrived
        self._paying = set() if paying is None else paying
        self._gate = gate
        self._slow_down = slow_down
        self._queued = queued
        self._lately: dict[int, None] = {}
        self.last_success_at: datetime | None = None

    async def admit(self, raw: Sequence[object]) -> Admitted:
        """Keep what came; when this returns, it is kept for good or was not to be kept."""
        now = self._clock()
        sifted = self._sift(raw, now)
        received = self._usable(sifted.kept)
        if received or sifted.told:
            async with self._database.transaction() as tx:
                if sifted.hasty:
                    received = await self._bounded(tx, received, sifted, now)
                await inbox.receive(tx, [one for _, one in received], now)
                await outbox.heard_from(tx, _chats_of(sifted.kept, _SPOKEN_KINDS))
                await self._tell_to_slow_down(tx, sifted.told, now)
            self._remember(one.update_id for _, one in received)
            self._paying |= _chats_of(raw, (PRE_CHECKOUT,))
            self._arrived.set()
            if sifted.told and self._queued is not None:
                self._queued()
        if self._gate is not None:
            self._gate.settle(sifted, now.timestamp())
        self.last_success_at = now
        return Admitted(len(sifted.kept), len(received))

    def _sift(self, raw: Sequence[object], now: datetime) -> Sifted:
        """Leave out what is too much of one person; nothing of it was accepted yet."""
        if self._gate is None:
            return Sifted(kept=list(raw))
        again, new = self._apart(raw)
        chats = [chat_key_of(update) if isinstance(update, dict) else 0 for update in new]
        sifted = self._gate.sift(new, chats, now.timestamp())
        sifted.kept[:0] = again
        return sifted

    def _apart(self, raw: Sequence[object]) -> tuple[list[object], list[object]]:
        """Tell what was kept lately, and costs nobody anything, from what is new, each once."""
        again, new, seen = [], [], set()
        for update in raw:
            number = update_id_of(update)
            if number in self._lately:
                again.append(update)
            elif number is None or number not in seen:
                new.append(update)
                seen.add(number)
        return again, new

    def _remember(self, numbers: Iterable[int]) -> None:
        self._lately.update(dict.fromkeys(numbers))
        while len(self._lately) > _LATELY_MAX:
            del self._lately[next(iter(self._lately))]

    async def _bounded(
        self, tx: Transaction, received: Sequence[_Kept], sifted: Sifted, now: datetime
    ) -> list[_Kept]:
        """Leave out what a chat in a hurry sends while more than enough of it still waits."""
        assert self._gate is not None
        waiting = Counter(await inbox.waiting_of(tx, sifted.hasty))
        kept = []
        for update, one in received:
            chat = one.chat_key
            is_known = one.update_id in self._lately
            is_full = chat in sifted.hasty and waiting[chat] >= waiting_max(chat)
            if is_full and not is_known and not is_spared(update):
                self._gate.drop(update, chat, now.timestamp(), sifted)
            else:
                waiting[chat] += not is_known
                kept.append((update, one))
        return kept

    async def _tell_to_slow_down(
        self, tx: Transaction, told: Sequence[RawUpdate], now: datetime
    ) -> None:
        """Say it to whoever floods the desk, in the commit that keeps what others wrote."""
        for update in told:
            _logger.warning("a chat sends more than it may; the rest is dropped for now")
            if self._slow_down is not None:
                key = f"flood:{chat_key_of(update)}:{now:%Y%m%d%H%M}"
                await outbox.queue(tx, key, await self._slow_down(tx, update, now), now)

    def _usable(self, batch: Sequence[object]) -> list[_Kept]:
        kept = []
        for update in batch:
            received = self._read(update)
            if received is None or not isinstance(update, dict):
                _logger.error("an update that cannot be kept is skipped")
            else:
                kept.append((update, received))
        return kept

    def _read(self, update: object) -> Received | None:
        update_id = update_id_of(update)
        if update_id is None or not isinstance(update, dict):
            return None
        try:
            payload = dumps(update)
        except ValueError:
            return None
        return Received(self._bot_id, update_id, chat_key_of(update), payload)


def chat_key_of(update: dict[str, object]) -> int:
    """Say which chat an update belongs to: its chat, else its person, else nobody (0)."""
    for name, content in update.items():
        if name == "update_id" or not isinstance(content, dict):
            continue
        message = content.get("message")
        places = (
            content.get("chat"),
            message.get("chat") if isinstance(message, dict) else None,
            content.get("from"),
            content.get("user"),
        )
        for place in places:
            if isinstance(place, dict) and _is_id(place.get("id")):
                return int(place["id"])
    return 0


def update_id_of(update: object) -> int | None:
    """Read the number of an update; None where it has none that can be kept."""
    update_id = update.get("update_id") if isinstance(update, dict) else None
    return update_id if _is_id(update_id) else None


def _chats_of(batch: Sequence[object], kinds: Sequence[str]) -> set[int]:
    return {
        chat_key_of(update)
        for update in batch
        if isinstance(update, dict) and any(kind in update for kind in kinds)
    }


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _ID_MAX
