"""Files of banks, of which a test writes only what matters."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from itertools import count
from typing import Any

from openpyxl import Workbook

from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.wallet.model import BankFileKind, Differences, RawLine
from bot.wallet.repository import AccountRepository
from tests.wallet.support import NOW, OFFICE, at

HEADINGS = ("تاریخ", "شماره پیگیری", "واریز", "برداشت", "شرح", "نوع")
DAY = date(2026, 11, 22)
FINANCE = Staff(CitizenId(41), "kanoon", Role.FINANCE, "نرگس")
MANAGER = Staff(CitizenId(42), "kanoon", Role.MANAGER, "الهام")
OTHERS_FINANCE = Staff(CitizenId(43), "mazandaran", Role.FINANCE, "لیلا")
COLLEAGUE = Staff(CitizenId(45), "kanoon", Role.FINANCE, "ندا")
OTHER_MANAGER = Staff(CitizenId(46), "kanoon", Role.MANAGER, "مینا")
OFFICER = Staff(CitizenId(44), "kanoon", Role.OFFICER, "رضا")

_rows = count(2)


def book(rows: Iterable[Sequence[Any]], *, name: str = "1") -> bytes:
    """An XLSX file with these rows."""
    written = Workbook()
    sheet = written.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    return saved(written)


def saved(written: Workbook) -> bytes:
    file = BytesIO()
    written.save(file)
    return file.getvalue()


def lines_of(rows: Iterable[Sequence[object]], separator: str = ",") -> bytes:
    """A CSV file with these rows."""
    return "\n".join(separator.join(map(str, row)) for row in rows).encode()


def line(reference: str, amount_rial: int, **more: Any) -> RawLine:
    """A line as the reader gives it."""
    values: dict[str, Any] = {"row": next(_rows), "on": DAY}
    return RawLine(reference=reference, amount_rial=amount_rial, **(values | more))


async def imported(
    tx: Transaction,
    *lines: RawLine,
    kind: BankFileKind = BankFileKind.BANK,
    actor: Staff | None = FINANCE,
    **wanted: Any,
) -> Differences:
    """Import lines as one file."""
    values = {"office_id": OFFICE, "name": "1.xlsx", "content_digest": "-", "now": NOW}
    return await wallet.import_bank_file(
        tx, kind=kind, lines=lines, actor=actor, **(values | wanted)
    )


def counted(differences: Differences) -> dict[str, int]:
    """What a file led to, by the names of the outcomes."""
    return {outcome.value: one.count for outcome, one in differences.sums.items()}


async def standing(database: Database, name: str) -> int:
    """What an account of the office stands at."""
    async with database.reading() as tx:
        found = await AccountRepository(tx).find([at(name)])
    return sum(account.standing_rial for account in found.values())
