"""Telling the families of a workshop what staff have decided: each once, of all of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import RegistrationState
from bot.workshops.rules import money
from handlers.views.workshops import session_notices, workshop_news, workshop_removal
from handlers.views.workshops import workshop_notices as views
from handlers.views.workshops.paying_fees import drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.wallet.model import JournalId
    from bot.workshops.model import (
        MakeUp,
        Promotion,
        Registration,
        RegistrationId,
        Session,
        WaitingEntry,
        Workshop,
    )
    from handlers.context import DeskContext
    from handlers.reply import Reply
    from handlers.views.workshops.workshop_notices import Told

_JOURNALS_MAX: Final = 10


async def tell(
    context: DeskContext,
    workshop: Workshop,
    registrations: Sequence[Registration],
    write: Callable[[Told], Reply],
    *,
    once: str,
) -> int:
    """Tell everybody, and say how many they are."""
    unit = context.unit
    published = unit.desk.catalogue.published_by(workshop.office_id)
    parties = await workshops.parties(
        unit.tx, registrations=registrations, keyring=unit.desk.keyring
    )
    sessions = await workshops.sessions(unit.tx, workshop_id=workshop.id)
    for party in parties:
        words = unit.desk.words_of(party.language or unit.desk.default_language)
        told = views.Told(words, published, workshop, party, sessions)
        context.tell(int(party.payer_id), write(told), once=once)
    return len(parties)


async def registered_in(context: DeskContext, workshop: Workshop) -> list[Registration]:
    """List who has a confirmed place."""
    return await workshops.registrations_in(
        context.unit.tx, workshop_id=workshop.id, states=[RegistrationState.CONFIRMED]
    )


async def tell_confirmed(context: DeskContext, workshop: Workshop) -> int:
    """Tell everybody that a workshop takes place, although too few came together."""
    people = await registered_in(context, workshop)
    return await tell(
        context, workshop, people, workshop_news.confirmed, once=_key(context, workshop, "quorum")
    )


async def tell_extended(context: DeskContext, workshop: Workshop) -> int:
    """Tell everybody that registration goes on."""
    people = await registered_in(context, workshop)
    return await tell(
        context, workshop, people, workshop_news.extended, once=_key(context, workshop, "extended")
    )


async def tell_failed(
    context: DeskContext, workshop: Workshop, credited: Sequence[Registration]
) -> int:
    """Tell everybody that a workshop is not held, and by which journal each fee is back."""
    proofs = {one.id: await _proof(context, one) for one in credited if one.fee_rial}

    def write(told: Told) -> Reply:
        return workshop_news.failed(told, proofs)

    count = await tell(context, workshop, credited, write, once=f"failed:{workshop.id}")
    await _tell_not_held(context, workshop)
    return count


async def tell_removed(
    context: DeskContext, workshop: Workshop, removed: Registration, reason: str
) -> None:
    """Tell a family that a place was taken away, and by which journal its fee is back."""
    proof = await _proof(context, removed) if removed.fee_rial else None

    def write(told: Told) -> Reply:
        return workshop_removal.notice(told, reason, proof)

    await tell(context, workshop, [removed], write, once=f"removed:{removed.id}")


async def _proof(context: DeskContext, one: Registration) -> JournalId:
    """Find by which journal a fee went back: the last one about the registration."""
    reference = money.reference_of(one.id)
    journals = await wallet.journals_about(
        context.unit.tx, reference=reference, limit=_JOURNALS_MAX
    )
    return journals[-1].id


async def tell_cancelled(
    context: DeskContext, workshop: Workshop, make_ups: Sequence[MakeUp], reason: str
) -> int:
    """Tell everybody that a workshop is cancelled, and what is owed to them (KN-18)."""
    people = await registered_in(context, workshop)

    def write(told: Told) -> Reply:
        return workshop_news.cancelled(told, make_ups, reason)

    count = await tell(context, workshop, people, write, once=f"cancelled:{workshop.id}")
    await _tell_not_held(context, workshop)
    return count


async def _tell_not_held(context: DeskContext, workshop: Workshop) -> None:
    """Tell who had no place yet, or waited for one."""
    unit = context.unit
    ended = await workshops.ended_by_time(unit.tx, workshop_id=workshop.id, at=unit.now)
    once = f"ended:{workshop.id}"
    await tell(context, workshop, ended, workshop_news.not_held, once=once)


async def tell_promoted(
    context: DeskContext, workshop: Workshop, promotions: Sequence[Promotion]
) -> None:
    """Tell those in a line what a freed place became for them."""
    for promotion in promotions:

        def write(told: Told, entry: WaitingEntry = promotion.entry) -> Reply:
            return views.promoted(told, entry, drawn())

        once = f"promoted:{promotion.entry.id}"
        await tell(context, workshop, promotion.registrations, write, once=once)


async def tell_moved(
    context: DeskContext,
    workshop: Workshop,
    sessions: Sequence[Session],
    *,
    before: Sequence[Session],
    reason: str = "",
) -> int:
    """Tell those whom it concerns the new dates of sessions: of a make-up, those it is owed to."""
    old = {one.id: one.slot.starts_at for one in before}
    groups: dict[tuple[RegistrationId, ...], tuple[list[Registration], list[Session]]] = {}
    for session in sessions:
        people = await workshops.participants(context.unit.tx, of=session)
        ids = tuple(one.id for one in people)
        groups.setdefault(ids, (people, []))[1].append(session)
    count = 0
    for people, moved in groups.values():

        def write(told: Told, moved: Sequence[Session] = moved) -> Reply:
            return session_notices.moved(told, moved, old, reason)

        once = f"moved:{moved[0].id}:{moved[0].revision}"
        count += await tell(context, workshop, people, write, once=once)
    return count


def _key(context: DeskContext, workshop: Workshop, what: str) -> str:
    return f"{what}:{workshop.id}:{int(context.unit.now.timestamp())}"
