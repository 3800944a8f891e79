"""A workbook that came: noted, opened, shown as a preview, and put aside or applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.catalogue import rules
from bot.catalogue.errors import VersionDecided, VersionGone
from bot.catalogue.model import Proposal, VersionState
from bot.catalogue.repository import VersionRepository
from bot.catalogue.rules.storing import REASON_UNITS_MAX
from bot.citizens import use_cases as citizens
from bot.citizens.model import Role
from bot.kit.identity import masked

if TYPE_CHECKING:
    from datetime import datetime

    from bot.catalogue.model import CatalogueVersion, SentBook, VersionId
    from bot.citizens.model import Staff
    from bot.kit.database import Transaction

_BOOKS_AT_ONCE: Final = 5


async def receive_book(
    tx: Transaction, *, office_id: str, book: SentBook, reason: str, actor: Staff, now: datetime
) -> VersionId:
    """Note that a workbook came; it is fetched and opened outside of any transaction."""
    rules.ensure_of(actor, office_id, Role.MANAGER)
    return await VersionRepository(tx).add(
        office_id=office_id,
        state=VersionState.RECEIVED.value,
        reason=kept_reason(reason),
        proposed_by=actor.id,
        proposed_at=now,
        seen_change=0,
        shipped_digest="",
        file_id=book.file_id,
        chat_id=book.chat_id,
        message_id=book.message_id,
    )


async def received_books(tx: Transaction) -> list[CatalogueVersion]:
    """List the workbooks that wait to be opened."""
    return await VersionRepository(tx).waiting(limit=_BOOKS_AT_ONCE)


async def refuse_book(tx: Transaction, *, version_id: VersionId) -> bool:
    """Note that nothing came of a workbook; False where somebody was faster."""
    return await VersionRepository(tx).settle(
        version_id, VersionState.RECEIVED, VersionState.REFUSED
    )


async def propose_book(
    tx: Transaction,
    *,
    version_id: VersionId,
    content: bytes | None,
    shipped_digest: str,
    seen: int,
    workshops: bytes | None = None,
) -> bool:
    """Keep what a workbook says otherwise, for its preview; False where somebody was faster."""
    assert content or workshops
    return await VersionRepository(tx).settle(
        version_id,
        VersionState.RECEIVED,
        VersionState.PROPOSED,
        content=content,
        shipped_digest=shipped_digest,
        seen_change=seen,
        workshops=workshops,
    )


async def propose_by_hand(
    tx: Transaction,
    *,
    office_id: str,
    content: bytes,
    shipped_digest: str,
    reason: str,
    now: datetime,
) -> VersionId:
    """Keep what whoever runs the desk wants an office to publish."""
    versions = VersionRepository(tx)
    return await versions.add(
        office_id=office_id,
        state=VersionState.PROPOSED.value,
        reason=kept_reason(reason),
        proposed_at=now,
        seen_change=await last_change(versions, office_id),
        shipped_digest=shipped_digest,
        content=content,
    )


async def proposal(tx: Transaction, *, version_id: int, office_id: str) -> Proposal:
    """Find what a workbook would change. Raises VersionGone, and VersionDecided once it is."""
    versions = VersionRepository(tx)
    version = await versions.find(version_id)
    if version is None or version.office_id != office_id:
        raise VersionGone
    if version.state is not VersionState.PROPOSED:
        raise VersionDecided
    content, workshops = await versions.content(version_id), await versions.workshops(version_id)
    return Proposal(version, content, workshops)


async def discard_version(
    tx: Transaction, *, version_id: int, actor: Staff, now: datetime
) -> CatalogueVersion:
    """Leave everything as it is. Raises StaffOnly, VersionGone and VersionDecided."""
    rules.ensure_of(actor, actor.office_id, Role.MANAGER)
    version = (await proposal(tx, version_id=version_id, office_id=actor.office_id)).version
    await close_version(tx, version, VersionState.DISCARDED)
    await note_decision(tx, version, "catalogue.discarded", actor, note=version.reason, now=now)
    return version


async def close_version(
    tx: Transaction, version: CatalogueVersion, state: VersionState, **changes: object
) -> None:
    """Put a version aside, with what it says of workshops. Raises VersionDecided."""
    is_done = await VersionRepository(tx).settle(
        version.id, VersionState.PROPOSED, state, workshops=None, **changes
    )
    if not is_done:
        raise VersionDecided


async def note_decision(
    tx: Transaction,
    version: CatalogueVersion,
    action: str,
    actor: Staff,
    *,
    note: str,
    now: datetime,
) -> None:
    """Put on record what a manager decided about a workbook."""
    subject = f"catalogue:{version.id}"
    await citizens.record(tx, actor=actor, action=action, subject=subject, note=note, now=now)


def kept_reason(reason: str) -> str:
    """What is kept of a reason; of numbers that name a person nothing is left."""
    return rules.plain(masked(reason), REASON_UNITS_MAX)


async def last_change(versions: VersionRepository, office_id: str) -> int:
    """Name the last change of what an office publishes, 0 for none."""
    latest = await versions.changes(office_id, limit=1)
    return latest[0].id if latest else 0
