"""What is wrong with the storage, in words that say what to do about it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from bot.kit.errors import StartRefused

_WORDS: Final = {
    "SQLITE_FULL": "the disk is full; make room",
    "SQLITE_READONLY": "the database may not be written; look at the owner and the mode of "
    "its file and folder, and whether the disk is mounted read-only",
    "SQLITE_CANTOPEN": "the database cannot be opened; look whether its file and folder are "
    "there, who owns them and whether the disk has room",
    "SQLITE_BUSY": "another program holds the database; end it",
    "SQLITE_LOCKED": "another program holds the database; end it",
    "SQLITE_CORRUPT": "the database is damaged; stop the desk and restore a backup",
    "SQLITE_NOTADB": "the file is no database; set it aside and restore a backup",
    "SQLITE_IOERR": "the disk cannot be read or written; look whether it is full, and into the "
    "system's log",
    "SQLITE_NOMEM": "there is no memory left; look what else runs on this machine",
}


def told(error: BaseException) -> str:
    """Say what is wrong and what to do, never with what a statement held."""
    cause = getattr(error, "orig", error)
    name = str(getattr(cause, "sqlite_errorname", ""))
    said = next((words for start, words in _WORDS.items() if name.startswith(start)), None)
    if said is not None:
        return f"{said} ({name})"
    if isinstance(cause, sqlite3.Error):
        return str(cause)
    return "the storage does not answer; look at the disk, or at the server of the database"


@contextmanager
def storage_told() -> Iterator[None]:
    """Turn trouble with the storage that ends a command into the line that says it.

    Raises StartRefused.
    """
    try:
        yield
    except Exception as error:
        from bot.kit.database import is_storage_trouble  # noqa: PLC0415 - a tenth of a second that a command which goes well need not wait for

        if not is_storage_trouble(error):
            raise
        fault = f"database: {told(error)}. It is the file that MIZBAN_DATABASE_URL names."
        raise StartRefused([fault]) from None
