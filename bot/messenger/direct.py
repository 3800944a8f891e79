"""Calls that are made beside the outbox: a typing sign, the end of a button's spin, a checkout.

Most are made once, at best. A pressing one has helpers of its own, so that it waits behind nothing
that can wait, and is made again while its answer is still of use.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from bot.messenger.contract import DirectCall
from bot.messenger.errors import CallFailed, Refused
from bot.messenger.transport import BotApi

_logger = logging.getLogger(__name__)

_AT_ONCE: Final = 8
_WAITING_MAX: Final = 256
_SECONDS_MAX: Final = 5.0
_PRESSING_AT_ONCE: Final = 4
_PRESSING_TRIES: Final = 3
_PRESSING_TRY_SECONDS: Final = 2.5
_PRESSING_SECONDS_MAX: Final = 8.0
"""The platform waits ten seconds for the answer to a checkout."""

_PAUSE_SECONDS: Final = 0.2


class DirectCalls:
    """The calls that wait to be made, and those who make them."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._waiting: asyncio.Queue[DirectCall] = asyncio.Queue(_WAITING_MAX)
        self._pressing: asyncio.Queue[DirectCall] = asyncio.Queue()

    def add(self, call: DirectCall) -> None:
        """Have a call made soon; where too many wait, one that is not pressing is dropped."""
        if call.is_pressing:
            self._pressing.put_nowait(call)
        elif not self._waiting.full():
            self._waiting.put_nowait(call)

    def start(self, group: asyncio.TaskGroup) -> Sequence[asyncio.Task[None]]:
        """Make calls until the tasks are cancelled."""
        once = [group.create_task(self._make_once()) for _ in range(_AT_ONCE)]
        again = [group.create_task(self._make_pressing()) for _ in range(_PRESSING_AT_ONCE)]
        return [*once, *again]

    async def settle(self) -> None:
        """Wait until no pressing call is left."""
        await self._pressing.join()

    async def _make_once(self) -> None:
        while True:
            call = await self._waiting.get()
            try:
                await self._api.call(call.method, call.params, timeout_seconds=_SECONDS_MAX)
            except CallFailed as error:
                _logger.info("%s was not taken: %s", call.method, error)

    async def _make_pressing(self) -> None:
        while True:
            call = await self._pressing.get()
            try:
                async with asyncio.timeout(_PRESSING_SECONDS_MAX):
                    await self._insist(call)
            except TimeoutError:
                _logger.warning("%s was not taken in time", call.method)
            finally:
                self._pressing.task_done()

    async def _insist(self, call: DirectCall) -> None:
        pause = _PAUSE_SECONDS
        for _ in range(_PRESSING_TRIES):
            try:
                await self._api.call(
                    call.method, call.params, timeout_seconds=_PRESSING_TRY_SECONDS
                )
            except CallFailed as error:
                _logger.warning("%s was not taken: %s", call.method, error)
                if isinstance(error, Refused) and error.retry_after_seconds is None:
                    return
                pause = max(pause * 2, getattr(error, "retry_after_seconds", None) or 0.0)
            else:
                return
            await asyncio.sleep(pause)
