"""What is kept beside workshops only for a time is gone after it, and nothing else with it."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.citizens.model import CitizenId
from bot.kit.errors import StartRefused
from bot.kit.keeping import KEPT_FOR, Kind
from bot.kit.migrating import migrate
from bot.outbox import use_cases as outbox
from bot.surveys import use_cases as surveys
from bot.surveys.model import SurveyKind
from bot.workshops import use_cases as workshops
from bot.workshops.model import CheckItem, Registration, Session
from handlers.jobs import ROUNDS
from handlers.jobs.forgetting import (
    LATER,
    SOON,
    counted,
    forget_all,
    forget_what_is_old,
    forgotten_lines,
)
from handlers.jobs.taking_back import take_files_back
from tests.cases.support import rows_of
from tests.handlers.registering_support import SARA_ID
from tests.handlers.rights_support import a_life
from tests.handlers.support import DeskUnderTest
from tests.handlers.workshop_support import given_certain, sessions_of, turn
from tests.workshops.support import DAY, FIRST

OFFICER, GROUP_ID = CitizenId(2001), -1001


async def prepared(desk: DeskUnderTest) -> tuple[Registration, Session]:
    """A session of which Sara was reminded, and for which she said that her camera works."""
    workshop, sara, _reza = await given_certain(desk)
    first = (await sessions_of(desk, workshop))[0]
    desk.now = FIRST - DAY
    await turn(desk)
    async with desk.database.transaction() as tx:
        await workshops.note_check(
            tx,
            session_id=first.id,
            registration_id=sara.id,
            item=CheckItem.CAMERA,
            is_ready=False,
            payer_id=sara.payer_id,
            now=desk.now,
        )
    return sara, first


async def count(desk: DeskUnderTest, table: str) -> int:
    async with desk.database.reading() as tx:
        rows = await tx.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608 - a table of ours
        return int(rows.scalar_one())


async def pass_days(desk: DeskUnderTest, days: int) -> None:
    """Let only the rounds that forget run, so many days later."""
    desk.now += timedelta(days=days)
    await desk.round(forget_what_is_old)


def test_forgetting_is_among_the_rounds() -> None:
    assert forget_what_is_old in {make_round for make_round, _seconds in ROUNDS}


async def test_that_people_were_reminded_is_kept_for_thirty_days(desk: DeskUnderTest) -> None:
    await prepared(desk)
    marks = await count(desk, "workshop_told")
    assert marks
    await pass_days(desk, 29)
    assert await count(desk, "workshop_told") == marks
    await pass_days(desk, 2)
    assert await count(desk, "workshop_told") == 0


async def test_what_was_said_of_getting_ready_is_kept_for_a_year(desk: DeskUnderTest) -> None:
    await prepared(desk)
    await pass_days(desk, 364)
    assert await count(desk, "session_check") == 1
    await pass_days(desk, 2)
    assert await count(desk, "session_check") == 0
    assert await count(desk, "registration") == 2, "places have to be accounted for"


async def test_a_rating_of_a_workshop_goes_after_a_year_and_one_of_a_case_with_the_case(
    desk: DeskUnderTest,
) -> None:
    sara, _first = await prepared(desk)
    async with desk.database.transaction() as tx:
        for subject in (f"registration:{sara.id}", "case:1", "registrations:1"):
            await surveys.plan(
                tx,
                kind=SurveyKind.RATING,
                subject=subject,
                resolution=1,
                office_id="kanoon",
                service_id=None,
                citizen_id=sara.payer_id,
                officer_id=None,
                due_at=desk.now,
            )
    assert sara.payer_id == SARA_ID
    await pass_days(desk, 364)
    assert await count(desk, "survey") == 3
    await pass_days(desk, 2)
    assert await count(desk, "survey") == 2


async def test_a_sheet_that_waits_is_kept_and_one_that_was_opened_goes(
    desk: DeskUnderTest,
) -> None:
    async with desk.database.transaction() as tx:
        for number in (1, 2):
            await workshops.receive_sheet(
                tx,
                office_id="kanoon",
                file_id=f"file-{number}",
                sent_by=OFFICER,
                chat_id=GROUP_ID,
                message_id=number,
                now=desk.now,
            )
        first, _second = await workshops.received_sheets(tx)
        await workshops.finish_sheet(tx, sheet_id=first.id, now=desk.now)
    await pass_days(desk, 31)
    async with desk.database.reading() as tx:
        (waits,) = await workshops.received_sheets(tx)
    assert waits.file_id == "file-2"
    assert await count(desk, "workshop_sheet") == 1


async def test_every_kind_of_the_table_is_worked_off_once(desk: DeskUnderTest) -> None:
    seen: list[Kind] = []
    async with desk.database.transaction() as tx:
        for step in (*SOON, *LATER):
            seen += await step(tx, desk.now)
    assert sorted(seen) == sorted(Kind)
    assert set(KEPT_FOR) == set(Kind)


async def test_what_tonight_would_remove_is_counted_and_stays(desk: DeskUnderTest) -> None:
    await a_life(desk)
    desk.now += timedelta(days=4_000)
    before = await rows(desk)
    found = await counted(desk.database, desk.now)
    after = await rows(desk)
    assert before == after
    assert found[Kind.CONSENT] == 1
    for kind in (Kind.SUBJECT, Kind.PAYOUT_ACCOUNT, Kind.QUESTION, Kind.PREPARATION):
        assert found[kind], kind
    assert await forget_all(desk.database, desk.now) == found, "the same is deleted then"
    assert not (await counted(desk.database, desk.now)).total()


async def test_the_account_of_a_payout_goes_ninety_days_after_it(desk: DeskUnderTest) -> None:
    await a_life(desk)
    desk.now += timedelta(days=89)
    await desk.round(forget_what_is_old)
    assert await blank_accounts(desk) == 0
    desk.now += timedelta(days=2)
    await desk.round(forget_what_is_old)
    assert await blank_accounts(desk) == 1


async def blank_accounts(desk: DeskUnderTest) -> int:
    async with desk.database.reading() as tx:
        found = await tx.exec_driver_sql("SELECT count(*) FROM payout WHERE length(iban) = 0")
        return int(found.scalar_one())


async def rows(desk: DeskUnderTest) -> dict[str, list[object]]:
    async with desk.database.reading() as tx:
        return await rows_of(tx, but=frozenset({"sqlite_sequence"}))


async def test_a_shell_counts_and_deletes_by_the_same_list(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    assert desk.database
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.sqlite3'}"
    with pytest.raises(StartRefused):
        await forgotten_lines(url, tmp_path / "keys", is_dry=True, now=desk.now)
    migrate(url)
    lines = await forgotten_lines(url, tmp_path / "keys", is_dry=True, now=desk.now)
    assert lines == ["Nothing is kept here yet."]


async def test_a_file_with_ones_own_records_is_taken_back(desk: DeskUnderTest) -> None:
    sara = desk.person(SARA_ID)
    (said,) = await sara.press_data("rt:j")
    assert said.about == "mydata"
    desk.now += timedelta(hours=11)
    await desk.round(take_files_back)
    assert desk.deleted == []
    desk.now += timedelta(hours=2)
    await desk.round(take_files_back)
    assert desk.deleted == [(SARA_ID, said.message_id)]
    desk.deleted.clear()
    await desk.round(take_files_back)
    assert desk.deleted == []


async def test_files_of_two_people_with_one_number_are_both_taken_back(
    desk: DeskUnderTest,
) -> None:
    async with desk.database.transaction() as tx:
        for chat_id in (SARA_ID, SARA_ID + 1):  # each chat counts its messages for itself
            await outbox.note_subject(
                tx, chat_id=chat_id, message_id=7, about="mydata", now=desk.now
            )
    desk.now += timedelta(hours=13)
    await desk.round(take_files_back)
    assert desk.deleted == [(SARA_ID, 7), (SARA_ID + 1, 7)]
