"""Makes a backup at each of the hours that were set, and speaks up when one cannot be made.

The folder is the memory: an hour is done when a backup in it is as new. So one that was missed,
because the desk or the disk was away, is made up for as soon as both are back.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.kit.clock import TEHRAN
from bot.kit.database import is_storage_trouble
from bot.kit.errors import StartRefused
from bot.kit.troubles import told
from bot.messenger.waiting import news
from bot.outbox import use_cases as outbox
from handlers.jobs.backups import back_up
from handlers.jobs.notices import notice
from handlers.views.office import backup_alarm as views

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.kit.clock import Clock
    from bot.kit.database import Database
    from handlers.context import Shared
    from handlers.jobs.backups import Keeper

_logger = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 60.0
_LOOK_AGAIN_SECONDS: Final = 900.0  # after a failure
_AHEAD_MAX: Final = timedelta(minutes=5)  # What is newer was made before the clock was set back.


@dataclass(frozen=True, slots=True)
class Schedule:
    """Where backups come from and go to, and at which hours of Tehran."""

    records: Path
    keeper: Keeper
    hours: tuple[int, ...]

    def slot_of(self, now: datetime) -> datetime:
        """Say which of the hours was the last one before this moment."""
        today = now.astimezone(TEHRAN).date()
        slots = [
            datetime.combine(today - timedelta(days=days), time(hour), TEHRAN)
            for days in (0, 1)
            for hour in self.hours
        ]
        return max(slot for slot in slots if slot <= now)


class NightlyBackups:
    """The loop that makes the backups that are due; without a schedule there are none."""

    def __init__(
        self,
        desk: Shared,
        database: Database,
        schedule: Schedule | None,
        *,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._database = database
        self._schedule = schedule
        self._clock = clock
        self._last_at: datetime | None = None

    def last_at(self) -> datetime | None:
        """Say when the newest backup was made, as far as is known."""
        return self._last_at

    async def run(self, stop: asyncio.Event, wake: Callable[[], None]) -> None:
        """Look every minute until told to stop; whatever is wrong, the desk goes on.

        `wake` is called when somebody may have to be told of it.
        """
        while self._schedule is not None and not stop.is_set():
            rest = _LOOK_SECONDS
            if not await self.look(self._schedule):
                rest = _LOOK_AGAIN_SECONDS
                wake()
            await news(stop, rest)

    async def look(self, schedule: Schedule) -> bool:
        """Make a backup if one is due; says whether all is well."""
        now = self._clock()
        slot = schedule.slot_of(now)
        try:
            self._last_at = await asyncio.to_thread(_newest, schedule.keeper, now)
            if self._last_at is not None and self._last_at >= slot:
                return True
            await self._make(schedule, now)
        except StartRefused as refused:
            for fault in refused.faults:
                _logger.error("no backup could be made: %s", fault)  # noqa: TRY400 - it says what to do
            await self._tell(slot)
        except Exception:  # whatever it is, citizens are served meanwhile
            _logger.exception("no backup could be made")
            await self._tell(slot)
        else:
            return True
        return False

    async def _make(self, schedule: Schedule, now: datetime) -> None:
        made = await back_up(schedule.records, schedule.keeper, self._desk.catalogue, now=now)
        self._last_at = made.made_at
        _logger.info("a backup was made and looked at: %s", made.path)
        for finding in made.findings:
            _logger.error("the audit found in the backup: %s", finding)

    async def _tell(self, slot: datetime) -> None:
        """Tell every admin chat, once for each hour that was missed."""
        desk, now = self._desk, self._clock()
        words = desk.words_of(desk.default_language)
        try:
            async with self._database.transaction() as tx:
                chats = sorted(set((await citizens.admin_chats(tx)).values()))
                for chat_id in chats:
                    key = f"backup:{chat_id}:{slot:%Y%m%dT%H}"
                    await outbox.queue(tx, key, [notice(chat_id, views.alarm(words))], now)
        except Exception as error:
            if not is_storage_trouble(error):
                raise
            _logger.warning("nobody can be told of it: %s", told(error))


def _newest(keeper: Keeper, now: datetime) -> datetime | None:
    try:
        moments = [backup.made_at for backup in keeper.backups()]
    except OSError as error:
        fault = f"backup: {keeper.folder} cannot be read: {error.strerror}."
        raise StartRefused([fault]) from None
    return max((moment for moment in moments if moment <= now + _AHEAD_MAX), default=None)
