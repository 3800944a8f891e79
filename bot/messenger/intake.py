"""Fetches updates and keeps them, and only then says to the platform that it has them.

python-telegram-bot's own polling confirms updates while their handlers still run (a quarter of
them was lost over twenty kills), spins for ever on one it cannot parse, and ends silently after
one 401. Here updates stay raw JSON, the confirmation follows the commit, and only `stop` ends it.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.clock import Clock
from bot.kit.database import Database, Transaction, is_storage_trouble
from bot.kit.troubles import told
from bot.messenger.contract import PRE_CHECKOUT, RawUpdate, SlowDown
from bot.messenger.errors import CallFailed, Refused, Unreachable
from bot.messenger.floods import Floods, Sifted, is_spared, waiting_max
from bot.messenger.reading import dumps
from bot.messenger.transport import BotApi
from bot.messenger.waiting import Backoff, news
from bot.outbox import use_cases as outbox

_logger = logging.getLogger(__name__)

_POLL_SECONDS: Final = 25
_POLL_GRACE_SECONDS: Final = 10
_BATCH_MAX: Final = 100
_ID_MAX: Final = 2**63 - 1
_ID_DIGITS_MAX: Final = 18
_SPOKEN_KINDS: Final = ("message", "edited_message", "callback_query")
_Kept = tuple[RawUpdate, Received]


class Intake:
    """The loop that asks the platform for updates."""

    def __init__(
        self,
        database: Database,
        api: BotApi,
        *,
        clock: Clock,
        arrived: asyncio.Event,
        paying: set[int] | None = None,
        gate: Floods | None = None,
        slow_down: SlowDown | None = None,
        queued: Callable[[], None] | None = None,
    ) -> None:
        self._database = database
        self._api = api
        self._gate = gate
        self._slow_down = slow_down
        self._queued = queued
        self._clock = clock
        self._arrived = arrived
        self._paying = set() if paying is None else paying
        self._offset = 0  # Never kept: after a restart the platform starts at the earliest again.
        self._polling: asyncio.Timeout | None = None
        self.last_success_at: datetime | None = None
        self.skipped_count = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch and keep updates until told to stop, whatever goes wrong meanwhile."""
        backoff = Backoff()
        while not stop.is_set():
            try:
                await self._fetch_and_keep()
            except TimeoutError:
                continue  # interrupted
            except CallFailed as error:
                _logger.warning("updates cannot be fetched: %s", error)
                await news(stop, self._pause(error, backoff))
            except Exception as error:
                if not is_storage_trouble(error):
                    raise
                _logger.error("updates cannot be kept: %s", told(error))  # noqa: TRY400 - it says what to do
                await news(stop, backoff.failed())
            else:
                backoff.succeeded()

    def interrupt(self) -> None:
        """End the wait for updates now; what was fetched already is still kept."""
        if self._polling is not None:
            self._polling.reschedule(asyncio.get_running_loop().time())

    async def _fetch_and_keep(self) -> None:
        asked = self._offset
        raw = await self._poll()
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
            self._paying |= _chats_of(raw, (PRE_CHECKOUT,))
            self._arrived.set()
            if sifted.told and self._queued is not None:
                self._queued()
        if self._gate is not None:
            self._gate.settle(sifted, now.timestamp())
        self._offset = _next_offset(raw, self._offset)
        self.last_success_at = now
        if sifted.kept and not received and self._offset == asked:
            raise Unreachable("updates that can be neither kept nor confirmed")

    def _sift(self, raw: Sequence[object], now: datetime) -> Sifted:
        """Leave out what is too much of one person; nothing of it was accepted yet."""
        if self._gate is None:
            return Sifted(kept=list(raw))
        chats = [chat_key_of(update) if isinstance(update, dict) else 0 for update in raw]
        return self._gate.sift(raw, chats, now.timestamp())

    async def _bounded(
        self, tx: Transaction, received: Sequence[_Kept], sifted: Sifted, now: datetime
    ) -> list[_Kept]:
        """Leave out what a chat in a hurry sends while more than enough of it still waits."""
        assert self._gate is not None
        waiting = Counter(await inbox.waiting_of(tx, sifted.hasty))
        kept = []
        for update, one in received:
            chat = one.chat_key
            is_full = chat in sifted.hasty and waiting[chat] >= waiting_max(chat)
            if is_full and not is_spared(update):
                self._gate.drop(update, chat, now.timestamp(), sifted)
            else:
                waiting[chat] += 1
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

    async def _poll(self) -> list[object]:
        params: dict[str, object] = {
            "offset": self._offset,
            "timeout": _POLL_SECONDS,
            "limit": _BATCH_MAX,
            "allowed_updates": list(self._api.platform.update_kinds),
        }
        try:
            async with asyncio.timeout(None) as self._polling:
                batch = await self._api.call(
                    "getUpdates", params, timeout_seconds=_POLL_SECONDS + _POLL_GRACE_SECONDS
                )
        finally:
            self._polling = None
        if not isinstance(batch, list):
            raise Unreachable("updates that are not a list")
        return batch

    def _usable(self, batch: Sequence[object]) -> list[_Kept]:
        kept = []
        for update in batch:
            received = self._read(update)
            if received is None or not isinstance(update, dict):
                self.skipped_count += 1
                _logger.error("an update that cannot be kept is skipped")
            else:
                kept.append((update, received))
        return kept

    def _read(self, update: object) -> Received | None:
        update_id = _update_id(update)
        if update_id is None or not isinstance(update, dict):
            return None
        try:
            payload = dumps(update)
        except ValueError:
            return None
        return Received(self._api.bot_id, update_id, chat_key_of(update), payload)

    @staticmethod
    def _pause(error: CallFailed, backoff: Backoff) -> float:
        pause = backoff.failed()
        if isinstance(error, Refused) and error.retry_after_seconds is not None:
            return max(pause, error.retry_after_seconds)
        return pause


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


def _chats_of(batch: Sequence[object], kinds: Sequence[str]) -> set[int]:
    return {
        chat_key_of(update)
        for update in batch
        if isinstance(update, dict) and any(kind in update for kind in kinds)
    }


def _next_offset(batch: Sequence[object], offset: int) -> int:
    """Go past a batch by whatever numbers in it can be confirmed, also of what is not kept."""
    ids = [id_ for update in batch if (id_ := _confirmable_id(update)) is not None]
    return max(ids) + 1 if ids else offset


def _confirmable_id(update: object) -> int | None:
    said = update.get("update_id") if isinstance(update, dict) else None
    if isinstance(said, str) and said.isdecimal() and len(said) <= _ID_DIGITS_MAX:
        return int(said)
    return _update_id(update)


def _update_id(update: object) -> int | None:
    update_id = update.get("update_id") if isinstance(update, dict) else None
    return update_id if _is_id(update_id) else None


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _ID_MAX
