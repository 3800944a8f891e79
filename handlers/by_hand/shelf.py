"""Where a command from a shell finds catalogues: the files, and what was applied over them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.calendar.model import OfficeCalendar
from bot.catalogue import use_cases as catalogues
from bot.catalogue.loader import load_catalogue
from bot.kit.database import Database
from bot.kit.errors import StartRefused
from bot.kit.jalali import tehran_day
from bot.kit.opening import is_current
from bot.kit.words import load_words
from handlers.jobs.catalogue_books import Stand, stand_of
from handlers.jobs.catalogues import in_force

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from bot.catalogue.model import Catalogue, OfficeCatalogue
    from bot.kit.database import Transaction
    from bot.kit.words import Language, Words


@dataclass(frozen=True)
class Shelf:
    """Where catalogues are kept: the files, the records, and the words to write in."""

    url: str
    catalogue_dir: Path
    words: Mapping[Language, Words]
    language: Language

    @classmethod
    def at(cls, url: str, catalogue_dir: Path, locale_dir: Path, language: Language) -> Shelf:
        """Find it; raises StartRefused where the words cannot be read."""
        return cls(url, catalogue_dir, load_words(locale_dir), language)

    @property
    def spoken(self) -> Words:
        """The words of the desk's own language."""
        return self.words[self.language]

    async def catalogue(self, now: datetime) -> Catalogue:
        """Read what is in force; where there are no records yet, what the files say."""
        shipped = load_catalogue(self.catalogue_dir)
        if not is_current(self.url):
            return shipped
        async with self.reading() as tx:
            offices = [published.office.id for published in shipped.offices]
            stored = await catalogues.stored_catalogues(tx, offices)
        return in_force(shipped, stored, self.words, tehran_day(now))

    async def stand(self, office_id: str, now: datetime) -> Stand:
        """Read what stands at an office; where there are no records yet it has no workshops."""
        catalogue, published = await self.catalogue(now), await self.office(office_id, now)
        if is_current(self.url):
            async with self.reading() as tx:
                return await stand_of(tx, catalogue, office_id, now)
        calendar = OfficeCalendar(office_id, published.hours, (), ())
        return Stand(published, catalogue, (), calendar)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Look at one moment of the records."""
        database = Database.open(self.url)
        try:
            async with database.reading() as tx:
                yield tx
        finally:
            await database.close()

    async def office(self, office_id: str, now: datetime) -> OfficeCatalogue:
        """Find what an office publishes now; raises StartRefused for one that is not there."""
        catalogue = await self.catalogue(now)
        published = catalogue.find(office_id)
        if published is None:
            known = ", ".join(one.office.id for one in catalogue.offices)
            raise StartRefused([f"there is no office {office_id}; there are {known}."])
        return published

    def ensure_records(self) -> None:
        """Refuse to write where the desk was never started. Raises StartRefused."""
        if not is_current(self.url):
            fault = "database: there are no records of this version yet; start the desk once."
            raise StartRefused([fault])
