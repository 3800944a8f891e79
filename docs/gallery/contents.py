"""What stands in a file that the desk sends, and in an update that it receives."""  # noqa: INP001 - beside the documentation

import re
from html import unescape
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

LINES_MAX = 150
ROWS_MAX = 30  # of a sheet; of one that holds nothing but lists to choose from, all
_TAG = re.compile(r"<[^>]*>")
_HIDDEN = re.compile(r"<(style|head)\b.*?</\1>", re.DOTALL)


def lines_in(name: str, content: bytes) -> list[str]:
    """Read a file of a kind that the desk makes: a sheet, a page, a calendar."""
    if name.endswith(".xlsx"):
        book = load_workbook(BytesIO(content))
        lines = [book.properties.title or ""]
        for sheet in book:
            lines += _on_a_sheet(sheet, ROWS_MAX if len(book.sheetnames) > 1 else LINES_MAX)
        return [line for line in lines if line.strip()]
    if name.endswith(".pdf"):  # drawn, letter by letter
        lines = []
    else:
        text = content.decode("utf-8-sig", "replace")
        if name.endswith(".html"):
            text = unescape(_TAG.sub("\n", _HIDDEN.sub("", text)))
        if name.endswith(".ics"):
            text = text.replace("\r\n ", "").replace("\\n", "\n").replace("\\,", ",")
        lines = text.splitlines()
    return [line for line in lines if line.strip()][:LINES_MAX]


def _on_a_sheet(sheet: Any, rows_max: int) -> list[str]:  # noqa: ANN401 - a sheet of openpyxl
    """What is written, noted and asked for on a sheet."""
    if sheet.sheet_state != "visible":
        rows_max = sheet.max_row
    rows = list(sheet.iter_rows(max_row=rows_max))
    asked_for = [
        text
        for one in sheet.data_validations.dataValidation
        for text in (one.promptTitle, one.prompt, one.errorTitle, one.error)
        if text
    ]
    return [
        sheet.title,
        *(_row(tuple(cell.value for cell in cells)) for cells in rows),
        *(_notes(cells) for cells in rows),
        *dict.fromkeys(asked_for),
    ]


def _row(cells: tuple[object, ...]) -> str:
    return " | ".join("" if cell is None else str(cell) for cell in cells).strip(" |")


def _notes(cells: tuple[object, ...]) -> str:
    comments = [getattr(cell, "comment", None) for cell in cells]
    return " | ".join(one.text for one in comments if one is not None)


def asked(kind: str, content: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """What of an update can be shown: whose it is, where, and the words or the button."""
    if not isinstance(content, dict):
        return {}
    message = content.get("message", content)
    chat = message.get("chat", {}) if isinstance(message, dict) else {}
    person = content.get("from") or {}
    text = content.get("data") or content.get("text") or content.get("caption") or ""
    others = [name for name in ("document", "successful_payment", "photo") if name in content]
    return {
        "person": person.get("id"),
        "chat": chat.get("id", person.get("id")) if isinstance(chat, dict) else None,
        "words": str(text)[:600].encode(errors="replace").decode(),
        "kind": others[0] if others else kind,
    }
