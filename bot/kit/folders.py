"""Folders on the disk: held by one program at a time, and surviving a power cut."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def settle(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    if sys.platform == "win32":
        return
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder; BlockingIOError where somebody works in it."""
    if sys.platform == "win32":
        yield
        return
    entry = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(entry, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(entry)
