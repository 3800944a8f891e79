"""What the sheets about workshops say, compared with what stands; each fault at its cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, TypeAdapter

from bot.catalogue.model.common import Day, Record
from bot.kit.clock import TEHRAN
from bot.kit.content import fitted
from bot.kit.digits import latin_digits
from bot.kit.text import normalise
from bot.workshops import model as limits
from bot.workshops.errors import Lack
from bot.workshops.model import Details, Slot, WorkshopState, Written
from bot.workshops.rules import book as rules
from handlers.views.workbook.cells import as_typed
from handlers.views.workbook.layout_workshops import SESSIONS, WORKSHOPS
from handlers.views.workbook.reading import CellWrong, record_of
from handlers.views.workbook.workshop_rows import workshop_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.calendar.model import OfficeCalendar
    from bot.workshops.model import Offered
    from handlers.views.workbook.reading import Line, Lines, Spot

_CODE: Final = re.compile(r"[wW]?([0-9]{1,9})")
_Name = Annotated[str, Field(max_length=limits.NAME_LENGTH_MAX)]
_TEXTS: Final = ("subject", "instructor", "province", "online_link", "venue")
_NUMBERS: Final = ("age_min", "age_max", "fee_rial", "places", "quorum")
_MINUTES_OF_DAY: Final = 24 * 60
_DAY_OF: Final = {"opens_at": "opens_on", "closes_at": "closes_on"}
_AT_ONCE_MAX: Final = 200  # all that is applied at once holds everybody else up


class _Row(Record):
    """A row of the sheet of workshops."""

    code: str | None
    title: Annotated[str, Field(max_length=limits.TITLE_LENGTH_MAX)]
    description: Annotated[str, Field(max_length=limits.DESCRIPTION_LENGTH_MAX)] | None
    subject: _Name | None
    instructor: _Name | None
    province: _Name | None
    age_min: Annotated[int, Field(ge=0, le=limits.AGE_MAX)] | None
    age_max: Annotated[int, Field(ge=0, le=limits.AGE_MAX)] | None
    fee_rial: Annotated[int, Field(ge=0, le=limits.FEE_RIAL_MAX)] | None
    places: Annotated[int, Field(ge=1, le=limits.PLACES_MAX)] | None
    quorum: Annotated[int, Field(ge=0, le=limits.PLACES_MAX)] | None
    opens_on: Day | None
    opens_at: time | None
    closes_on: Day | None
    closes_at: time | None
    online_link: Annotated[str, Field(max_length=limits.PLACE_LENGTH_MAX)] | None
    venue: Annotated[str, Field(max_length=limits.PLACE_LENGTH_MAX)] | None
    is_on_days_off: bool | None
    terms: Annotated[str, Field(max_length=limits.TERMS_LENGTH_MAX)] | None


class _Meeting(Record):
    """A row of the sheet of sessions."""

    workshop: str
    day: Day
    starts: time
    ends: time


_ROW: Final = TypeAdapter(_Row)
_MEETING: Final = TypeAdapter(_Meeting)


@dataclass
class _AtHand:
    """A workshop that the workbook speaks of: its row, if it has one, and its sessions."""

    before: Offered | None
    row: _Row | None = None
    line: Line | None = None
    slots: list[tuple[Slot, Spot]] = field(default_factory=list)


@dataclass
class WorkshopsRead:
    """What a workbook says otherwise of workshops, or what is wrong about that."""

    written: list[Written] = field(default_factory=list)
    wrong: list[CellWrong] = field(default_factory=list)


def workshops_read(
    lines: Lines, offered: Sequence[Offered], calendar: OfficeCalendar
) -> WorkshopsRead:
    """Read the sheets about workshops; what they leave out stays as it is."""
    found = WorkshopsRead()
    stand = {workshop_code(one.workshop.id): one for one in offered}
    at_hand = _rows(found, lines.of(WORKSHOPS), stand)
    _meetings(found, lines, at_hand, stand)
    is_broken = bool(found.wrong)
    for one in at_hand:
        if is_broken:
            one.slots = []  # some are missing, which says nothing about the others
        written = _written(one)
        if rules.changed_parts(written, one.before):
            found.written.append(written)
            if len(found.written) > _AT_ONCE_MAX:
                spot = one.slots[0][1] if one.line is None else one.line.first
                found.wrong.append(CellWrong(spot, "many_at_once", {"one": _AT_ONCE_MAX}))
            for misfit in rules.misfits(written, one.before, calendar):
                found.wrong.append(_wrong(one, misfit))
    return found


def _rows(
    found: WorkshopsRead, lines: Sequence[Line], stand: Mapping[str, Offered]
) -> list[_AtHand]:
    at_hand: list[_AtHand] = []
    drafts = {
        normalise(one.workshop.details.title): code
        for code, one in stand.items()
        if one.workshop.state is WorkshopState.DRAFT
    }
    for line in lines:
        row = _fit(found, line, _ROW)
        if row is None:
            continue
        code = None if row.code is None else _code_of(row.code)
        before = stand.get(code or "")
        spot = line.spots[("code",)]
        if row.code is not None and before is None:
            found.wrong.append(CellWrong(spot, "no_workshop"))
        elif before is not None and any(one.before is before for one in at_hand):
            found.wrong.append(CellWrong(spot, "stands_above"))
        elif before is None and normalise(row.title) in drafts:
            values = {"one": drafts[normalise(row.title)]}
            found.wrong.append(CellWrong(spot, "drafted_already", values))
        else:
            at_hand.append(_AtHand(before, row, line))
            _look_at_row(found, row, line, before)
    return at_hand


def _look_at_row(found: WorkshopsRead, row: _Row, line: Line, before: Offered | None) -> None:
    for hour, day in _DAY_OF.items():
        if getattr(row, hour) is not None and getattr(row, day) is None:
            found.wrong.append(CellWrong(line.spots[(day,)], "empty"))
    if row.terms is None and before is not None and before.terms:
        found.wrong.append(CellWrong(line.spots[("terms",)], "terms_stay"))


def _fit(found: WorkshopsRead, line: Line, adapter: TypeAdapter[Any]) -> Any:  # noqa: ANN401 - of either sheet
    rows, complaints = fitted(record_of(line), adapter)
    for place, complaint in complaints:
        spot = line.spots.get(tuple(map(str, place[:1])), line.first)
        found.wrong.append(CellWrong(spot, complaint.kind, complaint.values))
    return rows[0] if rows else None


def _code_of(typed: str) -> str | None:
    code = _CODE.fullmatch(typed)
    return None if code is None else f"w{int(code[1])}"


def _meetings(
    found: WorkshopsRead,
    lines: Lines,
    at_hand: list[_AtHand],
    stand: Mapping[str, Offered],
) -> None:
    there = {normalise(line.values.get(("title",)) or "") for line in lines.of(WORKSHOPS)}
    titled: dict[str, list[_AtHand]] = {}
    for one in at_hand:
        if one.row is not None:
            titled.setdefault(normalise(one.row.title), []).append(one)
    for line in lines.of(SESSIONS):
        meeting = _fit(found, line, _MEETING)
        if meeting is None:
            continue
        owners = _owners(meeting.workshop, at_hand, stand, titled)
        spot = line.spots[("workshop",)]
        minutes = _minutes(meeting.starts, meeting.ends)
        if not owners and normalise(meeting.workshop) in there:
            continue  # its row is told of already
        if len(owners) != 1:
            kind = "whose_session" if owners else "no_such_row"
            found.wrong.append(CellWrong(spot, kind, {"one": meeting.workshop}))
        elif not limits.MINUTES_MIN <= minutes <= limits.MINUTES_MAX:
            found.wrong.append(CellWrong(line.spots[("ends",)], "session_length"))
        else:
            starts_at = datetime.combine(meeting.day, meeting.starts, TEHRAN).astimezone(UTC)
            owners[0].slots.append((Slot(starts_at, minutes), line.spots[("day",)]))


def _owners(
    typed: str,
    at_hand: list[_AtHand],
    stand: Mapping[str, Offered],
    titled: Mapping[str, list[_AtHand]],
) -> list[_AtHand]:
    """Find whose session it is: by a code, or by a title, that of a new workshop first."""
    before = stand.get(_code_of(latin_digits(typed)) or "")
    if before is not None:
        of_it = [one for one in at_hand if one.before is before]
        if not of_it:
            of_it = [_AtHand(before)]
            at_hand += of_it
        return of_it
    called = titled.get(normalise(typed), [])
    return [one for one in called if one.before is None] or called


def _minutes(starts: time, ends: time) -> int:
    """Count how long a session is; one may end at midnight."""
    first, last = (at.hour * 60 + at.minute for at in (starts, ends))
    return (last or _MINUTES_OF_DAY) - first


def _written(one: _AtHand) -> Written:
    """Say what a workshop is to be; what is only written in another way is as it was."""
    before = one.before
    old = Details("") if before is None else before.workshop.details
    slots = sorted(one.slots, key=lambda pair: pair[0].starts_at)
    stood = () if before is None else before.slots
    known = {_to_the_minute(slot): slot for slot in stood}
    said = [(known.get(slot, slot), spot) for slot, spot in slots]
    if before is not None and before.workshop.state is not WorkshopState.DRAFT:
        said = [(slot, spot) for slot, spot in said if slot not in stood]
    one.slots = said
    return Written(
        None if before is None else before.workshop.id,
        old if one.row is None else _details(one.row, old),
        _terms(one),
        tuple(slot for slot, _spot in said),
        "" if before is None else before.digest,
    )


def _terms(one: _AtHand) -> str:
    said = None if one.row is None else one.row.terms
    return _same(said, None if one.before is None else one.before.terms) or ""


def _details(row: _Row, old: Details) -> Details:
    values: dict[str, Any] = {
        name: _same(getattr(row, name), getattr(old, name)) for name in _TEXTS
    }
    values |= {name: getattr(row, name) for name in _NUMBERS}
    return replace(
        old,
        **values,
        title=_same(" ".join(row.title.split()), old.title) or "",
        description=_same(row.description, old.description) or "",
        opens_at=_moment(row.opens_on, row.opens_at, old.opens_at, is_end=False),
        closes_at=_moment(row.closes_on, row.closes_at, old.closes_at, is_end=True),
        is_on_days_off=bool(row.is_on_days_off),
    )


def _same(new: str | None, old: str | None) -> str | None:
    """Keep what stands where the cell says just that, in the letters of a workbook."""
    return old if as_typed(old or "") == (new or "") else new


def _moment(
    day: date | None, at: time | None, old: datetime | None, *, is_end: bool
) -> datetime | None:
    if day is None:
        return None
    if at is None:
        day += timedelta(days=is_end)
    moment = datetime.combine(day, at or time(), TEHRAN).astimezone(UTC)
    is_old = old is not None and old.replace(second=0, microsecond=0) == moment
    return old if is_old else moment


def _to_the_minute(slot: Slot) -> Slot:
    return Slot(slot.starts_at.replace(second=0, microsecond=0), slot.minutes)


def _wrong(one: _AtHand, misfit: rules.Misfit) -> CellWrong:
    if misfit.part == rules.SLOTS or one.line is None:
        spot = one.slots[misfit.number][1]
    else:
        spot = one.line.spots[(_DAY_OF.get(misfit.part, misfit.part),)]
    match misfit.why:
        case None:
            kind = "sessions_promised" if misfit.part == rules.SLOTS else "promised"
        case Lack():
            kind = "lack"
        case _:
            kind = "closed_day"
    return CellWrong(spot, kind, {} if misfit.why is None else {"one": misfit.why})
