"""The rows of a workbook, put together to the parts of a catalogue as its files have them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bot.catalogue.model import Facet
from bot.kit.text import normalise
from handlers.views.workbook.columns import ABOUT, CASES, OWNER, SIDE
from handlers.views.workbook.reading import CellWrong, Spot, record_of, spots_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from handlers.views.workbook.columns import Layout
    from handlers.views.workbook.reading import Line, Lines

_LISTS: Final = ("process", "documents", "fees", "laws", "access")
_LINKED: Final = ("linked_systems", "linked_agencies")
_OWN_COLUMNS: Final = (OWNER, ABOUT, SIDE, CASES)
_SIDES: Final = frozenset(facet.value for facet in Facet)
Place = tuple[str | int, ...]


@dataclass
class Assembled:
    """The parts as plain values, and from which cell each place of them came."""

    values: dict[str, Any] = field(default_factory=dict)
    spots: dict[Place, Spot] = field(default_factory=dict)
    wrong: list[CellWrong] = field(default_factory=list)
    # Rows that are nobody's: what kind each is, what it says, and which cells say it.
    loose: list[tuple[str, Any, dict[Place, Spot]]] = field(default_factory=list)

    def spot(self, place: Place) -> Spot:
        """Find the cell that a place came from, or the one nearest to it."""
        known = place
        while known and known not in self.spots:
            known = known[:-1]
        return self.spots[known] if known else Spot("", "")

    def say(self, spot: Spot, kind: str, **values: object) -> None:
        """Note that something is wrong at a cell."""
        self.wrong.append(CellWrong(spot, kind, values))


def assembled(lines: Lines, layouts: Sequence[Layout]) -> Assembled:
    """Put the rows together; what cannot be put anywhere is a fault at its cell."""
    found = Assembled()
    found.spots |= {(key,): spot for key, spot in lines.heads.items()}
    _form(found, lines, "office", "office")
    _form(found, lines, "agreement", "sla")
    _form(found, lines, "desk", "desk")
    for key, part, name in (
        ("urls", "office", "urls"),
        ("hours", "office", "hours"),
        ("clauses", "sla", "clauses"),
        ("desk_hours", "desk", "hours"),
        ("ready_answers", "desk", "ready_answers"),
    ):
        found.spots[(part, name)] = lines.heads.get(key, Spot("", ""))
        found.values[part][name] = _table(found, lines.of(key), part, (name,))
    found.values["services"] = _table(found, lines.of("services"), "services", ())
    found.values["faq"] = _table(found, lines.of("faq"), "faq", ())
    _name_new_questions(found.values["faq"])
    _put_targets(found, lines)
    _put_sides(found, lines)
    _put_lists(found, lines, layouts)
    _put_flags(found, lines)
    return found


def _form(found: Assembled, lines: Lines, key: str, part: str) -> None:
    found.values[part] = {}
    for line in lines.of(key):
        found.values[part] = record_of(line)
        found.spots |= spots_of(line, part, ())
    found.spots[(part,)] = lines.heads.get(key, Spot("", ""))


def _table(found: Assembled, rows: Sequence[Line], part: str, place: Place) -> list[Any]:
    records = []
    for number, line in enumerate(rows):
        records.append(record_of(line))
        found.spots |= spots_of(line, part, (*place, number))
    return records


def _name_new_questions(faqs: list[dict[str, Any]]) -> None:
    """Give a question without an id the next free one."""
    taken = {faq.get("id") for faq in faqs}
    named = next((str(one) for one in taken if one), "q")
    prefix, number = named.partition("-")[0][:12], 0
    for faq in faqs:
        if faq.get("id") is None:
            while f"{prefix}-new-{number}" in taken or not number:
                number += 1
            faq["id"] = f"{prefix}-new-{number}"
            taken.add(faq["id"])


def _put_targets(found: Assembled, lines: Lines) -> None:
    desk: dict[str, Any] = found.values["desk"]
    desk["targets"] = {}
    found.spots[("desk", "default")] = lines.heads.get("targets", Spot("", ""))
    for line in lines.of("targets"):
        kind = line.values.get(CASES)
        place: Place = ("default",) if kind == "default" else ("targets", str(kind))
        target = record_of(line, _OWN_COLUMNS)
        spot = line.spots.get(CASES, line.first)
        if kind in desk["targets"] or (kind == "default" and "default" in desk):
            found.say(spot, "stands_above", one=kind)
        elif kind is None:
            found.say(spot, "empty")
        elif kind == "default":
            desk["default"] = target
        else:
            desk["targets"][kind] = target
        found.spots |= spots_of(line, "desk", place)


def _services(found: Assembled) -> dict[str, int]:
    """Number the services by their ids."""
    numbered: dict[str, int] = {}
    for number, service in enumerate(found.values["services"]):
        numbered.setdefault(str(service.get("id")), number)
    return numbered


def _owner(found: Assembled, line: Line, services: Mapping[str, int]) -> int | None:
    """Find whose part a row is; says what is wrong where it is nobody's."""
    owner, spot = line.values.get(OWNER), line.spots.get(OWNER, line.first)
    if owner is None:
        found.say(spot, "empty")
        return None
    if owner not in services:
        found.say(spot, "unknown_service", one=owner)
        return None
    return services[owner]


