"""What the clock does goes on: one failure holds up nothing else, and the end is orderly."""

import asyncio
import logging
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import TimeoutError as StorageTimeout

from bot.cases.tables import desk_case
from handlers import jobs
from handlers.jobs.apart import kept_apart
from handlers.jobs.cases import tell_overdue
from tests.handlers.desk_support import REZA, SARA, dossier, register, told
from tests.handlers.support import DeskUnderTest
from tests.handlers.test_rounds import SUNDAY_MORNING, first_due


async def test_a_case_that_cannot_be_told_of_holds_up_no_other(
    desk: DeskUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    desk.now = SUNDAY_MORNING
    broken, sound = await register(desk), await register(desk, author=REZA)
    async with desk.database.transaction() as tx:
        nonsense = update(desk_case).where(desk_case.c.id == broken.id).values(language="xx")
        await tx.execute(nonsense)
    desk.now = await first_due(desk, sound) + timedelta(minutes=1)
    await desk.round(tell_overdue)
    assert told(desk, REZA)
    assert not told(desk, SARA)
    assert "news of kanoon" in caplog.text
    clock = (await dossier(desk, sound)).next_clock
    assert clock is not None
    assert clock.new_due_at is not None


def test_a_defect_is_logged_and_trouble_with_the_storage_is_raised(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with kept_apart("a tea pot"):
        raise KeyError
    assert "a tea pot" in caplog.text
    with pytest.raises(StorageTimeout), kept_apart("a tea pot"):
        raise StorageTimeout


class TestTurns:
    async def test_go_on_after_a_round_that_fails_and_end_when_told_to(
        self,
        desk: DeskUnderTest,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        stop, made = asyncio.Event(), []

        async def fail(*_: object) -> bool:
            made.append("fail")
            raise KeyError

        async def end(*_: object) -> bool:
            made.append("end")
            stop.set()
            return True

        async def never(*_: object) -> bool:
            made.append("never")
            return True

        woken = asyncio.Event()
        monkeypatch.setattr(jobs, "ROUNDS", ((fail, 1.0), (end, 1.0), (never, 1.0)))
        async with asyncio.timeout(5):
            await jobs.make_rounds(desk.shared, desk.database, woken.set, stop)
        assert made == ["fail", "end"]
        assert woken.is_set()
        assert "a round failed: fail" in caplog.text

    async def test_let_people_have_a_turn_between_two_rounds(
        self, desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loop, stop, at = asyncio.get_running_loop(), asyncio.Event(), []

        async def first(*_: object) -> bool:
            at.append(loop.time())
            return False

        async def second(*_: object) -> bool:
            at.append(loop.time())
            stop.set()
            return False

        monkeypatch.setattr(jobs, "ROUNDS", ((first, 60.0), (second, 60.0)))
        async with asyncio.timeout(5):
            await jobs.make_rounds(desk.shared, desk.database, lambda: None, stop)
        assert at[1] - at[0] >= 0.09

    async def test_wait_for_the_storage_without_filling_the_log(
        self,
        desk: DeskUnderTest,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        stop, made = asyncio.Event(), []

        async def full(*_: object) -> bool:
            made.append("full")
            asyncio.get_running_loop().call_later(0.05, stop.set)
            raise StorageTimeout

        async def other(*_: object) -> bool:
            made.append("other")
            return False

        monkeypatch.setattr(jobs, "ROUNDS", ((full, 3600.0), (other, 1.0)))
        async with asyncio.timeout(5):
            await jobs.make_rounds(desk.shared, desk.database, lambda: None, stop)
        assert made == ["full"]
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
