"""What the clock does goes on: one failure holds up nothing else, and the end is orderly."""

import asyncio
import logging

import pytest
from sqlalchemy.exc import TimeoutError as StorageTimeout

from handlers import jobs
from handlers.jobs.apart import kept_apart
from tests.handlers.support import DeskUnderTest


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
