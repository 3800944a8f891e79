"""How a file of a bank or a gateway is read: whole or not at all, each fault by its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.citizens.errors import StaffOnly
from bot.citizens.model import Role
from bot.kit.sheets import SheetUnreadable, read_sheet
from bot.wallet.errors import BankFileUnreadable, LineMoved, NoSuchBankLine
from bot.wallet.model import (
    BANK_LINES_MAX,
    FAULTS_MAX,
    BankFileKind,
    CellFault,
    LineFault,
    LineState,
    RawLine,
)
from bot.wallet.rules.bank_columns import (
    Columns,
    UnreadableCell,
    find_columns,
    is_settlement,
    read_amount_cell,
    read_date_cell,
    read_reference_cell,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.citizens.model import Staff
    from bot.kit.sheets import SheetRow
    from bot.wallet.model import BankLine

RECONCILERS: Final = (Role.FINANCE, Role.MANAGER)
_ROWS_ABOVE_HEADINGS_MAX: Final = 20


def read_bank_file(content: bytes, kind: BankFileKind) -> list[RawLine]:
    """Read every line of a file. Raises BankFileUnreadable with each cell that is at fault."""
    try:
        rows = read_sheet(content, rows_max=BANK_LINES_MAX + _ROWS_ABOVE_HEADINGS_MAX)
    except SheetUnreadable as unreadable:
        fault = CellFault(unreadable.fault.value, unreadable.cell)
        raise BankFileUnreadable((fault,), 1) from None
    begins, columns = _headings(rows)
    faults: list[CellFault] = []
    read = [_line(row, columns, kind, faults) for row in rows[begins:]]
    if faults:
        raise BankFileUnreadable(tuple(faults[:FAULTS_MAX]), len(faults))
    if len(read) > BANK_LINES_MAX:
        raise BankFileUnreadable((CellFault("too_many_rows"),), 1)
    if not read:
        raise BankFileUnreadable((CellFault("empty"),), 1)
    return [line for line in read if line is not None]


def _headings(rows: list[SheetRow]) -> tuple[int, Columns]:
    """Find the row of headings, and where the lines begin."""
    for place, row in enumerate(rows[:_ROWS_ABOVE_HEADINGS_MAX]):
        columns = find_columns(row)
        if columns is not None:
            return place + 1, columns
    raise BankFileUnreadable((CellFault(LineFault.NO_HEADING.value),), 1)


def _line(
    row: SheetRow, columns: Columns, kind: BankFileKind, faults: list[CellFault]
) -> RawLine | None:
    """Read a line, and note what is wrong with each of its cells."""

    def value(column: int | None) -> Any:  # noqa: ANN401 - any cell
        return row.values[column] if column is not None and column < len(row.values) else None

    def read(column: int, reader: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - what it reads
        try:
            return reader(value(column))
        except UnreadableCell as unreadable:
            faults.append(CellFault(unreadable.fault.value, row.cell(column)))
            return None

    reference = read(columns.reference, lambda cell: read_reference_cell(cell, kind))
    day = read(columns.date, read_date_cell)
    amount_rial = _amount(row, columns, read, faults)
    settles = is_settlement(value(columns.kind))
    if settles and amount_rial is not None and amount_rial < 0:
        assert columns.kind is not None
        fault = CellFault(LineFault.SETTLEMENT_OUT.value, row.cell(columns.kind))
        faults.append(fault)
    if reference is None or day is None or amount_rial is None:
        return None
    note = str(value(columns.note) or "")
    return RawLine(row.number, reference, amount_rial, day, note, settles)


def _amount(
    row: SheetRow,
    columns: Columns,
    read: Callable[[int, Callable[[Any], Any]], Any],
    faults: list[CellFault],
) -> int | None:
    """Read what came in, or went out; nothing at all is a fault, and so is both."""
    if columns.amount is not None:
        first, parts = columns.amount, [read(columns.amount, read_amount_cell)]
    else:
        assert columns.amount_in is not None
        first, parts = columns.amount_in, [read(columns.amount_in, _unsigned)]
        if columns.amount_out is not None:
            parts.append(read(columns.amount_out, lambda cell: -_unsigned(cell)))
    if None in parts:
        return None
    moved: list[int] = [part for part in parts if part]
    if len(moved) == 1:
        return moved[0]
    what = LineFault.AMOUNT_BOTH_WAYS if moved else LineFault.AMOUNT_MISSING
    faults.append(CellFault(what.value, row.cell(first)))
    return None


def _unsigned(cell: Any) -> int:  # noqa: ANN401 - any cell
    """Read an amount whose column says which way it went; some banks write a minus as well."""
    return abs(read_amount_cell(cell))


def ensure_reconciles(actor: Staff, office_id: str) -> None:
    """Refuse anybody but the finance people and managers of the office."""
    if actor.office_id != office_id or actor.role not in RECONCILERS:
        raise StaffOnly(RECONCILERS)


def ensure_sends_back(line: BankLine, actor: Staff) -> None:
    """Refuse anybody but a manager of the office; what is another's is as good as none."""
    if actor.office_id != line.office_id:
        raise NoSuchBankLine
    if actor.role is not Role.MANAGER:
        raise StaffOnly((Role.MANAGER,))
    if line.state is not LineState.SUSPENSE:
        raise LineMoved(line.state)
