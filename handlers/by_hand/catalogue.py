"""What an operator does about catalogues from a shell: out, in, compare, undo, measure, look.

It is done beside a desk that runs, which takes it up within seconds. Nobody acts for the office
there, so it stands with the versions and not in the audit of what staff did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.catalogue import use_cases as catalogues
from bot.catalogue.errors import CatalogueMoved, NothingToUndo, VersionGone
from bot.catalogue.rules.completeness import meters, percent_of
from bot.catalogue.rules.differences import differences
from bot.catalogue.rules.storing import StoredBroken, digest_of, laid_over, packed
from bot.catalogue.search import Answerer, load_lexicon
from bot.citizens import use_cases as citizens
from bot.kit.database import Database
from bot.kit.errors import StartRefused
from bot.kit.jalali import jalali_moment, tehran_day
from bot.kit.keys import fitting_keyring
from bot.kit.opening import is_current
from bot.kit.sheets import SheetUnreadable
from handlers.by_hand.records import plain
from handlers.jobs.catalogue_books import looked_at
from handlers.reply import Reply
from handlers.staff.asked_sides import asked_sides
from handlers.views.office.catalogue_changes import change_pages
from handlers.views.office.catalogue_meter import meter_line
from handlers.views.office.workshop_changes import workshop_paragraphs
from handlers.views.workbook.faults import cell_words
from handlers.views.workbook.writing import workbook

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.catalogue.model import Catalogue, CatalogueChange, Facet, OfficeCatalogue
    from bot.catalogue.rules.differences import Difference
    from bot.citizens.model import Staff
    from handlers.by_hand.shelf import Shelf

_VERSIONS_MAX = 50
_WORKSHOPS_STAY = (
    "Workshops stay as they are: for what changes of them somebody of the office answers. Send "
    "the workbook in the admin chat (/catalogue)."
)


async def exported(shelf: Shelf, office_id: str, now: datetime) -> bytes:
    """Write what an office publishes now, and its workshops, as a workbook."""
    stand = await shelf.stand(office_id, now)
    return workbook(shelf.spoken, stand.published, stand.published.change, stand.offered)


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

    Workshops stay: for them somebody of the office answers, in the admin chat. Raises
    StartRefused for a file that is no workbook.
    """
    stand = await shelf.stand(office_id, now)
    published = stand.published
    spoken = (shelf.spoken, *shelf.words.values())
    try:
        found, marked = looked_at(content, stand, spoken, now)
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
    besides = workshop_paragraphs(shelf.spoken, found.written, stand.offered)
    lines = _told(shelf, changes, besides)
    if found.written:
        lines.append(_WORKSHOPS_STAY)
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
    assert change is not None, "it changes the catalogue"
    return Imported([*lines, f"Version {change.number} is in force."], is_applied=True)


async def versions(shelf: Shelf, office_id: str, now: datetime) -> list[str]:
    """List what came into force for an office, the latest first."""
    published = await shelf.office(office_id, now)
    shelf.ensure_records()
    database = Database.open(shelf.url)
    try:
        async with database.reading() as tx:
            changes = await catalogues.changes_of(tx, office_id=office_id, limit=_VERSIONS_MAX)
            staff = await citizens.staff_of_office(tx, office_id=office_id)
    finally:
        await database.close()
    lines = [
        f"{'files' if one.number is None else one.number}\t"
        f"{jalali_moment(one.changed_at, shelf.language, with_weekday=False)}\t"
        f"{_by(one, staff)}\t{one.reason}"
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


def _by(change: CatalogueChange, staff: Sequence[Staff]) -> str:
    """Name who applied a change, as colleagues know them, with their roles of today."""
    if change.changed_by is None:
        return "shell"
    roles = [one for one in staff if one.id == change.changed_by]
    if not roles:
        return "a former colleague"
    return f"{roles[0].name} ({', '.join(one.role.value for one in roles)})"


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


def _told(shelf: Shelf, changes: list[Difference], besides: Sequence[str] = ()) -> list[str]:
    if not changes and not besides:
        return ["Nothing changes."]
    return [plain(Reply(page)) for page in change_pages(shelf.spoken, changes, besides)]
