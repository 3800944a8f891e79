"""What somebody does to the records by hand, past the ledger and, if they like, its guards."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

from bot.kit.database import Database, Transaction
from tests.keys_support import opened

TABLES = ("account", "hold", "transfer", "operation")
GUARDED = (
    *(*TABLES, "payout", "payout_event", "payout_batch"),
    *("workshop_terms", "workshop_event", "workshop_consent"),
)


def is_file(url: str) -> bool:
    return url.startswith("sqlite")


@asynccontextmanager
async def by_hand(url: str) -> AsyncIterator[Transaction]:
    database = Database.open(url)
    try:
        async with database.transaction() as tx:
            yield tx
    finally:
        await database.close()


async def rows_of(url: str, *names: str) -> dict[str, list[str]]:
    """Every row of some tables, written out; of all of the ledger if none is named.

    What is sealed in a file is opened: it is sealed otherwise each time.
    """
    queries = {name: f"SELECT * FROM {name} ORDER BY 1" for name in names or TABLES}  # noqa: S608 - tables
    if is_file(url):
        with closing(sqlite3.connect(url.partition(":///")[2])) as connection:
            connection.row_factory = sqlite3.Row
            return {
                name: [repr(tuple(opened(name, row))) for row in connection.execute(query)]
                for name, query in queries.items()
            }
    async with by_hand(url) as tx:
        return {
            name: [repr(tuple(row)) for row in await tx.exec_driver_sql(query)]
            for name, query in queries.items()
        }


async def tamper(url: str, *statements: str) -> None:
    """Change the ledger past its guards and constraints; the guards stand again afterwards."""
    async with by_hand(url) as tx:
        guards: dict[str, str] = {}
        if is_file(url):
            await tx.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            guards = dict(row for row in await tx.exec_driver_sql(query))
            for name in guards:
                await tx.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for name in GUARDED:
                await tx.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        for statement in statements:
            await tx.exec_driver_sql(statement)
        for statement in guards.values():
            await tx.exec_driver_sql(statement)
        if not is_file(url):
            for name in GUARDED:
                await tx.exec_driver_sql(f"ALTER TABLE {name} ENABLE TRIGGER USER")
