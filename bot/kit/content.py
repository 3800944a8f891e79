"""Files of content that people edit: read strictly, every fault told with its file and line.

YAML here is the plain part of it: mappings, lists, text, numbers, true, false and null.
Anchors, aliases and tags are refused: they hide what a file says, and a few lines of them can
fill the memory. Words such as `no` and `12:30` stay text, which YAML 1.1 would not leave them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeVar

import orjson
import yaml
from pydantic import TypeAdapter, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

T = TypeVar("T")
Place = tuple[str | int, ...]

_BYTES_MAX = 4 * 1024 * 1024
_DEPTH_MAX = 24
_WHOLE_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_FRACTION = re.compile(r"-?[0-9]{1,9}\.[0-9]{1,9}")
_CONSTANTS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
}
# What the parser of YAML says of the commonest slips, and what an editor calls them.
_SLIPS = {
    "cannot start any token": "a tab or a sign YAML keeps for itself; use spaces, or quotes",
    " tab ": "a tab or a sign YAML keeps for itself; use spaces, or quotes",
    "mapping values are not allowed": (
        "a colon within the text, or more or fewer spaces before the name than its neighbours "
        "have; indent it as they are, and put text with a colon after >-"
    ),
    "could not find expected ':'": "a name without a colon and a space after it",
    "expected '-' indicator": "fewer spaces than the lines above it have, or a dash is missing",
    "expected <document start>": "fewer spaces than the lines above it have, or a dash is missing",
    "expected ',' or ']'": "a list without its closing bracket ]",
    "expected key": "an open quote above it, or spaces that differ from its neighbours'",
}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What each kind of pydantic error means to an editor; the braces are filled from the error.
_WORDS = {
    "missing": "is missing; write it (null only where the source may be silent)",
    "extra_forbidden": "is not a field here; check its spelling",
    "string_type": "must be text; put it in quotes",
    "string_too_short": "is empty; write the text, or leave the line out",
    "string_too_long": "is longer than {max_length} characters; shorten it",
    "string_pattern_mismatch": "has the wrong shape; it must match {pattern}",
    "wrong_shape": "has the wrong shape; it must be {meaning}",
    "not_gregorian": "is in the year {year}; write the Gregorian day, such as 2026-11-22",
    "several_lines": "has several lines; write it in one",
    "closes_first": "closes is not after opens",
    "answers_too_late": "a response is due no later than the resolution",
    "says_nothing": "says nothing; leave it out",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "date_from_datetime_parsing": "must be a date such as 2026-11-22 (Gregorian)",
    "date_parsing": "must be a date such as 2026-11-22 (Gregorian)",
    "date_type": "must be a date such as 2026-11-22 (Gregorian)",
    "time_parsing": "must be a time such as 07:30",
    "time_type": "must be a time such as 07:30",
    "int_type": "must be a whole number in Latin digits, without quotes or commas",
    "float_type": "must be a number such as 0.5 without quotes",
    "int_parsing": "must be a whole number in Latin digits, without quotes or commas",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list: one line with a dash for each item",
    "list_type": "must be a list: one line with a dash for each item",
    "too_short": "needs at least {min_length} item(s)",
    "model_type": "must have named fields below it",
    "model_attributes_type": "must have named fields below it",
    "dict_type": "must have named fields below it",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}


class Complaint(str):
    """What is wrong at a place, in plain words; other readers choose theirs by its kind."""

    __slots__ = ("kind", "values")

    kind: str
    values: Mapping[str, object]

    def __new__(cls, kind: str, wording: str, **values: object) -> Self:
        """Fill the wording from the values, and keep them."""
        complaint = super().__new__(cls, wording.format(**values))
        complaint.kind, complaint.values = kind, values
        return complaint


class ContentFaulty(Exception):  # noqa: N818 - it is caught and gathered, never shown as such
    """A file cannot be used; each fault is one plain line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass
