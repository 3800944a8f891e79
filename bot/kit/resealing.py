"""Seals everything with the key for writing: what an older key sealed, and what was readable.

It goes through every sealed column page by page, a short transaction each, while others write.
A value is replaced only where it still is what was read, so nobody's words are overwritten; who
is killed in the middle begins anew and finds most of it done. What has become of a column is
noted only when a whole pass has found nothing left to do.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Final

from bot.kit.crypto import WrongKey, key_of
from bot.kit.errors import StartRefused
from bot.kit.following import FollowedKeyring
from bot.kit.keys import settle_keyring
from bot.kit.repository import KeyCheckRepository, SealedRepository, Turn, take_turn
from bot.kit.tables import SEALED_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bot.kit.crypto import Keyring
    from bot.kit.database import Database, Transaction
    from bot.kit.repository import Stored
    from bot.kit.tables import SealedColumn

_log = logging.getLogger(__name__)
_ROWS_AT_ONCE: Final = 200
_REST_SECONDS: Final = 0.01  # for the others who wait to write
_MARKED_READABLE: Final = 0
_BEGIN_OF_JSON: Final = b"{"


async def take_up_keys(database: Database, path: Path) -> Keyring:
    """Open a database with the keys of a file, and leave nothing readable in it.

    Raises StartRefused with a line for each fault of the keys.
    """
    async with database.transaction() as tx:
        # Of two that start with no keys, the second finds those of the first.
        await take_turn(tx, Turn.KEYS)
        is_new = not await KeyCheckRepository(tx).all()
        keyring = FollowedKeyring(path, await settle_keyring(tx, path))
    database.keyring = keyring
    if count := await seal_readable(database, keyring, is_new=is_new):
        _log.info("sealed %s values that a version of before kept readable", count)
    return keyring


async def seal_readable(database: Database, keyring: Keyring, *, is_new: bool = False) -> int:
    """Seal what a program of before has left readable, and count it; asks once for each column.

    It is done before the desk works: afterwards nothing readable is taken for what was sealed.
    The file is written anew before that is noted, so whoever is killed in between does it again,
    though nothing is left to seal by then; only where no key was ever used there is no need to.
    """
    async with database.reading() as tx:
        marks = await SealedRepository(tx).marks()
    count, names = 0, sorted(SEALED_COLUMNS.keys() - marks.keys())
    for name in names:
        one = SEALED_COLUMNS[name]
        count += await _pass(database, one, partial(_sealed, one=one, keyring=keyring))
    if count or (names and not is_new):
        await database.compact()
    async with database.transaction() as tx:
        for name in names:
            await SealedRepository(tx).mark(name, keyring.current)
    return count


async def reseal(
    database: Database, keyring: Keyring, *, tell: Callable[[str, int], None]
) -> bool:
    """Seal with the key for writing what older keys sealed; True when nothing was left to do.

    Somebody who has not heard of the new key yet may have written with the old one meanwhile.
    Raises WrongKey where a value does not open.
    """
    is_whole = True
    for name in sorted(SEALED_COLUMNS):
        one = SEALED_COLUMNS[name]
        count = await _pass(database, one, partial(_anew, one=one, keyring=keyring))
        if count:
            is_whole = False
            tell(name, count)
            continue
        async with database.transaction() as tx:
            await SealedRepository(tx).mark(name, keyring.current)
    return is_whole


async def ensure_sealed(tx: Transaction) -> None:
    """Refuse to look into records with keys of which a version of before left some readable.

    Raises StartRefused. Where no desk has worked with keys yet, there is nothing to be readable.
    """
    has_keys = bool(await KeyCheckRepository(tx).all())
    if has_keys and SEALED_COLUMNS.keys() - await SealedRepository(tx).marks():
        raise StartRefused(["keys: start the desk once; it seals what is still readable."])


async def is_sealed_with(tx: Transaction, keyring: Keyring) -> bool:
    """True where the last pass through every column left it sealed with the key for writing."""
    marks = await SealedRepository(tx).marks()
    return all(key_id == keyring.current for key_id in marks.values())


async def keys_in_use(tx: Transaction) -> dict[int | None, int]:
    """Count the values by the keys that sealed them; None is for what is readable."""
    found: Counter[int | None] = Counter()
    for one in SEALED_COLUMNS.values():
        after = None
        while page := await SealedRepository(tx).page(one, after, _ROWS_AT_ONCE):
            found.update(_key_of(stored.value) for stored in page if stored.value)
            after = page[-1].key
    return dict(found)


async def _pass(
    database: Database, one: SealedColumn, anew: Callable[[Stored], bytes | None]
) -> int:
    """Go through a column once, and count what was replaced."""
    count, after = 0, None
    while True:
        async with database.reading() as tx:
            page = await SealedRepository(tx).page(one, after, _ROWS_AT_ONCE)
        if not page:
            return count
        after = page[-1].key
        changes = [(stored, value) for stored in page if (value := anew(stored)) is not None]
        if changes:
            count += len(changes)
            await database.attempt(partial(_replace, one=one, changes=changes))
            await asyncio.sleep(_REST_SECONDS)


async def _replace(
    tx: Transaction, *, one: SealedColumn, changes: Sequence[tuple[Stored, bytes]]
) -> None:
    await SealedRepository(tx).replace(one, changes)


def _sealed(stored: Stored, one: SealedColumn, keyring: Keyring) -> bytes | None:
    """Seal a readable value; None for what is sealed already, or says nothing."""
    readable = _readable(stored.value)
    return one.seal(keyring, readable, *stored.bound_to) if readable else None


def _anew(stored: Stored, one: SealedColumn, keyring: Keyring) -> bytes | None:
    """Seal a value anew; None for what the key for writing sealed, or says nothing."""
    if not stored.value:
        return None
    if isinstance(stored.value, str) or key_of(stored.value) is None:
        raise WrongKey(one.name)
    if keyring.is_current(stored.value):
        return None
    opened = one.open_bytes(keyring, stored.value, *stored.bound_to)
    return one.seal(keyring, opened, *stored.bound_to)


def _readable(value: bytes | str) -> bytes | None:
    """Give what is readable in a value, as bytes."""
    if isinstance(value, str):
        return value.encode()
    if value[:1] == _BEGIN_OF_JSON:
        return value
    return value[1:] if value[:1] == bytes([_MARKED_READABLE]) else None


def _key_of(value: bytes | str) -> int | None:
    return None if isinstance(value, str) else key_of(value)
