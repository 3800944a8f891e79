"""Fetches updates and has them kept, and only then says to the platform that it has them.

python-telegram-bot's own polling confirms updates while their handlers still run (a quarter of
them was lost over twenty kills), spins for ever on one it cannot parse, and ends silently after
one 401. Here updates stay raw JSON, the confirmation follows the commit, and only `stop` ends it.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.kit.database import is_storage_trouble
from bot.kit.troubles import told
from bot.messenger.admission import Admission, update_id_of
from bot.messenger.errors import CallFailed, Refused, Unreachable
from bot.messenger.transport import BotApi
from bot.messenger.waiting import Backoff, news

_logger = logging.getLogger(__name__)

_POLL_SECONDS: Final = 25
_POLL_GRACE_SECONDS: Final = 10
_BATCH_MAX: Final = 100
_ID_DIGITS_MAX: Final = 18
_CONFLICT: Final = 409


class Intake:
    """The loop that asks the platform for updates."""

    def __init__(self, api: BotApi, admission: Admission) -> None:
        self._api = api
        self._admission = admission
        self._offset = 0  # Never kept: after a restart the platform starts at the earliest again.
        self._polling: asyncio.Timeout | None = None

    @property
    def last_success_at(self) -> datetime | None:
        """When updates were last fetched and kept, or there were none."""
        return self._admission.last_success_at

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch and keep updates until told to stop, whatever goes wrong meanwhile."""
        backoff = Backoff()
        self._offset = 0  # Meanwhile others may have asked, and numbers may have turned random.
        while not stop.is_set():
            try:
                await self._fetch_and_keep()
            except TimeoutError:
                continue  # interrupted
            except CallFailed as error:
                _logger.warning("updates cannot be fetched: %s", error)
                if _is_posted_elsewhere(error):
                    await self._ask_for_polling()
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
        admitted = await self._admission.admit(raw)
        self._offset = _next_offset(raw, self._offset)
        if admitted.heard and not admitted.kept and self._offset == asked:
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

    async def _ask_for_polling(self) -> None:
        """Have the platform post no more; what it has not posted yet is fetched."""
        try:
            await self._api.call("deleteWebhook", {"drop_pending_updates": False})
        except CallFailed as error:
            _logger.warning("the webhook cannot be removed: %s", error)
        else:
            _logger.warning("a webhook was set for this token; it is removed, updates are fetched")

    @staticmethod
    def _pause(error: CallFailed, backoff: Backoff) -> float:
        pause = backoff.failed()
        if isinstance(error, Refused) and error.retry_after_seconds is not None:
            return max(pause, error.retry_after_seconds)
        return pause


def _is_posted_elsewhere(error: CallFailed) -> bool:
    """True for the one 409 of two that says a webhook is set; the other names another process."""
    is_conflict = isinstance(error, Refused) and error.code == _CONFLICT
    return is_conflict and "webhook" in str(error).lower()


def _next_offset(batch: Sequence[object], offset: int) -> int:
    """Go past a batch by whatever numbers in it can be confirmed, also of what is not kept."""
    ids = [id_ for update in batch if (id_ := _confirmable_id(update)) is not None]
    return max(ids) + 1 if ids else offset


def _confirmable_id(update: object) -> int | None:
    said = update.get("update_id") if isinstance(update, dict) else None
    if isinstance(said, str) and said.isdecimal() and len(said) <= _ID_DIGITS_MAX:
        return int(said)
    return update_id_of(update)
