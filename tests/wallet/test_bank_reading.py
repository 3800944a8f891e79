"""A bank's file is read whole, or refused with every cell that is at fault."""

from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kit.digits import persian_digits
from bot.kit.tracking import code_in
from bot.wallet.errors import BankFileUnreadable
from bot.wallet.model import (
    AMOUNT_RIAL_MAX,
    BANK_LINES_MAX,
    FAULTS_MAX,
    BankFileKind,
    RawLine,
)
from bot.wallet.rules import read_bank_file, read_reference
from tests.wallet.bank_support import DAY, HEADINGS, book, lines_of

BANK, GATEWAY = BankFileKind.BANK, BankFileKind.GATEWAY


def plainly(value: object) -> str:
    """Name a case so that it can be asked for by its name, with no escapes in it."""
    return ascii(value).replace("\\", "")


def rows(*rows: tuple[Any, ...]) -> bytes:
    return book([HEADINGS, *rows])


def faults_of(content: bytes, kind: BankFileKind = BANK) -> list[tuple[str, str]]:
    with pytest.raises(BankFileUnreadable) as refused:
        read_bank_file(content, kind)
    return [(fault.cell, fault.what) for fault in refused.value.faults]


def one(content: bytes, kind: BankFileKind = BANK) -> RawLine:
    (line,) = read_bank_file(content, kind)
    return line


def test_a_line_is_read_with_its_way_day_and_what_stands_beside_it() -> None:
    content = rows(
        ("1405/09/01", "123456", 1_250_000, None, "واریز نقدی", None),
        ("۱۴۰۵/۰۹/۰۱", "۶۵۴-۳۲۱", "", "۷۵۰٬۰۰۰", "K7M29-QXFAT", ""),
        ("1405/09/01", "777777", "5,000,000 ریال", "0", "", "تسویه درگاه"),
    )
    assert read_bank_file(content, BANK) == [
        RawLine(2, "123456", 1_250_000, DAY, "واریز نقدی"),
        RawLine(3, "654321", -750_000, DAY, "K7M29-QXFAT"),
        RawLine(4, "777777", 5_000_000, DAY, "", is_settlement=True),
    ]


@pytest.mark.parametrize(
    "headings",
    [
        ("تاريخ", "شماره مرجع", "مبلغ (ریال)"),
        ("تاریخ تراکنش", "کد رهگیری", "مبلغ"),
        ("Date", "Reference", "Amount (IRR)"),
        ("date", "ref", "Deposit"),
        ("تاریخ", "شماره سند", "بستانکار"),
    ],
)
def test_columns_are_known_by_their_headings_in_persian_and_english(headings: tuple[str]) -> None:
    content = lines_of([["گردش حساب", "", ""], headings, ("1405/09/01", "AB-12 34", "1250000")])
    assert one(content) == RawLine(3, "AB1234", 1_250_000, DAY)


def test_a_file_in_tomans_is_not_taken_for_one_in_rials() -> None:
    content = lines_of([("تاریخ", "شماره مرجع", "مبلغ (تومان)"), ("1405/09/01", "123456", "10")])
    assert faults_of(content) == [("", "no_heading")]


@pytest.mark.parametrize(
    "headings",
    [("date", "amount", "x"), ("ref", "amount", "x"), ("date", "ref", "x"), ("a", "b", "amount")],
)
def test_a_file_that_lacks_a_column_is_not_read(headings: tuple[str]) -> None:
    assert faults_of(lines_of([headings, ("1405/09/01", "123456", "10")])) == [("", "no_heading")]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (1_250_000, 1_250_000),
        (1_250_000.0, 1_250_000),
        (-3, -3),
        ("1250000", 1_250_000),
        ("۱٬۲۵۰٬۰۰۰", 1_250_000),
        ("+1,250,000", 1_250_000),
        ("-1,250,000", -1_250_000),
        ("\u22121250000", -1_250_000),
        ("1250000-", -1_250_000),
        ("(1,250,000)", -1_250_000),
        ("1250000.00", 1_250_000),
        (AMOUNT_RIAL_MAX, AMOUNT_RIAL_MAX),
    ],
    ids=plainly,
)
def test_amounts_are_read_as_banks_write_them(written: object, read: int) -> None:
    content = book([("date", "ref", "amount"), ("1405/09/01", "123456", written)])
    assert one(content).amount_rial == read


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (None, "amount_missing"),
        (0, "amount_missing"),
        (1.5, "amount_unreadable"),
        (True, "amount_unreadable"),
        ("12,50", "amount_unreadable"),
        ("1250.50", "amount_unreadable"),
        ("--5", "amount_unreadable"),
        ("-5-", "amount_unreadable"),
        ("۵۰۰ تومان", "amount_unreadable"),
        ("<b>5</b>", "amount_unreadable"),
        ("1e9", "amount_unreadable"),
        (AMOUNT_RIAL_MAX * 10, "amount_out_of_range"),
        (AMOUNT_RIAL_MAX * 10 + 1, "amount_unreadable"),
        (AMOUNT_RIAL_MAX + 1, "amount_out_of_range"),
        ("9" * 40, "amount_out_of_range"),
    ],
    ids=plainly,
)
def test_an_amount_that_is_none_is_named_by_its_cell(written: object, fault: str) -> None:
    content = book([("date", "ref", "amount"), ("1405/09/01", "123456", written)])
    assert faults_of(content) == [("C2", fault)]


