"""Workshops that run at the desk of Kanoon, with families who are told of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.catalogue.model import WorkshopPolicy
from bot.citizens.model import CitizenId
from bot.workshops import use_cases as workshops
from bot.workshops.model import (
    MakeUp,
    Registration,
    Session,
    Workshop,
    WorkshopId,
    WorkshopState,
)
from handlers.jobs.workshops import run_workshops
from tests.handlers.registering_support import (
    MINA_ID,
    REZA_ID,
    SARA_ID,
    given_learner,
    given_workshop,
)
from tests.handlers.support import DeskUnderTest, Said, faults_of, plain
from tests.workshops import given
from tests.workshops.support import CLOSES, OFFICE

GROUP_ID = -1001
NAMES = {SARA_ID: "بهارک", REZA_ID: "پیروز", MINA_ID: "ژینوس"}


async def joined(
    desk: DeskUnderTest, workshop: Workshop, person_id: int, name: str | None = None
) -> Registration:
    """Somebody's child with a confirmed place."""
    child = await given_learner(desk, person_id, name or NAMES[person_id])
    async with desk.database.transaction() as tx:
        (one,) = await given.confirmed(
            tx, workshop, child, payer_id=CitizenId(person_id), now=desk.now
        )
    return one


async def given_certain(
    desk: DeskUnderTest, **wanted: Any
) -> tuple[Workshop, Registration, Registration]:
    """A workshop that takes place, with the children of Sara and of Reza."""
    opened = await given_workshop(desk, **wanted)
    sara, reza = await joined(desk, opened, SARA_ID), await joined(desk, opened, REZA_ID)
    desk.now = CLOSES
    await turn(desk)
    found = await workshop_of(desk, opened.id)
    assert found.state is WorkshopState.CONFIRMED
    return found, sara, reza


async def turn(desk: DeskUnderTest) -> list[Said]:
    """Let the clock look after the workshops, and see that none of what it says is broken."""
    said = await desk.round(run_workshops)
    for one in said:
        assert not faults_of(one), one.text
    return said


def to(said: Sequence[Said], chat_id: int) -> list[str]:
    return [plain(one.text) for one in said if one.chat_id == chat_id]


def chats(said: Sequence[Said]) -> list[int]:
    return sorted(one.chat_id for one in said)


async def workshop_of(desk: DeskUnderTest, workshop_id: WorkshopId) -> Workshop:
    async with desk.database.reading() as tx:
        return await given.found(tx, workshop_id)


async def sessions_of(desk: DeskUnderTest, workshop: Workshop) -> list[Session]:
    async with desk.database.reading() as tx:
        return await workshops.sessions(tx, workshop_id=workshop.id)


async def make_ups_of(desk: DeskUnderTest, workshop: Workshop) -> list[MakeUp]:
    async with desk.database.reading() as tx:
        return await workshops.make_ups(tx, workshop_id=workshop.id)


def names_in(said: Sequence[Said], chat_id: int) -> list[str]:
    """The names of children, and the numbers of people, that a chat was told."""
    text = "\n".join(to(said, chat_id))
    return [name for name in (*NAMES.values(), *map(str, NAMES)) if name in text]


def decide(desk: DeskUnderTest, **decided: int) -> None:
    """Let Kanoon decide, as its desk.yaml would."""
    catalogue = desk.shared.catalogue
    policy = WorkshopPolicy(**decided)
    desk.shared.catalogue = replace(
        catalogue,
        offices=tuple(
            replace(one, desk=one.desk.model_copy(update={"workshops": policy}))
            if one.office.id == OFFICE
            else one
            for one in catalogue.offices
        ),
    )
