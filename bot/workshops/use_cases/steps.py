"""How anything takes a step: from the state in which it was read, with a line in its history."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

from bot.citizens import use_cases as citizens
from bot.kit.savepoints import whole as kit_whole
from bot.workshops.errors import NoSuchRegistration, NoSuchWorkshop, StepRefused
from bot.workshops.model import (
    By,
    Entity,
    Event,
    MakeUp,
    Registration,
    Session,
    WaitingEntry,
    Workshop,
)
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
    from collections.abc import Awaitable, Callable, Collection, Mapping
    from enum import StrEnum

    from bot.kit.database import Transaction
    from bot.workshops.model import Actor, Deed, RegistrationId, WorkshopId
    from bot.workshops.rules.states import Machine

P = ParamSpec("P")
Result = TypeVar("Result")
Thing = TypeVar("Thing", bound=Workshop | Session | Registration | WaitingEntry | MakeUp)

_KINDS: Final[
    Mapping[type, tuple[Machine[Any, Any], Callable[[Transaction], Callable[..., Any]]]]
] = {
    Workshop: (states.WORKSHOP, lambda tx: WorkshopRepository(tx).change),
    Session: (states.SESSION, lambda tx: SessionRepository(tx).change),
    Registration: (states.REGISTRATION, lambda tx: RegistrationRepository(tx).change),
    WaitingEntry: (states.WAITING, lambda tx: WaitingRepository(tx).change),
    MakeUp: (states.MAKE_UP, lambda tx: SessionRepository(tx).change_make_up),
}


def whole(
    unit: Callable[Concatenate[Transaction, P], Awaitable[Result]],
) -> Callable[Concatenate[Transaction, P], Awaitable[Result]]:
    """Let a unit happen whole or not at all, whatever its caller does about a refusal."""

    @wraps(unit)
    async def wrapped(tx: Transaction, /, *args: P.args, **kwargs: P.kwargs) -> Result:
        async with kit_whole(tx):
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
    workshops = await WorkshopRepository(tx).lock_of(ids)
    found = await RegistrationRepository(tx).find_all(ids)
    if len(workshops) != 1 or len(found) != len(set(ids)) or not is_theirs(workshops[0], actor):
        raise NoSuchRegistration
    if actor.by is By.CITIZEN and any(one.payer_id != actor.id for one in found):
        raise NoSuchRegistration
    return workshops[0], found


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
    """Add a line to the history, and what staff did themselves to the audit of their office."""
    actor = deed.actor.name
    event = Event(workshop_id, *about, act, *between, actor, deed.at, deed.reason, deed.key)
    await EventRepository(tx).add(event)
    if deed.actor.member is None or deed.is_consequence:
        return
    entity, id_ = about
    said = [] if entity is Entity.WORKSHOP else [f"#{id_}"]
    await citizens.record(
        tx,
        actor=deed.actor.member,
        action=f"{entity}.{act}",
        subject=f"workshop:{workshop_id}",
        note=" ".join([*said, deed.reason or ""]).strip() or None,
        between=between,
        now=deed.at,
    )


async def move(
    tx: Transaction,
    old: Thing,
    act: StrEnum,
    deed: Deed,
    **values: Any,  # noqa: ANN401 - any column of what moves
) -> Thing:
    """Let anything take a step of its own machine. Raises StepRefused and NotTheirStep."""
    machine, change_in = _KINDS[type(old)]
    to = machine.after(old.state, act, deed.actor)
    changed: Thing | None = await change_in(tx)(old, state=to, **values)
    if changed is None:
        raise StepRefused(machine.entity, old.state, act)
    workshop_id = old.id if isinstance(old, Workshop) else old.workshop_id
    await note(tx, workshop_id, (machine.entity, old.id), act, (old.state, to), deed=deed)
    return changed
