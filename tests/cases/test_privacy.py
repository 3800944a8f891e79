"""What is kept of people, and what leaves in a report."""

from dataclasses import asdict
from hashlib import sha256

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from bot.cases import rules
from bot.cases import use_cases as cases
from bot.cases.errors import NoSuchCase
from bot.cases.model import Ending
from bot.cases.tables import desk_case
from bot.kit.database import Database
from tests.cases.support import (
    CALENDAR,
    DAY,
    HOUR,
    NOW,
    OFFICER,
    SARA,
    bytes_of,
    given_case,
    given_ended,
    rows_of,
)

LIMITS = frozenset({"spent_limit"})  # how often a person did something, never what


async def a_life(database: Database, *, is_anonymous: bool) -> None:
    """A case with everything that its author can do."""
    async with database.transaction() as tx:
        case = await given_case(
            tx,
            key=f"case:{SARA}:{SARA}",
            is_anonymous=is_anonymous,
            source_message_id=(SARA, 1),
            question_id=99,
        )
        one = {"code": case.tracking_code, "citizen_id": SARA, "calendar": CALENDAR}
        await cases.ask(tx, case_id=case.id, actor=OFFICER, text="کدام؟", now=NOW)
        await cases.add_words(tx, **one, text="این", source=(SARA, 2), now=NOW + HOUR)
        await cases.revise_words(tx, source=(SARA, 2), citizen_id=SARA, text="آن", now=NOW + HOUR)
        await cases.escalate(tx, code=case.tracking_code, citizen_id=SARA, now=NOW + 20 * DAY)
        await given_ended(tx, case_now := (await cases.dossier(tx, case_id=case.id)).case)
        await cases.reopen(tx, **one, text="نشد", source=(SARA, 3), now=NOW + HOUR)
        await given_ended(tx, case_now, ending=Ending.CANNOT_BE_DONE)
        await cases.object_to(tx, **one, text="چرا؟", source=(SARA, 4), now=NOW + HOUR)
        await cases.withdraw(tx, code=case.tracking_code, citizen_id=SARA, now=NOW + HOUR)


async def test_whoever_stays_anonymous_is_in_no_table(database: Database) -> None:
    await a_life(database, is_anonymous=True)
    async with database.reading() as tx:
        assert str(SARA) not in repr(await rows_of(tx, but=LIMITS))


@pytest.mark.about_a_file("looks into the bytes of the file")
async def test_whoever_stays_anonymous_is_nowhere_in_the_file(
    database: Database, database_url: str
) -> None:
    await a_life(database, is_anonymous=True)
    async with database.transaction() as tx:
        await tx.exec_driver_sql("DELETE FROM spent_limit")
    written = bytes_of(database_url)
    assert "صدای کلاس".encode() not in written
    assert b"desk_case" in written
    assert str(SARA).encode() not in written
    assert SARA.to_bytes(6, "big") not in written


async def test_a_key_that_is_known_leads_to_no_case_without_the_key_of_the_index(
    database: Database,
) -> None:
    key = f"case:{SARA}"
    async with database.transaction() as tx:
        await given_case(tx, key=key, is_anonymous=True)
        kept = await tx.scalar(select(desk_case.c.registration_key))
    assert kept
    assert rules.key_digest(key) not in repr(kept)
    digests = {sha256(one.encode()).hexdigest() for one in (key, rules.key_digest(key))}
    assert not any(kept in digest for digest in digests)


async def test_a_case_of_an_earlier_version_is_found_under_its_key(database: Database) -> None:
    async with database.transaction() as tx:
        case = await given_case(tx, key="run-1")
        await tx.execute(update(desk_case).values(registration_key=rules.key_digest("run-1")))
        assert await cases.registered_as(tx, key="run-1") == case
        assert await given_case(tx, key="run-1") == case
        assert await cases.registered_as(tx, key="run-2") is None


@pytest.mark.about_a_file("looks into the bytes of the file")
async def test_whoever_gives_their_name_would_be_found_there(
    database: Database, database_url: str
) -> None:
    await a_life(database, is_anonymous=False)
    async with database.reading() as tx:
        held = await rows_of(tx, but=LIMITS)
    assert {name for name, rows in held.items() if str(SARA) in repr(rows)} == {
        "desk_case",
        "case_message",
    }
    assert SARA.to_bytes(6, "big") in bytes_of(database_url)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_event SET note = NULL",
        "DELETE FROM case_event",
        "INSERT OR REPLACE INTO case_event (id, case_id, at, action) VALUES (1, 1, 0, 'late')",
    ],
)
async def test_the_history_of_a_case_is_only_added_to(
    database: Database, database_url: str, statement: str
) -> None:
    if "REPLACE" in statement and not database_url.startswith("sqlite"):
        return  # there is no such statement on a server
    async with database.transaction() as tx:
        await given_case(tx)
    with pytest.raises(DBAPIError, match="only added to"):
        async with database.transaction() as tx:
            await tx.exec_driver_sql(statement)


async def test_a_report_holds_no_words_and_no_ids_of_people(database: Database) -> None:
    await a_life(database, is_anonymous=False)
    async with database.reading() as tx:
        (row,) = await cases.export_rows(
            tx, office_id="kanoon", since=NOW, until=NOW + DAY, now=NOW + 2 * DAY
        )
        held = await rows_of(tx)
    code = held["desk_case"][0][2]
    told = repr(asdict(row))
    for secret in (SARA, OFFICER.id, code, "صدای", "این", "بودجه"):
        assert str(secret) not in told.replace(str(NOW.year), "")
    assert (row.masked_code[:2], row.masked_code[-2:]) == (code[:2], code[-2:])
    assert (row.reopened_count, row.ending) == (2, Ending.WITHDRAWN)
    assert row.first_answered_at == NOW


@pytest.mark.about_a_file("looks into the bytes of the file")
async def test_a_year_after_its_end_a_case_is_only_a_figure(
    database: Database, database_url: str
) -> None:
    text = "معلم نیامد و کلاس تشکیل نشد"
    async with database.transaction() as tx:
        case = await given_case(tx, text=text, source_message_id=(SARA, 1))
        ended = await given_ended(tx, case, ending=Ending.CANNOT_BE_DONE, now=NOW)
        await cases.close_answered(tx, now=NOW + 11 * DAY)
        assert ended.ended_at is not None
        assert await cases.forget_old(tx, now=ended.ended_at + 365 * DAY) == []
        assert await cases.forget_old(tx, now=ended.ended_at + 366 * DAY) == [case.id]
        assert await cases.forget_old(tx, now=ended.ended_at + 366 * DAY) == []
        with pytest.raises(NoSuchCase):
            await cases.sight(tx, code=case.tracking_code, citizen_id=SARA)
        with pytest.raises(NoSuchCase):
            await cases.dossier(tx, case_id=case.id)
        assert await cases.cases_of(tx, citizen_id=SARA) == []
        rows = await cases.export_rows(
            tx, office_id="kanoon", since=NOW - DAY, until=NOW + DAY, now=NOW + 400 * DAY
        )
        assert len(rows) == 1, "it still counts"
        await tx.exec_driver_sql("DELETE FROM spent_limit")
        assert str(SARA) not in repr(await rows_of(tx))
    await database.tidy()
    assert text.encode() not in bytes_of(database_url)
