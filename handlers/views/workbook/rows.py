"""The catalogue of an office as the rows of the workbook's sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.views.workbook.cells import written
from handlers.views.workbook.columns import ABOUT, CASES, OWNER, SHOWN, SIDE, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from handlers.views.workbook.columns import Column, Layout, Sheet

Record = dict[Any, Any]
_OF_FORM = ("linked_systems", "linked_agencies")


def rows_of(
    sheet: Sheet, values: Mapping[str, Any], layout: Layout, language: str
) -> list[list[str]]:
    """Write the rows of a sheet, each with a text for each column; a form has one row."""
    return [
        [written(_at(record, column), column, layout, language) for column in sheet.columns]
        for record in _records(sheet, values, language)
    ]


def _records(sheet: Sheet, values: Mapping[str, Any], language: str) -> Iterator[Record]:
    special = {"sides": _sides, "linked": _linked, "flags": _flags, "targets": _targets}
    if sheet.key in special:
        yield from special[sheet.key](values, language)
    elif sheet.is_form:
        yield values[sheet.part]
    elif sheet.part == "services" and sheet.place:
        for service in values["services"]:
            for item in service[sheet.key] or ():
                yield {**item, **_of(service, language)}
    else:
        found = values[sheet.part]
        for name in sheet.place:
            found = found[name]
        yield from found


def _of(service: Mapping[str, Any], language: str) -> Record:
    return {OWNER: service["id"], SHOWN: service["title"][language]}


def _sides(values: Mapping[str, Any], language: str) -> Iterator[Record]:
    for service in values["services"]:
        questions, clauses = service["questions"], service["clauses"]
        for side in dict.fromkeys((*questions, *clauses)):
            yield {
                **_of(service, language),
                SIDE: side,
                "questions": questions.get(side),
                "clauses": clauses.get(side),
            }


def _linked(values: Mapping[str, Any], language: str) -> Iterator[Record]:
    for service in values["services"]:
        for kind in _OF_FORM:
            for item in service["form"][kind] or ():
                yield {**item, **_of(service, language), ABOUT: kind}


def _targets(values: Mapping[str, Any], _language: str) -> Iterator[Record]:
    desk = values["desk"]
    for kind, target in {"default": desk["default"], **desk["targets"]}.items():
        yield {**target, CASES: kind}


def _flags(values: Mapping[str, Any], _language: str) -> Iterator[Record]:
    owners = (
        *(("url", one) for one in values["office"]["urls"]),
        ("agreement", {**values["sla"], "id": None}),
        *(("clause", one) for one in values["sla"]["clauses"]),
        *(("service", one) for one in values["services"]),
    )
    for about, owner in owners:
        for flag in owner["flags"]:
            yield {**flag, ABOUT: about, OWNER: owner["id"]}


def _at(record: Record, column: Column) -> Any:  # noqa: ANN401 - of any column
    """Find what a column shows of a record."""
    if column.path in record:
        return record[column.path]
    if column.kind is Kind.SHOWN:
        return ""
    found: Any = record
    for name in column.path:
        found = None if found is None else found.get(name)
    return found
