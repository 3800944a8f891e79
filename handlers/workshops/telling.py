"""Telling those in a line what a freed place became for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops import use_cases as workshops
from handlers.views.workshops import workshop_notices as views
from handlers.views.workshops.paying_fees import drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.workshops.model import Promotion, Workshop
    from handlers.context import DeskContext


async def tell_promoted(
    context: DeskContext, workshop: Workshop, promotions: Sequence[Promotion]
) -> None:
    """Tell each of them, once."""
    unit = context.unit
    if not promotions:
        return
    published = unit.desk.catalogue.published_by(workshop.office_id)
    sessions = await workshops.sessions(unit.tx, workshop_id=workshop.id)
    for promotion in promotions:
        (party,) = await workshops.parties(
            unit.tx, registrations=promotion.registrations, keyring=unit.desk.keyring
        )
        words = unit.desk.words_of(party.language or unit.desk.default_language)
        told = views.Told(words, published, workshop, party, sessions)
        reply = views.promoted(told, promotion.entry, drawn())
        context.tell(int(party.payer_id), reply, once=f"promoted:{promotion.entry.id}")
