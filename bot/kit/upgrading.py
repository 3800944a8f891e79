"""An older database is brought to today's shape on a copy first, and then whole or not at all."""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from bot.kit.database import is_storage_trouble
from bot.kit.database_copy import copy_database, copy_faults, workshop
from bot.kit.migrating import migrate

Examine = Callable[[str], Sequence[str]]
"""Says what is wrong in the database at a URL, a line each."""

_logger = logging.getLogger(__name__)
UNCHANGED: Final = "nothing was changed in it; start the version before this, and report it"


def upgrade(url: str, path: Path, examine: Examine | None) -> list[str]:
    """Bring a database that nobody else holds to today's shape; says why that cannot be.

    What fails on the copy is not tried on the file itself, and what fails there all the same is
    undone, whenever it happens: it is one transaction.
    """
    with workshop(path) as work:
        copy = work / path.name
        copy_database(path, copy)
        faults = _faults(copy, examine)
    if faults:
        return [f"database: {path} cannot be upgraded: {fault}; {UNCHANGED}." for fault in faults]
    fault = _migrated(url)
    return [] if fault is None else [f"database: {path} cannot be upgraded: {fault}; {UNCHANGED}."]


def _faults(copy: Path, examine: Examine | None) -> list[str]:
    url = f"sqlite+aiosqlite:///{copy}"
    fault = _migrated(url)
    if fault is not None:
        return [fault]
    damage = [f"in a copy of it {line}" for line in copy_faults(copy)]
    if damage or examine is None:
        return damage
    return [f"the audit of an upgraded copy found {line}" for line in examine(url)]


def _migrated(url: str) -> str | None:
    """Migrate, or say what went wrong; never with what stands in a row."""
    try:
        migrate(url)
    except Exception as error:
        if isinstance(error, OSError) or is_storage_trouble(error):
            raise
        _logger.debug("a migration failed", exc_info=True)
        cause = getattr(error, "orig", None)
        said = f" ({cause})" if isinstance(cause, sqlite3.Error) else ""
        return f"a step failed with {type(error).__name__}{said}"
    return None
