"""What a sheet of the workbook is made of: columns, and what may stand in their cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER: Final = ("@owner",)  # whose part a row is, by its id
ABOUT: Final = ("@about",)  # what kind of thing the owner is
SIDE: Final = ("@side",)  # which side of a service a row is about
CASES: Final = ("@cases",)  # for which kind of case a target holds
SHOWN: Final = ("@shown",)  # only shown, and read by nobody


class Kind(StrEnum):
    """How a value is written into a cell."""

    PROSE = "prose"  # a text, which may have several lines
    LINE = "line"
    ID = "id"  # Latin letters, digits and dashes
    DAY = "day"
    CLOCK = "clock"
    WHOLE = "whole"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"  # several of them
    LINES = "lines"  # several lines of text
    IDS = "ids"  # several ids
    WINDOWS = "windows"  # several stretches of a day
    LISTED = "listed"  # whether there are rows in another sheet
    SHOWN = "shown"


LISTS: Final = frozenset({Kind.CHOICES, Kind.LINES, Kind.IDS, Kind.WINDOWS})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, or a row of a form. `refers` is the sheet whose ids may stand in it."""

    path: tuple[str, ...]
    label: str
    kind: Kind
    choices: Mapping[str, str] = field(default_factory=dict)  # a value and what it is called
    refers: str = ""
    is_optional: bool = False  # left out of the catalogue where its cell is empty
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: `part` and `place` say where in the catalogue its rows stand."""

    key: str
    title: str
    part: str
    place: tuple[str, ...]
    columns: tuple[Column, ...]
    is_form: bool = False
    is_left_out: bool = False  # a workbook without it says nothing of what is on it


@dataclass(frozen=True, slots=True)
class Layout:
    """Every sheet of the workbook in one language, and the words that stand in cells."""

    guide: str
    lists: str
    sheets: tuple[Sheet, ...]
    yes: str
    no: str
    none: str
    in_sheet: str

    def sheet(self, key: str) -> Sheet:
        """Find a sheet by its key."""
        return next(one for one in self.sheets if one.key == key)
