"""How long a backup and a restore take, of records of this size and under payments beside it.

The size is that of a desk of some years: money that moved, and messages that are kept.
"""

import argparse
import asyncio
import random
import shutil
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.machine import ROOT, workplace
from benchmarks.state import Figure, report
from bot.catalogue.loader import load_catalogue
from bot.citizens.model import CitizenId
from bot.kit.clock import now
from bot.kit.database import Database
from bot.kit.database_file import prepare_database
from bot.kit.keys import settle_keyring
from handlers.jobs.backups import Keeper, back_up, restore
from tests.wallet.support import top_up

_AT_ONCE = 500
_MESSAGE_BYTES = 1_000
_PAUSE_SECONDS = 0.02  # between two payments, as in a busy hour


@dataclass
class Measured:
    """What was measured of one backup and its restore."""

    megabytes: float
    backup_seconds: float
    restore_seconds: float
    calm: list[float]
    beside: list[float]
    findings_count: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=20_000)
    parser.add_argument("--messages", type=int, default=80_000)
    options = parser.parse_args()
    folder = workplace() / "backups"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        measured = asyncio.run(_measure(folder, options.payments, options.messages))
    finally:
        shutil.rmtree(folder)
    report(
        "backup",
        [
            Figure("records", measured.megabytes, "MB", digits=0),
            Figure("payments among them", options.payments, "", digits=0),
            Figure("a backup, opened again and audited", measured.backup_seconds, "s", 60.0),
            Figure("a restore on a fresh machine, audited", measured.restore_seconds, "s", 60.0),
            Figure("a payment in calm, p95", _p95(measured.calm), "ms", digits=1),
            Figure("a payment beside a backup, p95", _p95(measured.beside), "ms", digits=1),
            Figure("the longest of them", max(measured.beside) * 1000, "ms", 1000.0, digits=0),
            Figure("wrong in what was restored", measured.findings_count, "", 0, digits=0),
        ],
    )
    return 1 if measured.findings_count else 0


async def _measure(folder: Path, payments: int, messages: int) -> Measured:
    records, keys = folder / "mizban.sqlite3", folder / "keyring.json"
    prepare_database(f"sqlite+aiosqlite:///{records}")
    catalogue = load_catalogue(ROOT / "data" / "catalogue")
    keeper = Keeper(folder / "kept", 2, keys)
    keeper.folder.mkdir()
    database = Database.open(f"sqlite+aiosqlite:///{records}")
    async with database.transaction() as tx:
        database.keyring = await settle_keyring(tx, keys)
    await _fill(database, records, payments, messages)
    calm, beside, over = list[float](), list[float](), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        paying = group.create_task(_pay(database, calm, over))
        await asyncio.sleep(5)
        over.set()
        await paying
        over.clear()
        group.create_task(_pay(database, beside, over))
        began = time.monotonic()
        made = await back_up(records, keeper, catalogue, now=now())
        backup_seconds = time.monotonic() - began
        over.set()
    await database.close()
    megabytes = records.stat().st_size / 1e6
    began = time.monotonic()
    fresh = folder / "fresh" / "mizban.sqlite3"
    restored = await restore(made.path, fresh, keys, catalogue, now=now())
    seconds = time.monotonic() - began
    found = len(made.findings) + len(restored.findings)
    return Measured(megabytes, backup_seconds, seconds, calm, beside, found)


async def _fill(database: Database, records: Path, payments: int, messages: int) -> None:
    for start in range(0, payments, _AT_ONCE):
        async with database.transaction() as tx:
            for number in range(start, min(start + _AT_ONCE, payments)):
                await top_up(tx, 1_000, CitizenId(1 + number % 5_000))
    chance = random.Random(1)
    row = (
        "INSERT INTO outbox (dedupe_key, chat_id, method, params, priority, state, attempts,"
        " run_at, is_leased, has_spoken, created_at, done_at) VALUES"
        " (?, 1, 'sendMessage', ?, 1, 'sent', 1, ?, 0, 0, ?, ?)"
    )
    moment = f"{now():%Y-%m-%d %H:%M:%S.000000}"
    with closing(sqlite3.connect(records)) as connection, connection:
        connection.executemany(
            row,
            (
                (f"bench:{number}", chance.randbytes(_MESSAGE_BYTES), moment, moment, moment)
                for number in range(messages)
            ),
        )


async def _pay(database: Database, seconds: list[float], over: asyncio.Event) -> None:
    while not over.is_set():
        began = time.monotonic()
        async with database.transaction() as tx:
            await top_up(tx, 1_000, CitizenId(7))
        seconds.append(time.monotonic() - began)
        await asyncio.sleep(_PAUSE_SECONDS)


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20, method="inclusive")[-1] * 1000


if __name__ == "__main__":
    sys.exit(main())
