"""`keys rotate` as an operator runs it: killed at any moment, beside a desk that writes."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.clock import now
from bot.kit.resealing import keys_in_use, take_up_keys
from bot.settings import Settings
from tests.keys_support import write_keys

if TYPE_CHECKING:
    from bot.kit.database import Database

ROOT = Path(__file__).parent.parent.parent
SEED = random.randrange(10_000)
KILLS = 2
LETTERS = 1_500


async def rotate(url: str, path: Path) -> asyncio.subprocess.Process:
    names = {f"MIZBAN_{name.upper()}" for name in Settings.model_fields}
    surroundings = {name: value for name, value in os.environ.items() if name not in names}
    chosen = {"MIZBAN_DATABASE_URL": url, "MIZBAN_KEYRING_FILE": str(path)}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "keys", "rotate"),
        cwd=path.parent,
        env={**surroundings, **chosen, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )


async def write(database: Database, first: int, count: int) -> None:
    letters = [Received(1, first + n, first + n, b"words %d" % (first + n)) for n in range(count)]
    async with database.transaction() as tx:
        await inbox.receive(tx, letters, now())


async def test_a_rotation_that_is_killed_again_and_again_comes_to_its_end(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    path, chance = write_keys(tmp_path / "keyring.json"), random.Random(SEED)
    await take_up_keys(database, path)
    await write(database, 1, LETTERS)
    written = LETTERS
    for _ in range(KILLS):
        program = await rotate(database_url, path)
        deadline = asyncio.get_running_loop().time() + chance.uniform(0.8, 2.0)
        while asyncio.get_running_loop().time() < deadline and program.returncode is None:
            await write(database, written + 1, 5)
            written += 5
            await asyncio.sleep(0.01)
        if program.returncode is None:
            program.send_signal(signal.SIGKILL)
        await program.wait()
    program = await rotate(database_url, path)
    said, _ = await program.communicate()
    assert program.returncode == 0, SEED
    number = int(said.decode().rpartition("with key ")[2].split(".")[0])
    async with database.reading() as tx:
        assert await keys_in_use(tx) == {number: written}, SEED
        found = await inbox.heads(tx, now(), written)
    assert [one.payload for one in found] == [b"words %d" % n for n in range(1, written + 1)]
