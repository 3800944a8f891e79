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

# By the codes of PostgreSQL; two letters or digits stand for their whole class.
_WORDS_OF_SERVER: Final = {
    "28": "the server lets this user in with no such password; look at user and password",
    "3D000": "there is no such database on the server; create it, for this user",
    "42501": "this user may not do that there; make it the owner of the database",
    "53100": "the disk of the server is full; make room",
    "53300": "the server has no connection left; raise max_connections, or end who holds them",
    "57P03": "the server is starting or stopping; wait for it",
    "25006": "the server may only be read; name the one that it follows",
    "40": "somebody else was in the way; try again",
    "55P03": "somebody else holds what is needed; try again, or look who it is",
    "08": "the server broke the connection off; look into its log",
    "57P": "the server broke the connection off; look into its log",
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
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        found = (words for start, words in _WORDS_OF_SERVER.items() if state.startswith(start))
        return f"{next(found, 'the server refuses, see its log')} ({state})"
    beneath = getattr(cause, "__cause__", None)
    if isinstance(beneath, OSError | ValueError):  # the second is how the driver names a setting
        why = getattr(beneath, "strerror", None) or str(beneath) or type(beneath).__name__
        return f"the server cannot be reached ({why}); look at its name, port and network"
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
        fault = f"database: {told(error)}. It is what MIZBAN_DATABASE_URL names."
        raise StartRefused([fault]) from None
