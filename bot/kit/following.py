"""Keys that follow their file: one that is added while the desk runs is taken up at once.

So a rotation needs no restart. Keys are only ever added to a desk that runs: a file that lacks
one of those the desk works with, or holds another in its place, is not taken up but told of.
"""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, Final

from bot.kit.crypto import Keyring, WrongKey
from bot.kit.errors import StartRefused
from bot.kit.keyring_file import find_keyring

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)
_SECONDS_BETWEEN_LOOKS: Final = 0.2  # a look at a file can take longer than to seal
_Stamp = tuple[int, int, int] | None


class FollowedKeyring(Keyring):
    """The keys of a file as they are now."""

    def __init__(self, path: Path, keyring: Keyring) -> None:
        super().__init__(keyring.keys, keyring.current, keyring.index_key)
        self._set("_path", path)
        self._set("_stamp", _stamp(path))
        self._set("_look_at", 0.0)

    _path: Path
    _stamp: _Stamp
    _look_at: float

    def seal(self, value: str | bytes, *, column: str, row: int | str) -> bytes:
        """Seal with the key that is for writing now."""
        if monotonic() >= self._look_at:
            self._set("_look_at", monotonic() + _SECONDS_BETWEEN_LOOKS)
            self._look()
        return super().seal(value, column=column, row=row)

    def open_bytes(self, sealed: bytes, *, column: str, row: int | str) -> bytes:
        """Open with any key there is; somebody else may have written with a newer one."""
        try:
            return super().open_bytes(sealed, column=column, row=row)
        except WrongKey:
            if not self._look():
                raise
        return super().open_bytes(sealed, column=column, row=row)

    def _look(self) -> bool:
        """Take up what was added to the file; False where nothing was."""
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return False
        self._set("_stamp", stamp)
        try:
            newer = find_keyring(self._path)
        except StartRefused as refused:
            _log.error("the keys are not taken up anew: %s", "; ".join(refused.faults))
            return False
        if newer is None or not self._is_held_in(newer):
            _log.error("the keys in %s are not those the desk works with", self._path)
            return False
        for name in ("keys", "current", "_ciphers"):
            self._set(name, getattr(newer, name))
        _log.info("key %s is the one for writing from now on", self.current)
        return True

    def _is_held_in(self, newer: Keyring) -> bool:
        return newer.index_key == self.index_key and self.keys.items() <= newer.keys.items()

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
