"""Has the platform post updates instead of being asked for them, and keeps what it posts.

What arrives while a commit is under way is kept by the next one, all of it together; the platform
hears 200 only after the commit that holds its update, and posts again whatever it did not hear of.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bot.inbox import use_cases as inbox
from bot.kit.clock import Clock
from bot.kit.database import Database, is_storage_trouble
from bot.kit.troubles import told
from bot.messenger.admission import Admission, update_id_of
from bot.messenger.errors import CallFailed, Refused, unaddressed
from bot.messenger.listener import Door, Listener, TurnedAway
from bot.messenger.reading import loads
from bot.messenger.transport import BotApi
from bot.messenger.waiting import Backoff, news

_logger = logging.getLogger(__name__)

CONNECTIONS_MAX: Final = 40
_BATCH_MAX: Final = 100
_WAITING_MAX: Final = 256
_UNANSWERED_MAX: Final = 20_000
_COUNTED_EVERY_SECONDS: Final = 1.0
_TROUBLE_SECONDS: Final = 5
_LOOKED_AT_EVERY_SECONDS: Final = 30.0
_UNAUTHORIZED: Final = 401
_Post = tuple[object, asyncio.Future[None]]


class Posts(NamedTuple):
    """The port that hears what is posted, and the door there for one bot."""

    listener: Listener
    door: Door


class Webhook:
    """The other way in beside the long poll."""

    def __init__(
        self, database: Database, api: BotApi, admission: Admission, posts: Posts, *, clock: Clock
    ) -> None:
        self._database = database
        self._api = api
        self._admission = admission
        self._address = posts.door.address
        self._listener, self._door = posts
        self._clock = clock
        self._waiting: deque[_Post] = deque()
        self._rung = asyncio.Event()
        self._counted_at = 0.0
        self._has_too_much = False
        self._is_over = False
        self._confirmed_at: datetime | None = None

    @property
    def last_success_at(self) -> datetime | None:
        """When the platform last posted something, or said that it posts here and gets through."""
        moments = (self._confirmed_at, self._admission.last_success_at)
        return max((moment for moment in moments if moment is not None), default=None)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep what is posted until nothing more can come in, and have the platform post here."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_all())
            watching = group.create_task(self._have_it_posted(stop))
            self._door.take = self.take
            try:
                await stop.wait()
                watching.cancel()
                await self._listener.drained.wait()
            finally:
                self._door.take, self._is_over = None, True
                self._rung.set()

    def interrupt(self) -> None:
        """Have nothing to interrupt: what is posted is finished by whoever listens."""

    async def take(self, body: bytes) -> None:
        """Return once what was posted is kept; raises TurnedAway where it is to come again.

        What is no update would be posted for a day if it were refused: it is passed over.
        """
        update = self._read(body)
        if update is None:
            _logger.error("something that is no update was posted, and is passed over")
            return
        if self._is_over or len(self._waiting) >= _WAITING_MAX:
            raise TurnedAway(1)
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((update, kept))
        self._rung.set()
        await kept

    def _read(self, body: bytes) -> object | None:
        try:
            update = loads(body)
        except ValueError:
            return None
        complete = self._api.platform.complete
        if update_id_of(update) is None or complete is None:
            return None if update_id_of(update) is None else update
        return complete("getUpdates", update)

    async def _keep_all(self) -> None:
        try:
            while not self._is_over:
                await self._rung.wait()
                self._rung.clear()
                while self._waiting:
                    count = min(len(self._waiting), _BATCH_MAX)
                    await self._keep([self._waiting.popleft() for _ in range(count)])
        finally:
            self._is_over = True
            _settle(self._waiting, is_kept=False)

    async def _keep(self, batch: Sequence[_Post]) -> None:
        is_kept = False  # also where this task is told to end in the middle of the commit
        try:
            if not await self._is_overworked():
                await self._admission.admit([update for update, _ in batch])
                is_kept = True
        except Exception as error:
            if not is_storage_trouble(error):
                raise
            _logger.error("updates cannot be kept: %s", told(error))  # noqa: TRY400 - it says what to do
        finally:
            _settle(batch, is_kept=is_kept)

    async def _is_overworked(self) -> bool:
        """Say whether so much waits to be answered that the platform had better keep the rest."""
        now = asyncio.get_running_loop().time()
        if now - self._counted_at >= _COUNTED_EVERY_SECONDS:
            async with self._database.reading() as tx:
                has_too_much = await inbox.has_more_than(tx, _UNANSWERED_MAX)
            if has_too_much and not self._has_too_much:
                _logger.warning("more waits than can be worked off; updates are turned away")
            self._counted_at, self._has_too_much = now, has_too_much
        return self._has_too_much

    async def _have_it_posted(self, stop: asyncio.Event) -> None:
        """Tell the platform where to post, and look again and again whether it still does."""
        backoff, is_set = Backoff(), False
        while not stop.is_set():
            try:
                if not is_set:
                    await self._set()
                is_set = await self._is_posted()
            except CallFailed as error:
                _logger.warning("the webhook cannot be set: %s", unaddressed(error))
                asked = error.retry_after_seconds if isinstance(error, Refused) else None
                await news(stop, max(backoff.failed(), asked or 0.0))
                continue
            backoff.succeeded()
            await news(stop, _LOOKED_AT_EVERY_SECONDS if is_set else backoff.failed())

    async def _set(self) -> None:
        platform = self._api.platform
        params: dict[str, object] = {"url": self._address.url}
        if platform.has_secret_header:
            params |= {
                "secret_token": self._address.secret,
                "allowed_updates": list(platform.update_kinds),
                "max_connections": CONNECTIONS_MAX,
            }
        await self._api.call("setWebhook", params)
        _logger.info("updates are posted here from now on")

    async def _is_posted(self) -> bool:
        """Ask the platform whether it posts here and gets through; False when it posts elsewhere.

        Its answer is read raw, because Bale's lacks what the library insists on.
        """
        try:
            info = await self._api.call("getWebhookInfo", {})
        except Refused as error:
            if error.code == _UNAUTHORIZED or error.retry_after_seconds is not None:
                raise
            info = None  # the platform answers, and does not tell this
        told_of = info if isinstance(info, dict) else {}
        url = told_of.get("url", self._address.url)
        if url != self._address.url:
            _logger.warning("updates are posted elsewhere, or nowhere: the webhook is set anew")
            return False
        if not self._has_trouble(told_of):
            self._confirmed_at = self._clock()
        return True

    def _has_trouble(self, info: dict[str, object]) -> bool:
        """Say whether the last that the platform tells of is that it did not get through."""
        failed_on, waiting = info.get("last_error_date"), info.get("pending_update_count")
        if not isinstance(failed_on, int) or not isinstance(waiting, int) or waiting < 1:
            return False
        last = self._admission.last_success_at
        if last is not None and failed_on < (last - timedelta(seconds=1)).timestamp():
            return False
        line = "the platform cannot post here: %s; %d updates wait there"
        _logger.warning(line, unaddressed(info.get("last_error_message", "")), waiting)
        return True


def _settle(batch: Iterable[_Post], *, is_kept: bool) -> None:
    for _, kept in batch:
        if kept.done():
            continue
        if is_kept:
            kept.set_result(None)
        else:
            kept.set_exception(TurnedAway(_TROUBLE_SECONDS))
