"""Whether the keys at hand are those that sealed what the database holds.

For each key that was ever current here a word stands in the database, sealed with it, and beside
that the word's digest. With other keys the desk would notice nothing until somebody is to be
paid, so it does not start.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from bot.kit.crypto import WrongKey
from bot.kit.errors import StartRefused
from bot.kit.keyring_file import draw_keyring, find_keyring
from bot.kit.repository import KeyCheck, KeyCheckRepository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction

_log = logging.getLogger(__name__)
_COLUMN: Final = "key_check.sealed"
_WORD: Final = "mizban"


async def fitting_keyring(tx: Transaction, path: Path) -> Keyring | None:
    """Read the keys and hold them against the database; None where both have yet to begin.

    Raises StartRefused with a line for each fault.
    """
    keyring = find_keyring(path)
    await _ensure_fits(tx, keyring, path)
    return keyring


async def settle_keyring(tx: Transaction, path: Path) -> Keyring:
    """Read the keys, drawn at the first start, and remember which is current.

    Raises StartRefused with a line for each fault.
    """
    keyring = await fitting_keyring(tx, path)
    if keyring is None:
        keyring = draw_keyring(path)
        _log.warning(
            "new keys are in %s: keep a copy of it apart from the backups; "
            "without it nobody can read what is sealed",
            path,
        )
    sealed = keyring.seal(_WORD, column=_COLUMN, row=keyring.current)
    digest = keyring.index(_WORD, column=_COLUMN)
    await KeyCheckRepository(tx).add_new(KeyCheck(keyring.current, sealed, digest))
    await _ensure_fits(tx, keyring, path)  # another desk on the server may have been first
    return keyring


async def _ensure_fits(tx: Transaction, keyring: Keyring | None, path: Path) -> None:
    checks = await KeyCheckRepository(tx).all()
    faults = dict.fromkeys(fault for check in checks for fault in _faults(keyring, check))
    if faults:
        mend = "put back the copy of it, or name it in MIZBAN_KEYRING_FILE"
        raise StartRefused([f"keyring: {path} {fault}; {mend}." for fault in faults])


def _faults(keyring: Keyring | None, check: KeyCheck) -> Iterator[str]:
    sealed = "what is sealed in the database"
    if keyring is None:
        yield f"is not there, and without it nobody can read {sealed}"
        return
    if check.key_id not in keyring.keys:
        yield f"lacks key {check.key_id}, which opens {sealed}"
    else:
        try:
            keyring.open(check.sealed, column=_COLUMN, row=check.key_id)
        except WrongKey:
            yield f"has another key {check.key_id} than the one that opens {sealed}"
    if keyring.index(_WORD, column=_COLUMN) != check.index_digest:
        yield f"has another index key than the one that finds {sealed}"
