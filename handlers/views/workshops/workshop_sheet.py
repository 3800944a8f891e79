"""The sheet in which several workshops are filled in, and what became of one that was sent."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_day, tehran_day
from bot.workshops.model import FormField
from handlers.callback_data.workshop_desk import DeskWorkshopPressed
from handlers.reply import Button, FileToMake, Reply
from handlers.views.common import code, in_pairs, paged, said, shielded
from handlers.views.wallet.bank_faults import sheet_faults
from handlers.views.workshops.workshop_form import example, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.sheets import SheetFault
    from bot.kit.words import Words
    from bot.workshops.model import Slot, Workshop

SHEET_FILE: Final = "workshop_sheet"
ROWS_MAX: Final = 60
_FAULTS_MAX: Final = 20
_DRAFTS_NAMED: Final = 20
_TITLE_UNITS_MAX: Final = 80
_WIDTH: Final = 24
COLUMNS: Final = tuple(FormField)


def template(words: Words) -> bytes:
    """Write an empty sheet, with one line as an example."""
    import xlsxwriter  # noqa: PLC0415 - a tenth of a second that most desks never need

    _ = words.gettext
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(_("Workshops"))
        if words.language == "fa":
            sheet.right_to_left()
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#e9edf1"})
        plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        sheet.set_column(0, len(COLUMNS) - 1, _WIDTH, plain)
        sheet.freeze_panes(1, 1)
        for column, field in enumerate(COLUMNS):
            sheet.write_string(0, column, label(field, words), head)
            sheet.write_string(1, column, example(field, words), plain)
    return file.getvalue()


def is_example(form: Mapping[FormField, str], every: Iterable[Words]) -> bool:
    """True for the line that the empty sheet has as an example, and that nobody took out."""
    said = {field: typed for field, typed in form.items() if typed}
    return any(
        said == {field: example(field, one) for field in COLUMNS if example(field, one)}
        for one in every
    )


def prompt(words: Words, published: OfficeCatalogue) -> Reply:
    """Send the sheet, which is written when it is sent, and say what to do with it."""
    _ = words.gettext
    text = _(
        "📥 <b>Workshops of {office} from a sheet</b>\n\nFill this sheet in, one line for each "
        "workshop (the first one is an example and makes none), and send it as a reply to this "
        "message. Each line becomes a draft, with dates that leave out holidays and closed days; "
        "look at them on its card before you publish it."
    ).format(office=said(published.office.short_name, words))
    file = FileToMake("workshops.xlsx", SHEET_FILE, words.language)
    return Reply(text, file=file)


def received(words: Words) -> Reply:
    """Say that the sheet came."""
    _ = words.gettext
    return Reply(_("📥 I have the sheet and am reading it. The answer comes here in a moment."))


def taken(words: Words, drafts: Sequence[tuple[Workshop, Sequence[Slot]]]) -> Reply:
    """Name the first drafts that were made and their dates, each with a way to its card."""
    _ = words.gettext
    named = [_draft(words, one, slots) for one, slots in drafts[:_DRAFTS_NAMED]]
    lines, *_later_pages = paged(named)
    rest = len(drafts) - len(lines)
    if rest:
        more = _("… and {count} more: /workshops")
        lines = [*lines, more.format(count=number(rest, words.language))]
    head = _("✅ {count} drafts were made. Nobody sees them before they are published.").format(
        count=number(len(drafts), words.language)
    )
    rows = in_pairs(
        Button(number(one.id, words.language), DeskWorkshopPressed(str(one.id)))
        for one, _slots in drafts[: len(drafts) - rest]
    )
    return Reply("\n".join([head, "", *lines]), rows)


def _draft(words: Words, draft: Workshop, slots: Sequence[Slot]) -> str:
    _ = words.gettext
    title = shielded(draft.details.title, units_max=_TITLE_UNITS_MAX)
    line = f"{number(draft.id, words.language)}. {title}"
    if not slots:
        return f"{line} · " + _("without dates yet")
    dates = _("{count} sessions from {first} to {last}").format(
        count=number(len(slots), words.language),
        first=jalali_day(tehran_day(slots[0].starts_at), words.language),
        last=jalali_day(tehran_day(slots[-1].starts_at), words.language),
    )
    return f"{line} · {dates}"


def unread(words: Words, faults: Sequence[tuple[str, str]]) -> Reply:
    """Name each cell that could not be read; nothing was made."""
    _ = words.gettext
    lines = [f"• {code(cell)}: {what}" for cell, what in faults[:_FAULTS_MAX]]
    if len(faults) > _FAULTS_MAX:
        rest = number(len(faults) - _FAULTS_MAX, words.language)
        lines.append(_("… and {count} more").format(count=rest))
    head = _(
        "❗️ These cells could not be read, so no draft was made. Please mend them, and send "
        "the sheet once more."
    )
    return Reply("\n".join([head, "", *lines]))


def cell_fault(words: Words, field: FormField) -> str:
    """Say how a cell is filled in."""
    _ = words.gettext
    return _("{name}, such as: {example}").format(
        name=label(field, words), example=example(field, words) or "…"
    )


def heading_fault(words: Words) -> str:
    """Say that a column has a name that is not known."""
    _ = words.gettext
    return _("this heading is not one of the form; please leave the first line as it is.")


def not_a_table(words: Words, fault: SheetFault, cell: str) -> Reply:
    """Say why a file is no table."""
    _ = words.gettext
    why = sheet_faults(words, ROWS_MAX)[fault]
    where = f" ({code(cell)})" if cell else ""
    return Reply(
        _("❗️ I could not read this file{where}: {why} No draft was made.").format(
            where=where, why=why
        )
    )


def lost(words: Words) -> Reply:
    """Say that the messenger no longer gives the file."""
    _ = words.gettext
    return Reply(
        _("❗️ The messenger does not give me this file any more. Please send it once more.")
    )


def given_up(words: Words, sheet_id: int) -> Reply:
    """Say that a fault of ours kept a sheet from being read, and what can be done instead."""
    _ = words.gettext
    return Reply(
        _(
            "❗️ A fault on our side keeps me from reading this sheet; no draft was made. Please"
            " enter the workshops with the form, and give whoever runs the desk this number:"
            " {number}"
        ).format(number=number(sheet_id, words.language))
    )
