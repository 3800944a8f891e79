"""What time does to places: kept, offered, given on; registration opens and is over; a quorum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.outbox import use_cases as outbox
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import Listing, RegistrationState, WorkshopState
from bot.workshops.rules import money
from handlers.jobs.notices import notice
from handlers.views.workshops import subscriptions, workshop_alerts, workshop_news
from handlers.views.workshops import workshop_notices as views
from handlers.views.workshops.paying_fees import drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.wallet.model import JournalId
    from bot.workshops.model import (
        Freed,
        Promotion,
        Registration,
        RegistrationId,
        Subscription,
        WaitingEntry,
        Workshop,
    )
    from handlers.jobs.workshop_office import OfficeAtWork
    from handlers.reply import Reply
    from handlers.views.workshops.workshop_notices import Told

_AT_ONCE_MAX: Final = 100
_BATCHES_MAX: Final = 20
_JOURNALS_MAX: Final = 10


async def lapse_offers(office: OfficeAtWork) -> bool:
    """End the offers that nobody took, and ask the next in line."""
    freed = await workshops.lapse_offers(
        office.tx,
        office_id=office.id,
        calendar=office.calendar,
        policy=office.policy,
        now=office.now,
    )
    return await _tell_freed(office, freed, "lapsed", views.offer_lapsed)


async def expire_holds(office: OfficeAtWork) -> bool:
    """Give places on that were not paid for in time."""
    freed = await workshops.expire_holds(
        office.tx,
        office_id=office.id,
        calendar=office.calendar,
        policy=office.policy,
        now=office.now,
    )
    return await _tell_freed(office, freed, "expired", views.hold_expired)


async def _tell_freed(
    office: OfficeAtWork, freed: Sequence[Freed], why: str, write: Callable[[Told], Reply]
) -> bool:
    """Tell who lost a place, and who got it."""
    for one in freed:
        workshop = await office.workshop_of(one.registrations[0].workshop_id)
        key = f"{why}:{one.registrations[0].id}"
        await office.tell(key, workshop, one.registrations, write)
        await tell_promoted(office, workshop, one.promotions)
    return bool(freed)


async def tell_promoted(
    office: OfficeAtWork, workshop: Workshop, promotions: Sequence[Promotion]
) -> None:
    """Tell those in a line what a freed place became for them."""
    for promotion in promotions:

        def write(told: Told, entry: WaitingEntry = promotion.entry) -> Reply:
            return views.promoted(told, entry, drawn())

        key = f"promoted:{promotion.entry.id}"
        await office.tell(key, workshop, promotion.registrations, write)


async def close_due(office: OfficeAtWork) -> bool:
    """End registration at its deadline, and with it the line."""
    closed = await workshops.close_due(office.tx, office_id=office.id, now=office.now)
    for workshop in closed:
        ended = await workshops.ended_by_time(office.tx, workshop_id=workshop.id, at=office.now)
        waited = [one for one in ended if one.waiting_entry_id is not None]
        key = f"closed:{workshop.id}:{int(office.now.timestamp())}"
        await office.tell(key, workshop, waited, views.line_closed)
    return bool(closed)


async def check_quorums(office: OfficeAtWork) -> bool:
    """Count where registration is over: it takes place, or a manager is asked (KN-16)."""
    decided = await workshops.check_quorums(
        office.tx, office_id=office.id, policy=office.policy, now=office.now
    )
    for workshop in decided:
        registered = await workshops.registrations_in(
            office.tx, workshop_id=workshop.id, states=[RegistrationState.CONFIRMED]
        )
        key, count = f"quorum:{workshop.id}:{int(office.now.timestamp())}", len(registered)
        if workshop.state is WorkshopState.CONFIRMED:
            await office.tell(key, workshop, registered, workshop_news.confirmed)
            alert = workshop_alerts.certain(office.words, workshop, count)
        else:
            alert = workshop_alerts.fell_short(office.words, workshop, count)
        await office.tell_desk(key, workshop, alert)
    return bool(decided)


async def fail_due(office: OfficeAtWork) -> bool:
    """Let workshops fail that nobody saved; each fee is back, and each payer hears of it."""
    failed = await workshops.fail_due(office.tx, office_id=office.id, now=office.now)
    for workshop, credited in failed:
        proofs = {one.id: await _proof(office, one) for one in credited if one.fee_rial}
        ended = await workshops.ended_by_time(office.tx, workshop_id=workshop.id, at=office.now)

        def write(told: Told, proofs: dict[RegistrationId, JournalId] = proofs) -> Reply:
            return workshop_news.failed(told, proofs)

        key = f"failed:{workshop.id}"
        await office.tell(key, workshop, credited, write)
        await office.tell(f"{key}:unpaid", workshop, ended, workshop_news.not_held)
        alert = workshop_alerts.failed(office.words, workshop, len(credited))
        await office.tell_desk(key, workshop, alert)
    return bool(failed)


async def _proof(office: OfficeAtWork, credited: Registration) -> JournalId:
    """Find by which journal a fee went back: the last one about the registration."""
    reference = money.reference_of(credited.id)
    journals = await wallet.journals_about(office.tx, reference=reference, limit=_JOURNALS_MAX)
    return journals[-1].id


async def open_due(office: OfficeAtWork) -> bool:
    """Open registration where its time has come."""
    return bool(await workshops.open_due(office.tx, office_id=office.id, now=office.now))


async def tell_subscribers(office: OfficeAtWork) -> bool:
    """Tell those who wished it of workshops that have opened, some at a time."""
    told = False
    for _batch in range(_BATCHES_MAX):
        found = await workshops.next_to_tell(
            office.tx, office_id=office.id, now=office.now, limit=_AT_ONCE_MAX
        )
        if found is None:
            break
        workshop, wishes = found
        told |= bool(wishes)
        await _tell_of_new(office, workshop, wishes)
    return told


async def _tell_of_new(
    office: OfficeAtWork, workshop: Workshop, wishes: Sequence[Subscription]
) -> None:
    sessions = await office.sessions_of(workshop)
    listing = Listing(workshop, min(one.slot.starts_at for one in sessions))
    people = await citizens.recall_all(office.tx, citizen_ids={wish.citizen_id for wish in wishes})
    messages = []
    for wish in wishes:
        language = people[wish.citizen_id].language or office.desk.default_language
        words = office.desk.words_of(language)
        reply = subscriptions.told(words, office.published, listing, wish)
        messages.append(office.once(notice(int(wish.citizen_id), reply), f"new:{workshop.id}"))
    await outbox.queue(office.tx, f"new:{workshop.id}", messages, office.now)


async def tell_cutoffs(office: OfficeAtWork) -> bool:
    """Remind those who are registered of the last moment to drop or move (KN-27), by day."""
    if not office.is_daytime:
        return False
    near = await workshops.cutoffs_due(office.tx, office_id=office.id, now=office.now)
    for workshop in near:
        registered = await workshops.registrations_in(
            office.tx, workshop_id=workshop.id, states=[RegistrationState.CONFIRMED]
        )
        assert workshop.drop_until is not None
        key = f"cutoff:{workshop.id}:{int(workshop.drop_until.timestamp())}"
        await office.tell(key, workshop, registered, views.cutoff_near)
    return bool(near)
