"""Firings of the clock: no slot of a job is had twice, and who is overtaken goes no further.

Who makes rounds writes down which slot of a job they have before they begin, and each of their
transactions looks whether it still is the last one. So of two that both believe they lead, one
makes it; one that stood still in the middle of a round changes nothing after another has begun
the next; and a clock that is set back brings no slot again.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.kit.auditing import finding
from bot.kit.repository import FiringRepository, Turn, take_turn

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.kit.auditing import Finding
    from bot.kit.database import Database, Transaction

SLOT_SECONDS: Final = 10
_SKEW_SLOTS_MAX: Final = 1  # by which two machines with good clocks may differ


class Invariant(StrEnum):
    """What an audit of the firings looks at; the names go on where those of the outbox end."""

    FIRED_ONCE = "I22"


class Overtaken(Exception):  # noqa: N818 - what happened, not what it is
    """Another process has begun a later slot of the same job."""


async def fire(database: Database, jobs: Collection[str], now: datetime) -> dict[str, int]:
    """Take the slot of this moment for each of these jobs, unless somebody has it; say which.

    Where the clock was set back, jobs go on with the slot after their last one: they neither have
    one again nor wait until the clock has caught up.
    """
    present = int(now.timestamp()) // SLOT_SECONDS

    async def take(tx: Transaction) -> dict[str, int]:
        await take_turn(tx, Turn.ROUNDS)
        firings = FiringRepository(tx)
        last = await firings.last()
        slots = {job: _next(last.get(job), present) for job in jobs}
        taken = {job: slot for job, slot in slots.items() if slot is not None}
        if taken:
            await firings.add(taken, now)
        return taken

    return await database.attempt(take) if jobs else {}


def _next(last: int | None, present: int) -> int | None:
    """Say which slot comes after the last one, if its time has come."""
    if last is None or last < present:
        return present
    return None if last <= present + _SKEW_SLOTS_MAX else last + 1


def fired(database: Database, job: str, slot: int) -> Database:
    """Give a database with transactions that raise Overtaken where a later slot has begun.

    No two of them happen at once, whatever the job.
    """

    async def ensure_last(tx: Transaction) -> None:
        await take_turn(tx, Turn.ROUNDS)
        if not await FiringRepository(tx).is_last(job, slot):
            raise Overtaken(job)

    return database.beginning_with(ensure_last)


async def audit(tx: Transaction) -> list[Finding]:
    """Look for jobs that stand in two slots at once."""
    doubled = await FiringRepository(tx).doubled()
    return [finding(Invariant.FIRED_ONCE, f"the job {job}", "one slot", "two") for job in doubled]
