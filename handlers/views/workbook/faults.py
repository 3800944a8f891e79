"""What is wrong at a cell of a workbook, and what would be right there, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import persian_digits
from handlers.views.workbook.columns import Kind
from handlers.views.workbook.workshop_faults import of_workshops, said_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.kit.words import Words
    from handlers.views.workbook.reading import CellWrong

_IDS = frozenset({"wrong_shape", "string_type"})


def cell_words(words: Words, wrong: CellWrong) -> str:
    """Say what is wrong at a cell."""
    _ = words.gettext
    column = wrong.spot.column
    wordings = _of_book(words) | _of_meaning(words) | _of_shape(words) | of_workshops(words)
    if wrong.kind not in wordings or wrong.kind in _IDS:
        said = _fitting(words, None if column is None else column.kind)
        if column is not None and column.choices:
            said = _("Choose from the list: {names}").format(
                names=_(", ").join(column.choices.values())
            )
    else:
        values = {name: said_of(words, value) for name, value in wrong.values.items()}
        said = wordings[wrong.kind].format_map(_Values(values))
    return persian_digits(said) if words.language == "fa" and not _has_code(said) else said


def _has_code(said: str) -> bool:
    return any(sign.isascii() and sign.isalpha() for sign in said)


class _Values(dict[str, object]):
    """The values of a fault; one that is not known is left out of the words."""

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__(values)

    def __missing__(self, _key: str) -> str:
        return ""


def _fitting(words: Words, kind: Kind | None) -> str:
    """Say what belongs into a cell of a kind."""
    _ = words.gettext
    fitting = {
        Kind.DAY: _("This is no day. Write it like 1405/09/01."),
        Kind.CLOCK: _("This is no hour. Write it like 07:30."),
        Kind.WHOLE: _("Only a whole number belongs here, such as 500000."),
        Kind.YES_NO: _("Choose yes or no from the list."),
        Kind.WINDOWS: _("Write each stretch of hours on its own line, like 08:00-12:30."),
        Kind.ID: _(
            "An id has 2 to 24 small Latin letters, digits and dashes; a clause's is KN-27."
        ),
        Kind.IDS: _("These are ids like KN-27, each on its own line."),
        Kind.LISTED: _("Choose from the list, or leave the cell empty."),
    }
    if kind is None or kind not in fitting:
        return _("What stands here does not fit this field.")
    return fitting[kind]


def _of_book(words: Words) -> dict[str, str]:
    _ = words.gettext
    return {
        "formula": _("There is a formula here. Write its result as plain text instead."),
        "in_error": _("Excel shows an error here. Write the value anew."),
        "too_long": _("This text is too long for a cell. Please shorten it."),
        "merged": _("Cells are merged here. Undo that, so that each value has its own cell."),
        "unknown_sheet": _("This sheet is not one of the workbook's. Take it out."),
        "no_sheet": _("The sheet «{one}» is missing. Take it from a new workbook."),
        "sheet_twice": _("This sheet is there twice. Keep one of them."),
        "unknown_label": _("This label is not known. Leave labels as they were written."),
        "label_twice": _("This label is there twice. Keep one of them."),
        "no_label": _("The label «{one}» is missing. Put it back, even with empty cells."),
        "none_but_rows": _("«none» stands here, yet the sheet has rows of it. Keep one of both."),
        "no_rows": _("Its sheet has no row for this service. Add one, or empty this cell."),
        "unknown_owner": _("«{one}» is nowhere else in this workbook. Write an id that is there."),
        "taken_elsewhere": _("Another office has this id already. Choose another one."),
        "other_office": _("This workbook is of another office; this is the chat of «{one}»."),
        "enum": _("Choose from the list."),
    }


def _of_meaning(words: Words) -> dict[str, str]:
    _ = words.gettext
    return {
        "code_taken": _("Another service has this code already."),
        "before_start": _("The end is before the beginning."),
        "closes_first": _("The end is not after the beginning."),
        "unknown_service": _("«{one}» is no service here. Write the id of one."),
        "own_ancestor": _("A service cannot be a part of itself."),
        "without_source": _("An answer needs the clauses it rests on, or a source."),
        "learnt_mark": _("This answer is the desk's own. Take it out."),
        "perpetual": _("The term is perpetual, so this day stays empty."),
        "no_last_day": _("The term has a last day; write it here."),
        "taken": _("«{one}» stands above already. Each id is there once."),
        "unknown_clause": _("«{one}» is no clause here. Write the id of one."),
        "unknown_url": _("«{one}» is no address of the sheet of addresses."),
        "personal": _("There is a number of a person here. Take it out."),
        "arabic": _("There is an Arabic ye or kaf here. Write the Persian letter."),
        "broken_letter": _("There is a broken letter here. Type the text anew."),
        "unseen": _("There is a sign here that cannot be seen. Type the text anew."),
        "less_than_least": _("The most is less than the least."),
        "hours_end": _("All hours of the desk end. Some must have no last day."),
        "off_day": _("Nobody is at the desk on this day. Choose another."),
        "day_twice": _("A day stands here twice."),
        "stands_above": _("The same stands above already. Keep one of both."),
        "windows_overlap": _("These hours begin before the hours above have ended."),
        "warns_late": _("The reminder must be shorter than the time for an answer."),
        "answers_too_late": _("An answer is due no later than the result."),
    }


def _of_shape(words: Words) -> dict[str, str]:
    _ = words.gettext
    return {
        "empty": _("This cell may not be empty. Write what belongs here."),
        "missing": _("This cell may not be empty. Write what belongs here."),
        "string_too_short": _("This cell may not be empty. Write what belongs here."),
        "string_too_long": _("This text is longer than {max_length} characters. Shorten it."),
        "too_short": _("At least one is needed here."),
        "several_lines": _("Only one line belongs here."),
        "says_nothing": _("Nothing is said here. Empty all cells of it."),
        "not_gregorian": _("This is no day. Write it like 1405/09/01."),
        "greater_than": _("Write a number above {gt}."),
        "greater_than_equal": _("Write a number of at least {ge}."),
        "less_than_equal": _("Write a number of at most {le}."),
        "overlong": _("The page made of this is too long for one message. Shorten the text."),
    }
