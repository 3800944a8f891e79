"""Where the columns of a bank file are, and what their cells say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from bot.kit import bank_words
from bot.kit.digits import latin_digits
from bot.kit.identity import is_iban
from bot.kit.jalali import read_jalali
from bot.kit.text import normalise, strip_bidi
from bot.wallet.model import AMOUNT_RIAL_MAX, LINE_REFERENCE_MAX, BankFileKind, LineFault
from bot.wallet.rules.top_ups import bare_reference

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.kit.sheets import SheetRow

_UNIT: Final = re.compile(r"\s*[(\[]\s*(?P<unit>[^)\]]*)\s*[)\]]\s*$")
_REFERENCE: Final = re.compile(r"[0-9A-Z]{1,30}")
_CHARGE: Final = re.compile(rf"[!-~]{{1,{LINE_REFERENCE_MAX}}}")
_EXACT_DIGITS: Final = 15  # of a number in a sheet; what is longer was rounded
_AMOUNT: Final = re.compile(
    r"(?P<sign>[-+\u2212]?)(?P<number>[0-9]{1,3}(?:[,\u066c\u060c'][0-9]{3})+|[0-9]+)"
    r"(?:[.\u066b]0+)?(?P<after>-?)"
)
_UNITS_AFTER: Final = re.compile(rf"\s*(?:{'|'.join(bank_words.RIAL)})$")
_COMPACT: Final = re.compile(r"[0-9]{8}")
_DAY: Final = re.compile(r"(?P<day>[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|[0-9]{8})(?![0-9])")
_GREGORIAN_FROM: Final = 1900


class UnreadableCell(Exception):  # noqa: N818 - named for what it says of the cell
    """A cell does not say what its column promises."""

    def __init__(self, fault: LineFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; an amount is one column with a sign, or one for each way."""

    reference: int
    date: int
    amount: int | None
    amount_in: int | None
    amount_out: int | None
    note: int | None
    kind: int | None


def find_columns(row: SheetRow) -> Columns | None:
    """Read a row as the headings; None where it is none, or tells no amounts in rials."""
    names = [_heading(value) for value in row.values]
    reference, day = _column(names, bank_words.REFERENCE), _column(names, bank_words.DATE)
    amount = _column(names, bank_words.AMOUNT)
    amount_in = _column(names, bank_words.AMOUNT_IN)
    amount_out = _column(names, bank_words.AMOUNT_OUT)
    if reference is None or day is None or (amount is None and amount_in is None):
        return None
    return Columns(
        reference=reference,
        date=day,
        amount=amount,
        amount_in=None if amount is not None else amount_in,
        amount_out=None if amount is not None else amount_out,
        note=_column(names, bank_words.NOTE),
        kind=_column(names, bank_words.KIND),
    )


def _heading(value: object) -> str:
    """Say what a heading says without the unit in brackets, unless that is none of ours."""
    name = normalise(value) if isinstance(value, str) else ""
    unit = _UNIT.search(name)
    if unit is not None and unit["unit"].strip() in bank_words.RIAL:
        return name[: unit.start()].strip()
    return name


def _column(names: Sequence[str], wanted: Collection[str]) -> int | None:
    return next((names.index(word) for word in map(normalise, wanted) if word in names), None)


def read_reference_cell(value: Any, kind: BankFileKind) -> str:  # noqa: ANN401 - any cell
    """Read the number by which a bank or a gateway knows a movement. Raises UnreadableCell."""
    if value is None:
        raise UnreadableCell(LineFault.REFERENCE_MISSING)
    text = _whole_number(value) if isinstance(value, int | float) else str(value)
    if is_iban(text):
        raise UnreadableCell(LineFault.REFERENCE_IS_ACCOUNT)
    reference, form = strip_bidi(text).strip(), _CHARGE
    if kind is BankFileKind.BANK:
        reference, form = bare_reference(text), _REFERENCE
    if not form.fullmatch(reference):
        raise UnreadableCell(LineFault.REFERENCE_UNREADABLE)
    return reference


def _whole_number(value: float) -> str:
    if isinstance(value, bool) or value != int(value):
        raise UnreadableCell(LineFault.REFERENCE_UNREADABLE)
    if len(str(abs(int(value)))) > _EXACT_DIGITS:
        raise UnreadableCell(LineFault.REFERENCE_ROUNDED)
    return str(int(value))


def read_amount_cell(value: Any) -> int:  # noqa: ANN401 - any cell
    """Read an amount in rials with its sign; an empty cell is nothing. Raises UnreadableCell."""
    if value is None:
        return 0
    amount_rial = _amount_of_text(value) if isinstance(value, str) else _amount_of_number(value)
    if abs(amount_rial) > AMOUNT_RIAL_MAX:
        raise UnreadableCell(LineFault.AMOUNT_OUT_OF_RANGE)
    return amount_rial


def _amount_of_number(value: Any) -> int:  # noqa: ANN401 - any cell but text
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or abs(value) > AMOUNT_RIAL_MAX * 10 or value != int(value):
        raise UnreadableCell(LineFault.AMOUNT_UNREADABLE)
    return int(value)


def _amount_of_text(value: str) -> int:
    text = _UNITS_AFTER.sub("", latin_digits(strip_bidi(normalise(value)))).strip()
    is_in_brackets = text.startswith("(") and text.endswith(")")
    found = _AMOUNT.fullmatch(text.strip("()").strip() if is_in_brackets else text)
    if found is None or (found["sign"] and (found["after"] or is_in_brackets)):
        raise UnreadableCell(LineFault.AMOUNT_UNREADABLE)
    amount_rial = int(re.sub(r"[^0-9]", "", found["number"]))
    is_out = is_in_brackets or found["after"] or found["sign"] not in ("", "+")
    return -amount_rial if is_out else amount_rial


def read_date_cell(value: Any) -> date:  # noqa: ANN401 - any cell
    """Read a day: Jalali or Gregorian, with or without an hour. Raises UnreadableCell."""
    if value is None:
        raise UnreadableCell(LineFault.DATE_MISSING)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = latin_digits(strip_bidi(str(value))).strip()
    found = _DAY.match(text)
    day = None if found is None else _read_day(found["day"])
    if day is None:
        raise UnreadableCell(LineFault.DATE_UNREADABLE)
    return day


def _read_day(text: str) -> date | None:
    if _COMPACT.fullmatch(text):
        text = f"{text[:4]}/{text[4:6]}/{text[6:]}"
    parts = re.split(r"[-/.]", text)
    if int(parts[0]) < _GREGORIAN_FROM:
        return read_jalali(text)
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def is_settlement(value: Any) -> bool:  # noqa: ANN401 - any cell
    """True where a cell says that the gateway handed over what it had collected."""
    return isinstance(value, str) and normalise(value) in map(normalise, bank_words.SETTLEMENT)
