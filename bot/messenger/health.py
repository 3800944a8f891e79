"""Whether the bot does its work, and what stands in its way."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.inbox.repository import InboxRepository
from bot.kit.clock import Clock
from bot.kit.database import Database, is_storage_trouble
from bot.outbox.repository import OutboxRepository

_INTAKE_SECONDS_MAX: Final = 90.0
_INBOX_SECONDS_MAX: Final = 120.0
_OUTBOX_SECONDS_MAX: Final = 900.0
_AGE_SECONDS_MIN: Final = -5.0  # What is younger came from a clock that was set back since.
_KEPT_FOR: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Health:
    """How the durable path is; ages are in seconds, and None where nothing waits."""

    intake_age: float
    oldest_update_age: float | None
    oldest_message_age: float | None
    dead_letters: int
    dead_messages: int
    is_writable: bool
    waiting_updates: int = 0
    waiting_messages: int = 0
    backup_age: float | None = None

    @property
    def is_healthy(self) -> bool:
        """True when updates come in, are answered, are said, and can be kept.

        With a clock that was set back nothing is due for a while: that is no health either.
        """
        return (
            self.is_writable
            and _AGE_SECONDS_MIN <= self.intake_age <= _INTAKE_SECONDS_MAX
            and _AGE_SECONDS_MIN <= (self.oldest_update_age or 0.0) <= _INBOX_SECONDS_MAX
            and _AGE_SECONDS_MIN <= (self.oldest_message_age or 0.0) <= _OUTBOX_SECONDS_MAX
        )


class Examiner:
    """Examines once a second at most, however many ask, and so never stands in the desk's way."""

    def __init__(
        self,
        database: Database,
        last_intake_at: Callable[[], datetime],
        clock: Clock,
        last_backup_at: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self._database = database
        self._last_intake_at = last_intake_at
        self._last_backup_at = last_backup_at
        self._clock = clock
        self._examining = asyncio.Lock()
        self._found: tuple[datetime, Health] | None = None

    async def health(self) -> Health:
        """Say how the durable path is, or was less than a second ago."""
        async with self._examining:
            now = self._clock()
            if self._found is None or not timedelta(0) <= now - self._found[0] < _KEPT_FOR:
                health = await examine(self._database, self._last_intake_at(), now)
                backup_at = self._last_backup_at()
                if backup_at is not None:
                    health = replace(health, backup_age=(now - backup_at).total_seconds())
                self._found = now, health
            return self._found[1]


async def examine(database: Database, last_intake_at: datetime, now: datetime) -> Health:
    """Look at everything that can go wrong unseen."""

    def age(moment: datetime | None) -> float | None:
        return None if moment is None else (now - moment).total_seconds()

    is_writable = await _is_writable(database)  # It waits for writers, so it holds nothing.
    async with database.reading() as tx:
        inbox, outbox = InboxRepository(tx), OutboxRepository(tx)
        waiting, waits_since = await outbox.waiting()
        return Health(
            intake_age=(now - last_intake_at).total_seconds(),
            oldest_update_age=age(await inbox.oldest_new_at()),
            oldest_message_age=age(waits_since),
            dead_letters=await inbox.count_dead(),
            dead_messages=await outbox.count_dead(),
            is_writable=is_writable,
            waiting_updates=await inbox.count_new(),
            waiting_messages=waiting,
        )


async def _is_writable(database: Database) -> bool:
    try:
        await database.probe()
    except Exception as error:
        if not is_storage_trouble(error):
            raise
        return False
    return True
