"""What is kept for a time is gone after it: the one list of how, by the one table of how long.

The rounds work it off, and `python -m bot forget --dry-run` counts by the same list what they
would delete next, and undoes it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.cases import use_cases as cases
from bot.catalogue import use_cases as questions
from bot.citizens import use_cases as citizens
from bot.inbox import use_cases as inbox
from bot.kit.database import Database
from bot.kit.errors import StartRefused
from bot.kit.jalali import tehran_day
from bot.kit.keeping import KEPT_FOR, Kind
from bot.kit.keys import fitting_keyring
from bot.kit.opening import is_current
from bot.outbox import use_cases as outbox
from bot.surveys import use_cases as surveys
from bot.wallet.use_cases.parting import forget_old_accounts
from bot.workshops import use_cases as workshops

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from bot.kit.database import Transaction
    from handlers.context import Shared

    Step = Callable[[Transaction, datetime], Awaitable[Counter[Kind]]]

_CASES_AT_ONCE = 100
_RUNS_MAX = 1_000


async def _questions(tx: Transaction, now: datetime) -> Counter[Kind]:
    gone = await questions.forget_old_questions(tx, today=tehran_day(now))
    return Counter({Kind.QUESTION: gone})


async def _people(tx: Transaction, now: datetime) -> Counter[Kind]:
    topics = await citizens.forget_topics(tx, now=now)
    dialogues, invitations = await citizens.forget_expired(tx, now=now)
    await citizens.forget_bans(tx, now=now)  # each says itself for how long it is kept
    return Counter({Kind.TOPIC: topics, Kind.DIALOGUE: dialogues, Kind.INVITATION: invitations})


async def _consents(tx: Transaction, now: datetime) -> Counter[Kind]:
    return Counter({Kind.CONSENT: await citizens.forget_consents(tx, now=now)})


async def _cases(tx: Transaction, now: datetime) -> Counter[Kind]:
    old = await cases.forget_old(tx, now=now, limit=_CASES_AT_ONCE)
    about = [f"{kind}:{case_id}" for case_id in old for kind in ("case", "said")]
    await outbox.forget_subjects(tx, about)
    await surveys.forget(tx, subjects=about)
    return Counter({Kind.CASE: len(old)})


async def _workshops(tx: Transaction, now: datetime) -> Counter[Kind]:
    marks, checks, national_ids = await workshops.forget_old(tx, now=now)
    ratings = await surveys.forget_old(tx, about="registration", now=now)
    return Counter(
        {
            Kind.WORKSHOP_MARK: marks,
            Kind.PREPARATION: checks,
            Kind.NATIONAL_ID: national_ids,
            Kind.RATING: ratings,
        }
    )


async def _accounts(tx: Transaction, now: datetime) -> Counter[Kind]:
    return Counter({Kind.PAYOUT_ACCOUNT: await forget_old_accounts(tx, now=now)})


async def _deliveries(tx: Transaction, now: datetime) -> Counter[Kind]:
    done, failed = await inbox.forget_old(tx, now)
    return Counter(
        {
            Kind.UPDATE: done,
            Kind.FAILED_UPDATE: failed,
            Kind.MESSAGE: await outbox.purge(tx, now),
            Kind.UNREACHABLE: await outbox.forget_standings(tx, now),
            Kind.SUBJECT: await outbox.forget_old_subjects(tx, now),
            Kind.OFFER: await outbox.forget_old_offers(tx, now),
        }
    )


SOON: tuple[Step, ...] = (_questions, _people)
LATER: tuple[Step, ...] = (_cases, _workshops, _consents, _accounts, _deliveries)


async def forget_what_is_over(_desk: Shared, database: Database, now: datetime) -> bool:
    """Forget old questions, topics and flows that were left alone."""
    await _work_off(database, SOON, now)
    return False


async def forget_what_is_old(_desk: Shared, database: Database, now: datetime) -> bool:
    """Forget all else that was kept long enough: cases are only figures a year after their end."""
    await _work_off(database, LATER, now)
    return False


async def _work_off(database: Database, steps: Sequence[Step], now: datetime) -> None:
    """Take each step in a transaction of its own, so that nobody waits behind all of them."""
    for step in steps:
        async with database.transaction() as tx:
            await step(tx, now)


async def counted(database: Database, now: datetime) -> Counter[Kind]:
    """Count what the rounds would delete if they came to the end of it now, and undo it.

    Writers wait meanwhile, as they do for any other transaction.
    """
    found: Counter[Kind] = Counter()
    async with database.transaction() as tx, tx.begin_nested() as counting:
        for step in (*SOON, *LATER):
            found += await _to_the_end(tx, step, now)
        await counting.rollback()
    return found


async def forget_all(database: Database, now: datetime) -> Counter[Kind]:
    """Come to the end of it now, and say what was deleted."""
    found: Counter[Kind] = Counter()
    for step in (*SOON, *LATER):
        async with database.transaction() as tx:
            found += await _to_the_end(tx, step, now)
    return found


async def _to_the_end(tx: Transaction, step: Step, now: datetime) -> Counter[Kind]:
    found: Counter[Kind] = Counter()
    for _run in range(_RUNS_MAX):
        gone = await step(tx, now)
        found += gone
        if not gone.total():
            break
    return found


async def forgotten_lines(url: str, keys: Path, *, is_dry: bool, now: datetime) -> list[str]:
    """From a shell, delete what was kept long enough, or count it; say how much of each kind.

    Raises StartRefused where there are no records of this version.
    """
    if not is_current(url):
        raise StartRefused(
            ["database: there are no records of this version; start the desk once."]
        )
    database = Database.open(url)
    try:
        async with database.reading() as tx:
            database.keyring = await fitting_keyring(tx, keys)
        if database.keyring is None:
            return ["Nothing is kept here yet."]
        found = await (counted if is_dry else forget_all)(database, now)
    finally:
        await database.close()
    lines = [f"{kind:>16} {found[kind]:>8}  (kept {_told(KEPT_FOR[kind])})" for kind in Kind]
    done = "would be deleted" if is_dry else "were deleted"
    return [*lines, f"{found.total()} records {done}."]


def _told(span: timedelta) -> str:
    hours, seconds = divmod(span.seconds, 3_600)
    if span.days:
        return f"{span.days} days" if span.days > 1 else "24 hours"
    return f"{hours} hours" if hours else f"{seconds // 60} minutes"
