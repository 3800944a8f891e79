"""The answers in use stay in use while what was approved cannot be read."""

import asyncio
import logging
from pathlib import Path

import pytest

from handlers.jobs.answers import AnswerKeeper
from tests.handlers.support import DeskUnderTest


def put_a_folder_in_the_place_of(file: Path) -> None:
    file.unlink()
    file.mkdir()
    # The fixture removes the file that it made.
    file.rename(file.with_name("folder"))
    file.symlink_to("folder")


@pytest.mark.about_a_file("puts a folder in the place of the file")
async def test_trouble_with_the_storage_is_one_line_and_no_traceback(
    desk: DeskUnderTest, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "handlers.jobs.answers")
    before = desk.shared.answerer
    keeper = AnswerKeeper(desk.shared, desk.database, before.lexicon)
    await desk.database.close()
    put_a_folder_in_the_place_of(Path(str(desk.database._engine.url.database)))
    work = asyncio.ensure_future(keeper.run(tmp_path, with_meanings=False))
    async with asyncio.timeout(5):
        while not caplog.records:  # noqa: ASYNC110 - a line of a log rings no bell
            await asyncio.sleep(0.01)
    work.cancel()
    line = caplog.records[0]
    assert line.getMessage().startswith("what was approved waits for the storage: ")
    assert line.exc_info is None
    assert desk.shared.answerer is before
