"""The staff of the trial messenger, seated at every start so that all of it can be tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Role, Staff

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.catalogue.model import Catalogue
    from bot.kit.database import Transaction


@dataclass(frozen=True)
class Cast:
    """People of a trial messenger, each an id and a name, and the group they are in."""

    people: Mapping[Role, tuple[int, str]]
    group_id: int


async def seat(tx: Transaction, cast: Cast, catalogue: Catalogue, now: datetime) -> None:
    """Let the cast work for every office, with their group as its admin chat.

    Who was seated before stays seated. On a real messenger staff come by invitation alone.
    """
    offices = [published.office.id for published in catalogue.offices]
    for office_id in offices:
        for role, (person_id, name) in cast.people.items():
            await citizens.grant(
                tx,
                citizen_id=CitizenId(person_id),
                office_id=office_id,
                role=role,
                name=name,
                now=now,
            )
    for office_id in offices:  # A chat serves several offices for who manages all of them.
        manager_id, name = cast.people[Role.MANAGER]
        actor = Staff(CitizenId(manager_id), office_id, Role.MANAGER, name)
        await citizens.bind_admin_chat(
            tx, office_id=office_id, chat_id=cast.group_id, actor=actor, now=now
        )
