"""Files that hold a secret: read only where nobody else on the machine can read or change them."""

import os
import shlex
import stat
import sys
from pathlib import Path
from typing import Final

_BYTES_MAX: Final = 4096
_OTHERS: Final = stat.S_IRWXO | stat.S_IWGRP  # A group may read: engines of containers need one.


class Unfit(ValueError):  # noqa: N818 - what is said of the file
    """What is wrong with such a file, in words that follow its name; never with its content."""


def read_secret(path: Path) -> str:
    """Read the one line of a file, such as an engine of containers mounts; raises Unfit."""
    try:
        # Links are followed, for engines mount with them; a pipe would keep the desk waiting.
        entry = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise Unfit(f"cannot be read: {error.strerror}") from None
    try:
        mode = os.fstat(entry).st_mode
        if not stat.S_ISREG(mode):
            raise Unfit("is not a file")
        ensure_private(path, mode)
        content = os.read(entry, _BYTES_MAX + 1)
    finally:
        os.close(entry)
    if len(content) > _BYTES_MAX:
        raise Unfit("is too long for a secret")
    try:
        secret = content.decode("ascii").strip()
    except UnicodeDecodeError:
        raise Unfit("is not plain text") from None
    if not secret:
        raise Unfit("is empty")
    return secret


def ensure_private(path: Path, mode: int) -> None:
    """Raise Unfit where others can read a file, or change it."""
    if mode & _OTHERS and sys.platform != "win32":
        raise Unfit(f"is open to other users; mend that with: chmod 600 {shlex.quote(str(path))}")
