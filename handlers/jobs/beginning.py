"""What is looked at before the desk opens: the offices of the records, and an upgraded copy."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cases import use_cases as cases
from bot.kit.clock import now
from bot.kit.crypto import Keyring
from bot.kit.database import Database, lend_keys
from bot.kit.errors import StartRefused
from bot.kit.keys import fitting_keyring
from bot.kit.resealing import seal_readable
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from handlers.jobs.audits import audit

if TYPE_CHECKING:
    from pathlib import Path

    from bot.catalogue.model import Catalogue
    from bot.kit.database import Transaction

_logger = logging.getLogger(__name__)


async def ensure_offices_known(tx: Transaction, catalogue: Catalogue) -> None:
    """Raise StartRefused where an office is gone from the catalogue and not from the records."""
    held: dict[str, list[str]] = {}
    for what, offices in (
        ("open cases", await cases.offices_with_open(tx)),
        ("money", await wallet.offices_with_money(tx)),
        ("workshops under way", await workshops.offices_with_workshops(tx)),
    ):
        for office_id in offices:
            held.setdefault(office_id, []).append(what)
    faults = [
        f"catalogue: there is no office {office_id}, but the records hold {', '.join(things)} of "
        "it; put its folder back."
        for office_id, things in sorted(held.items())
        if catalogue.find(office_id) is None
    ]
    if faults:
        raise StartRefused(faults)


async def look_at_offices(url: str, catalogue: Catalogue) -> None:
    """Look for such an office from a shell; raises StartRefused."""
    database = Database.open(url)
    try:
        async with database.reading() as tx:
            await ensure_offices_known(tx, catalogue)
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class Examiner:
    """Audits upgraded records, and finds fault only with what was right before.

    What the last audit found already, the upgrade did not cause: it is logged.
    """

    catalogue: Catalogue
    keyring_file: Path

    def in_copy(self, url: str) -> list[str]:
        """Look at a copy in a file; a loop may run already in the thread that asks."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._in_file(url)).result()

    async def in_transaction(self, tx: Transaction) -> list[str]:
        """Look at what a server has not committed yet."""
        lend_keys(tx, await fitting_keyring(tx, self.keyring_file) or Keyring.drawn())
        return await self._found(tx)

    async def _in_file(self, url: str) -> list[str]:
        database = Database.open(url)
        try:
            async with database.reading() as tx:
                keyring = await fitting_keyring(tx, self.keyring_file) or Keyring.drawn()
            database.keyring = keyring
            await seal_readable(database, keyring)  # as the first start will
            async with database.reading() as tx:
                return await self._found(tx)
        finally:
            await database.close()

    async def _found(self, tx: Transaction) -> list[str]:
        findings = [str(found) for found in await audit(tx, self.catalogue, now=now())]
        if await wallet.was_right(tx):
            return findings
        for line in findings:
            _logger.error("the audit found, as it did before the upgrade: %s", line)
        return []
