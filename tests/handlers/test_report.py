import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from itertools import pairwise

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.cases.model import CaseKind, CaseState, Ending, ExportRow, ServiceTime
from bot.catalogue.model import OfficeCatalogue
from bot.citizens.model import CitizenId
from bot.digests import rules
from bot.digests.model import ReportSpan
from handlers.callback_data.digests import ReportFormat
from handlers.views.office import report
from tests.handlers.conftest import Shipped

READER = CitizenId(7)
ROW = ExportRow(
    masked_code="K7••••••AT",
    service_id=None,
    service_version=1,
    kind=CaseKind.COMPLAINT,
    state=CaseState.ANSWERED,
    ending=Ending.DONE,
    registered_at=datetime(2026, 11, 21, 20, 45, tzinfo=UTC),  # 00:15 of the 22nd in Tehran
    first_answered_at=datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
    ended_at=None,
    resolution_due_at=datetime(2026, 11, 28, 6, 0, tzinfo=UTC),
    is_late=True,
    is_anonymous=False,
    is_process_changed=False,
    reopened_count=0,
)
HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://x.example","y")',
    "+98912",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "http://x.example",
    "{=1}",
    '"=1"',
    "x\x00y",
    "سلام؛ خوبید؟",
    "😀",
]


@pytest.fixture
def kanoon(shipped: Shipped) -> OfficeCatalogue:
    return shipped.catalogue.published_by("kanoon")


def hostile() -> report.Table:
    return report.Table(
        "=cmd", ("=A", "B"), tuple((cell, cell) for cell in HOSTILE), is_right_to_left=True
    )


def opened(content: bytes) -> Worksheet:
    sheet = load_workbook(BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def lines(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


def test_no_cell_of_a_sheet_is_a_formula_or_a_link() -> None:
    sheet = opened(report.as_xlsx(hostile()))
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert len(cells) == 2 * (len(HOSTILE) + 1)
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert sheet["A2"].value == "=1+1"


def test_a_sheet_reads_in_the_direction_of_its_language(
    shipped: Shipped, kanoon: OfficeCatalogue
) -> None:
    for language, is_right_to_left in (("fa", True), ("en", False)):
        table = report.table(shipped.words[language], kanoon, [ROW])  # type: ignore[index]
        assert bool(opened(report.as_xlsx(table)).sheet_view.rightToLeft) == is_right_to_left


@pytest.mark.parametrize("cell", HOSTILE)
def test_no_cell_of_a_csv_begins_like_a_formula(cell: str) -> None:
    table = report.Table("t", ("a",), ((cell,),), is_right_to_left=True)
    (_head, (written,)) = lines(report.as_csv(table))
    is_dangerous = cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert written == (f"'{cell}" if is_dangerous else cell)


def test_a_csv_begins_with_the_mark_by_which_spreadsheets_know_utf_8() -> None:
    content = report.as_csv(hostile())
    assert content.startswith(b"\xef\xbb\xbf")
    assert lines(content)[0] == ["'=A", "B"]


def test_a_row_says_dates_as_people_read_them_in_tehran(
    shipped: Shipped, kanoon: OfficeCatalogue
) -> None:
    table = report.table(shipped.words["fa"], kanoon, [ROW])
    (row,) = table.rows
    assert "۱۴۰۵/۰۹/۰۱" in row
    assert "۰۰:۱۵" in row
    assert "۱۴۰۵/۰۹/۰۷" in row
    assert len(row) == len(table.columns)


def test_a_service_that_is_gone_from_the_catalogue_is_still_a_row(
    shipped: Shipped, kanoon: OfficeCatalogue
) -> None:
    gone = replace(ROW, service_id="no-longer")
    assert len(report.table(shipped.words["fa"], kanoon, [gone]).rows) == 1


@pytest.mark.parametrize("form", ReportFormat)
def test_a_report_of_nothing_is_a_file_with_its_columns(
    shipped: Shipped, kanoon: OfficeCatalogue, form: ReportFormat
) -> None:
    days = (date(2026, 10, 23), date(2026, 11, 21))
    reply = report.sent(shipped.words["fa"], kanoon, days, 0, form, reader_id=READER)
    assert reply.file is not None
    assert reply.file.name == f"cases-kanoon-14050801-14050830.{form.value}"
    table = report.table(shipped.words["fa"], kanoon, [])
    assert report.written(table, form)


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (ReportSpan.THIS_MONTH, date(2026, 11, 22), date(2026, 11, 22)),
        (ReportSpan.LAST_MONTH, date(2026, 10, 23), date(2026, 11, 21)),
        (ReportSpan.WEEK, date(2026, 11, 15), date(2026, 11, 21)),
    ],
)
def test_months_are_jalali_months(span: ReportSpan, first: date, last: date) -> None:
    assert rules.days_of(span, date(2026, 11, 22)) == (first, last)


def test_the_last_month_of_a_leap_year_has_thirty_days() -> None:
    assert rules.days_of(ReportSpan.LAST_MONTH, date(2025, 3, 25)) == (
        date(2025, 2, 19),
        date(2025, 3, 20),
    )
    months = [
        rules.days_of(ReportSpan.LAST_MONTH, date(2026, month, 25)) for month in range(1, 13)
    ]
    assert all((later[0] - earlier[1]).days == 1 for earlier, later in pairwise(months))


def test_the_caption_says_how_long_each_service_took(
    shipped: Shipped, kanoon: OfficeCatalogue
) -> None:
    days = (date(2026, 11, 1), date(2026, 11, 22))
    times = [ServiceTime(service.id, 95, 3) for service in kanoon.services] * 3
    said = report.sent(
        shipped.words["fa"], kanoon, days, 1, ReportFormat.CSV, reader_id=READER, times=times
    )
    assert "۱ ساعت و ۳۵ دقیقه (۳ پرونده)" in said.text
    none = report.sent(shipped.words["fa"], kanoon, days, 1, ReportFormat.CSV, reader_id=READER)
    assert "میانه" not in none.text
