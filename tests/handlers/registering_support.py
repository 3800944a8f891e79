"""Citizens who register their children, and the workshops for which they do."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Learner
from bot.wallet.model import Balance
from bot.workshops import use_cases as workshops
from bot.workshops.model import Registration, RegistrationState, Workshop
from tests.handlers.support import NOW, DeskUnderTest, Said, Visitor, faults_of
from tests.workshops import given
from tests.workshops.support import OFFICER, OPENS

SARA_ID, REZA_ID, MINA_ID = 771_234_561, 771_234_562, 771_234_563
BORN = date(2016, 5, 4)
CHILD = "بهارک"


def sound(said: Sequence[Said]) -> Said:
    """The last thing said; see that none of it is broken."""
    assert said
    assert not [fault for one in said for fault in faults_of(one)]
    return said[-1]


async def tap(person: Visitor, said: Said, prefix: str, *parts: str) -> Said:
    """Press the first button with this prefix that carries all these parts."""
    found = [
        data
        for data in said.presses
        if data.split(":")[0] == prefix and set(parts) <= set(data.split(":"))
    ]
    assert found, (prefix, parts, said.presses)
    return sound(await person.press_data(found[0], message_id=said.message_id or 77))


async def press(person: Visitor, data: str) -> Said:
    return sound(await person.press_data(data))


def data_of(said: Said, prefix: str) -> str:
    """What the first button with this prefix carries."""
    return next(data for data in said.presses if data.split(":")[0] == prefix)


def offers(said: Said, prefix: str) -> bool:
    return any(data.split(":")[0] == prefix for data in said.presses)


async def given_workshop(desk: DeskUnderTest, **wanted: Any) -> Workshop:
    """An open workshop of Kanoon, at the moment at which its registration began."""
    if desk.now == NOW:
        desk.now = OPENS
    async with desk.database.transaction() as tx:
        return await given.given_open(tx, **wanted)


async def given_learner(
    desk: DeskUnderTest,
    person_id: int = SARA_ID,
    name: str = CHILD,
    born_on: date = BORN,
    *,
    is_self: bool = False,
) -> Learner:
    async with desk.database.transaction() as tx:
        return await citizens.add_learner(
            tx,
            guardian_id=CitizenId(person_id),
            given_name=name,
            born_on=born_on,
            is_self=is_self,
            keyring=desk.shared.keyring,
            now=desk.now,
        )


async def given_money(
    desk: DeskUnderTest, person_id: int = SARA_ID, cash: int = 0, **more: Any
) -> None:
    async with desk.database.transaction() as tx:
        await given.given_money(tx, cash, CitizenId(person_id), **more)


async def balance_of(desk: DeskUnderTest, person_id: int = SARA_ID) -> Balance:
    async with desk.database.reading() as tx:
        return await given.balance(tx, CitizenId(person_id))


async def registrations(desk: DeskUnderTest, person_id: int = SARA_ID) -> list[Registration]:
    """What somebody registered, the oldest first."""
    async with desk.database.reading() as tx:
        found = await workshops.registrations_of(tx, payer_id=CitizenId(person_id), limit=100)
    return found[::-1]


async def states(desk: DeskUnderTest, person_id: int = SARA_ID) -> list[RegistrationState]:
    return [one.state for one in await registrations(desk, person_id)]


async def up_to_terms(person: Visitor, workshop: Workshop, *learners: Learner) -> Said:
    """Choose who takes part."""
    await press(person, f"wr:{workshop.id}")
    ids = "-".join(str(one.id) for one in learners)
    return await press(person, f"wrl:{workshop.id}:{ids}")


async def up_to_place(person: Visitor, workshop: Workshop, *learners: Learner) -> Said:
    """Accept the terms."""
    return await tap(person, await up_to_terms(person, workshop, *learners), "wra")


async def registered(
    desk: DeskUnderTest,
    workshop: Workshop,
    person_id: int = SARA_ID,
    learner: Learner | None = None,
) -> tuple[Visitor, Said]:
    """Go all the way to the receipt, with just enough money."""
    person = desk.person(person_id)
    who = learner or await given_learner(desk, person_id)
    await given_money(desk, person_id, workshop.fee_rial)
    page = await up_to_place(person, workshop, who)
    if workshop.fee_rial:
        page = await tap(person, page, "wrp")
    return person, page


async def change_terms(desk: DeskUnderTest, workshop: Workshop, text: str) -> None:
    async with desk.database.transaction() as tx:
        await workshops.set_terms(
            tx, workshop_id=workshop.id, text=text, actor=OFFICER, now=desk.now
        )
