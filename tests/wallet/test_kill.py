"""The ledger is killed at any moment, over and over, and nothing is lost and nothing twice."""

import asyncio
import random
import shutil
import signal
import sys
from pathlib import Path

from sqlalchemy import func, select

from bot.kit.database import Database
from bot.kit.errors import DeskError
from bot.wallet import use_cases as wallet
from bot.wallet.tables import account, operation, transfer
from tests.wallet.mortal import COUNT, done

ROOT = Path(__file__).parent.parent.parent
SEED = 20261122
KILLS = 4


async def one_life(url: str, first: int, chance: random.Random) -> tuple[int, bool]:
    """Let it live and kill it a little later; say what it did last, and if it was killed."""
    life = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.wallet.mortal",
        url,
        str(SEED),
        str(first),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert life.stdout is not None
    last = first - 1
    allowed = chance.randint(5, 60)
    for _ in range(allowed):
        line = await life.stdout.readline()
        if not line:
            break
        last = int(line)
    await asyncio.sleep(chance.random() / 50)  # somewhere inside of the next one
    if life.returncode is None:
        life.send_signal(signal.SIGKILL)
    rest = await life.stdout.read()
    code = await life.wait()
    return max([last, *map(int, rest.split())]), code == -signal.SIGKILL


async def test_killed_at_any_moment_it_loses_nothing_and_does_nothing_twice(
    database_url: str, migrated_file: Path, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    done_until, kills = -1, 0
    while done_until < COUNT - 1 and kills < KILLS:
        # What was acknowledged last is asked for again: it may not count twice.
        done_until, was_killed = await one_life(database_url, max(0, done_until), chance)
        kills += was_killed
        database = Database.open(database_url)
        async with database.reading() as tx:
            assert not await wallet.audit(tx)
        await database.close()
    assert kills >= KILLS // 2, "it was killed too seldom to say anything"
    assert await _state(database_url) == await _undisturbed(
        migrated_file, tmp_path, await _count(database_url)
    )


async def _count(url: str) -> int:
    """Say how many numbers were asked for in all: the last one that left a trace, plus one."""
    database = Database.open(url)
    async with database.reading() as tx:
        keys = await tx.scalars(select(operation.c.key))
        last = max(int(key.partition(":")[2]) for key in keys)
    await database.close()
    return last + 1


async def _undisturbed(template: Path, folder: Path, count: int) -> list[object]:
    """Do the same in one life that nobody ends."""
    path = folder / "undisturbed.sqlite3"
    await asyncio.to_thread(shutil.copy, template, path)
    url = f"sqlite+aiosqlite:///{path}"
    database = Database.open(url)
    for number in range(count):
        async with database.transaction() as tx:
            try:
                await done(tx, SEED, number)
            except DeskError:
                continue
    await database.close()
    return await _state(url)


async def _state(url: str) -> list[object]:
    """Say what every account stands at, and how much was booked under which number."""
    database = Database.open(url)
    async with database.reading() as tx:
        accounts = await tx.execute(
            select(
                account.c.code, account.c.debits_rial, account.c.credits_rial, account.c.held_rial
            ).order_by(account.c.code)
        )
        booked = await tx.execute(
            select(transfer.c.reference, func.count(), func.sum(transfer.c.amount_rial))
            .group_by(transfer.c.reference)
            .order_by(transfer.c.reference)
        )
        keys = await tx.scalars(select(operation.c.key).order_by(operation.c.key))
        found = [*map(tuple, accounts), *map(tuple, booked), *keys]
    await database.close()
    return found
