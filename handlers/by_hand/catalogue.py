"""What an operator does about catalogues from a shell: out, in, compare, undo, measure, look.

It is done beside a desk that runs, which takes it up within seconds. Nobody acts for the office
there, so it stands with the versions and not in the audit of what staff did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.catalogue import use_cases as catalogues
from bot.catalogue.errors import CatalogueMoved, NothingToUndo, VersionGone
from bot.catalogue.loader import load_catalogue
from bot.catalogue.rules.completeness import meters, percent_of
from bot.catalogue.rules.differences import differences
from bot.catalogue.rules.storing import StoredBroken, digest_of, laid_over, packed
from bot.catalogue.search import Answerer, load_lexicon
from bot.kit.database import Database
from bot.kit.errors import StartRefused
from bot.kit.jalali import jalali_moment, tehran_day
from bot.kit.keys import fitting_keyring
from bot.kit.opening import is_current
from bot.kit.sheets import SheetUnreadable
from bot.kit.words import load_words
from handlers.by_hand.records import plain
from handlers.jobs.catalogue_books import looked_at
from handlers.jobs.catalogues import in_force
from handlers.reply import Reply
from handlers.staff.asked_sides import asked_sides
from handlers.views.office.catalogue_changes import change_pages
from handlers.views.office.catalogue_meter import meter_line
from handlers.views.workbook.faults import cell_words
from handlers.views.workbook.writing import workbook

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from bot.catalogue.model import Catalogue, Facet, OfficeCatalogue
    from bot.catalogue.rules.differences import Difference
    from bot.kit.words import Language, Words

_VERSIONS_MAX = 50


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
        database = Database.open(self.url)
        try:
            async with database.reading() as tx:
                offices = [published.office.id for published in shipped.offices]
                stored = await catalogues.stored_catalogues(tx, offices)
        finally:
            await database.close()
        return in_force(shipped, stored, self.words, tehran_day(now))

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


async def exported(shelf: Shelf, office_id: str, now: datetime) -> bytes:
    """Write what an office publishes now as a workbook."""
    published = await shelf.office(office_id, now)
    return workbook(shelf.spoken, published, published.change)


@dataclass(frozen=True)
class Imported:
    """What a workbook led to: lines to print, a marked copy where it has faults."""

    lines: list[str]
    marked: bytes | None = None
    is_applied: bool = False


async def imported(
    shelf: Shelf, office_id: str, content: bytes, reason: str, *, is_applied: bool, now: datetime
) -> Imported:
    """Look at a workbook, say what it changes, and apply it where that is wanted.

    Raises StartRefused for a file that is no workbook.
    """
    catalogue = await shelf.catalogue(now)
    published = await shelf.office(office_id, now)
    spoken = (shelf.spoken, *shelf.words.values())
    try:
        found, marked = looked_at(content, published, catalogue, spoken, now)
    except SheetUnreadable as error:
        raise StartRefused([f"the file is no workbook that can be read: {error}"]) from None
    if found.published is None:
        lines = [
            f"{one.spot.sheet}!{one.spot.cell}: {cell_words(words, one)}"
            for one in found.wrong
            for words in shelf.words.values()
        ]
        return Imported(lines, marked)
    changes = differences(published, found.published)
    lines = _told(shelf, changes)
    if not changes or not is_applied:
        return Imported(lines)
    shelf.ensure_records()
    database = Database.open(shelf.url)
    try:
        async with database.transaction() as tx:
            version_id = await catalogues.propose_by_hand(
                tx,
                office_id=office_id,
                content=packed(found.published),
                shipped_digest=digest_of(published.shipped),
                reason=reason,
                now=now,
            )
            change = await catalogues.apply_version(
                tx, version_id=version_id, office_id=office_id, actor=None, now=now
            )
    finally:
        await database.close()
    return Imported([*lines, f"Version {change.number} is in force."], is_applied=True)


async def versions(shelf: Shelf, office_id: str, now: datetime) -> list[str]:
    """List what came into force for an office, the latest first."""
    published = await shelf.office(office_id, now)
    shelf.ensure_records()
    database = Database.open(shelf.url)
    try:
        async with database.reading() as tx:
            changes = await catalogues.changes_of(tx, office_id=office_id, limit=_VERSIONS_MAX)
    finally:
        await database.close()
    lines = [
        f"{'files' if one.number is None else one.number}\t"
        f"{jalali_moment(one.changed_at, shelf.language, with_weekday=False)}\t"
        f"{'shell' if one.changed_by is None else one.changed_by}\t{one.reason}"
        for one in changes
    ]
    held = published.held
    if held is not None and held.trouble:
        lines.append(f"The last one cannot be used, the one before it is in force: {held.trouble}")
    if held is not None and held.number and held.shipped_digest != digest_of(published.shipped):
        lines.append(
            f"The files have changed since version {held.number} was made: compare them with "
            f"`catalogue diff {office_id} files {held.number}`."
        )
    return lines or ["Nothing was applied yet; the files are in force."]


async def compared(
    shelf: Shelf, office_id: str, before: str, after: str, now: datetime
) -> list[str]:
    """Say what differs between two versions of an office, each a number, or the word "files"."""
    published = await shelf.office(office_id, now)
    old, new = [await _version(shelf, published, name) for name in (before, after)]
    return _told(shelf, differences(old, new))


async def _version(shelf: Shelf, published: OfficeCatalogue, name: str) -> OfficeCatalogue:
    if name == "files":
        return published.shipped
    if not (name.isascii() and name.isdecimal()) or len(name) > 9:  # noqa: PLR2004 - a number
        raise StartRefused([f"{name}: write the number of a version, or files."])
    shelf.ensure_records()
    database = Database.open(shelf.url)
    try:
        async with database.reading() as tx:
            _one, content = await catalogues.numbered_version(
                tx, office_id=published.office.id, number=int(name)
            )
        return laid_over(published.shipped, content)
    except VersionGone:
        raise StartRefused([f"{published.office.id} has no version {name}."]) from None
    except StoredBroken as broken:
        raise StartRefused([f"version {name} cannot be used: {broken}"]) from None
    finally:
        await database.close()


async def undone(
    shelf: Shelf, office_id: str, to: str | None, reason: str, *, is_applied: bool, now: datetime
) -> list[str]:
    """Go back to a version, or to what was in force before; without `is_applied` only look."""
    published = await shelf.office(office_id, now)
    shelf.ensure_records()
    database = Database.open(shelf.url)
    try:
        async with database.reading() as tx:
            changes = await catalogues.changes_of(tx, office_id=office_id, limit=2)
        if not changes:
            raise StartRefused([f"{office_id}: nothing was applied, so there is nothing to undo."])
        before = changes[1].number if len(changes) > 1 else None
        name = to or ("files" if before is None else str(before))
        lines = _told(shelf, differences(published, await _version(shelf, published, name)))
        if is_applied:
            async with database.transaction() as tx:
                await catalogues.go_back(
                    tx,
                    office_id=office_id,
                    number=None if name == "files" else int(name),
                    seen=changes[0].id,
                    actor=None,
                    reason=reason,
                    now=now,
                )
            lines.append(f"In force: {name}.")
    except (CatalogueMoved, NothingToUndo):
        raise StartRefused([f"{office_id}: {name} is in force already."]) from None
    finally:
        await database.close()
    return lines


async def measured(shelf: Shelf, lexicon_dir: Path, keys: Path | None, now: datetime) -> list[str]:
    """Say how much of what people ask the cards of each office say, first what was asked in vain.

    Raises StartRefused where the keys do not fit the records.
    """
    catalogue = await shelf.catalogue(now)
    counts = await _asked_in_vain(shelf, catalogue, lexicon_dir, keys, now)
    lines = []
    for published in catalogue.offices:
        found = meters(published, tehran_day(now), counts.get(published.office.id))
        lines.append(f"{published.office.id}: {percent_of(found)}%")
        lines += [plain(Reply(meter_line(shelf.spoken, one))) for one in found]
    return lines


async def _asked_in_vain(
    shelf: Shelf, catalogue: Catalogue, lexicon_dir: Path, keys: Path | None, now: datetime
) -> dict[str, Counter[Facet]]:
    """Count by office and side what had no answer; nothing where there are no records."""
    if keys is None or not is_current(shelf.url):
        return {}
    answerer = Answerer(catalogue, load_lexicon(lexicon_dir))
    database = Database.open(shelf.url)
    try:
        async with database.reading() as tx:
            database.keyring = await fitting_keyring(tx, keys)
            return {
                one.office.id: await asked_sides(
                    tx, answerer=answerer, office_id=one.office.id, now=now
                )
                for one in catalogue.offices
            }
    finally:
        await database.close()


def _told(shelf: Shelf, changes: list[Difference]) -> list[str]:
    if not changes:
        return ["Nothing changes."]
    return [plain(Reply(page)) for page in change_pages(shelf.spoken, changes)]
