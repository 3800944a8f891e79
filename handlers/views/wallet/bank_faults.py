"""What is wrong with a file that somebody sent, cell by cell, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.sheets import SheetFault
from bot.wallet.model import AMOUNT_RIAL_MAX, BANK_LINES_MAX, LineFault
from handlers.views.common import code, money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.kit.words import Words
    from bot.wallet.model import CellFault


def fault_lines(words: Words, faults: Sequence[CellFault], count: int) -> list[str]:
    """Name each fault with its cell; where there are more than are named, say how many."""
    _ = words.gettext
    said = _of_lines(words) | sheet_faults(words, BANK_LINES_MAX)
    lines = []
    for fault in faults:
        if fault.cell:
            lines.append(
                _("• Cell {cell}: {what}").format(cell=code(fault.cell), what=said[fault.what])
            )
        else:
            lines.append(f"• {said[fault.what]}")
    if count > len(faults):
        lines.append(
            _("… and {count} more.").format(count=number(count - len(faults), words.language))
        )
    return lines


def _of_lines(words: Words) -> dict[str, str]:
    _ = words.gettext
    return {
        LineFault.NO_HEADING: _(
            "no row with headings was found: it takes a column for the day, one for the reference "
            "and one for the amount in rials (or one each for in and out)."
        ),
        LineFault.REFERENCE_MISSING: _("the reference is missing."),
        LineFault.REFERENCE_UNREADABLE: _("this is no reference: digits and Latin letters alone."),
        LineFault.REFERENCE_IS_ACCOUNT: _("this is the number of an account, not a reference."),
        LineFault.REFERENCE_ROUNDED: _(
            "Excel has rounded this long number; format the column as text and paste it anew."
        ),
        LineFault.AMOUNT_MISSING: _("the amount is missing."),
        LineFault.AMOUNT_UNREADABLE: _("this is no whole amount in rials."),
        LineFault.AMOUNT_OUT_OF_RANGE: _("an amount is at most {most}.").format(
            most=money(AMOUNT_RIAL_MAX, words)
        ),
        LineFault.AMOUNT_BOTH_WAYS: _("one line has money both in and out."),
        LineFault.DATE_MISSING: _("the day is missing."),
        LineFault.DATE_UNREADABLE: _("this is no day; write it such as 1405/09/01."),
        LineFault.SETTLEMENT_OUT: _("a settlement of the gateway is money that comes in."),
    }


def sheet_faults(words: Words, rows_max: int) -> dict[str, str]:
    """Say why a file is no table that can be read."""
    _ = words.gettext
    return {
        SheetFault.EMPTY: _("there is no line in it."),
        SheetFault.TOO_LARGE: _("it is too large: at most two megabytes, unpacked twelve."),
        SheetFault.TOO_MANY_ROWS: _("it has too many lines: at most {most}.").format(
            most=number(rows_max, words.language)
        ),
        SheetFault.TOO_MANY_COLUMNS: _("it has too many columns."),
        SheetFault.OTHER_KIND: _("it is neither XLSX nor CSV; please save it as one of them."),
        SheetFault.BROKEN: _("it is damaged or protected by a password; please save it anew."),
        SheetFault.NOT_UTF8: _("its letters are not UTF-8; please save it as XLSX."),
        SheetFault.SEVERAL_SHEETS: _(
            "several sheets hold something; leave the one that is meant."
        ),
        SheetFault.FORMULA: _("a formula stands here; please put its value in its place."),
        SheetFault.CELL_TOO_LONG: _("the text is too long."),
        SheetFault.CELL_IN_ERROR: _("the sheet itself shows an error here."),
    }
