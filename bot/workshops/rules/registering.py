"""Who can register, for which places, and who of those who wait comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens.rules import age_on
from bot.kit.jalali import tehran_day
from bot.workshops.errors import (
    AgeOutside,
    GroupUnfit,
    MoveToItself,
    NotGuardian,
    NotYetLate,
    OfferOver,
    PlacesFree,
    PlacesTaken,
    RegistrationNotOpen,
    TermsNotAccepted,
    TooLateToDrop,
)
from bot.workshops.model import (
    RegistrationState,
    SessionState,
    Standing,
    WaitingState,
    WorkshopState,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from bot.citizens.model import CitizenId, Learner
    from bot.workshops.model import (
        Consent,
        Details,
        Policy,
        Registration,
        Session,
        Terms,
        WaitingEntry,
        Workshop,
    )

# Where a place that is held can be paid for: the deadline may pass while the money is on its way.
_PAID_IN = frozenset(
    {
        WorkshopState.OPEN,
        WorkshopState.PAUSED,
        WorkshopState.CLOSED,
        WorkshopState.CONFIRMED,
    }
)


def ensure_open(workshop: Workshop, now: datetime) -> None:
    """Refuse a registration before the opening, from the deadline on, and during a pause."""
    is_in_time = (
        workshop.state is WorkshopState.OPEN and workshop.opens_at <= now < workshop.closes_at
    )
    if not is_in_time:
        raise RegistrationNotOpen(workshop.state, workshop.opens_at, workshop.closes_at)


def is_visible(workshop: Workshop) -> bool:
    """True for what citizens may see."""
    return workshop.state not in (WorkshopState.DRAFT, WorkshopState.DELETED)


def ensure_age(details: Details, learner: Learner, first_on: date) -> None:
    """Refuse a learner who is too young or too old on the first day of the workshop."""
    if not fits_age(details, learner.born_on, first_on):
        age = age_on(learner.born_on, first_on)
        raise AgeOutside(age, details.age_min, details.age_max)


def fits_age(details: Details, born_on: date, first_on: date) -> bool:
    """True for whoever is neither too young nor too old on the first day of the workshop."""
    age = age_on(born_on, first_on)
    is_young = details.age_min is not None and age < details.age_min
    is_old = details.age_max is not None and age > details.age_max
    return not (is_young or is_old)


def ensure_guardian(learner: Learner, payer_id: CitizenId) -> None:
    """Refuse to register a learner who is in somebody else's care."""
    if learner.guardian_id != payer_id:
        raise NotGuardian


def ensure_group(learners: Sequence[object], policy: Policy) -> None:
    """Refuse nobody, somebody twice, and more than can be registered together."""
    if not 0 < len(set(learners)) == len(learners) <= policy.group_max:
        raise GroupUnfit(policy.group_max)


def ensure_consented(consent: Consent | None, terms: Terms) -> None:
    """Refuse a place before the terms that hold now were accepted, word for word (KN-23)."""
    if (
        consent is None
        or consent.terms_version != terms.version
        or consent.terms_sha256 != terms.sha256
    ):
        raise TermsNotAccepted(terms.version)


def has_room(workshop: Workshop, waiting_count: int, size: int) -> bool:
    """True where newcomers get places: enough are free, and nobody waits for them."""
    assert size > 0
    return not waiting_count and size <= workshop.free_count


def ensure_room(workshop: Workshop, waiting_count: int, size: int) -> None:
    """Refuse places that are not free, or for which others wait."""
    if not has_room(workshop, waiting_count, size):
        raise PlacesTaken(workshop.free_count, waiting_count)


def ensure_full(workshop: Workshop, waiting_count: int, size: int) -> None:
    """Refuse to let somebody wait for what they could have at once."""
    if has_room(workshop, waiting_count, size):
        raise PlacesFree(workshop.free_count)


def clash(
    sessions: Iterable[Session], others: Iterable[Session]
) -> tuple[Session, Session] | None:
    """Find the first session that overlaps one of the others; those that are over do not."""
    elsewhere = [session for session in others if _takes_time(session)]
    for session in sorted(sessions, key=lambda one: one.slot.starts_at):
        for other in elsewhere:
            if _takes_time(session) and session.slot.overlaps(other.slot):
                return session, other
    return None


def first_in_line(line: Sequence[WaitingEntry]) -> WaitingEntry | None:
    """Say whose turn it is: the first who waits without an offer; nobody overtakes."""
    return next((entry for entry in line if entry.state is WaitingState.WAITING), None)


def next_in_line(line: Sequence[WaitingEntry], free_count: int) -> WaitingEntry | None:
    """Say who is promoted next: the first in line, if there is room for all of them."""
    first = first_in_line(line)
    return first if first is not None and first.size <= free_count else None


def can_promote(workshop: Workshop, now: datetime) -> bool:
    """True while a freed place goes to the line: a pause keeps newcomers out, not those in it."""
    is_going_on = workshop.state in (WorkshopState.OPEN, WorkshopState.PAUSED)
    return is_going_on and now < workshop.closes_at


def standing(line: Sequence[WaitingEntry], entry: WaitingEntry, workshop: Workshop) -> Standing:
    """Say where somebody stands in line, and what comes before them."""
    before = [one for one in line if one.state is WaitingState.WAITING and one.id < entry.id]
    places_before = sum(one.size for one in before)
    return Standing(len(before) + 1, places_before, workshop.free_count, entry.size)


def ensure_payable(workshop: Workshop, registration: Registration, now: datetime) -> None:
    """Refuse to pay for a place that was given on, or in a workshop that will not take place."""
    assert registration.state is RegistrationState.HELD
    assert registration.expires_at is not None
    if now >= registration.expires_at:
        raise OfferOver(registration.expires_at)
    if workshop.state not in _PAID_IN:
        raise RegistrationNotOpen(workshop.state, workshop.opens_at, workshop.closes_at)


def ensure_droppable(workshop: Workshop, now: datetime) -> None:
    """Refuse to drop or change a place from the cutoff on (KN-27)."""
    assert workshop.drop_until is not None
    if now >= workshop.drop_until:
        raise TooLateToDrop(workshop.drop_until)


def ensure_late(workshop: Workshop, now: datetime) -> None:
    """Refuse to give up for nothing what can still be dropped for its fee."""
    assert workshop.drop_until is not None
    if now < workshop.drop_until:
        raise NotYetLate(workshop.drop_until)


def ensure_movable(
    old: Registration, new: Registration, from_: Workshop, to: Workshop, now: datetime
) -> None:
    """Refuse a move to the same workshop, of another learner, or too late for either."""
    is_same = old.learner_id == new.learner_id and old.payer_id == new.payer_id
    if from_.id == to.id or from_.office_id != to.office_id or not is_same:
        raise MoveToItself
    ensure_droppable(from_, now)
    ensure_open(to, now)


def first_day(sessions: Sequence[Session]) -> date:
    """Say on which day a workshop begins; ages are counted on it."""
    assert sessions
    return tehran_day(min(session.slot.starts_at for session in sessions))


def _takes_time(session: Session) -> bool:
    return session.state in (SessionState.PLANNED, SessionState.LIVE)
