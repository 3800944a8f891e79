"""What an operator does about money from a shell: lays a file of the bank beside the records.

Nobody acts for the office there: what a file finds waits for its finance people.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from bot.kit.database import Database
from bot.kit.errors import StartRefused
from bot.kit.keys import fitting_keyring
from bot.wallet import rules
from bot.wallet import use_cases as wallet
from bot.wallet.errors import BankFileUnreadable
from bot.wallet.model import ALARMING, BankFileKind
from handlers.by_hand.records import plain
from handlers.reply import Reply
from handlers.views.errors import refusal
from handlers.views.wallet import bank_files as views

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bot.wallet.model import Differences, RawLine
    from handlers.by_hand.records import Records


@dataclass(frozen=True)
class SentFile:
    """A file as an operator named it, and whose it is."""

    name: str
    content: bytes
    is_gateways: bool

    @classmethod
    def at(cls, path: Path, *, is_gateways: bool) -> Self:
        """Read a file; raise StartRefused where that cannot be done."""
        try:
            return cls(path.name, path.read_bytes(), is_gateways)
        except OSError as error:
            raise StartRefused([f"{path}: cannot be read ({error.strerror})."]) from None

    @property
    def kind(self) -> BankFileKind:
        """Whose file it is."""
        return BankFileKind.GATEWAY if self.is_gateways else BankFileKind.BANK


async def reconcile(records: Records, file: SentFile, *, now: datetime) -> tuple[str, bool]:
    """Import a file, and say what it led to and whether nobody must look into it.

    Raises StartRefused where the office keeps no wallet, and for a file that cannot be read.
    """
    published, words = records.published, records.words
    if published.desk.wallet is None:
        raise StartRefused([f"--office: {published.office.id} keeps no wallet."])
    try:
        lines = rules.read_bank_file(file.content, file.kind)
    except BankFileUnreadable as error:
        raise StartRefused(plain(Reply(refusal(error, words))).split("\n")) from None
    found = await _imported(records, file, lines, now)
    async with records.reading() as tx:
        first = {
            outcome: await wallet.findings(
                tx, file_id=found.file.id, outcomes=[outcome], limit=views.FINDINGS_ON_A_PAGE
            )
            for outcome in ALARMING
            if found.count(outcome)
        }
    said = views.differences(words, published, found, first)
    return plain(Reply(said.text)), found.is_clean


async def _imported(
    records: Records, file: SentFile, lines: list[RawLine], now: datetime
) -> Differences:
    database = Database.open(records.url)
    try:
        async with database.transaction() as tx:
            database.keyring = await fitting_keyring(tx, records.keys)
            return await wallet.import_bank_file(
                tx,
                office_id=records.published.office.id,
                kind=file.kind,
                name=file.name,
                content_digest=sha256(file.content).hexdigest(),
                lines=lines,
                actor=None,
                now=now,
            )
    finally:
        await database.close()
