"""Every query about the audit and the chain that its entries hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from bot.citizens.model import NO_LINK, AuditEntry, CitizenId, Link, Role
from bot.citizens.tables import audit, audit_head, audit_link, audit_notes
from bot.kit.crypto import WrongKey
from bot.kit.database import insert_new, keyring_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from bot.citizens.model import Staff
    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction

_CHANGED: Final = "\0"  # which nobody can write
_HEAD = select(audit_head.c.number, audit_head.c.digest)


class AuditRepository:
    """What staff did; it is added to and read, never changed."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(
        self,
        actor: Staff,
        action: str,
        subject: str,
        now: datetime,
        *,
        note: str | None,
        between: tuple[str | None, str | None],
    ) -> int:
        """Write down what somebody did, and return its number."""
        who = {"actor_id": actor.id, "actor_name": actor.name, "role": actor.role.value}
        place = actor.office_id, now, action, subject
        sealed = audit_notes.seal_any(keyring_of(self._tx), note, *place)
        what = {"action": action, "subject": subject, "note": sealed}
        before, after = between
        row = {"at": now, "office_id": actor.office_id, **who, **what}
        added = await self._tx.execute(insert(audit), row | {"before": before, "after": after})
        (id_,) = added.inserted_primary_key or (0,)
        return int(id_)

    async def of_office(
        self,
        office_id: str,
        *,
        limit: int,
        before_id: int | None,
        subjects: Collection[str] | None = None,
        actor_id: CitizenId | None = None,
    ) -> list[AuditEntry]:
        """List what was done for an office, the newest first; to some things or by somebody."""
        query = select(audit).where(audit.c.office_id == office_id)
        if before_id is not None:
            query = query.where(audit.c.id < before_id)
        if subjects is not None:
            is_about = audit.c.subject.in_(subjects)
            query = query.where(
                is_about if actor_id is None else is_about | (audit.c.actor_id == actor_id)
            )
        rows = await self._tx.execute(query.order_by(audit.c.id.desc()).limit(limit))
        return [_entry(row, keyring_of(self._tx)) for row in rows]

    async def entries(self, ids: Collection[int]) -> list[AuditEntry]:
        """Read entries by their numbers, in their order; those that are not there are left out."""
        query = select(audit).where(audit.c.id.in_(ids)).order_by(audit.c.id)
        return [_entry(row, keyring_of(self._tx)) for row in await self._tx.execute(query)]

    async def locked_head(self) -> Link:
        """Say where the chain ends, and let nobody else add to it until this is committed."""
        head = (await self._tx.execute(_HEAD.with_for_update())).one_or_none()
        if head is None:
            first = {"id": 1, "number": NO_LINK.number, "digest": NO_LINK.digest}
            await self._tx.execute(insert_new(audit_head), first)
            head = (await self._tx.execute(_HEAD.with_for_update())).one()
        return Link(head.number, 0, head.digest)

    async def head(self) -> Link:
        """Say where the chain ends."""
        head = (await self._tx.execute(_HEAD)).one_or_none()
        return NO_LINK if head is None else Link(head.number, 0, head.digest)

    async def add_links(self, links: Sequence[Link]) -> None:
        """Hang entries on the chain."""
        rows = [
            {"number": link.number, "audit_id": link.audit_id, "digest": link.digest}
            for link in links
        ]
        await self._tx.execute(insert(audit_link), rows)
        last = links[-1]
        await self._tx.execute(update(audit_head).values(number=last.number, digest=last.digest))

    async def linked(
        self, after_number: int, *, limit: int
    ) -> list[tuple[Link, AuditEntry | None]]:
        """Walk along the chain from after a link on, each with the entry that hangs there."""
        query = (
            select(audit_link.c.number, audit_link.c.digest, audit_link.c.audit_id, audit)
            .join_from(audit_link, audit, audit.c.id == audit_link.c.audit_id, isouter=True)
            .where(audit_link.c.number > after_number)
            .order_by(audit_link.c.number)
            .limit(limit)
        )
        return [
            (Link(row.number, row.audit_id, row.digest), self._linked(row))
            for row in await self._tx.execute(query)
        ]

    def _linked(self, row: Row[Any]) -> AuditEntry | None:
        """Read what hangs on a link, if it is there; a note that does not open was changed."""
        return None if row.id is None else _entry(row, keyring_of(self._tx), unreadable=_CHANGED)

    async def unlinked(self, *, limit: int) -> list[int]:
        """Number the entries that hang on no chain."""
        query = (
            select(audit.c.id)
            .join_from(audit, audit_link, audit.c.id == audit_link.c.audit_id, isouter=True)
            .where(audit_link.c.audit_id.is_(None))
            .order_by(audit.c.id)
            .limit(limit)
        )
        return list(await self._tx.scalars(query))


def _entry(row: Row[Any], keyring: Keyring, *, unreadable: str | None = None) -> AuditEntry:
    """Read an entry; one whose note does not open raises WrongKey, or says what is given."""
    try:
        place = row.office_id, row.at, row.action, row.subject
        note = audit_notes.open_any(keyring, row.note, *place)
    except WrongKey:
        if unreadable is None:
            raise
        note = unreadable
    return AuditEntry(
        at=row.at,
        office_id=row.office_id,
        actor_id=CitizenId(row.actor_id),
        role=Role(row.role),
        action=row.action,
        subject=row.subject,
        note=note,
        actor_name=row.actor_name,
        id=row.id,
        before=row.before,
        after=row.after,
    )
