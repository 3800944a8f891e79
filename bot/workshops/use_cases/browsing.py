"""Looking around among workshops, and being told of new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.workshops.errors import TooManySubscriptions
from bot.workshops.model import SUBSCRIPTIONS_MAX, Entity, RegistrationState
from bot.workshops.repository import (
    BrowsingRepository,
    EventRepository,
    RegistrationRepository,
    SubscriptionRepository,
    WorkshopRepository,
)
from bot.workshops.rules import browsing as rules

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.workshops.model import (
        Listing,
        Registration,
        Sieve,
        Subscription,
        SubscriptionId,
        Terms,
        Workshop,
        WorkshopId,
    )

LISTED_MAX: Final = 300
_SAID_MAX: Final = 300
_OWN_MAX: Final = 100
_ACTIVE: Final = (
    RegistrationState.DRAFT,
    RegistrationState.HELD,
    RegistrationState.CONFIRMED,
)


async def upcoming(
    tx: Transaction, *, office_ids: Collection[str], now: datetime
) -> list[Listing]:
    """List what can be registered for now or soon, what begins first before the others."""
    return await BrowsingRepository(tx).upcoming(office_ids, now, limit=LISTED_MAX)


async def going_on(tx: Transaction, *, office_ids: Collection[str]) -> list[Listing]:
    """List what is not over, although one can register for it no more."""
    return await BrowsingRepository(tx).going_on(office_ids, limit=LISTED_MAX)


async def sides(tx: Transaction, *, office_id: str) -> tuple[list[str], list[str]]:
    """List the provinces, and the subjects, of which an office ever showed workshops."""
    found = await BrowsingRepository(tx).said_of(office_id, limit=_SAID_MAX)
    provinces = rules.apart(province for province, _subject in found)
    return provinces, rules.apart(subject for _province, subject in found)


async def dated_terms(tx: Transaction, *, of: Workshop) -> tuple[Terms, datetime] | None:
    """Read the terms that hold, and since when; None where a draft has none."""
    return await BrowsingRepository(tx).dated_terms(of)


async def own_in(
    tx: Transaction, *, workshop_id: WorkshopId, citizen_id: CitizenId
) -> list[Registration]:
    """List what somebody registered in a workshop and has not left."""
    active = await RegistrationRepository(tx).of_payer(citizen_id, _ACTIVE, limit=_OWN_MAX)
    return [one for one in active if one.workshop_id == workshop_id]


async def subscribe(
    tx: Transaction, *, citizen_id: CitizenId, office_id: str, sieve: Sieve, now: datetime
) -> tuple[Subscription, bool]:
    """Promise to tell somebody of new workshops, by age, province and subject.

    Gives the wish, and False where it was kept already. Raises TooManySubscriptions.
    """
    repository = SubscriptionRepository(tx)
    kept = await repository.of([citizen_id])
    for one in kept:
        if (one.office_id, one.age, one.province, one.subject) == (
            office_id,
            sieve.age,
            sieve.province,
            sieve.subject,
        ):
            return one, False
    if len(kept) >= SUBSCRIPTIONS_MAX:
        raise TooManySubscriptions(SUBSCRIPTIONS_MAX)
    return await repository.add(citizen_id, office_id, sieve, now), True


async def subscriptions_of(tx: Transaction, *, citizen_id: CitizenId) -> list[Subscription]:
    """List what somebody wants to be told of."""
    return await SubscriptionRepository(tx).of([citizen_id])


async def unsubscribe(
    tx: Transaction, *, citizen_id: CitizenId, subscription_id: SubscriptionId | None = None
) -> bool:
    """Forget a wish of somebody, or all of them; False where there was none of theirs."""
    return await SubscriptionRepository(tx).remove(citizen_id, subscription_id) > 0


async def next_to_tell(
    tx: Transaction, *, office_id: str, now: datetime, limit: int
) -> tuple[Workshop, list[Subscription]] | None:
    """Say who is to be told of a newly opened workshop, and count them as told.

    Each person is told of a workshop once, by one of their wishes, however often this is asked:
    whoever asks tells them in the same transaction. Who made a wish only after registration had
    begun is not told: they have just seen the list. Asked until it gives None, which means that
    everybody was told of everything; a list may be empty before that.
    """
    assert limit > 0
    repository = SubscriptionRepository(tx)
    found = await repository.untold(office_id, now)
    if found is None:
        return None
    workshop = (await WorkshopRepository(tx).lock([found[0]]))[found[0]]
    history = await EventRepository(tx).of(Entity.WORKSHOP, workshop.id)
    opened_at = rules.opened_at(history) or workshop.opens_at
    candidates = await repository.made_before(office_id, opened_at, after=found[1], limit=limit)
    wishes = await repository.of({one.citizen_id for one in candidates})
    told = rules.to_be_told(
        workshop.details,
        candidates,
        [one for one in wishes if one.office_id == office_id and one.made_at <= opened_at],
    )
    last = candidates[-1].id if candidates else found[1]
    await repository.note_telling(workshop.id, last, is_over=len(candidates) < limit)
    return workshop, told
