"""From an old key to a new one while the desk works, and the end of the old one afterwards.

A new key is for writing as soon as it stands in the file; a desk that runs follows the file. Then
everything is sealed anew, page by page, beside the desk. Whoever is killed in the middle says the
same again: no second key is added while anything is still sealed with the first.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.kit.database import Database
from bot.kit.database_server import ensure_nobody_works
from bot.kit.errors import StartRefused
from bot.kit.keyring_file import add_key, keep_key
from bot.kit.keys import fitting_keyring, settle_keyring
from bot.kit.opening import held, is_current
from bot.kit.repository import KeyCheckRepository
from bot.kit.resealing import ensure_sealed, keys_in_use, reseal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.kit.crypto import Keyring

_PASSES_MAX: Final = 30
_REST_SECONDS: Final = 2.0  # by then a desk has written down what it sealed before
_UNFINISHED: Final = timedelta(days=1)  # what people are in the middle of typing is kept so long


async def rotate(
    url: str, path: Path, *, tell: Callable[[str, int], None], rest_seconds: float = _REST_SECONDS
) -> int:
    """Seal everything with a new key, or go on with that; give its number.

    Raises StartRefused where the keys do not fit, or the desk has not been started yet.
    """
    async with _opened(url, path) as (database, known):
        async with database.reading() as tx:
            used = await keys_in_use(tx)
            await ensure_sealed(tx)
        if not used.keys() - {known.current}:
            add_key(path)
        async with database.transaction() as tx:
            keyring = await settle_keyring(tx, path)
        for _ in range(_PASSES_MAX):
            if await reseal(database, keyring, tell=tell):
                return keyring.current
            await asyncio.sleep(rest_seconds)
    raise StartRefused(["keys: a desk goes on writing with an old key; restart it, then go on."])


async def retire(url: str, path: Path, *, now: datetime) -> list[int]:
    """Take the keys out of the file with which nothing is sealed any more; give their numbers.

    Raises StartRefused while a desk runs, or anything may still need one of them.
    """
    with held(url):
        async with _opened(url, path) as (database, keyring):
            if database.is_shared:
                async with database.reading() as tx:
                    await ensure_nobody_works(tx)
            old = sorted(keyring.keys.keys() - {keyring.current})
            async with database.reading() as tx:
                used = await keys_in_use(tx)
            _ensure_unneeded(used, keyring, path, now)
            async with database.transaction() as tx:
                await KeyCheckRepository(tx).remove(old)
            keep_key(path, keyring.current)
            return old


def _ensure_unneeded(
    used: dict[int | None, int], keyring: Keyring, path: Path, now: datetime
) -> None:
    count = sum(used.values()) - used.get(keyring.current, 0)
    if count:
        fault = f"{count} values are sealed with older keys; python -m bot keys rotate goes on."
        raise StartRefused([f"keys: {fault}"])
    free_at = datetime.fromtimestamp(path.stat().st_mtime, UTC) + _UNFINISHED
    if len(keyring.keys) > 1 and now < free_at:
        fault = "somebody may be in the middle of typing what an old key has sealed"
        raise StartRefused([f"keys: {fault}; try again a day after the last rotation."])


@asynccontextmanager
async def _opened(url: str, path: Path) -> AsyncIterator[tuple[Database, Keyring]]:
    if not is_current(url):
        raise StartRefused(["database: there are no records of this version yet."])
    database = Database.open(url)
    try:
        async with database.reading() as tx:
            keyring = await fitting_keyring(tx, path)
        if keyring is None:
            raise StartRefused([f"keyring: {path} is not there; the desk draws it at its start."])
        yield database, keyring
    finally:
        await database.close()
