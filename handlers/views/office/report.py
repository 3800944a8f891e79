"""A report of an office's cases as a table: a sheet to read, or lines for another program.

It names nobody and quotes nobody: no words of citizens, no ids, of a tracking code only the ends.
Every cell is text, so that no program takes a cell for a formula and runs it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from html import escape
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from bot.digests.model import ReportSpan
from bot.kit.clock import TEHRAN
from bot.kit.digits import number, persian_digits
from bot.kit.jalali import clock_time, jalali_day, jalali_numbers, tehran_day
from bot.kit.text import cut
from handlers.callback_data.digests import ReportFormat, ReportPressed
from handlers.reply import Button, FileToMake, Reply
from handlers.views.cases.case_why import span_said
from handlers.views.cases.case_words import kind_name
from handlers.views.common import said
from handlers.views.desk.desk_words import ending_name, state_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from bot.cases.model import ExportRow, ServiceTime
    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId
    from bot.kit.words import Words

# What spreadsheets take for the beginning of a formula, in their own and in full width.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_SHIELD = "'"
REPORT_FILE = "case_report"
_SHEET_NAME_MAX = 31
_TIMES_MAX = 6  # services named in the caption of the file
_WIDTH_MIN, _WIDTH_MAX = 10, 46


@dataclass(frozen=True)
class Table:
    """A report as text: its title, the names of its columns, and its rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_right_to_left: bool


def table(words: Words, published: OfficeCatalogue, rows: Sequence[ExportRow]) -> Table:
    """Write cases as rows of text, in the language of the reader."""
    _ = words.gettext
    columns = (
        _("Code (only its ends)"),
        _("Service"),
        _("Version of the service"),
        _("Kind"),
        _("State"),
        _("Ending"),
        _("Registered on"),
        _("Registered at"),
        _("First answer on"),
        _("Promised for"),
        _("Ended on"),
        _("Late"),
        _("Anonymous"),
        _("Changed the process"),
        _("Times reopened"),
    )
    return Table(
        published.office.short_name.in_language(words.language),
        columns,
        tuple(_row(words, published, row) for row in rows),
        is_right_to_left=words.language == "fa",
    )


def _row(words: Words, published: OfficeCatalogue, row: ExportRow) -> tuple[str, ...]:
    _ = words.gettext
    service = None if row.service_id is None else published.service(row.service_id)
    return (
        row.masked_code,
        _("the office itself") if service is None else service.title.in_language(words.language),
        number(row.service_version, words.language),
        kind_name(row.kind, words),
        state_name(row.state, words),
        "" if row.ending is None else ending_name(row.ending, words),
        _day(words, row.registered_at),
        clock_time(row.registered_at.astimezone(TEHRAN).time(), words.language),
        _day(words, row.first_answered_at),
        _day(words, row.resolution_due_at),
        _day(words, row.ended_at),
        _yes(words, is_so=row.is_late),
        _yes(words, is_so=row.is_anonymous),
        _yes(words, is_so=row.is_process_changed),
        number(row.reopened_count, words.language),
    )


def _day(words: Words, moment: datetime | None) -> str:
    """A Jalali date in figures, which sorts as text."""
    if moment is None:
        return ""
    year, month, day = jalali_numbers(tehran_day(moment))
    written = f"{year:04}/{month:02}/{day:02}"
    return persian_digits(written) if words.language == "fa" else written


def _yes(words: Words, *, is_so: bool) -> str:
    _ = words.gettext
    return _("yes") if is_so else _("no")


def as_csv(report: Table) -> bytes:
    """Write the table as CSV, with the mark by which spreadsheets know UTF-8."""
    lines = StringIO(newline="")
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL)
    for row in (report.columns, *report.rows):
        writer.writerow([_harmless(cell) for cell in row])
    return lines.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """Set a mark before what a spreadsheet would take for a formula; it then shows the text."""
    return f"{_SHIELD}{cell}" if cell.startswith(_DANGEROUS) else cell


