"""Before records are opened: whether they have today's shape, and whether another desk has them.

Of a file there is one desk. A server tells its desks apart by itself, and any number may share it.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from bot.kit import database_file, database_server
from bot.kit.database import Transaction
from bot.kit.sqlite import database_path, is_file


class Examiner(Protocol):
    """Says what is wrong in upgraded records, a line each, before anybody works on them."""

    def in_copy(self, url: str) -> Sequence[str]:
        """Look at a copy that was upgraded first."""

    async def in_transaction(self, tx: Transaction) -> Sequence[str]:
        """Look inside the transaction that upgrades, before its end."""


def prepare_database(url: str, examiner: Examiner | None = None) -> None:
    """Bring records to this program's shape; raise StartRefused when that cannot be.

    What an examiner finds wrong in upgraded ones keeps them from being upgraded.
    """
    if is_file(url):
        database_file.prepare_database(url, examiner.in_copy if examiner else None)
    else:
        database_server.prepare_server(url, examiner.in_transaction if examiner else None)


def has_records(url: str) -> bool:
    """True where there are records to look at; raises StartRefused without a server."""
    if not is_file(url):
        return database_server.has_tables(url)
    path = database_path(url)
    return path is not None and path.exists()


def held(url: str) -> AbstractContextManager[None]:
    """Keep every other desk away from a file; raises StartRefused where another has it."""
    return database_file.held(url) if is_file(url) else nullcontext()


def is_current(url: str) -> bool:
    """True when records have the shape of this program; raises StartRefused without a server."""
    return database_file.is_current(url) if is_file(url) else database_server.is_current(url)
