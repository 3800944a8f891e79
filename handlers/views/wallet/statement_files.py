"""A statement of a wallet as files: a sheet to reckon with, and a page to read and to print.

They name the office, but not the person: of the chat only the end of its number is shown. The page
stands alone, without a script, a font or a picture from anywhere, so that an old phone without a
network opens it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from bot.kit.clock import TEHRAN
from bot.kit.digits import number, persian_digits
from bot.kit.jalali import clock_time, jalali_day, jalali_moment, jalali_numbers, tehran_day
from bot.kit.text import strip_bidi
from bot.kit.tracking import shown
from handlers.views.common import money
from handlers.views.wallet.statement_style import STYLE
from handlers.views.wallet.wallet_words import bucket_name, movement_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.wallet.model import Line, Statement

_SHOWN_OF_CHAT: Final = 4
_DOTS: Final = "\u2022" * 5
_WIDTHS: Final = (18, 24, 16, 40, 16, 18, 18, 18, 18)
_RIAL_FORMAT, _TOMAN_FORMAT = "#,##0", "(#,##0);(-#,##0)"


@dataclass(frozen=True)
class StatementPaper:
    """What a file is made of: whose office, whose chat, and what came and went."""

    words: Words
    published: OfficeCatalogue
    statement: Statement
    chat_id: int

    @property
    def is_right_to_left(self) -> bool:
        """True for Persian."""
        return self.words.language == "fa"


def as_xlsx(paper: StatementPaper) -> bytes:
    """Write the statement as a sheet: amounts are numbers, all else is text and no formula."""
    import xlsxwriter  # noqa: PLC0415 - a tenth of a second that most desks never need

    _ = paper.words.gettext
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(_("Statement"))
        if paper.is_right_to_left:
            sheet.right_to_left()
        _set_up_printing(sheet)
        order = {"reading_order": 2 if paper.is_right_to_left else 1, "valign": "top"}
        plain = book.add_format({"num_format": "@", "text_wrap": True, **order})
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#e9edf1", **order})
        rial = book.add_format({"num_format": _RIAL_FORMAT, **order})
        toman = book.add_format({"num_format": _TOMAN_FORMAT, **order})
        facts = [(title(paper), ""), *_facts(paper)]
        for row, (name, value) in enumerate(facts):
            sheet.write_string(row, 0, name, head if row == 0 else plain)
            sheet.write_string(row, 1, value, plain)
        first = len(facts) + 1
        for column, name in enumerate(_columns(paper)):
            sheet.write_string(first, column, name, head)
            sheet.set_column(column, column, _WIDTHS[column])
        for row, line in enumerate(paper.statement.lines, start=first + 1):
            for column, text in enumerate(_texts(paper, line)):
                sheet.write_string(row, column, text, plain)
            for column, (amount, form) in enumerate(_amounts(line, rial, toman), start=5):
                sheet.write_number(row, column, amount, form)
        sheet.repeat_rows(first)
    return file.getvalue()


def _set_up_printing(sheet: Any) -> None:  # noqa: ANN401 - the library has no types
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _amounts(line: Line, rial: object, toman: object) -> Iterator[tuple[int, object]]:
    for amount_rial in (line.amount_rial, line.balance_rial):
        yield amount_rial, rial
        yield _tomans(amount_rial), toman


def _tomans(amount_rial: int) -> int:
    return amount_rial // 10 if amount_rial >= 0 else -(-amount_rial // 10)


def _columns(paper: StatementPaper) -> Sequence[str]:
    _ = paper.words.gettext
    return (
        _("Day and hour"),
        _("What it was"),
        _("From which part"),
        _("Reason"),
        _("Reference"),
        _("Amount (rials)"),
        _("(tomans)"),
        _("Balance after it (rials)"),
        _("(tomans)"),
    )


def _texts(paper: StatementPaper, line: Line) -> Sequence[str]:
    return (
        figures(line.at, paper.words),
        movement_name(line.code, paper.words),
        bucket_name(line.bucket, paper.words),
        _clean(line.reason),
        shown(line.journal_id),
    )


def as_page(paper: StatementPaper) -> bytes:
    """Write the statement as a page that stands alone."""
    words, _ = paper.words, paper.words.gettext
    direction = "rtl" if paper.is_right_to_left else "ltr"
    heading = escape(title(paper))
    facts = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>\n"
        for name, value in _facts(paper)
    )
    names = (
        _("Day and hour"),
        _("What it was"),
        _("Reason"),
        _("Reference"),
        _("Amount"),
        _("Balance after it"),
    )
    heads = "".join(f"<th>{escape(name)}</th>" for name in names)
    rows = "".join(_row(paper, line, names) for line in paper.statement.lines)
    nothing = escape(_("Nothing came or went in this time."))
    empty = f'<p class="none">{nothing}</p>\n'
    table = (
        f'<table class="lines"><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table>\n'
    )
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{words.language}" dir="{direction}"><head><meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{heading}</title>\n<style>{STYLE}</style></head>\n"
        f'<body>\n<h1>{heading}</h1>\n<table class="facts">{facts}</table>\n'
        f"{table if rows else empty}</body></html>\n"
    ).encode()


def _row(paper: StatementPaper, line: Line, names: Sequence[str]) -> str:
    words = paper.words
    what = f"{movement_name(line.code, words)}، {bucket_name(line.bucket, words)}"
    if not paper.is_right_to_left:
        what = what.replace("،", ",")
    cells = (
        ("when", figures(line.at, words)),
        ("", what),
        ("", _clean(line.reason)),
        ("code", shown(line.journal_id)),
        ("out" if line.amount_rial < 0 else "in", _signed(line.amount_rial, words)),
        ("sum", _in_two(money(line.balance_rial, words))),
    )
    return (
        "<tr>"
        + "".join(
            f'<td class="{kind}" data-name="{escape(name)}">{escape(text)}</td>'
            for name, (kind, text) in zip(names, cells, strict=True)
        )
        + "</tr>\n"
    )


def _signed(amount_rial: int, words: Words) -> str:
    sign = "\u2212" if amount_rial < 0 else "+"
    return f"\u200e{sign}{_in_two(money(abs(amount_rial), words))}"


def _in_two(amount: str) -> str:
    """Let an amount break before its bracket and nowhere else."""
    return " (".join(part.replace(" ", "\u00a0") for part in amount.split(" ("))


def title(paper: StatementPaper) -> str:
    """Name the statement."""
    _ = paper.words.gettext
    return _("Statement of a wallet: {office}").format(
        office=paper.published.office.name.in_language(paper.words.language)
    )


def _facts(paper: StatementPaper) -> Iterator[tuple[str, str]]:
    """Say all that stands over the lines; what is set aside with the reason for each."""
    words, statement, _ = paper.words, paper.statement, paper.words.gettext
    policy = paper.published.desk.wallet
    if policy is not None and policy.is_sample:
        yield _("Please note"), _("A sample: the office has not confirmed that it keeps a wallet.")
    yield _("Chat"), masked(paper.chat_id, words)
    yield _("Period"), stretch(paper)
    yield _("Before it"), money(statement.opening_rial, words)
    yield _("After it"), money(statement.closing_rial, words)
    closing = statement.closing
    yield _("of it withdrawable cash"), money(closing.withdrawable_rial, words)
    yield _("of it service credit"), money(closing.credit_rial, words)
    yield _("of it set aside"), money(closing.held_rial, words)
    for held in statement.holds:
        yield (
            _("set aside on {day}").format(day=_day(held.note.at, words)),
            f"{money(held.amount_rial, words)}: {_clean(held.note.reason)}",
        )
    if statement.is_cut:
        yield (
            _("Only a part"),
            _(
                "There are more lines than one file takes: these are the latest {count}, and "
                "“before it” is what was there before the first of them."
            ).format(count=number(len(statement.lines), words.language)),
        )
    yield _("Made on"), jalali_moment(statement.span.until, words.language)


def stretch(paper: StatementPaper) -> str:
    """Say from when to when the statement is."""
    words, span, _ = paper.words, paper.statement.span, paper.words.gettext
    last = _day(span.until, words)
    if span.since is None:
        return _("from the beginning to {last}").format(last=last)
    return _("from {first} to {last}").format(first=_day(span.since, words), last=last)


def _day(moment: datetime, words: Words) -> str:
    return jalali_day(tehran_day(moment), words.language)


def masked(chat_id: int, words: Words) -> str:
    """Show the end of a chat's number, by which its owner knows it and nobody else."""
    end = str(abs(chat_id))[-_SHOWN_OF_CHAT:]
    return _DOTS + (persian_digits(end) if words.language == "fa" else end)


def figures(moment: datetime, words: Words) -> str:
    """Write a Jalali day and the hour in figures, which sort as text."""
    year, month, day = jalali_numbers(tehran_day(moment))
    written = f"{year:04}/{month:02}/{day:02}"
    if words.language == "fa":
        written = persian_digits(written)
    return f"{written} {clock_time(moment.astimezone(TEHRAN).time(), words.language)}"


def _clean(text: str) -> str:
    return " ".join(strip_bidi(text).split())