def _put_sides(found: Assembled, lines: Lines) -> None:
    services = _services(found)
    for line in lines.of("sides"):
        number = _owner(found, line, services)
        side, spot = line.values.get(SIDE), line.spots.get(SIDE, line.first)
        if number is None:
            continue
        if side not in _SIDES:
            found.say(spot, "empty" if side is None else "enum")
            continue
        service = found.values["services"][number]
        for name in ("questions", "clauses"):
            value = line.values.get((name,))
            listed = service.setdefault(name, {})
            place = ("services", number, name, side)
            if value is not None and side in listed:
                found.say(spot, "stands_above", one=side)
            elif value is not None:
                listed[side] = value
                found.spots[place] = line.spots[(name,)]


def _put_lists(found: Assembled, lines: Lines, layouts: Sequence[Layout]) -> None:
    listed = _items(found, lines)
    for number, service in enumerate(found.values["services"]):
        service["rows"] = listed.get((number, "rows"), [])
        form = service.setdefault("form", {})
        for name in _LISTS:
            place: Place = ("services", number, name)
            items = listed.get((number, name))
            service[name] = _listed(found, service.get(name), items, place, layouts)
        for name in _LINKED:
            place = ("services", number, "form", name)
            items = listed.get((number, name))
            form[name] = _listed(found, form.get(name), items, place, layouts)


def _items(found: Assembled, lines: Lines) -> dict[tuple[int, str], list[Any]]:
    """Gather what belongs to each service, by the name of its list."""
    services = _services(found)
    listed: dict[tuple[int, str], list[Any]] = {}

    def put(line: Line, name: str, *place: str) -> None:
        number = _owner(found, line, services)
        if number is None:
            found.loose.append((name, record_of(line, _OWN_COLUMNS), spots_of(line, name, ())))
        else:
            items = listed.setdefault((number, name), [])
            found.spots.update(spots_of(line, "services", (number, *place, len(items))))
            items.append(record_of(line, _OWN_COLUMNS))

    for name in (*_LISTS, "rows"):
        for line in lines.of(name):
            put(line, name, name)
    for line in lines.of("linked"):
        kind = line.values.get(ABOUT)
        if kind in _LINKED:
            put(line, str(kind), "form", str(kind))
        else:
            found.say(line.spots.get(ABOUT, line.first), "enum")
    return listed


def _listed(
    found: Assembled,
    said: object,
    items: list[Any] | None,
    place: Place,
    layouts: Sequence[Layout],
) -> list[Any] | None:
    """Compare whether a card says that there is a list with whether there is one."""
    spot = found.spot(place)
    if items:
        if said == []:
            found.say(spot, "none_but_rows")
        return items
    if said is None:
        return None
    if said == []:
        return []
    is_announced = normalise(str(said)) in {normalise(layout.in_sheet) for layout in layouts}
    found.say(spot, "no_rows" if is_announced else "enum")
    return None


def _put_flags(found: Assembled, lines: Lines) -> None:
    parts = found.values
    owners: dict[tuple[str, str], tuple[dict[str, Any], Place]] = {
        ("agreement", ""): (parts["sla"], ("sla",))
    }
    tables: tuple[tuple[str, list[Any], Place], ...] = (
        ("url", parts["office"]["urls"], ("office", "urls")),
        ("clause", parts["sla"]["clauses"], ("sla", "clauses")),
        ("service", parts["services"], ("services",)),
    )
    for about, records, place in tables:
        for number, record in enumerate(records):
            owners.setdefault((about, str(record.get("id"))), (record, (*place, number)))
    for line in lines.of("flags"):
        what, owner = line.values.get(ABOUT), line.values.get(OWNER)
        known = owners.get((str(what), "" if what == "agreement" else str(owner)))
        if known is None:
            found.say(line.spots.get(OWNER, line.first), "unknown_owner", one=owner or "")
            continue
        flagged, (part, *rest) = known
        flags = flagged.setdefault("flags", [])
        found.spots |= spots_of(line, str(part), (*rest, "flags", len(flags)))
        flags.append(record_of(line, _OWN_COLUMNS))
