"""How anything takes a step: from the state in which it was read, with a line in its history."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from bot.workshops.errors import NoSuchRegistration, NoSuchWorkshop, StepRefused
from bot.workshops.model import By, Entity, Event
from bot.workshops.repository import (
    EventRepository,
    RegistrationRepository,
    SessionRepository,
    WaitingRepository,
    WorkshopRepository,
)
from bot.workshops.rules import states
from bot.workshops.rules.registering import is_visible

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from bot.kit.database import Transaction
    from bot.workshops.model import (
        Actor,
        Deed,
        MakeUp,
        MakeUpAct,
        Registration,
        RegistrationAct,
        RegistrationId,
        Session,
        SessionAct,
        WaitingAct,
        WaitingEntry,
        Workshop,
        WorkshopAct,
        WorkshopId,
    )

P = ParamSpec("P")
Result = TypeVar("Result")


def whole(
    unit: Callable[Concatenate[Transaction, P], Awaitable[Result]],
) -> Callable[Concatenate[Transaction, P], Awaitable[Result]]:
    """Let a unit happen whole or not at all, whatever its caller does about a refusal."""

    @wraps(unit)
    async def wrapped(tx: Transaction, /, *args: P.args, **kwargs: P.kwargs) -> Result:
        async with tx.begin_nested():
            return await unit(tx, *args, **kwargs)

    return wrapped


async def locked(tx: Transaction, workshop_id: WorkshopId, actor: Actor) -> Workshop:
    """Find a workshop that somebody may act on, and keep others from changing it meanwhile.

    Raises NoSuchWorkshop, also for one of another office and for a draft that a citizen names.
    """
    found = (await WorkshopRepository(tx).lock([workshop_id])).get(workshop_id)
    if found is None or not is_theirs(found, actor):
        raise NoSuchWorkshop
    return found


def is_theirs(workshop: Workshop, actor: Actor) -> bool:
    """True where somebody may know of a workshop: staff of the office, others once it is shown."""
    if actor.is_staff:
        return workshop.office_id == actor.office_id
    return actor.by is By.CLOCK or is_visible(workshop)


async def with_registrations(
    tx: Transaction, ids: Collection[RegistrationId], actor: Actor
) -> tuple[Workshop, list[Registration]]:
    """Find registrations of one workshop that somebody may act on, and lock the workshop.

    Raises NoSuchRegistration, the same for none and for somebody else's.
    """
    registrations = RegistrationRepository(tx)
    found = await registrations.find_all(ids)
    workshops = {one.workshop_id for one in found}
    if not found or len(found) != len(set(ids)) or len(workshops) != 1:
        raise NoSuchRegistration
    if actor.by is By.CITIZEN and any(one.payer_id != actor.id for one in found):
        raise NoSuchRegistration
    try:
        workshop = await locked(tx, workshops.pop(), actor)
    except NoSuchWorkshop:
        raise NoSuchRegistration from None
    return workshop, await registrations.find_all(ids)


async def is_done(tx: Transaction, key: str | None) -> bool:
    """True where the same request came before."""
    return key is not None and await EventRepository(tx).by_key(key) is not None


async def note(
    tx: Transaction,
    workshop_id: WorkshopId,
    about: tuple[Entity, int],
    act: str,
    between: tuple[str | None, str],
    *,
    deed: Deed,
) -> None:
    """Add a line to the history."""
    actor = deed.actor.name
    event = Event(workshop_id, *about, act, *between, actor, deed.at, deed.reason, deed.key)
    await EventRepository(tx).add(event)


async def move_workshop(
    tx: Transaction,
    old: Workshop,
    act: WorkshopAct,
    deed: Deed,
    **values: Any,  # noqa: ANN401 - any column of a workshop
) -> Workshop:
    """Let a workshop take a step. Raises StepRefused and NotTheirStep."""
    to = states.WORKSHOP.after(old.state, act, deed.actor)
    changed = await WorkshopRepository(tx).change(old, state=to, **values)
    if changed is None:
        raise StepRefused(Entity.WORKSHOP, old.state, act)
    await note(tx, old.id, (Entity.WORKSHOP, old.id), act, (old.state, to), deed=deed)
    return changed


async def move_session(
    tx: Transaction,
    old: Session,
    act: SessionAct,
    deed: Deed,
    **values: Any,  # noqa: ANN401 - any column of a session
) -> Session:
    """Let a session take a step. Raises StepRefused and NotTheirStep."""
    to = states.SESSION.after(old.state, act, deed.actor)
    changed = await SessionRepository(tx).change(old, state=to, **values)
    if changed is None:
        raise StepRefused(Entity.SESSION, old.state, act)
    await note(tx, old.workshop_id, (Entity.SESSION, old.id), act, (old.state, to), deed=deed)
    return changed


async def move_registration(
    tx: Transaction,
    old: Registration,
    act: RegistrationAct,
    deed: Deed,
    **values: Any,  # noqa: ANN401 - any column of a registration
) -> Registration:
    """Let a registration take a step. Raises StepRefused and NotTheirStep."""
    to = states.REGISTRATION.after(old.state, act, deed.actor)
    changed = await RegistrationRepository(tx).change(old, state=to, **values)
    if changed is None:
        raise StepRefused(Entity.REGISTRATION, old.state, act)
    about = (Entity.REGISTRATION, old.id)
    await note(tx, old.workshop_id, about, act, (old.state, to), deed=deed)
    return changed


async def move_entry(
    tx: Transaction,
    old: WaitingEntry,
    act: WaitingAct,
    deed: Deed,
    **values: Any,  # noqa: ANN401 - any column of a turn
) -> WaitingEntry:
    """Let a turn in a line take a step. Raises StepRefused and NotTheirStep."""
    to = states.WAITING.after(old.state, act, deed.actor)
    changed = await WaitingRepository(tx).change(old, state=to, **values)
    if changed is None:
        raise StepRefused(Entity.WAITING_ENTRY, old.state, act)
    about = (Entity.WAITING_ENTRY, old.id)
    await note(tx, old.workshop_id, about, act, (old.state, to), deed=deed)
    return changed


async def move_make_up(
    tx: Transaction,
    old: MakeUp,
    act: MakeUpAct,
    deed: Deed,
    **values: Any,  # noqa: ANN401 - any column of a make-up
) -> MakeUp:
    """Let what is owed take a step. Raises StepRefused and NotTheirStep."""
    to = states.MAKE_UP.after(old.state, act, deed.actor)
    changed = await SessionRepository(tx).change_make_up(old, state=to, **values)
    if changed is None:
        raise StepRefused(Entity.MAKE_UP, old.state, act)
    await note(tx, old.workshop_id, (Entity.MAKE_UP, old.id), act, (old.state, to), deed=deed)
    return changed
