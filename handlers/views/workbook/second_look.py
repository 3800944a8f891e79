"""What else is wrong in a workbook of which a part cannot be read: nothing is told one by one.

The catalogue's check compares its parts only where each of them can be read. So it is done again
without the rows that cannot be, and what is said of those rows' ids is left out.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from bot.catalogue.model import Document, Fee, Law, Row, StageAccess, Text
from bot.catalogue.rules.checking import PARTS, checked
from bot.kit.content import fitted
from handlers.views.workbook.reading import CellWrong

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalogue.rules.checking import Checked, Flaw
    from handlers.views.workbook.assembling import Assembled

_LOOSE: Final[Mapping[str, TypeAdapter[Any]]] = {
    "process": TypeAdapter(Text),
    "documents": TypeAdapter(Document),
    "fees": TypeAdapter(Fee),
    "laws": TypeAdapter(Law),
    "access": TypeAdapter(StageAccess),
    "rows": TypeAdapter(Row),
    "linked_systems": TypeAdapter(Text),
    "linked_agencies": TypeAdapter(Text),
}
_LISTS: Final[tuple[tuple[str, ...], ...]] = (
    ("services",),
    ("faq",),
    ("sla", "clauses"),
    ("office", "urls"),
    ("office", "hours"),
    ("desk", "hours"),
    ("desk", "ready_answers"),
)
_OF_ALL: Final = frozenset({"too_short", "hours_end", "off_day"})  # of what is left of a list
Kept = dict[tuple[str, ...], list[int]]


def unread_flaws(found: Assembled, looked_at: Checked, office_id: str) -> list[CellWrong]:
    """Find what the check could not see: rows of nobody, and what compares parts."""
    wrong = _of_loose_rows(found)
    if looked_at.published is not None:
        return wrong
    values, kept, ids = _without_unread(found.values, looked_at.flaws)
    if values is None:
        return wrong
    for flaw in checked(values, office_id).flaws:
        is_of_gone = str(flaw.complaint.values.get("one")) in ids
        if not is_of_gone and flaw.complaint.kind not in _OF_ALL:
            spot = found.spot(_placed(flaw, kept))
            wrong.append(CellWrong(spot, flaw.complaint.kind, flaw.complaint.values))
    return wrong


def _of_loose_rows(found: Assembled) -> list[CellWrong]:
    wrong = []
    for name, record, spots in found.loose:
        for place, complaint in fitted(record, _LOOSE[name])[1]:
            known: tuple[str | int, ...] = (name, *place)
            while known not in spots:
                known = known[:-1]
            wrong.append(CellWrong(spots[known], complaint.kind, complaint.values))
    return wrong


def _without_unread(
    values: Mapping[str, Any], flaws: Sequence[Flaw]
) -> tuple[dict[str, Any] | None, Kept, set[str]]:
    """Leave out the rows that cannot be read; none where something else cannot be either."""
    gone: dict[tuple[str, ...], set[int]] = {path: set() for path in _LISTS}
    for flaw in flaws:
        place = (flaw.part, *flaw.place)
        path = next((one for one in _LISTS if place[: len(one)] == one), None)
        number = place[len(path)] if path is not None and len(place) > len(path) else None
        if path is None or not isinstance(number, int):
            return None, {}, set()
        gone[path].add(number)
    left: dict[str, Any] = deepcopy({part: values[part] for part in PARTS})
    kept: Kept = {}
    ids: set[str] = set()
    for path, numbers in gone.items():
        records = left[path[0]] if len(path) == 1 else left[path[0]][path[1]]
        kept[path] = [number for number in range(len(records)) if number not in numbers]
        ids |= {str(records[number].get("id")) for number in numbers}
        records[:] = [records[number] for number in kept[path]]
    return left, kept, ids


def _placed(flaw: Flaw, kept: Kept) -> tuple[str | int, ...]:
    """Say where a flaw stood before rows were left out."""
    place = (flaw.part, *flaw.place)
    for path, numbers in kept.items():
        at = len(path)
        number = place[at] if place[:at] == path and len(place) > at else None
        if isinstance(number, int):
            return (*place[:at], numbers[number], *place[at + 1 :])
    return place
