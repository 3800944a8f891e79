"""Catalogues that no office has, made by chance, and workbooks with one thing changed."""

import typing
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, time
from enum import StrEnum
from io import BytesIO
from types import NoneType, UnionType
from typing import Annotated, Any, Literal

from hypothesis import assume
from hypothesis import strategies as st
from openpyxl import load_workbook  # type: ignore[import-untyped]
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.catalogue.model import Agreement, DeskPolicy, Faq, Office, OfficeCatalogue, Service
from bot.catalogue.model.common import ClauseId, Day, Line, Prose, Slug
from bot.catalogue.rules.checking import PARTS, checked

LETTERS = "ابپتگچژی‌کabcXYZ =+-@'\"<>&;:/،,._٪()!؟"
PIECES = ["=1+1", "_x000D_", "+98", "@cmd", "-", "null", "بله", "در برگه", "۱۴", "😀", "none x"]
TEXT = st.lists(
    st.one_of(st.text(LETTERS, min_size=1, max_size=6), st.sampled_from(PIECES)),
    min_size=1,
    max_size=4,
).map("".join)
SHAPES: dict[int, Callable[[], st.SearchStrategy[Any]]] = {
    id(Slug): lambda: st.from_regex(r"[a-z][a-z0-9-]{1,8}", fullmatch=True),
    id(ClauseId): lambda: st.from_regex(r"[A-Z]{2}-[0-9]{2}", fullmatch=True),
    id(Line): lambda: TEXT.map(str.strip).filter(lambda one: one not in {"", "ندارد", "none"}),
    id(Prose): lambda: (
        st.lists(TEXT, min_size=1, max_size=3).map("\n".join).map(str.strip).filter(bool)
    ),
    id(Day): lambda: st.dates(date(1901, 1, 1), date(2300, 1, 1)).map(date.isoformat),
}


def anything_of(hint: Any, drawn: st.DrawFn) -> Any:
    """Draw a plain value for a field of the catalogue, whatever its type."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if id(hint) in SHAPES or origin is Annotated:
        shape = SHAPES.get(id(hint))
        return of_annotated(arguments, drawn) if shape is None else drawn(shape())
    if origin in {typing.Union, UnionType}:
        chosen = drawn(st.sampled_from(arguments))
        return None if chosen is NoneType else anything_of(chosen, drawn)
    if origin is Literal:
        return drawn(st.sampled_from(arguments))
    if origin is tuple:
        return [anything_of(arguments[0], drawn) for _ in range(drawn(st.integers(0, 3)))]
    return of_mapping(hint, arguments, drawn) if origin is dict else of_class(hint, drawn)


def of_mapping(_hint: Any, arguments: tuple[Any, ...], drawn: st.DrawFn) -> Any:
    keys = drawn(st.lists(st.sampled_from(list(arguments[0])), unique=True, max_size=3))
    return {key.value: anything_of(arguments[1], drawn) for key in keys}


def of_annotated(arguments: tuple[Any, ...], drawn: st.DrawFn) -> Any:
    base, *notes = arguments
    if base is int:
        bounds = [one for note in notes if isinstance(note, FieldInfo) for one in note.metadata]
        least = max([getattr(one, "ge", getattr(one, "gt", 0)) for one in bounds] or [0])
        return drawn(st.integers(least + 1, least + 900))
    if base is str:  # the other shapes: a code, an address, a fingerprint
        return None
    return anything_of(base, drawn)


def of_class(kind: Any, drawn: st.DrawFn) -> Any:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return drawn(st.sampled_from(list(kind))).value
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        hints = typing.get_type_hints(kind, include_extras=True)
        return {
            name: anything_of(hints[name], drawn) for name in kind.model_fields if name != "learnt"
        }
    return drawn(
        {
            bool: st.booleans(),
            int: st.integers(1, 6),
            str: TEXT,
            time: st.times(time(0, 0), time(22, 0)).map(lambda at: at.strftime("%H:%M")),
        }[kind]
    )


@st.composite
def offices(drawn: st.DrawFn) -> OfficeCatalogue:
    """An office by chance that the catalogue's own check finds nothing wrong in."""
    draw = drawn
    parts: dict[str, Any] = {
        "office": anything_of(Office, draw),
        "sla": anything_of(Agreement, draw),
        "services": [anything_of(Service, draw) for _ in range(draw(st.integers(1, 3)))],
        "faq": [anything_of(Faq, draw) for _ in range(draw(st.integers(0, 3)))],
        "desk": anything_of(DeskPolicy, draw),
    }
    fitted(parts, draw)
    found = checked(parts, "office")
    assume(not found.flaws)
    assert found.published is not None
    return found.published


