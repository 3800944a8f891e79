"""The first sheet of the workbook: how it is used, and of which office and state it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import persian_digits

if TYPE_CHECKING:
    from bot.kit.words import Words


def office_label(words: Words) -> str:
    """Name the line that says of which office a workbook is."""
    _ = words.gettext
    return _("Office id")


def change_label(words: Words) -> str:
    """Name the line that says of which state of the catalogue a workbook is."""
    _ = words.gettext
    return _("Made after change number")


def guide_lines(words: Words) -> list[str]:
    """Say in five lines how the workbook is used."""
    _ = words.gettext
    lines = [
        _("This workbook holds all that the office publishes at this desk: one sheet a subject."),
        _(
            "Change cells, add rows below, delete whole rows. Leave labels, sheet names and ids "
            "of what is there as they are."
        ),
        _(
            "An empty cell means: the source does not say. «none» means: the source says that "
            "there is none. Several things in a cell stand on lines of their own (Alt+Enter)."
        ),
        _(
            "Write both languages. Days like 1405/09/01 and amounts in rials, in Persian or "
            "Latin digits; no formulas, no merged cells."
        ),
        _(
            "Send it back in the admin chat as a reply: faults come back at their cells, and "
            "nothing changes before you have seen a preview and pressed the button."
        ),
    ]
    local = persian_digits if words.language == "fa" else str
    return [local(line) for line in lines]
