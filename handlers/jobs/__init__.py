"""What the clock does at the desk: each round looks, acts and tells, in transactions of its own.

A round that is repeated, after a restart or beside another one, finds nothing more to do: whatever
it acts on is marked in the same transaction in which it is told. Besides, each turn of a round is
a firing, which nobody else can have.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.kit import metrics
from bot.kit.clock import now
from bot.kit.database import is_busy, is_storage_trouble
from bot.kit.firings import SLOT_SECONDS, Overtaken, fire, fired
from bot.kit.logs import log_context
from bot.kit.troubles import told
from bot.messenger.waiting import news
from handlers.jobs.audits import audit_ledger
from handlers.jobs.bank_files import open_bank_files
from handlers.jobs.cases import (
    close_answered,
    return_idle_claims,
    tell_overdue,
    wake_snoozed,
    warn_staff,
)
from handlers.jobs.catalogue_books import open_catalogue_books
from handlers.jobs.digests import send_agreement_alerts, send_digests
from handlers.jobs.forgetting import forget_what_is_old, forget_what_is_over
from handlers.jobs.housekeeping import seed_calendar
from handlers.jobs.money import expire_top_ups
from handlers.jobs.surveys import ask_surveys
from handlers.jobs.taking_back import take_files_back
from handlers.jobs.undelivered import report_undelivered
from handlers.jobs.workshop_sheets import open_workshop_sheets
from handlers.jobs.workshops import run_workshops

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.kit.database import Database
    from handlers.context import Shared

    Round = Callable[[Shared, Database, datetime], Awaitable[bool]]

_logger = logging.getLogger(__name__)

_TURN_SECONDS = float(SLOT_SECONDS)
_MINUTE_SECONDS = 60.0
_HOUR_SECONDS = 3600.0
_TRIES_MAX = 5
_BREATH_SECONDS = 0.1  # between two rounds: all in a row would keep people waiting for 50 ms

ROUNDS: tuple[tuple[Round, float], ...] = (
    (seed_calendar, _HOUR_SECONDS),
    (tell_overdue, _TURN_SECONDS),
    (warn_staff, _TURN_SECONDS),
    (wake_snoozed, _TURN_SECONDS),
    (report_undelivered, _TURN_SECONDS),
    (run_workshops, _TURN_SECONDS),
    (ask_surveys, _TURN_SECONDS),
    (send_digests, _MINUTE_SECONDS),
    (send_agreement_alerts, _MINUTE_SECONDS),
    (return_idle_claims, _MINUTE_SECONDS),
    (close_answered, _MINUTE_SECONDS),
    (forget_what_is_over, _MINUTE_SECONDS),
    (forget_what_is_old, _HOUR_SECONDS),
    (take_files_back, _MINUTE_SECONDS),
    (expire_top_ups, _HOUR_SECONDS),
    (open_bank_files, _TURN_SECONDS),
    (open_workshop_sheets, _TURN_SECONDS),
    (open_catalogue_books, _TURN_SECONDS),
    (audit_ledger, _MINUTE_SECONDS),
)
"""Every round with the seconds between two of its turns."""


async def make_rounds(
    desk: Shared, database: Database, wake: Callable[[], None], stop: asyncio.Event
) -> None:
    """Make every round again and again until told to stop; the one under way is finished first.

    `wake` is called when a round has queued something.
    """
    next_at = dict.fromkeys((make_round for make_round, _ in ROUNDS), 0.0)
    while not stop.is_set():
        try:
            await _make_turn(desk, database, wake, stop, next_at)
        except Overtaken as job:
            _logger.warning("another replica has gone on with the rounds: %s", job)
        except Exception as error:
            if not is_storage_trouble(error):
                raise
            _logger.warning("the rounds wait for the storage: %s", told(error))
        await news(stop, _TURN_SECONDS)


async def _make_turn(
    desk: Shared,
    database: Database,
    wake: Callable[[], None],
    stop: asyncio.Event,
    next_at: dict[Round, float],
) -> None:
    """Make the rounds that are due here, and that nobody else makes in this slot."""
    loop = asyncio.get_running_loop()
    due = {one.__name__: (one, seconds) for one, seconds in ROUNDS if loop.time() >= next_at[one]}
    for name, slot in (await fire(database, due, now())).items():
        if stop.is_set():
            return
        make_round, seconds = due[name]
        if await _make(make_round, desk, fired(database, name, slot)):
            wake()
        next_at[make_round] = loop.time() + seconds
        await news(stop, _BREATH_SECONDS)


async def _make(make_round: Round, desk: Shared, database: Database) -> bool:
    """Make a round; one that fails holds up no other, unless the storage does."""
    name = make_round.__name__
    try:
        with log_context(name, "round"), metrics.timed(metrics.ROUND_SECONDS, name):
            return await _insist(make_round, desk, database)
    except Exception as error:
        if isinstance(error, Overtaken) or is_storage_trouble(error):
            raise
        _logger.exception("a round failed: %s", name)
    return True  # something may have been queued before


async def _insist(make_round: Round, desk: Shared, database: Database) -> bool:
    """Make a round, once more where another replica's update was in its way.

    What it had done until then stands, and is not done again.
    """
    for _ in range(_TRIES_MAX - 1):
        try:
            return await make_round(desk, database, now())
        except Exception as error:
            if not (database.is_shared and is_busy(error)):
                raise
    return await make_round(desk, database, now())