def fitted(parts: dict[str, Any], draw: st.DrawFn) -> None:
    """Mend what chance cannot know: names of things that are there, an order of days."""
    office, sla, desk = parts["office"], parts["sla"], parts["desk"]
    office["id"] = "office"
    office["document_channels"] = office["document_channels"] or ["portal"]
    for number, url in enumerate(office["urls"]):
        url |= {"id": f"url-{number}", "address": f"https://example.org/{number}?a=b&c='d'"}
    urls = [url["id"] for url in office["urls"]]
    office["site"] = office["portal"] = urls[0] if urls else None
    clauses = sla["clauses"] = sla["clauses"] or [anything_of_clause(draw)]
    for number, clause in enumerate(clauses):
        clause |= {"id": f"ZZ-{number:02}", "url": urls[-1] if urls else None}
    sla |= {"source_sha256": "0" * 64, "valid_from": None}
    sla["valid_to"] = None if sla["term"] == "perpetual" else "2026-01-01"
    for hours in office["hours"]:
        hours |= {"valid_to": None, "closes": "23:00", "weekdays": hours["weekdays"] or ["sat"]}
    ids = [clause["id"] for clause in clauses]
    for number, service in enumerate(parts["services"]):
        service |= {"id": f"service-{number}", "code": f"{number:06}" if number else None}
        service["parent"] = "service-0" if number else None
        service["clauses"] = {side: ids[: len(one)] for side, one in service["clauses"].items()}
        for stage in service["access"] or ():
            stage["url"] = urls[0] if urls else None
    for number, faq in enumerate(parts["faq"]):
        faq |= {"id": f"zz-{number}", "clauses": ids, "service": "service-0"}
    fit_desk(desk)


def fit_desk(desk: dict[str, Any]) -> None:
    spans = [("08:00", "12:30"), ("13:00", "14:15:30")]
    windows = [{"opens": opens, "closes": closes} for opens, closes in spans]
    desk["hours"] = [
        {"valid_from": "2025-03-21", "valid_to": None, "weekdays": ["sat", "mon"], "note": None}
        | {"windows": windows}
    ]
    desk |= {"weekly_on": "mon", "wallet": None}
    for target in (desk["default"], *desk["targets"].values()):
        target |= {"resolution_minutes": 5000, "warn_minutes": 1}
        target |= {"first_response_minutes": 100, "next_response_minutes": 90}
    for number, answer in enumerate(desk["ready_answers"]):
        answer["id"] = f"ready-{number}"


def anything_of_clause(draw: st.DrawFn) -> Any:
    hints = typing.get_type_hints(Agreement, include_extras=True)["clauses"]
    return anything_of(typing.get_args(hints)[0], draw)


def without_wallet(published: OfficeCatalogue) -> OfficeCatalogue:
    return replace(published, desk=published.desk.model_copy(update={"wallet": None}))


def changed(content: bytes, *edits: tuple[str, str, Any]) -> bytes:
    """The same workbook with other things in some of its cells: sheet, cell, value."""
    book = load_workbook(BytesIO(content))
    for sheet, cell, value in edits:
        book[sheet][cell] = value
    return saved(book)


def saved(book: Any) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def cell_of(content: bytes, sheet: str, label: str, row: int) -> str:
    """Name the cell of a row below a label; of a form, the one beside the label."""
    found = load_workbook(BytesIO(content))[sheet]
    heads: Iterable[Any] = found[1]
    for head in heads:
        if head.value == label:
            return f"{head.column_letter}{row}"
    for first in found["A"]:
        if first.value == label:
            return f"B{first.row}"
    raise AssertionError(label)


assert set(PARTS) == {"office", "sla", "services", "faq", "desk"}
