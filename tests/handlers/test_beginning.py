"""Before the desk opens: every office of the records is known, and an upgrade broke nothing."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.kit.database import Database
from bot.kit.errors import StartRefused
from bot.kit.keys import settle_keyring
from bot.wallet import use_cases as wallet
from handlers.jobs.beginning import Examiner, ensure_offices_known
from tests.handlers.desk_support import GROUP_ID, register
from tests.handlers.support import DeskUnderTest
from tests.wallet.support import top_up
from tests.workshops.given import given_published

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


async def faults(desk: DeskUnderTest, *offices: str) -> list[str]:
    known = desk.shared.catalogue
    kept = tuple(published for published in known.offices if published.office.id in offices)
    try:
        async with desk.database.reading() as tx:
            await ensure_offices_known(tx, replace(known, offices=kept))
    except StartRefused as refused:
        return refused.faults
    return []


async def test_an_office_may_go_that_left_nothing(desk: DeskUnderTest) -> None:
    assert await faults(desk) == []


async def test_an_office_that_is_gone_is_named_with_all_that_is_left_of_it(
    desk: DeskUnderTest,
) -> None:
    await desk.open_desk(GROUP_ID, "kanoon")
    await register(desk)
    async with desk.database.transaction() as tx:
        await top_up(tx, 500)
        await given_published(tx)
    assert await faults(desk, "kanoon", "mazandaran") == []
    (line,) = await faults(desk, "mazandaran")
    assert "no office kanoon, but the records hold open cases, money, workshops under way" in line


@pytest.mark.about_a_file("an upgrade of a server is looked at before it is committed")
@pytest.mark.parametrize(("before", "is_refused"), [(None, True), (0, True), (3, False)], ids=str)
async def test_an_upgraded_copy_is_refused_for_what_was_right_before_and_not_for_what_was_wrong(
    desk: DeskUnderTest, tmp_path: Path, before: int | None, *, is_refused: bool
) -> None:
    keys = tmp_path / "keys.json"
    async with desk.database.transaction() as tx:
        desk.database.keyring = await settle_keyring(tx, keys)
        await top_up(tx, 500)
        if before is not None:
            await wallet.record_audit(tx, findings_count=9, now=NOW - timedelta(days=2))
            await wallet.record_audit(tx, findings_count=before, now=NOW)
    examine = Examiner(desk.shared.catalogue, keys).in_copy
    url = url_of(desk.database)
    assert examine(url) == []
    with closing(sqlite3.connect(url.partition(":///")[2])) as connection, connection:
        connection.execute("UPDATE account SET credits_rial = credits_rial + 1")
    assert bool(examine(url)) is is_refused


def url_of(database: Database) -> str:
    return f"sqlite+aiosqlite:///{database._engine.url.database}"
