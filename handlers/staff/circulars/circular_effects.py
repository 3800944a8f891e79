"""What a circular will do: counted when it is shown, and anew when it is confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.use_cases import terms
from bot.catalogue import use_cases as catalogues
from handlers.callback_data import StaleButton
from handlers.views.office.circulars import REVIEWED_MAX, Change, CircularDraft, Effect

if TYPE_CHECKING:
    from datetime import datetime

    from bot.catalogue.model import Service
    from handlers.context import DeskContext


async def effect_of(context: DeskContext, draft: CircularDraft) -> Effect:
    """Count what a circular changes, and what it leaves as it is."""
    unit = context.unit
    assert draft.dispatched_at is not None
    published = unit.desk.catalogue.published_by(draft.office_id)
    services = [published.service(service_id) for service_id in draft.service_ids]
    if None in services:
        raise StaleButton  # A service is no longer offered.
    return Effect(
        changes=[
            await _change(context, draft.office_id, service, draft.dispatched_at)
            for service in services
            if service is not None
        ],
        cases_going_on=await terms.count_under_old_terms(
            unit.tx, office_id=draft.office_id, service_ids=draft.service_ids
        ),
        registered_meanwhile=await terms.registered_meanwhile(
            unit.tx,
            office_id=draft.office_id,
            service_ids=draft.service_ids,
            since=draft.dispatched_at,
            limit=REVIEWED_MAX,
        ),
    )


async def _change(
    context: DeskContext, office_id: str, service: Service, dispatched_at: datetime
) -> Change:
    versions = await catalogues.versions_of(
        context.unit.tx, office_id=office_id, service_id=service.id
    )
    begun = [one.effective_from for one in versions if one.effective_from is not None]
    return Change(
        service,
        number=max(one.number for one in versions) + 1,
        has_later=any(moment > dispatched_at for moment in begun),
    )
