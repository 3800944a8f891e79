"""An office, its staff, a citizen and a case, of which a test writes only what matters."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import inspect

from bot.calendar.model import ClosureDraft, ClosureScope, HoursPeriod, OfficeCalendar, Window
from bot.cases import use_cases as cases
from bot.cases.model import Case, CaseKind, CaseState, Ending, Policy
from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.database import Transaction

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # Sunday 1 Azar 1405, 09:30 in Tehran
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRIDAY_NIGHT = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)  # Saturday, 03:00 in Tehran
POLICY = Policy(
    first_response_minutes=240,
    next_response_minutes=180,
    resolution_minutes=1200,
    warn_minutes=60,
)
SARA, REZA = CitizenId(777_000_123_457), CitizenId(5_000_000_111)
OFFICER = Staff(CitizenId(41), "kanoon", Role.OFFICER, "Mina")
COLLEAGUE = Staff(CitizenId(42), "kanoon", Role.OFFICER, "Ali")
MANAGER = Staff(CitizenId(43), "kanoon", Role.MANAGER, "Nader")
STRANGER = Staff(CitizenId(44), "mazandaran", Role.MANAGER, "Omid")

_keys = count(1)


def calendar_with(*closures: ClosureDraft, office_id: str = "kanoon") -> OfficeCalendar:
    """Saturday to Wednesday, 07:30 to 12:30 and 13:00 to 14:30: 390 minutes a day."""
    windows = (Window(time(7, 30), time(12, 30)), Window(time(13), time(14, 30)))
    hours = HoursPeriod(date(2020, 1, 1), None, frozenset({5, 6, 0, 1, 2}), windows)
    return OfficeCalendar(office_id, (hours,), closures=closures)


CALENDAR = calendar_with()
NEVER_OPEN = OfficeCalendar("kanoon", ())


def closed_on(first: date, last: date | None = None) -> ClosureDraft:
    return ClosureDraft("kanoon", ClosureScope.PROVINCE, first, last or first, (), "smog")


def tehran(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of Azar 1405 by the clock on the wall."""
    local = datetime(2026, 11, 21, hour, minute, tzinfo=UTC) + timedelta(days=day)
    return local - timedelta(hours=3, minutes=30)


async def given_case(tx: Transaction, **wanted: Any) -> Case:
    values: dict[str, Any] = {
        "key": f"key-{next(_keys)}",
        "office_id": "kanoon",
        "service_id": "virtual",
        "service_version": 1,
        "kind": CaseKind.COMPLAINT,
        "text": "صدای کلاس قطع می‌شود.",
        "author_id": SARA,
        "is_anonymous": False,
        "language": "fa",
        "policy": POLICY,
        "calendar": CALENDAR,
        "now": NOW,
    }
    return await cases.register(tx, **{**values, **wanted})


async def given_ended(
    tx: Transaction, case: Case, *, ending: Ending = Ending.DONE, now: datetime = NOW
) -> Case:
    reason = "بودجه نیست" if ending is Ending.CANNOT_BE_DONE else None
    return await cases.end(
        tx, case_id=case.id, actor=OFFICER, ending=ending, reason=reason, now=now
    )


async def given_in(tx: Transaction, state: CaseState, **wanted: Any) -> Case:
    """A case in a state; an answered one was rejected, so that it can be objected to."""
    case = await given_case(tx, **wanted)
    if state is CaseState.WAITING:
        return await cases.ask(tx, case_id=case.id, actor=OFFICER, text="کدام کلاس؟", now=NOW)
    if state is CaseState.ANSWERED:
        return await given_ended(tx, case, ending=Ending.CANNOT_BE_DONE)
    if state is CaseState.CLOSED:
        await given_ended(tx, case)
        await cases.close_answered(tx, now=NOW + 10 * DAY)
        return (await cases.dossier(tx, case_id=case.id)).case
    return case


async def rows_of(tx: Transaction, *, but: frozenset[str] = frozenset()) -> dict[str, list[Any]]:
    """Everything that the database holds."""
    names = await tx.run_sync(lambda connection: set(inspect(connection).get_table_names()))
    if tx.dialect.name == "sqlite":
        names.add("sqlite_sequence")
    rows = {}
    for name in sorted(names - but):
        found = await tx.exec_driver_sql(f'SELECT * FROM "{name}" ORDER BY 1')  # noqa: S608 - names of our own tables
        rows[name] = [tuple(row) for row in found]
    return rows


def bytes_of(url: str) -> bytes:
    path = Path(url.partition(":///")[2])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return path.read_bytes()
