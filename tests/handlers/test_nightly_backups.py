"""A backup is made at its hour, made up for when it was missed, and told of when it is not."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.kit.clock import TEHRAN
from bot.kit.keys import settle_keyring
from bot.outbox.tables import outbox
from handlers.jobs.backups import Keeper
from handlers.jobs.nightly_backups import NightlyBackups, Schedule
from tests.handlers.desk_support import GROUP_ID
from tests.handlers.support import DeskUnderTest

pytestmark = pytest.mark.about_a_file("copies files")

EVENING = datetime(2026, 11, 22, 20, 0, tzinfo=TEHRAN)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=TEHRAN)


@pytest.mark.parametrize(
    ("hours", "now", "slot"),
    [
        ((3,), at(22, 3), at(22, 3)),
        ((3,), at(22, 2), at(21, 3)),
        ((3, 15), at(22, 2), at(21, 15)),
        ((3, 15), at(22, 14), at(22, 3)),
        ((0,), at(22, 0), at(22, 0)),
        ((23,), at(22, 22), at(21, 23)),
    ],
)
def test_the_last_hour_is_found(hours: tuple[int, ...], now: datetime, slot: datetime) -> None:
    keeper = Keeper(Path(), 1, Path())
    assert Schedule(Path(), keeper, hours).slot_of(now.astimezone(UTC)) == slot


class Night:
    """A desk with a schedule, at a time that a test sets."""

    def __init__(self, desk: DeskUnderTest, folder: Path, keyring_file: Path) -> None:
        self.desk = desk
        self.now = EVENING
        self.folder = folder
        keeper = Keeper(folder, 9, keyring_file)
        records = Path(str(desk.database._engine.url.database))
        self.schedule = Schedule(records, keeper, (3,))
        self.backups = NightlyBackups(
            desk.shared, desk.database, self.schedule, clock=lambda: self.now
        )

    async def look(self) -> bool:
        return await self.backups.look(self.schedule)

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    async def told(self) -> list[int]:
        async with self.desk.database.reading() as tx:
            query = select(outbox.c.chat_id).where(outbox.c.dedupe_key.like("backup:%"))
            return list((await tx.scalars(query)).all())


@pytest.fixture
async def night(desk: DeskUnderTest, tmp_path: Path) -> Night:
    await desk.open_desk(GROUP_ID, "kanoon")
    keys = tmp_path / "keyring.json"
    async with desk.database.transaction() as tx:
        desk.database.keyring = await settle_keyring(tx, keys)
    folder = tmp_path / "backups"
    folder.mkdir()
    return Night(desk, folder, keys)


async def test_one_is_made_an_hour_that_was_set_and_a_missed_one_is_made_up_for(
    night: Night,
) -> None:
    assert await night.look()
    assert await night.look()
    assert night.names() == ["mizban-20261122T163000Z.backup"]
    night.now += timedelta(hours=6)
    assert await night.look()
    assert len(night.names()) == 1
    night.now += timedelta(hours=2)
    assert await night.look()
    assert night.names()[1:] == ["mizban-20261123T003000Z.backup"]
    assert night.backups.last_at() == night.now
    assert await night.told() == []


async def test_a_folder_that_is_gone_is_told_once_an_hour_that_was_missed(
    night: Night, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    night.folder.rmdir()
    for _ in range(3):
        assert not await night.look()
    assert await night.told() == [GROUP_ID]
    assert {record.exc_info for record in caplog.records} == {None}
    assert all("no backup could be made" in record.getMessage() for record in caplog.records)
    night.now += timedelta(days=1)
    assert not await night.look()
    assert await night.told() == [GROUP_ID] * 2
    night.folder.mkdir()
    assert await night.look()
    assert len(night.names()) == 1


async def test_a_clock_that_was_set_back_does_not_stop_backups(night: Night) -> None:
    assert await night.look()
    night.now -= timedelta(days=3)
    assert await night.look()
    assert len(night.names()) == 2


async def test_the_loop_wakes_whoever_has_to_tell_it_and_ends_when_told_to(night: Night) -> None:
    stop, told = asyncio.Event(), asyncio.Event()
    night.folder.rmdir()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(night.backups.run(stop, told.set))
        await told.wait()
        assert await night.told() == [GROUP_ID]
        stop.set()
