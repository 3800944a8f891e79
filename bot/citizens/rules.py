"""Who may act, how an invitation is kept, and how often something may be done."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.citizens.errors import (
    BirthDateUnreadable,
    GuardianNeeded,
    NameUnreadable,
    StaffOnly,
)
from bot.citizens.model import Role
from bot.kit.jalali import jalali_numbers, read_past_day
from bot.kit.keeping import KEPT_FOR, Kind
from bot.kit.text import cut, strip_bidi

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from bot.citizens.model import AuditEntry, Staff

INVITATION_LASTS = timedelta(days=3)
INVITATIONS_OPEN_MAX = 20  # of one office
INVITATION_KEPT_FOR = KEPT_FOR[Kind.INVITATION]  # after its end
DIALOGUE_LASTS = KEPT_FOR[Kind.DIALOGUE]
NAME_UNITS_MAX = 64
NOTE_UNITS_MAX = 500
STATE_UNITS_MAX = 64

LEARNERS_MAX = 12  # of one guardian
ADULT_YEARS = 18  # Jalali: younger people are registered by a guardian (civil code, art. 1210)
_LIVED_YEARS_MAX = 110
_GIVEN_NAME = range(2, 41)

_NOBODYS_BITS = 60

_SLOTS = 12  # of a window, by which is counted how often something was done
_SHORTEST_SLOT = timedelta(seconds=1)
_EPOCH = datetime.fromisoformat("2020-01-01T00:00:00+00:00")


def nobodys_number(randbits: Callable[[int], int]) -> int:
    """Draw a number that no messenger gives to anybody: theirs have at most 52 bits."""
    return (1 << _NOBODYS_BITS) + randbits(_NOBODYS_BITS)


def is_nobodys(number: int) -> bool:
    """True for a number that stands in the place of a person who was erased."""
    return number >= 1 << _NOBODYS_BITS


def ensure_role(staff: Sequence[Staff], office_id: str, roles: tuple[Role, ...]) -> Staff:
    """Choose in which of their roles a person acts for an office.

    A manager may do all that an officer may, but not the work of finance: who approves a payment
    and who makes it are two people. Raises StaffOnly.
    """
    assert roles
    held = {person.role: person for person in staff if person.office_id == office_id}
    for role in roles:
        if role in held:
            return held[role]
    if Role.OFFICER in roles and Role.MANAGER in held:
        return held[Role.MANAGER]
    raise StaffOnly(roles)


def digest_of(token: str) -> bytes:
    """What is kept of an invitation's token; any text has a digest."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def shown_name(typed: str) -> str:
    """Bring a person's name to one short line that turns no text around it."""
    readable = strip_bidi(typed).encode("utf-8", "ignore").decode()
    line = " ".join(
        "".join(c if c.isprintable() or c == "\u200c" else " " for c in readable).split()
    )
    return cut(line, NAME_UNITS_MAX) if line else "?"


def given_name(typed: str) -> str:
    """Bring a typed given name to one line of letters. Raises NameUnreadable."""
    name = shown_name(typed)
    if len(name) not in _GIVEN_NAME or not all(c.isalpha() or c in " \u200c'-" for c in name):
        raise NameUnreadable
    return name


def birth_date(typed: str, today: date) -> date:
    """Read a Jalali birth date, with a year of two digits too. Raises BirthDateUnreadable."""
    day = read_past_day(typed, today=today)
    if day is None or day > today or age_on(day, today) > _LIVED_YEARS_MAX:
        raise BirthDateUnreadable
    return day


def age_on(born_on: date, day: date) -> int:
    """Count the whole Jalali years from a birth to a day.

    Who was born on a leap day is a year older on the first day of the next year.
    """
    year, *born = jalali_numbers(born_on)
    year_now, *now = jalali_numbers(day)
    return year_now - year - (now < born)


def ensure_of_age(born_on: date, today: date) -> None:
    """Refuse a learner who registers themselves before they are of age. Raises GuardianNeeded."""
    if age_on(born_on, today) < ADULT_YEARS:
        raise GuardianNeeded(ADULT_YEARS)


def chained(before: bytes, number: int, entry: AuditEntry) -> bytes:
    """Digest an entry with the digest of the one before it, so that neither can be changed."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    who = [entry.office_id, entry.actor_id, entry.actor_name, entry.role.value]
    what = [entry.action, entry.subject, entry.note, entry.before, entry.after]
    return sha256(before + json.dumps([number, entry.id, at, *who, *what]).encode()).digest()


def slot_end(now: datetime, window: timedelta) -> datetime:
    """End of the slot that this moment lies in; a window has twelve."""
    slot = max(window / _SLOTS, _SHORTEST_SLOT)
    return now + slot - (now - _EPOCH) % slot


def free_at(
    spent: Mapping[datetime, int], most: int, window: timedelta, now: datetime
) -> datetime | None:
    """Say when something can be done once more; None means now.

    `spent` counts by the ends of slots. What was done counts for a whole window from the end of
    its slot, so in no window of that length is anything done more often than `most`.
    """
    assert most > 0
    counting = sorted((end + window, count) for end, count in spent.items() if end + window > now)
    surplus = sum(count for _, count in counting) - most + 1
    for over_at, count in counting:
        if surplus <= 0:
            break
        surplus -= count
        if surplus <= 0:
            return over_at
    return None
