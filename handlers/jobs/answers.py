"""Keeps the answers current: what staff approved is answered from then on, without a restart."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from typing import TYPE_CHECKING, TypeVar, cast

from bot.catalogue import use_cases
from bot.catalogue.search import Answerer, installed_encoder
from bot.kit.clock import now
from bot.kit.database import is_storage_trouble
from bot.kit.jalali import tehran_day
from bot.kit.troubles import told
from handlers.jobs.catalogues import in_force

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.catalogue.model import Catalogue
    from bot.catalogue.search import Encoder, Lexicon
    from bot.kit.database import Database
    from handlers.context import Shared

_T = TypeVar("_T")

_logger = logging.getLogger(__name__)
_LOOK_SECONDS = 3.0
_CIRCULARS_MAX = 500  # of one office
_LOOK_AGAIN_SECONDS = 30.0  # after a failure


class AnswerKeeper:
    """Puts a new answerer in when what is published or learnt has changed, or meanings are.

    `shipped` is the catalogue as its files say it; what offices applied takes its place, and what
    staff approved is added to it.
    """

    def __init__(self, desk: Shared, database: Database, lexicon: Lexicon) -> None:
        self._desk = desk
        self._database = database
        self._lexicon = lexicon
        self._shipped: Catalogue = desk.catalogue
        self._edition = ("", 0, 0)
        self._encoder: Encoder | None = None

    async def catch_up(self, vectors_dir: Path) -> None:
        """Add what was approved or entered since the last look, if there is anything new."""
        offices = [published.office.id for published in self._shipped.offices]
        async with self._database.reading() as tx:
            edition = (
                await use_cases.learnt_edition(tx),
                await use_cases.entered_count(tx),
                await use_cases.catalogue_edition(tx),
            )
            if edition == self._edition:
                return
            stored = await use_cases.stored_catalogues(tx, offices)
            approved = await use_cases.approved_answers(tx)
            ends = await use_cases.agreement_ends(tx, offices)
            circulars = [
                circular
                for office_id in offices
                for circular in await use_cases.circulars_of(
                    tx, office_id=office_id, limit=_CIRCULARS_MAX
                )
            ]
        shipped, words, today = self._shipped, self._desk.words, tehran_day(now())
        applied = await _beside(lambda: in_force(shipped, stored, words, today))
        catalogue = applied.with_learnt(approved).with_entered(ends, circulars)
        encoder = self._encoder

        def build() -> Answerer:
            answerer = Answerer(catalogue, self._lexicon)
            return answerer if encoder is None else answerer.taught(encoder, vectors_dir)

        answerer = await _beside(build)
        self._desk.catalogue, self._desk.answerer = catalogue, answerer
        self._edition = edition
        _logger.info("%d approved answers are in use", len(approved))

    async def run(self, vectors_dir: Path, *, with_meanings: bool) -> None:
        """Learn meanings beside the first answers, then look for what is new, for ever."""
        if with_meanings:
            await self._learn_meanings(vectors_dir)
        while True:
            rest = _LOOK_SECONDS
            try:
                await self.catch_up(vectors_dir)
            except Exception as error:
                # The answers in use stay in use, whatever is wrong with the new ones.
                if is_storage_trouble(error):
                    _logger.warning("what was approved waits for the storage: %s", told(error))
                else:
                    _logger.exception("what was approved cannot be put to use yet")
                rest = _LOOK_AGAIN_SECONDS
            await asyncio.sleep(rest)

    async def _learn_meanings(self, vectors_dir: Path) -> None:
        desk = self._desk

        def learn() -> tuple[Encoder, Answerer] | None:
            encoder = installed_encoder()
            return (
                None if encoder is None else (encoder, desk.answerer.taught(encoder, vectors_dir))
            )

        try:
            learnt = await _beside(learn)
        except Exception:  # the signal is optional: whatever is wrong with it, the desk answers
            _logger.exception("the semantic signal cannot be used; words alone are matched")
            return
        if learnt is not None:
            self._encoder, desk.answerer = learnt
            _logger.info("the semantic signal is in use")


async def _beside(work: Callable[[], _T]) -> _T:
    """Do slow work in a thread that the end of the program does not wait for."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_T] = loop.create_future()

    def settle(result: _T | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(cast("_T", result))

    def run() -> None:
        result, failure = None, None
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
            failure = error
        with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, daemon=True, name="learning").start()
    return await done
