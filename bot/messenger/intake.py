"""Fetches updates and keeps them, and only then says to the platform that it has them.

python-telegram-bot's own polling confirms updates while their handlers still run (a quarter of
them was lost over twenty kills), spins for ever on one it cannot parse, and ends silently after
one 401. Here updates stay raw JSON, the confirmation follows the commit, and only `stop` ends it.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.clock import Clock
from bot.kit.database import Database, is_storage_trouble
from bot.kit.troubles import told
from bot.messenger.contract import PRE_CHECKOUT
from bot.messenger.errors import CallFailed, Refused, Unreachable
from bot.messenger.reading import dumps
from bot.messenger.transport import BotApi
from bot.messenger.waiting import Backoff, news
from bot.outbox import use_cases as outbox

if TYPE_CHECKING:
    from datetime import datetime

_logger = logging.getLogger(__name__)

_POLL_SECONDS: Final = 25
_POLL_GRACE_SECONDS: Final = 10
_BATCH_MAX: Final = 100
_ID_MAX: Final = 2**63 - 1
_ID_DIGITS_MAX: Final = 18
_SPOKEN_KINDS: Final = ("message", "edited_message", "callback_query")


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
    ) -> None:
        self._database = database
        self._api = api
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
        received = self._usable(raw)
        if received:
            async with self._database.transaction() as tx:
                await inbox.receive(tx, received, now)
                await outbox.heard_from(tx, _chats_of(raw, _SPOKEN_KINDS))
            self._paying |= _chats_of(raw, (PRE_CHECKOUT,))
            self._arrived.set()
        self._offset = _next_offset(raw, self._offset)
        self.last_success_at = now
        if raw and not received and self._offset == asked:
            raise Unreachable("updates that can be neither kept nor confirmed")

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

    def _usable(self, batch: Sequence[object]) -> list[Received]:
        kept = []
        for update in batch:
            received = self._read(update)
            if received is None:
                self.skipped_count += 1
                _logger.error("an update that cannot be kept is skipped")
            else:
                kept.append(received)
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