def as_xlsx(report: Table) -> bytes:
    """Write the table as a sheet that reads in its own direction, all of it text."""
    import xlsxwriter  # noqa: PLC0415 - a tenth of a second that most desks need once a month

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(_sheet_name(report.title))
        if report.is_right_to_left:
            sheet.right_to_left()
        order = {"reading_order": 2 if report.is_right_to_left else 1, "valign": "top"}
        plain = book.add_format({"num_format": "@", **order})
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#e9edf1", **order})
        for place, row in enumerate((report.columns, *report.rows)):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell, plain if place else head)
        for column, cells in enumerate(zip(report.columns, *report.rows, strict=True)):
            width = max(len(cell) for cell in cells) + 2
            sheet.set_column(column, column, min(max(width, _WIDTH_MIN), _WIDTH_MAX))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(report.rows), len(report.columns) - 1)
    return file.getvalue()


def _sheet_name(title: str) -> str:
    kept = "".join(character for character in title if character not in "[]:*?/\\'")
    return kept[:_SHEET_NAME_MAX].strip() or "Mizban"


def written(report: Table, form: ReportFormat) -> bytes:
    """Write the table in a format."""
    return as_xlsx(report) if form is ReportFormat.XLSX else as_csv(report)


def choices(words: Words, published: OfficeCatalogue) -> Reply:
    """Offer the reports of an office."""
    _ = words.gettext
    spans = {
        ReportSpan.THIS_MONTH: _("This month"),
        ReportSpan.LAST_MONTH: _("Last month"),
        ReportSpan.WEEK: _("Last seven days"),
    }
    rows = [
        [
            Button(
                _("{span}, {format}").format(span=name, format=form.name),
                ReportPressed(published.office.id, span.value, form.value),
            )
            for form in ReportFormat
        ]
        for span, name in spans.items()
    ]
    text = _(
        "📄 <b>Report of the cases: {office}</b>\nOver which days, and in which format? It holds "
        "no names, no words of citizens, and of the tracking codes only the ends. That it was "
        "made is written in the audit log."
    )
    return Reply(text.format(office=said(published.office.short_name, words)), rows)


def sent(
    words: Words,
    published: OfficeCatalogue,
    days: tuple[date, date],
    count: int,
    form: ReportFormat,
    *,
    reader_id: CitizenId,
    times: Sequence[ServiceTime] = (),
) -> Reply:
    """Send a file of so many cases, and say how long each service took (KN-02).

    It is made when it is sent: to write thousands of cases takes a second in which nobody else
    could be answered. It is for whoever asked, while they manage the office.
    """
    _ = words.gettext
    first, last = days
    text = _("📄 Cases of {office}, registered from {first} to {last}: {count}.").format(
        office=said(published.office.short_name, words),
        first=jalali_day(first, words.language),
        last=jalali_day(last, words.language),
        count=number(count, words.language),
    )
    text = "\n".join([text, *_medians(words, published, times)])
    name = "-".join(("cases", published.office.id, _stamp(first), _stamp(last)))
    more = {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "form": form.value,
        "language": words.language,
        "for": int(reader_id),
    }
    file = FileToMake(f"{name}.{form.value}", REPORT_FILE, published.office.id, more)
    return Reply(text, file=file)


def _medians(words: Words, published: OfficeCatalogue, times: Sequence[ServiceTime]) -> list[str]:
    """Say how long cases took to their outcome: half of them less, half of them more."""
    _ = words.gettext
    if not times:
        return []
    lines = [_("⏱ Working time to the outcome, in the middle (ended in this period):")]
    for time in times[:_TIMES_MAX]:
        service = None if time.service_id is None else published.service(time.service_id)
        name = _("the office itself")
        if service is not None:
            name = escape(cut(service.title.in_language(words.language), 60), quote=False)
        lines.append(
            _("• {service}: {time} ({count} cases)").format(
                service=name,
                time=span_said(time.median_minutes, words),
                count=number(time.count, words.language),
            )
        )
    return lines


def _stamp(day: date) -> str:
    year, month, number_of_day = jalali_numbers(day)
    return f"{year:04}{month:02}{number_of_day:02}"
