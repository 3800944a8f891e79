"""Every query about circulars, the versions of services, and the ends of agreements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from bot.catalogue.model import (
    AgreementEnd,
    Circular,
    CircularId,
    EndReason,
    ServiceVersion,
)
from bot.catalogue.tables import agreement_end, circular, service_version
from bot.citizens.model import CitizenId
from bot.kit.database import insert_new

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from bot.kit.database import Transaction

_FIELDS = tuple(column.name for column in circular.c if column.name != "id")


class CircularRepository:
    """Circulars, the versions of services that they made, and how agreements ended."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, entered: Circular) -> CircularId | None:
        """Keep a circular and number the versions it makes; None if its number is taken."""
        row = {name: getattr(entered, name) for name in _FIELDS}
        result = await self._tx.execute(insert_new(circular).values(row))
        if result.rowcount == 0:
            return None
        (circular_id,) = result.inserted_primary_key or (0,)
        versions = service_version.c
        for service_id in entered.service_ids:
            last = select(func.max(versions.number)).where(
                versions.office_id == entered.office_id, versions.service_id == service_id
            )
            made = {
                "office_id": entered.office_id,
                "service_id": service_id,
                "number": ((await self._tx.execute(last)).scalar_one() or 1) + 1,
                "effective_from": entered.dispatched_at,
                "circular_id": circular_id,
            }
            await self._tx.execute(insert(service_version).values(made))
        return CircularId(circular_id)

    async def versions(self, office_id: str, service_id: str) -> list[ServiceVersion]:
        """List the versions that circulars made of a service, in the order of their entry."""
        made = service_version.c
        query = (
            select(made.number.label("version"), made.effective_from, circular)
            .join(circular, made.circular_id == circular.c.id)
            .where(made.office_id == office_id, made.service_id == service_id)
            .order_by(made.number)
        )
        rows = (await self._tx.execute(query)).all()
        changed = await self._services_of([row.id for row in rows])
        return [
            ServiceVersion(
                office_id,
                service_id,
                row.version,
                row.effective_from,
                _circular(row, changed[row.id]),
            )
            for row in rows
        ]

    async def find(self, circular_id: int) -> Circular | None:
        """Find a circular by its own number here."""
        query = select(circular).where(circular.c.id == circular_id)
        row = (await self._tx.execute(query)).one_or_none()
        if row is None:
            return None
        return _circular(row, (await self._services_of([row.id]))[row.id])

    async def latest(self, office_id: str, *, limit: int) -> list[Circular]:
        """List the circulars of an office, the one dispatched last first."""
        query = (
            select(circular)
            .where(circular.c.office_id == office_id)
            .order_by(circular.c.dispatched_at.desc(), circular.c.id.desc())
            .limit(limit)
        )
        rows = (await self._tx.execute(query)).all()
        changed = await self._services_of([row.id for row in rows])
        return [_circular(row, changed[row.id]) for row in rows]

    async def _services_of(self, circular_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        made = service_version.c
        query = (
            select(made.circular_id, made.service_id)
            .where(made.circular_id.in_(circular_ids))
            .order_by(made.circular_id, made.service_id)
        )
        found: dict[int, tuple[str, ...]] = dict.fromkeys(circular_ids, ())
        for row in await self._tx.execute(query) if circular_ids else ():
            found[row.circular_id] += (row.service_id,)
        return found

    async def end(self, ended: AgreementEnd) -> bool:
        """Keep how an agreement ended, unless that was kept already."""
        row = {column.name: getattr(ended, column.name) for column in agreement_end.c}
        result = await self._tx.execute(insert_new(agreement_end).values(row))
        return result.rowcount == 1

    async def count(self) -> int:
        """Count the circulars and the ends of agreements: both are only ever added."""
        counts = [
            select(func.count()).select_from(table).scalar_subquery()
            for table in (circular, agreement_end)
        ]
        total: int = (await self._tx.execute(select(counts[0] + counts[1]))).scalar_one()
        return total

    async def ends(self, office_id: str) -> list[AgreementEnd]:
        """List the agreements of an office that were ended, the last one first."""
        query = (
            select(agreement_end)
            .where(agreement_end.c.office_id == office_id)
            .order_by(agreement_end.c.ended_on.desc(), agreement_end.c.agreement_id)
        )
        return [
            AgreementEnd(
                office_id=row.office_id,
                agreement_id=row.agreement_id,
                reason=EndReason(row.reason),
                document_ref=row.document_ref,
                ended_on=row.ended_on,
                entered_by=CitizenId(row.entered_by),
                entered_at=row.entered_at,
            )
            for row in await self._tx.execute(query)
        ]


def _circular(row: Row[Any], service_ids: tuple[str, ...]) -> Circular:
    return Circular(
        id=CircularId(row.id),
        office_id=row.office_id,
        number=row.number,
        issued_on=row.issued_on,
        dispatched_at=row.dispatched_at,
        published_at=row.published_at,
        service_ids=service_ids,
        summary=row.summary,
        entered_by=CitizenId(row.entered_by),
    )
