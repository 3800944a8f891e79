"""Whom to tell of what happened, and in which language: each person once, with all of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.workshops.model import CLOCK, Entity, Party, RegistrationId, RegistrationState
from bot.workshops.repository import EventRepository, RegistrationRepository

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction
    from bot.workshops.model import Registration, WorkshopId

_LEFT: Final = (RegistrationState.EXPIRED, RegistrationState.ABANDONED)


async def parties(
    tx: Transaction, *, registrations: Sequence[Registration], keyring: Keyring
) -> list[Party]:
    """Collect who is to be told of some registrations, by their numbers."""
    if not registrations:
        return []
    by_payer: dict[CitizenId, list[Registration]] = {}
    for one in sorted(registrations, key=lambda one: one.id):
        by_payer.setdefault(one.payer_id, []).append(one)
    people = await citizens.recall_all(tx, citizen_ids=by_payer.keys())
    learners = await citizens.find_learners(
        tx, learner_ids={one.learner_id for one in registrations}, keyring=keyring
    )
    return [
        Party(
            payer_id,
            people[payer_id].language,
            tuple(own),
            {
                one.learner_id: learners[one.learner_id]
                for one in own
                if one.learner_id in learners
            },
        )
        for payer_id, own in by_payer.items()
    ]


async def ended_by_time(
    tx: Transaction, *, workshop_id: WorkshopId, at: datetime
) -> list[Registration]:
    """List what time ended at a moment: places that were kept, and turns in the line.

    What was only begun and never brought to a place or a turn is not among them.
    """
    ids = {
        RegistrationId(event.entity_id)
        for event in await EventRepository(tx).at(workshop_id, at)
        if event.entity is Entity.REGISTRATION
        and event.actor == CLOCK.name
        and event.state_to in _LEFT
    }
    found = await RegistrationRepository(tx).find_all(ids) if ids else []
    return [
        one
        for one in found
        if one.state is RegistrationState.EXPIRED or one.waiting_entry_id is not None
    ]