@pytest.mark.parametrize(
    "written",
    [
        "1405/09/01",
        "۱۴۰۵/۹/۱",
        "1405-09-01",
        "14050901",
        14050901,
        "1405/09/01 10:22",
        "1405/09/01-10:22:33",
        "2026-11-22",
        "2026-11-22T10:22:33",
        "20261122",
        date(2026, 11, 22),
        datetime(2026, 11, 22, 23, 59),  # noqa: DTZ001 - as a sheet has it
    ],
    ids=plainly,
)
def test_days_are_read_in_either_calendar(written: object) -> None:
    content = book([("date", "ref", "amount"), (written, "123456", 1)])
    assert one(content).on == DAY


@pytest.mark.parametrize(
    "written", ["1405/13/01", "2026-02-30", "22.11", "دیروز", 46_000, "1405/09/011"]
)
def test_a_day_that_is_none_is_named_by_its_cell(written: object) -> None:
    content = book([("date", "ref", "amount"), (written, "123456", 1)])
    assert faults_of(content) == [("A2", "date_unreadable")]


@pytest.mark.parametrize("written", ["", " "])
def test_an_empty_cell_is_missing_in_either_kind_of_file(written: str) -> None:
    table = [("date", "ref", "amount", "note"), (written, written, written, "x")]
    for content in (book(table), lines_of(table)):
        assert faults_of(content) == [
            ("B2", "reference_missing"),
            ("A2", "date_missing"),
            ("C2", "amount_missing"),
        ]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (None, "reference_missing"),
        ("-", "reference_unreadable"),
        ("شماره", "reference_unreadable"),
        ("<script>", "reference_unreadable"),
        ("1" * 31, "reference_unreadable"),
        (1.5, "reference_unreadable"),
        (1234567890123456, "reference_rounded"),
        ("IR050170000000123456789012", "reference_is_account"),
    ],
    ids=plainly,
)
def test_a_reference_that_is_none_is_named_by_its_cell(written: object, fault: str) -> None:
    content = book([("date", "ref", "amount"), ("1405/09/01", written, 1)])
    assert faults_of(content) == [("B2", fault)]


def test_what_a_person_types_and_what_a_file_says_are_one_reference() -> None:
    content = book([("date", "ref", "amount"), ("1405/09/01", "۱۲۳ ۴۵۶-aB/7", 1)])
    assert one(content).reference == read_reference("123456AB7")


def test_a_charge_of_a_gateway_is_kept_to_the_letter() -> None:
    content = book([("date", "charge id", "amount"), ("1405/09/01", "ch_1Gq-xY:7", 1)])
    assert one(content, GATEWAY).reference == "ch_1Gq-xY:7"


def test_every_fault_is_named_and_nothing_of_the_file_is_taken() -> None:
    content = rows(
        ("1405/09/01", "123456", 5, None, "", ""),
        ("1405/99/01", None, "x", None, "", ""),
        ("1405/09/01", "123457", 5, 7, "", ""),
        ("1405/09/01", "123458", None, 7, "", "تسویه"),
    )
    assert faults_of(content) == [
        ("B3", "reference_missing"),
        ("A3", "date_unreadable"),
        ("C3", "amount_unreadable"),
        ("C4", "amount_both_ways"),
        ("F5", "settlement_out"),
    ]


def test_of_many_faults_the_first_are_named_and_all_are_counted() -> None:
    content = lines_of([("date", "ref", "amount"), *[("x", "123456", 1)] * 60])
    with pytest.raises(BankFileUnreadable) as refused:
        read_bank_file(content, BANK)
    assert len(refused.value.faults) == FAULTS_MAX
    assert refused.value.count == 60


def test_a_file_of_five_thousand_lines_is_read_and_one_more_is_too_many() -> None:
    lines = [("1405/09/01", str(100_000 + n), 1) for n in range(BANK_LINES_MAX + 1)]
    heading = ("date", "ref", "amount")
    assert len(read_bank_file(lines_of([heading, *lines[:-1]]), BANK)) == BANK_LINES_MAX
    assert faults_of(lines_of([heading, *lines])) == [("", "too_many_rows")]
    with pytest.raises(BankFileUnreadable) as refused:
        read_bank_file(lines_of([heading, *lines]), BANK)
    assert refused.value.count == 1
    assert faults_of(lines_of([heading, *lines * 5])) == [("", "too_many_rows")]


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01", "مبلغ".encode("cp1256"), b"<html>", b"PK\x03\x04", b"date,ref,amount"],
)
def test_what_is_no_file_of_a_bank_is_refused_in_words(content: bytes) -> None:
    assert faults_of(content)


@settings(deadline=None)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_sent_is_read_or_refused(content: bytes) -> None:
    for whole in (content, b"date,ref,amount\n" + content):
        with suppress(BankFileUnreadable):
            lines = read_bank_file(whole, BANK)
            assert all(line.amount_rial and line.reference for line in lines)


@settings(deadline=None)
@given(amount=st.integers(1, AMOUNT_RIAL_MAX), is_out=st.booleans())
def test_an_amount_is_read_as_it_was_written(amount: int, is_out: bool) -> None:  # noqa: FBT001 - drawn
    signed = -amount if is_out else amount
    for written in (f"{signed:,}", persian_digits(str(signed)), str(signed)):
        content = f'date,ref,amount\n1405/09/01,123456,"{written}"'.encode()
        assert one(content).amount_rial == signed


def test_the_sample_of_the_handbook_is_read() -> None:
    content = (Path(__file__).parents[2] / "docs" / "bank-file.csv").read_bytes()
    lines = read_bank_file(content, BANK)
    assert [line.amount_rial for line in lines] == [1_250_000, 3_000_000, -750_000, 4_900_000]
    assert code_in(lines[2].note) is not None
    assert lines[3].is_settlement
