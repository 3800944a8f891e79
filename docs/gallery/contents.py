"""What stands in a file that the desk sends, as lines of text."""  # noqa: INP001 - beside the documentation

import re
from html import unescape
from io import BytesIO

from openpyxl import load_workbook

LINES_MAX = 60
_TAG = re.compile(r"<[^>]*>")
_HIDDEN = re.compile(r"<(style|head)\b.*?</\1>", re.DOTALL)


def lines_in(name: str, content: bytes) -> list[str]:
    """Read a file of a kind that the desk makes: a sheet, a page, a calendar."""
    if name.endswith(".xlsx"):
        book = load_workbook(BytesIO(content))
        lines = [book.properties.title or ""]
        for sheet in book:
            lines += [sheet.title, *(_row(cells) for cells in sheet.iter_rows(values_only=True))]
            lines += [_notes(cells) for cells in sheet.iter_rows()]
    else:
        text = content.decode("utf-8-sig", "replace")
        if name.endswith(".html"):
            text = unescape(_TAG.sub("\n", _HIDDEN.sub("", text)))
        if name.endswith(".ics"):
            text = text.replace("\r\n ", "").replace("\\n", "\n").replace("\\,", ",")
        lines = text.splitlines()
    return [line for line in lines if line.strip()][:LINES_MAX]


def _row(cells: tuple[object, ...]) -> str:
    return " | ".join("" if cell is None else str(cell) for cell in cells).strip(" |")


def _notes(cells: tuple[object, ...]) -> str:
    comments = [getattr(cell, "comment", None) for cell in cells]
    return " | ".join(one.text for one in comments if one is not None)
