"""An office with a desk of its own making."""

from datetime import UTC, date, datetime, time

from bot.calendar.model import ClosureDraft, ClosureScope, HoursPeriod, OfficeCalendar, Window
from bot.cases import use_cases as cases
from bot.cases.model import Case, CaseKind, Policy
from bot.catalogue.model import DeskHours, DeskPolicy, DeskWindow, Target, Text
from bot.citizens.model import CitizenId
from bot.kit.clock import TEHRAN
from bot.kit.database import Transaction

WORKED = frozenset({5, 6, 0, 1, 2})  # Saturday to Wednesday
HOURS = (HoursPeriod(date(2020, 1, 1), None, WORKED, (Window(time(7, 30), time(14, 30)),)),)
TARGET = Target(
    first_response_minutes=60,
    next_response_minutes=60,
    resolution_minutes=600,
    warn_minutes=30,
)


def tehran(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A moment on the clock of Tehran; 21 November 2026 is a Saturday."""
    return datetime(2026, month, day, hour, minute, tzinfo=TEHRAN).astimezone(UTC)


def desk_policy(digest_at: time = time(8, 0), weekly_on: str = "sat") -> DeskPolicy:
    return DeskPolicy(
        hours=(
            DeskHours(
                valid_from=date(2020, 1, 1),
                valid_to=None,
                weekdays=("sat", "sun", "mon", "tue", "wed"),
                windows=(DeskWindow(opens=time(7, 30), closes=time(14, 30)),),
            ),
        ),
        default=TARGET,
        claim_kept_minutes=120,
        digest_at=digest_at,
        weekly_on=weekly_on,
        source=Text(fa="نمونه", en="A sample"),
    )


def office_calendar(*closed: date) -> OfficeCalendar:
    closures = tuple(
        ClosureDraft("kanoon", ClosureScope.OFFICE, day, day, (), "برودت هوا") for day in closed
    )
    return OfficeCalendar("kanoon", HOURS, (), closures)


async def given_case(
    tx: Transaction,
    number: int,
    *,
    at: datetime,
    kind: CaseKind = CaseKind.COMPLAINT,
    office_id: str = "kanoon",
    service_id: str | None = None,
    text: str = "کلاس شروع نشد",
    author_id: int | None = None,
) -> Case:
    """A case of somebody of their own, so that nobody writes too often."""
    return await cases.register(
        tx,
        key=f"t{number}",
        office_id=office_id,
        service_id=service_id,
        service_version=1,
        kind=kind,
        text=text,
        author_id=CitizenId(author_id or 5000 + number),
        is_anonymous=False,
        language="fa",
        policy=Policy(60, 60, 600, 30),
        calendar=OfficeCalendar(office_id, HOURS),
        now=at,
    )
