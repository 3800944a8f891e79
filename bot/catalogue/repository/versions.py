"""Every query about applied catalogues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.catalogue.model import (
    CatalogueChange,
    CatalogueVersion,
    ChangeId,
    SentBook,
    StoredCatalogue,
    VersionId,
    VersionState,
)
from bot.catalogue.tables import catalogue_change, catalogue_version
from bot.citizens.model import CitizenId

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row

    from bot.kit.database import Transaction

_LARGE = ("content", "workshops")
_OF_VERSION = [column for column in catalogue_version.c if column.name not in _LARGE]
_CHANGES = select(catalogue_change, catalogue_version.c.number).outerjoin(catalogue_version)


class VersionRepository:
    """Versions of what offices publish, and which of them came into force."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, **values: object) -> VersionId:
        """Keep a version; its number is given here."""
        result = await self._tx.execute(insert(catalogue_version).values(values))
        (version_id,) = result.inserted_primary_key or (0,)
        return VersionId(version_id)

    async def find(self, version_id: int) -> CatalogueVersion | None:
        """Find a version."""
        query = select(*_OF_VERSION).where(catalogue_version.c.id == version_id)
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else _version(row)

    async def numbered(self, office_id: str, number: int) -> CatalogueVersion | None:
        """Find an applied version of an office by its number."""
        query = select(*_OF_VERSION).where(
            catalogue_version.c.office_id == office_id, catalogue_version.c.number == number
        )
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else _version(row)

    async def workshops(self, version_id: int) -> bytes | None:
        """Find what a workbook says of workshops; nothing once that was decided."""
        query = select(catalogue_version.c.workshops).where(catalogue_version.c.id == version_id)
        return (await self._tx.execute(query)).scalar_one_or_none()

    async def content(self, version_id: int) -> bytes | None:
        """Find what is stored of a version."""
        query = select(catalogue_version.c.content).where(catalogue_version.c.id == version_id)
        return (await self._tx.execute(query)).scalar_one_or_none()

    async def waiting(self, *, limit: int) -> list[CatalogueVersion]:
        """List the workbooks that were not opened yet, the first one first."""
        query = (
            select(*_OF_VERSION)
            .where(catalogue_version.c.state == VersionState.RECEIVED.value)
            .order_by(catalogue_version.c.id)
            .limit(limit)
        )
        return [_version(row) for row in await self._tx.execute(query)]

    async def settle(
        self, version_id: VersionId, seen: VersionState, state: VersionState, **changes: object
    ) -> bool:
        """Put a version into another state, unless it is no longer in the one that was seen."""
        is_unchanged = (catalogue_version.c.id == version_id) & (
            catalogue_version.c.state == seen.value
        )
        values = {"state": state.value, **changes}
        statement = update(catalogue_version).where(is_unchanged).values(values)
        return (await self._tx.execute(statement)).rowcount == 1

    async def last_number(self, office_id: str) -> int:
        """The highest number that a version of an office has, 0 for none."""
        query = select(func.max(catalogue_version.c.number)).where(
            catalogue_version.c.office_id == office_id
        )
        return (await self._tx.execute(query)).scalar() or 0

    async def change(
        self,
        *,
        office_id: str,
        after_id: int,
        version_id: VersionId | None,
        changed_by: CitizenId | None,
        changed_at: datetime,
        reason: str,
    ) -> ChangeId | None:
        """Let a version be in force from now on; None where another change was faster."""
        values = {
            "office_id": office_id,
            "after_id": after_id,
            "version_id": version_id,
            "changed_by": changed_by,
            "changed_at": changed_at,
            "reason": reason,
        }
        try:
            async with self._tx.begin_nested():
                result = await self._tx.execute(insert(catalogue_change).values(values))
        except IntegrityError:
            return None
        (change_id,) = result.inserted_primary_key or (0,)
        return ChangeId(change_id)

    async def changes(self, office_id: str, *, limit: int) -> list[CatalogueChange]:
        """List what came into force for an office, the latest first."""
        query = (
            _CHANGES.where(catalogue_change.c.office_id == office_id)
            .order_by(catalogue_change.c.id.desc())
            .limit(limit)
        )
        return [_change(row) for row in await self._tx.execute(query)]

    async def stored(self, office_ids: Collection[str], *, limit: int) -> list[StoredCatalogue]:
        """List the latest changes of each office with what is stored, the latest first."""
        found = []
        for office_id in office_ids:
            for change in await self.changes(office_id, limit=limit):
                version_id = change.version_id
                content = None if version_id is None else await self.content(version_id)
                version = None if version_id is None else await self.find(version_id)
                digest = "" if version is None else version.shipped_digest
                found.append(StoredCatalogue(change, content, digest))
        return found

    async def edition(self) -> int:
        """Name what is in force at all offices by a number that only grows."""
        return (await self._tx.execute(select(func.max(catalogue_change.c.id)))).scalar() or 0


def _version(row: Row[Any]) -> CatalogueVersion:
    book = None if row.file_id is None else SentBook(row.file_id, row.chat_id, row.message_id)
    return CatalogueVersion(
        id=VersionId(row.id),
        office_id=row.office_id,
        state=VersionState(row.state),
        number=row.number,
        reason=row.reason,
        proposed_by=None if row.proposed_by is None else CitizenId(row.proposed_by),
        proposed_at=row.proposed_at,
        seen_change=row.seen_change,
        shipped_digest=row.shipped_digest,
        book=book,
    )


def _change(row: Row[Any]) -> CatalogueChange:
    return CatalogueChange(
        id=ChangeId(row.id),
        office_id=row.office_id,
        version_id=None if row.version_id is None else VersionId(row.version_id),
        number=row.number,
        changed_by=None if row.changed_by is None else CitizenId(row.changed_by),
        changed_at=row.changed_at,
        reason=row.reason,
    )
