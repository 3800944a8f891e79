"""A workbook becomes what an office publishes: received, shown as a preview, applied, undone.

Every change is a row of its own with a number that only grows: by it each process that runs the
desk knows, within seconds, that something else holds. What was in force once can be again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.catalogue import rules
from bot.catalogue.errors import CatalogueMoved, NothingToUndo, VersionDecided, VersionGone
from bot.catalogue.model import CatalogueChange, VersionState
from bot.catalogue.repository import VersionRepository
from bot.catalogue.use_cases.books import (
    close_version,
    kept_reason,
    last_change,
    note_decision,
    proposal,
)
from bot.citizens import use_cases as citizens
from bot.citizens.model import Role

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.catalogue.model import CatalogueVersion, StoredCatalogue, VersionId
    from bot.citizens.model import Staff
    from bot.kit.database import Transaction

_FALL_BACK_TO: Final = 20  # so many versions are tried before what the files say is taken


async def catalogue_version(
    tx: Transaction, *, version_id: int, office_id: str
) -> tuple[CatalogueVersion, bytes]:
    """Find a version of an office and what is stored of it. Raises VersionGone."""
    versions = VersionRepository(tx)
    version = await versions.find(version_id)
    content = None if version is None else await versions.content(version_id)
    if version is None or version.office_id != office_id or content is None:
        raise VersionGone
    return version, content


async def numbered_version(
    tx: Transaction, *, office_id: str, number: int
) -> tuple[CatalogueVersion, bytes]:
    """Find an applied version of an office by its number. Raises VersionGone."""
    version = await VersionRepository(tx).numbered(office_id, number)
    if version is None:
        raise VersionGone
    return await catalogue_version(tx, version_id=version.id, office_id=office_id)


async def apply_version(
    tx: Transaction,
    *,
    version_id: int,
    actor: Staff | None,
    office_id: str,
    now: datetime,
    reason: str = "",
) -> CatalogueChange | None:
    """Publish what a preview showed, from now on; without an actor it is done from a shell.

    None where it was of workshops alone: whoever calls enters those. Raises StaffOnly,
    VersionGone, VersionDecided and CatalogueMoved.
    """
    if actor is not None:
        rules.ensure_of(actor, office_id, Role.MANAGER)
    versions = VersionRepository(tx)
    proposed = await proposal(tx, version_id=version_id, office_id=office_id)
    version = proposed.version
    if proposed.content is None:
        await _of_workshops_alone(tx, version, actor, kept_reason(reason) or version.reason, now)
        return None
    after = await last_change(versions, office_id)
    if after != version.seen_change:
        raise CatalogueMoved
    number = await versions.last_number(office_id) + 1
    why = kept_reason(reason) or version.reason
    change = await _Change(office_id, after, (version.id, number), actor, why, now).made(tx)
    is_done = await versions.settle(
        version.id,
        VersionState.PROPOSED,
        VersionState.APPLIED,
        number=number,
        reason=why,
        workshops=None,
    )
    if not is_done:
        raise VersionDecided
    return change


async def _of_workshops_alone(
    tx: Transaction, version: CatalogueVersion, actor: Staff | None, why: str, now: datetime
) -> None:
    await close_version(tx, version, VersionState.REFUSED, reason=why)
    if actor is not None:
        await note_decision(tx, version, "catalogue.workshops", actor, note=why, now=now)


async def go_back(
    tx: Transaction,
    *,
    office_id: str,
    number: int | None,
    seen: int,
    actor: Staff | None,
    reason: str,
    now: datetime,
) -> CatalogueChange:
    """Put an earlier version in force again; None is what the files say.

    `seen` is the change that whoever asks for it saw last. Raises StaffOnly, VersionGone,
    CatalogueMoved and NothingToUndo.
    """
    if actor is not None:
        rules.ensure_of(actor, office_id, Role.MANAGER)
    versions = VersionRepository(tx)
    version = None if number is None else await versions.numbered(office_id, number)
    if number is not None and version is None:
        raise VersionGone
    latest = await versions.changes(office_id, limit=1)
    after = latest[0].id if latest else 0
    if after != seen:
        raise CatalogueMoved
    if (latest[0].number if latest else None) == number:
        raise NothingToUndo
    why = kept_reason(reason)
    held = None if version is None else (version.id, number or 0)
    return await _Change(office_id, after, held, actor, why, now).made(tx)


async def changes_of(tx: Transaction, *, office_id: str, limit: int) -> list[CatalogueChange]:
    """List what came into force for an office, the latest first."""
    return await VersionRepository(tx).changes(office_id, limit=limit)


async def catalogue_edition(tx: Transaction) -> int:
    """Name what is in force at all offices by a number that only grows, 0 for the files alone."""
    return await VersionRepository(tx).edition()


async def stored_catalogues(tx: Transaction, office_ids: Collection[str]) -> list[StoredCatalogue]:
    """List what came into force at each office, the latest first, for one that can be used."""
    return await VersionRepository(tx).stored(office_ids, limit=_FALL_BACK_TO)


@dataclass(frozen=True, slots=True)
class _Change:
    """What comes into force, after which change, by whom and why."""

    office_id: str
    after: int
    held: tuple[VersionId, int] | None
    actor: Staff | None
    reason: str
    now: datetime

    async def made(self, tx: Transaction) -> CatalogueChange:
        """Write it down. Raises CatalogueMoved where another change was faster."""
        version_id, number = self.held or (None, None)
        versions = VersionRepository(tx)
        before = await versions.changes(self.office_id, limit=1)
        by = None if self.actor is None else self.actor.id
        change_id = await versions.change(
            office_id=self.office_id,
            after_id=self.after,
            version_id=version_id,
            changed_by=by,
            changed_at=self.now,
            reason=self.reason,
        )
        if change_id is None:
            raise CatalogueMoved
        if self.actor is not None:
            await citizens.record(
                tx,
                actor=self.actor,
                action="catalogue.applied",
                subject=f"catalogue:{change_id}",
                note=self.reason,
                between=((before[0].number if before else None) or 0, number or 0),
                now=self.now,
            )
        return CatalogueChange(
            change_id, self.office_id, version_id, number, by, self.now, self.reason
        )
