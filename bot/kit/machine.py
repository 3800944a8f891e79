"""What the machine has for the program: its cores, its loops, its folders and time zones."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

_RULE: Final = re.compile(r"([A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)[+-]?[0-9]{1,2}.*")  # of POSIX


def cores() -> int:
    """Count the cores; where nobody knows, there is one."""
    return os.cpu_count() or 1


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Choose uvloop where it exists; it answers one and a half times as many updates."""
    try:
        import uvloop  # noqa: PLC0415 - there is none for Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


def is_zone(name: str) -> bool:
    """True for what the system understands in the variable TZ: a zone, a file, or a rule."""
    name = name.removeprefix(":")
    if name.startswith("/"):
        return Path(name).is_file()
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return _RULE.fullmatch(name) is not None
    return True


def write_fault(folder: Path, *, is_made: bool) -> str | None:
    """Say why nothing can be written into a folder, which is made first if the desk makes it."""
    try:
        if is_made:
            folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"?")
            file.flush()
    except OSError as error:
        return f"cannot be written: {error.strerror}"
    return None
