"""Circulars change how services are done from their dispatch on, and end agreements.

A new version does not reach back: what was registered before keeps the terms of its day (MZ-24,
MZ-25). Numbers of versions are given in the order of entry and never change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalogue import rules
from bot.catalogue.errors import (
    AgreementOver,
    CircularIncomplete,
    CircularTaken,
    IssuedAfterDispatch,
    NotYetDispatched,
    ReferenceMissing,
)
from bot.catalogue.model import AgreementEnd, Circular, CircularId, EndReason, ServiceVersion
from bot.catalogue.repository import CircularRepository
from bot.citizens import use_cases as citizens
from bot.citizens.model import Role
from bot.kit.jalali import tehran_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from bot.citizens.model import Staff
    from bot.kit.database import Transaction

SUMMARY_UNITS_MAX = 1000
NUMBER_UNITS_MAX = 60
REFERENCE_UNITS_MAX = 200


async def enter_circular(
    tx: Transaction,
    *,
    office_id: str,
    number: str,
    issued_on: date | None,
    dispatched_at: datetime,
    service_ids: Sequence[str],
    summary: str,
    actor: Staff,
    now: datetime,
) -> Circular:
    """Keep a circular and make a version of each service that it changes.

    Raises CircularIncomplete, NotYetDispatched, IssuedAfterDispatch, AnswerTooLong,
    PersonalDataInAnswer and CircularTaken.
    """
    rules.ensure_of(actor, office_id, Role.OFFICER, Role.MANAGER)
    number = rules.plain(number, NUMBER_UNITS_MAX)
    if not (number and summary.strip() and service_ids):
        raise CircularIncomplete
    summary = rules.public_text(summary, SUMMARY_UNITS_MAX)
    if dispatched_at > now:
        raise NotYetDispatched(dispatched_at)
    if issued_on is not None and issued_on > tehran_day(dispatched_at):
        raise IssuedAfterDispatch

    circulars = CircularRepository(tx)
    entered = Circular(
        id=CircularId(0),
        office_id=office_id,
        number=number,
        issued_on=issued_on,
        dispatched_at=dispatched_at,
        published_at=now,
        service_ids=tuple(sorted(set(service_ids))),
        summary=summary,
        entered_by=actor.id,
    )
    circular_id = await circulars.add(entered)
    if circular_id is None:
        raise CircularTaken(number)
    said = {"subject": f"circular:{circular_id}", "note": number}
    between = (None, dispatched_at)
    await citizens.record(tx, actor=actor, action="circular", **said, between=between, now=now)
    kept = await circulars.find(circular_id)
    assert kept is not None
    return kept


async def circulars_of(tx: Transaction, *, office_id: str, limit: int) -> list[Circular]:
    """List the circulars of an office, the one dispatched last first."""
    return await CircularRepository(tx).latest(office_id, limit=limit)


async def versions_of(tx: Transaction, *, office_id: str, service_id: str) -> list[ServiceVersion]:
    """List the versions of a service; the first is what the catalogue shipped."""
    first = ServiceVersion(office_id, service_id, 1, effective_from=None, circular=None)
    return [first, *await CircularRepository(tx).versions(office_id, service_id)]


async def version_at(
    tx: Transaction, *, office_id: str, service_id: str, at: datetime
) -> ServiceVersion:
    """Find the version that holds at a moment, as far as circulars are known here (MZ-24)."""
    first, *later = await versions_of(tx, office_id=office_id, service_id=service_id)
    begun = [
        (version.effective_from, version.number, version)
        for version in later
        if version.effective_from is not None and version.effective_from <= at
    ]
    return max(begun, key=lambda one: one[:2])[2] if begun else first


async def end_agreement(
    tx: Transaction,
    *,
    office_id: str,
    agreement_id: str,
    reason: EndReason,
    document_ref: str,
    ended_on: date,
    actor: Staff,
    now: datetime,
) -> AgreementEnd:
    """Note that an agreement has ended, for which of the three reasons and by what (MZ-26).

    Raises ReferenceMissing, and AgreementOver where its end was entered before.
    """
    rules.ensure_of(actor, office_id, Role.MANAGER)
    reference = rules.plain(document_ref, REFERENCE_UNITS_MAX)
    if not reference:
        raise ReferenceMissing
    ended = AgreementEnd(
        office_id=office_id,
        agreement_id=agreement_id,
        reason=reason,
        document_ref=reference,
        ended_on=ended_on,
        entered_by=actor.id,
        entered_at=now,
    )
    if not await CircularRepository(tx).end(ended):
        raise AgreementOver
    await citizens.record(
        tx,
        actor=actor,
        action="agreement_end",
        subject=f"agreement:{agreement_id}",
        note=f"{reason}: {reference}",
        between=(None, ended_on),
        now=now,
    )
    return ended


async def entered_count(tx: Transaction) -> int:
    """Count what staff entered: while it stays the same, nothing new was entered."""
    return await CircularRepository(tx).count()


async def agreement_ends(tx: Transaction, office_ids: Sequence[str]) -> list[AgreementEnd]:
    """List the ends of agreements that staff entered, of these offices."""
    circulars = CircularRepository(tx)
    return [end for office_id in office_ids for end in await circulars.ends(office_id)]


async def agreement_end(
    tx: Transaction, office_id: str, agreement_id: str | None = None
) -> AgreementEnd | None:
    """Find how an agreement ended; without an id, the one of the office that ended last."""
    ends = await CircularRepository(tx).ends(office_id)
    return next((one for one in ends if agreement_id in (None, one.agreement_id)), None)
