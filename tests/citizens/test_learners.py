"""Who takes part in workshops: few words about them, sealed, and nobody else's business."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.citizens import rules
from bot.citizens import use_cases as citizens
from bot.citizens.errors import (
    AlreadyLearner,
    BirthDateUnreadable,
    GuardianNeeded,
    NameUnreadable,
    NoSuchLearner,
    TooManyLearners,
)
from bot.citizens.model import CitizenId, Learner
from bot.kit.crypto import Keyring
from bot.kit.database import Database
from bot.kit.jalali import read_jalali

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
SARA, REZA = CitizenId(777_000_123_457), CitizenId(5_000_000_111)
NAME = "بهارک"


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.drawn()


async def add(database: Database, keyring: Keyring, **wanted: Any) -> Learner:
    values = {"guardian_id": SARA, "given_name": NAME, "born_on": date(2018, 5, 2)}
    async with database.transaction() as tx:
        return await citizens.add_learner(
            tx, **{**values, "is_self": False, **wanted}, keyring=keyring, now=NOW
        )


async def of(database: Database, keyring: Keyring, guardian_id: CitizenId) -> list[Learner]:
    async with database.reading() as tx:
        return [*await citizens.learners_of(tx, guardian_id=guardian_id, keyring=keyring)]


async def test_a_guardian_has_their_own_learners(database: Database, keyring: Keyring) -> None:
    child = await add(database, keyring)
    me = await add(database, keyring, given_name="سارا", born_on=date(1988, 1, 1), is_self=True)
    assert await of(database, keyring, SARA) == [child, me]
    assert await of(database, keyring, REZA) == []
    assert (child.given_name, child.is_self, me.is_self) == (NAME, False, True)
    assert NAME not in repr(child)


async def test_another_persons_learner_is_as_good_as_none(
    database: Database, keyring: Keyring
) -> None:
    child = await add(database, keyring)
    async with database.transaction() as tx:
        with pytest.raises(NoSuchLearner):
            await citizens.find_learner(tx, learner_id=child.id, guardian_id=REZA, keyring=keyring)
        with pytest.raises(NoSuchLearner):
            await citizens.remove_learner(
                tx, learner_id=child.id, guardian_id=REZA, keyring=keyring, now=NOW
            )
    assert await of(database, keyring, SARA) == [child]


async def test_who_is_taken_out_is_forgotten(database: Database, keyring: Keyring) -> None:
    child = await add(database, keyring)
    async with database.transaction() as tx:
        await citizens.remove_learner(
            tx, learner_id=child.id, guardian_id=SARA, keyring=keyring, now=NOW
        )
        assert not await citizens.find_learners(tx, learner_ids=[child.id], keyring=keyring)
        kept = (await tx.exec_driver_sql("SELECT given_name FROM learner")).scalar_one()
    assert kept == b""
    assert await of(database, keyring, SARA) == []


@pytest.mark.about_a_file("looks into the bytes of the file")
async def test_a_name_cannot_be_read_in_the_file(
    database: Database, database_url: str, keyring: Keyring
) -> None:
    await add(database, keyring)
    path = Path(database_url.removeprefix("sqlite+aiosqlite:///"))
    kept = [file.read_bytes() for file in path.parent.iterdir() if file.is_file()]
    assert kept
    assert not [whole for whole in kept if NAME.encode() in whole]


async def test_nobody_under_age_registers_themselves(database: Database, keyring: Keyring) -> None:
    with pytest.raises(GuardianNeeded):
        await add(database, keyring, born_on=date(2008, 11, 23), is_self=True)
    await add(database, keyring, born_on=date(2008, 11, 21), is_self=True)
    with pytest.raises(AlreadyLearner):
        await add(database, keyring, born_on=date(1988, 1, 1), is_self=True)


async def test_a_family_has_so_many_learners(database: Database, keyring: Keyring) -> None:
    for _ in range(rules.LEARNERS_MAX):
        await add(database, keyring)
    with pytest.raises(TooManyLearners):
        await add(database, keyring)


@pytest.mark.parametrize("typed", ["", "ن", "1234", "سارا ۱۲", "ن" * 41, "<b>سارا</b>", "سارا\n;"])
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(NameUnreadable):
        rules.given_name(typed)


@pytest.mark.parametrize("typed", ["سارا", "  امیر   علی ", "نیک\u200cپی", "Anne-Marie", "D'Arcy"])
def test_a_name_is_brought_to_one_line(typed: str) -> None:
    assert rules.given_name(typed) == " ".join(typed.split())


@pytest.mark.parametrize(
    "typed",
    ["", "سلام", "۱۴۰۵/۰۹/۰۲", "۱۲۹۰/۰۱/۰۱", "۱۳۹۷/۱۳/۰۱", "94", "۹۴/۱۳/۰۱", "12/3/04", "مهر 94"],
)
def test_what_is_no_birth_date_is_refused(typed: str) -> None:
    with pytest.raises(BirthDateUnreadable):
        rules.birth_date(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("94/3/2", "1394/03/02"),
        ("۲۱ مهر ۹۴", "1394/07/21"),
        ("31/5/94", "1394/05/31"),
        ("2.3.62", "1362/03/02"),
        ("04/1/1", "1404/01/01"),
        ("۱۳۹۴-۳-۲", "1394/03/02"),
    ],
)
def test_a_birth_year_of_two_digits_is_the_last_that_ends_so(typed: str, born: str) -> None:
    assert rules.birth_date(typed, TODAY) == read_jalali(born)


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        ("1387/12/30", "1405/12/29", 17),
        ("1387/12/30", "1406/01/01", 18),
        ("1397/09/01", "1405/09/01", 8),
        ("1397/09/02", "1405/09/01", 7),
        ("1395/12/30", "1404/12/29", 8),  # born on a leap day: a year older when the year is
        ("1395/12/30", "1405/01/01", 9),
        ("1405/02/10", "1405/02/10", 0),
    ],
)
def test_age_is_counted_in_jalali_years(born: str, day: str, years: int) -> None:
    born_on, on = read_jalali(born), read_jalali(day)
    assert born_on is not None
    assert on is not None
    assert rules.age_on(born_on, on) == years


@settings(deadline=None)
@given(st.dates(date(1980, 1, 1), date(2020, 1, 1)), st.integers(0, 10_000))
def test_nobody_grows_younger(born_on: date, days: int) -> None:
    later = born_on + timedelta(days=days)
    age = rules.age_on(born_on, later)
    assert 0 <= age <= rules.age_on(born_on, later + timedelta(days=1)) <= age + 1
    assert abs(age - days / 365.2422) < 1.01
