"""What changes for people between two catalogues of an office: things, and fields of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from bot.catalogue.rules.storing import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.catalogue.model import OfficeCatalogue

_WARNED: Final = frozenset({"account_number", "address", "phones", "bank_reference"})


class Thing(StrEnum):
    """What a difference is about, in the order in which differences are told."""

    SERVICE = "service"
    CLAUSE = "clause"
    QUESTION = "question"
    ADDRESS = "address"
    OFFICE = "office"
    AGREEMENT = "agreement"
    DESK = "desk"


class How(StrEnum):
    """What happened to a thing."""

    REMOVED = "removed"
    ADDED = "added"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that says something else: plain values, None where nothing is said."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """A thing that was added, removed or changed. `title` is in both languages, or empty."""

    thing: Thing
    how: How
    id: str
    title: Mapping[str, str]
    fields: tuple[FieldChange, ...] = ()

    @property
    def is_warned(self) -> bool:
        """True where people could be led astray: to whom they pay, where they go."""
        return any(_leads(field) for field in self.fields)


def differences(before: OfficeCatalogue, after: OfficeCatalogue) -> list[Difference]:
    """Compare two catalogues of an office; what staff wrote beside it does not count."""
    old, new = plain(before), plain(after)
    found = [
        *_of_list(Thing.SERVICE, old["services"], new["services"], "title"),
        *_of_list(Thing.CLAUSE, old["sla"]["clauses"], new["sla"]["clauses"], "title"),
        *_of_list(Thing.QUESTION, old["faq"], new["faq"], "question"),
        *_of_list(Thing.ADDRESS, old["office"]["urls"], new["office"]["urls"], "label"),
        *_of_one(Thing.OFFICE, old["office"], new["office"], {"urls"}),
        *_of_one(Thing.AGREEMENT, old["sla"], new["sla"], {"clauses"}),
        *_of_one(Thing.DESK, old["desk"], new["desk"], set()),
    ]
    order = {how: number for number, how in enumerate(How)}
    things = {thing: number for number, thing in enumerate(Thing)}
    return sorted(found, key=lambda one: (things[one.thing], order[one.how]))


def _of_list(
    thing: Thing, before: list[Any], after: list[Any], title: str
) -> Iterator[Difference]:
    old, new = ({one["id"]: one for one in records} for records in (before, after))
    for id_, record in old.items():
        if id_ not in new:
            yield Difference(thing, How.REMOVED, id_, record[title])
    for id_, record in new.items():
        if id_ not in old:
            fields = tuple(
                FieldChange(name, None, value) for name, value in record.items() if _is_said(value)
            )
            yield Difference(thing, How.ADDED, id_, record[title], fields)
        elif record != old[id_]:
            yield Difference(
                thing, How.CHANGED, id_, record[title], _fields(old[id_], record, set())
            )
    kept = [id_ for id_ in old if id_ in new]
    if kept != [id_ for id_ in new if id_ in old]:
        yield Difference(thing, How.CHANGED, "", {}, (FieldChange("order", None, None),))


def _of_one(thing: Thing, before: Any, after: Any, left: set[str]) -> Iterator[Difference]:  # noqa: ANN401 - plain values
    fields = _fields(before, after, left)
    if fields:
        yield Difference(thing, How.CHANGED, "", {}, fields)


def _fields(before: Any, after: Any, left: set[str]) -> tuple[FieldChange, ...]:  # noqa: ANN401 - as above
    return tuple(
        FieldChange(name, before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
        if name not in left and before.get(name) != after.get(name)
    )


def _is_said(value: object) -> bool:
    return value not in (None, [], {}, False, "")


def _leads(field: FieldChange) -> bool:
    return _warned(field.name, field.before) != _warned(field.name, field.after)


def _warned(name: str, value: Any) -> list[object]:  # noqa: ANN401 - as above
    """Gather what leads people somewhere."""
    if isinstance(value, dict):
        return [one for inner, said in value.items() for one in _warned(inner, said)]
    if isinstance(value, list) and name not in _WARNED:
        return [one for inner in value for one in _warned("", inner)]
    return [value] if name in _WARNED and value else []
