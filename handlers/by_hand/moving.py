"""An office moves from a file to a server: every row, at once or not at all, and added up anew."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.kit.carrying import added_up, carry
from bot.kit.database import Database, is_storage_trouble, lend_keys
from bot.kit.database_server import ensure_empty, ensure_fit
from bot.kit.errors import StartRefused
from bot.kit.keys import fitting_keyring
from bot.kit.migrating import climb, climbing
from bot.kit.opening import held, is_current
from bot.kit.postgres import name_of
from bot.kit.resealing import ensure_sealed
from bot.kit.troubles import told
from handlers.jobs.audits import audit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

    from bot.catalogue.model import Catalogue
    from bot.kit.carrying import Carried
    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction

_UNCHANGED = "nothing was kept there, and nothing changed here"


@dataclass(frozen=True, slots=True)
class Account:
    """What one side holds: its tables, and what the audit finds there."""

    tables: list[Carried]
    findings: list[str]


async def move(
    source: str, target: str, keys: Path, catalogue: Catalogue, *, now: datetime
) -> Account:
    """Carry the records of a desk that stands still into an empty database on a server.

    All is one transaction there, which ends only when both sides come to the same. Gives what the
    server holds, read again after that. Raises StartRefused.
    """
    ensure_fit(target)
    with held(source):
        if not is_current(source):
            raise StartRefused(
                ["move: there are no records of this version; start the desk once."]
            )
        async with _looked_into(source, keys) as (here, keyring):
            before = await _accounted(here, catalogue, now)
            async with _there(target) as there:
                await there.run_sync(ensure_empty)
                await there.run_sync(climb)
                lend_keys(there, keyring)
                await carry(here, there)
                _ensure_same(before, await _accounted(there, catalogue, now))
                await there.commit()
        async with _looked_into(target, keys) as (arrived, _):
            after = await _accounted(arrived, catalogue, now)
    _ensure_same(before, after)
    return after


@asynccontextmanager
async def _looked_into(url: str, keys: Path) -> AsyncIterator[tuple[Transaction, Keyring]]:
    database = Database.open(url)
    try:
        async with database.reading() as tx:
            keyring = await fitting_keyring(tx, keys)
            if keyring is None:
                raise StartRefused([f"keyring: {keys} is not there; put the copy of it there."])
            database.keyring = keyring
            await ensure_sealed(tx)
            yield tx, keyring
    finally:
        await database.close()


@asynccontextmanager
async def _there(url: str) -> AsyncIterator[Transaction]:
    """Write into a server; trouble with it is told, and leaves nothing behind."""
    try:
        async with climbing(url) as tx:
            yield tx
    except Exception as error:
        if not is_storage_trouble(error):
            raise
        fault = f"move: {name_of(url)}: {told(error)}; {_UNCHANGED}."
        raise StartRefused([fault]) from None


async def _accounted(tx: Transaction, catalogue: Catalogue, now: datetime) -> Account:
    findings = [str(found) for found in await audit(tx, catalogue, now=now)]
    return Account(await added_up(tx), findings)


def _ensure_same(before: Account, after: Account) -> None:
    faults = [
        f"{there.table} holds {there.rows} rows that come to {there.digest[:16]}, and here "
        f"{here.rows} to {here.digest[:16]}"
        for here, there in zip(before.tables, after.tables, strict=True)
        if here != there
    ]
    faults += [
        f"the audit finds there alone: {one}"
        for one in after.findings
        if one not in before.findings
    ]
    if faults:
        raise StartRefused([f"move: {fault}; {_UNCHANGED}." for fault in faults])
