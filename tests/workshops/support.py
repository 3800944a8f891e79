"""Workshops, learners and moments, of which a test writes only what matters."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from bot.citizens.model import CitizenId, Learner, LearnerId, Role, Staff
from bot.workshops.model import (
    Details,
    Registration,
    RegistrationId,
    RegistrationState,
    Session,
    SessionId,
    SessionState,
    Slot,
    WaitingEntry,
    WaitingEntryId,
    WaitingState,
    Workshop,
    WorkshopId,
    WorkshopState,
)
from bot.workshops.rules.deadlines import drop_until
from tests.calendar.support import at, hours, jalali, office, official

OFFICE = "kanoon"
NOW = at("1405/08/01 09:00")
OPENS, CLOSES = at("1405/08/02 08:00"), at("1405/08/20 18:00")
FIRST = at("1405/08/23 17:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEE = 500_000
SARA, REZA, MINA = CitizenId(777_000_123_457), CitizenId(5_000_000_111), CitizenId(41_000_001)
OFFICER = Staff(CitizenId(9_001), OFFICE, Role.OFFICER, "کاظمی")
MANAGER = Staff(CitizenId(9_002), OFFICE, Role.MANAGER, "رضوی")
CALENDAR = office(hours(), holidays=official())

_numbers = count(1)


def details(**wanted: Any) -> Details:
    values: dict[str, Any] = {
        "title": "نقاشی با آبرنگ",
        "description": "هشت نشست دربارهٔ رنگ و آب",
        "instructor": "خانم امینی",
        "age_min": 7,
        "age_max": 12,
        "fee_rial": FEE,
        "quorum": 2,
        "places": 3,
        "session_count": 4,
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "online_link": "https://class.example.ir/12",
    }
    return Details(**{**values, **wanted})


def workshop(**wanted: Any) -> Workshop:
    made_of = details(**wanted.pop("details", {}))
    values: dict[str, Any] = {
        "id": WorkshopId(1),
        "office_id": OFFICE,
        "state": WorkshopState.OPEN,
        "details": made_of,
        "terms_version": 1,
        "taken_count": 0,
        "drop_until": None if made_of.closes_at is None else drop_until(made_of.closes_at),
        "is_extended": False,
        "is_sample": False,
        "made_at": NOW,
    }
    return Workshop(**{**values, **wanted})


def session(
    starts_at: datetime | str,
    minutes: int = 90,
    state: SessionState = SessionState.PLANNED,
    number: int | None = None,
) -> Session:
    moment = at(starts_at) if isinstance(starts_at, str) else starts_at
    identity = next(_numbers)
    return Session(
        SessionId(identity),
        WorkshopId(1),
        identity if number is None else number,
        Slot(moment, minutes),
        state,
    )


def learner(
    number: int = 1,
    guardian_id: CitizenId = SARA,
    born_on: str | date = "1396/02/10",
    name: str = "نیکا",
) -> Learner:
    day = jalali(born_on) if isinstance(born_on, str) else born_on
    return Learner(LearnerId(number), guardian_id, name, day, is_self=False)


def registration(**wanted: Any) -> Registration:
    values: dict[str, Any] = {
        "id": RegistrationId(next(_numbers)),
        "workshop_id": WorkshopId(1),
        "learner_id": LearnerId(1),
        "payer_id": SARA,
        "state": RegistrationState.DRAFT,
        "fee_rial": FEE,
        "made_at": NOW,
    }
    return Registration(**{**values, **wanted})


def entry(number: int, size: int = 1, state: WaitingState = WaitingState.WAITING) -> WaitingEntry:
    return WaitingEntry(
        WaitingEntryId(number),
        WorkshopId(1),
        SARA,
        state,
        size,
        is_auto_accept=True,
        joined_at=NOW,
    )