class Content:
    """What a file says, and at which line it says each part of it."""

    name: str
    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)

    def fault(self, place: Place, complaint: str) -> str:
        """Word a fault: file, line, field, what is wrong."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        where = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place)
        label = where.removeprefix(".")
        return (
            f"{self.name}:{self.lines.get(known, 1)}: {label + ': ' if label else ''}{complaint}"
        )


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


class _Reader:
    """Turns the events of a YAML parser into values, noting where each one began."""

    def __init__(self, content: Content, text: str) -> None:
        self._content = content
        self._events = yaml.parse(text, Loader=_LOADER)

    def _refuse(self, event: yaml.Event, place: Place, complaint: str) -> ContentFaulty:
        self._content.lines[place] = _line(event)
        return ContentFaulty([self._content.fault(place, complaint)])

    def document(self) -> object:
        for event in self._events:
            if isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
                continue
            if isinstance(event, yaml.StreamEndEvent):
                return None
            value = self._value(event, ())
            self._end(next(self._events), next(self._events))
            return value
        return None

    def _end(self, _document_end: yaml.Event, after: yaml.Event) -> None:
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._refuse(after, (), "begins a second document; one file is one document")

    def _value(self, event: yaml.Event, place: Place) -> object:
        self._content.lines.setdefault(place, _line(event))
        if isinstance(event, yaml.AliasEvent):
            raise self._refuse(event, place, "refers to another place (*); write the text again")
        assert isinstance(event, yaml.NodeEvent)
        if getattr(event, "tag", None) not in {None, "!"}:
            raise self._refuse(event, place, "has a tag (!); remove it")
        if len(place) > _DEPTH_MAX:
            raise self._refuse(event, place[:_DEPTH_MAX], "is nested too deeply")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place)
        return self._mapping(place)

    def _sequence(self, place: Place) -> list[object]:
        items: list[object] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, (*place, len(items))))
        return items

    def _mapping(self, place: Place) -> dict[str, object]:
        fields: dict[str, object] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refuse(event, place, "has a field whose name is not plain text")
            key = str(event.value)
            if key in fields:
                raise self._refuse(event, (*place, key), "is written twice; keep one of them")
            self._content.lines[(*place, key)] = _line(event)
            fields[key] = self._value(next(self._events), (*place, key))
        return fields


def _scalar(event: yaml.ScalarEvent) -> object:
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _FRACTION.fullmatch(text):
        return float(text)
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text


def read(path: Path) -> Content:
    """Read a file strictly; raises ContentFaulty with the line at which it cannot be read."""
    content = Content("/".join(path.parts[-3:]))
    try:
        raw = path.read_bytes()
        if len(raw) > _BYTES_MAX:
            raise ContentFaulty([content.fault((), "is too large; its limit is 4 MB")])
        text = raw.decode("utf-8-sig")
        content.value = _Reader(content, text).document()
    except OSError as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else "cannot be opened"
        raise ContentFaulty([content.fault((), f"the file {reason}")]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        content.lines[()] = line
        raise ContentFaulty([content.fault((), "is not UTF-8 text; save it as UTF-8")]) from error
    except yaml.YAMLError as error:
        raise ContentFaulty([_not_yaml(content, error)]) from error
    return content


def _not_yaml(content: Content, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    began = getattr(error, "context_mark", None)
    content.lines[()] = mark.line + 1 if mark is not None else 1
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    meant = next((meant for slip, meant in _SLIPS.items() if slip in problem), None)
    if meant is None:
        return content.fault((), f"cannot be read here ({problem}); check indents, quotes, colons")
    if began is None or mark is None or began.line == mark.line:
        return content.fault((), meant)
    return content.fault((), f"{meant}; look from line {began.line + 1} on")


def validated(content: Content, adapter: TypeAdapter[T]) -> T:
    """Check what a file says against its model; raises ContentFaulty with every fault."""
    models, found = fitted(content.value, adapter)
    if found:
        raise ContentFaulty([content.fault(place, complaint) for place, complaint in found])
    (model,) = models
    return model


def fitted(
    value: object, adapter: TypeAdapter[T]
) -> tuple[list[T], list[tuple[Place, Complaint]]]:
    """Make one model of plain values, or none and say at which places they do not fit it."""
    try:
        return [adapter.validate_json(orjson.dumps(value), strict=True)], []
    except ValidationError as error:
        return [], [_reworded(detail) for detail in error.errors(include_url=False)]


def _reworded(detail: ErrorDetails) -> tuple[Place, Complaint]:
    place = tuple(part for part in detail["loc"] if part != "[key]")
    kind, values = detail["type"], detail.get("ctx", {})
    if detail["input"] is None and kind.endswith("_type"):
        return place, Complaint("empty", "is empty, and may not be; write what belongs there")
    if kind in _WORDS:
        return place, Complaint(kind, _WORDS[kind], **values)
    return place, Complaint(kind, "{problem}", **{**values, "problem": detail["msg"]})
