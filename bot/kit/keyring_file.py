"""The file of keys: strict when it is read, whole or not at all when it is written.

{"current": 2, "keys": {"1": base64, "2": base64}, "index": base64}

What is wrong with it is told in plain lines which never hold anything that stands in it.
"""

import base64
import json
import os
import re
import shlex
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.kit.crypto import KEY_BYTES, KEY_IDS, Keyring
from bot.kit.errors import StartRefused
from bot.kit.folders import held, settle

_FIELDS: Final = {"current", "keys", "index"}
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,4}")
_BYTES_MAX: Final = 65_536  # some thousand keys
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
# A link could lead to a file that others can read, and a pipe would keep the desk waiting.
_READING: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


class _Unfit(ValueError):  # noqa: N818 - what is said of the file
    """What is wrong with the content of a file of keys."""


def find_keyring(path: Path) -> Keyring | None:
    """Read the keys, or find that there is no such file; raise StartRefused for any other."""
    try:
        entry = os.open(path, _READING)
    except FileNotFoundError:
        return None
    except OSError as error:
        why = "is a symbolic link" if path.is_symlink() else f"cannot be read: {error.strerror}"
        raise _refused(path, why) from None
    try:
        mode = os.fstat(entry).st_mode
        if not stat.S_ISREG(mode):
            raise _refused(path, "is not a file")
        if mode & _OTHERS and sys.platform != "win32":
            mend = f"chmod 600 {shlex.quote(str(path))}"
            raise _refused(path, f"is open to other users; mend that with: {mend}")
        content = os.read(entry, _BYTES_MAX + 1)
    finally:
        os.close(entry)
    try:
        return _read(content)
    except _Unfit as unfit:
        raise _refused(path, f"{unfit}; put its copy in its place") from None


def draw_keyring(path: Path) -> Keyring:
    """Draw keys and write them into a new file; raise StartRefused where there is one already."""
    keyring = Keyring.drawn()
    with _writing(path) as new:
        _write(new, keyring)
        try:
            os.link(new, path)  # never takes the place of another file, as a renaming would
        except FileExistsError:
            raise _refused(path, "is there already, and is not written over") from None
    return keyring


def add_key(path: Path) -> int:
    """Add a key for what is sealed from now on, and give its number; raises StartRefused."""
    with _writing(path) as new:
        keyring = find_keyring(path)
        if keyring is None:
            raise _refused(path, "is not there; the desk draws it at its first start")
        number = max(keyring.keys) + 1
        if number not in KEY_IDS:
            raise _refused(path, "has no number left for another key")
        keys = {**keyring.keys, number: os.urandom(KEY_BYTES)}
        _write(new, Keyring(keys, number, keyring.index_key))
        new.replace(path)
    return number


def keep_key(path: Path, number: int) -> None:
    """Take every key out of the file but one, and that of the index; raises StartRefused."""
    with _writing(path) as new:
        keyring = find_keyring(path)
        if keyring is None or number not in keyring.keys:
            raise _refused(path, f"lacks key {number}")
        _write(new, Keyring({number: keyring.keys[number]}, number, keyring.index_key))
        new.replace(path)


def _refused(path: Path, why: str) -> StartRefused:
    return StartRefused([f"keyring: {path} {why}."])


def _read(content: bytes) -> Keyring:
    fields = _fields(content)
    if not isinstance(fields, dict) or fields.keys() != _FIELDS:
        raise _Unfit(f"has to hold {', '.join(sorted(_FIELDS))} and nothing else")
    keys, current = fields["keys"], fields["current"]
    if not isinstance(keys, dict) or not all(_NUMBER.fullmatch(name) for name in keys):
        raise _Unfit("has to hold its keys by their numbers")
    if type(current) is not int or str(current) not in keys:
        raise _Unfit("names no key of its own as the current one")
    try:
        opened = {int(name): _key(text) for name, text in keys.items()}
        return Keyring(opened, current, _key(fields["index"]))
    except ValueError as fault:
        raise _Unfit(f"is not fit for use: {fault}") from None


def _fields(content: bytes) -> object:
    if len(content) > _BYTES_MAX:
        raise _Unfit("is too long for a file of keys")
    if not content.strip():
        raise _Unfit("is empty")
    try:
        return json.loads(content, object_pairs_hook=_once)
    except _Unfit:
        raise
    except (ValueError, RecursionError):
        raise _Unfit("is not JSON") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise _Unfit("says something twice")
    return dict(pairs)


def _key(text: object) -> bytes:
    if isinstance(text, str):
        with suppress(ValueError):
            return base64.b64decode(text, validate=True)
    raise ValueError("a key is written in base64")


@contextmanager
def _writing(path: Path) -> Iterator[Path]:
    """Give the name to write under until all is written; nobody else writes here meanwhile."""
    new = path.with_name(f".{path.name}.new")
    try:
        _make(path.parent)
        with held(path.parent):
            new.unlink(missing_ok=True)  # left by somebody who was killed while writing
            try:
                yield new
            finally:
                new.unlink(missing_ok=True)
            settle(path.parent)
    except BlockingIOError:
        raise _refused(path, "is being written by another program") from None
    except OSError as error:
        raise _refused(path, f"cannot be written: {error.strerror}") from None


def _make(folder: Path) -> None:
    """Make a folder that outlives a power cut, and those that it stands in."""
    if not folder.is_dir():
        _make(folder.parent)
        with held(folder.parent):
            folder.mkdir(exist_ok=True)
            settle(folder.parent)


def _write(new: Path, keyring: Keyring) -> None:
    """Write keys for their owner alone, down to the disk."""
    fields: Mapping[str, object] = {
        "current": keyring.current,
        "keys": {str(number): _text(key) for number, key in keyring.keys.items()},
        "index": _text(keyring.index_key),
    }
    entry = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(entry, "w", encoding="ascii") as file:
        file.write(json.dumps(fields, indent=2) + "\n")
        file.flush()
        os.fsync(entry)


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
