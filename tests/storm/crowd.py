"""A crowd that wants a few places: everybody at once, some with brothers and sisters.

A person does what the chat lets people do, one thing after the other, each in a transaction of its
own: begin and accept the terms, take places or join the line, pay. Some hesitate: they drop what
they paid for, or move to the other workshop. Whoever is asked in the line takes the place or not.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import DBAPIError

from bot.citizens.model import CitizenId
from bot.kit.database import Database, Transaction, is_busy
from bot.kit.errors import DeskError
from bot.wallet.errors import InsufficientFunds
from bot.workshops import use_cases as workshops
from bot.workshops.errors import PlacesFree, PlacesTaken
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    Registration,
    RegistrationId,
    RegistrationState,
    Workshop,
)
from tests.workshops.given import begun, family, given_money, given_open
from tests.workshops.support import CALENDAR, FEE, OPENS

OTHER_DATES = ("1405/08/24 17:00", "1405/09/01 17:00", "1405/09/08 17:00", "1405/09/15 17:00")
_FIRST = 1_000  # the number of the first person; learners are counted from ten times theirs
_AT_ONCE = 8  # fewer than a process has connections
_COMES_AGAIN = 40  # as an update does whose transaction was in somebody's way


@dataclass(frozen=True)
class Person:
    """Somebody, whom they register, what they have, and what they do when asked in the line."""

    id: CitizenId
    size: int
    means_rial: int
    is_auto_accept: bool
    takes_offers: bool


def crowd(seed: int, count: int) -> list[Person]:
    """Think of so many people; the same seed gives the same crowd to every process."""
    chance = random.Random(seed)
    people = []
    for number in range(count):
        size = chance.choices([1, 2, 3], weights=[85, 10, 5])[0]
        is_poor = chance.random() < 0.08
        people.append(
            Person(
                CitizenId(_FIRST + number),
                size,
                FEE * size - (1 if is_poor else 0),
                is_auto_accept=chance.random() < 0.6,
                takes_offers=chance.random() < 0.7,
            )
        )
    return people


async def open_doors(
    database: Database, people: Sequence[Person], *, places: int, elsewhere: int
) -> list[Workshop]:
    """Open two workshops, and give everybody their money."""
    async with database.transaction() as tx:
        wanted = await given_open(tx, places=places, quorum=1)
        other = await given_open(tx, OTHER_DATES, places=elsewhere, quorum=1, title="خوشنویسی")
        for person in people:
            await given_money(tx, person.means_rial, person.id)
    return [wanted, other]


@dataclass
class Rush:
    """One process of the desk, with the people who came to it."""

    database: Database
    people: list[Person]
    opened: list[Workshop]
    changes: int
    chance: random.Random
    answers: Counter[str] = field(default_factory=Counter)

    async def let_in(self) -> None:
        """Let everybody register, while others change their minds."""
        steps: list[Callable[[], Awaitable[None]]] = [
            lambda one=person: self._register(one)  # type: ignore[misc]
            for person in self.chance.sample(self.people, len(self.people))
        ]
        for _ in range(self.changes):  # Not among the first, before whom nobody has a place.
            steps.insert(self.chance.randrange(len(steps) // 5, len(steps) + 1), self._change_mind)
        await self._all_at_once(steps)

    async def answer(self) -> Counter[str]:
        """Let those who were offered places take them or not; count what everybody met."""
        for _ in range(3):
            asked = await self._asked()
            await self._all_at_once([lambda one=person: self._answer(one) for person in asked])  # type: ignore[misc]
        return self.answers

    async def _all_at_once(self, steps: Sequence[Callable[[], Awaitable[None]]]) -> None:
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(step: Callable[[], Awaitable[None]]) -> None:
            async with gate:
                await step()

        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(one(step))

    async def _register(self, person: Person) -> None:
        wanted = self.opened[0]
        learners = family(person.size, person.id, first=10 * person.id)
        ids = await self._do(lambda tx: begun(tx, wanted, *learners, payer_id=person.id))
        words: dict[str, Any] = {"registration_ids": ids, "payer_id": person.id, "now": OPENS}
        for _ in range(_COMES_AGAIN):
            try:
                await self._do(
                    lambda tx: workshops.take_places(tx, policy=DEFAULT_POLICY, **words)
                )
            except PlacesTaken:
                pass
            else:
                await self._pay(person, ids, "paid")
                return
            try:
                await self._do(
                    lambda tx: workshops.join_line(
                        tx,
                        policy=DEFAULT_POLICY,
                        **words,
                        is_auto_accept=person.is_auto_accept,
                    )
                )
            except PlacesFree:
                continue
            self.answers["waits"] += 1
            return

    async def _pay(self, person: Person, ids: Sequence[RegistrationId], answer: str) -> None:
        """Pay; who cannot gives the place up, and comes no more."""
        key = f"rush:{ids[0]}"
        try:
            await self._do(
                lambda tx: workshops.confirm(
                    tx, registration_ids=ids, payer_id=person.id, now=OPENS, key=key
                )
            )
        except InsufficientFunds:
            self.answers["lacks money"] += 1
            await self._try(lambda tx: self._give_up(tx, person))
        except DeskError as refusal:
            self.answers[type(refusal).__name__] += 1
        else:
            self.answers[answer] += 1

    async def _give_up(self, tx: Transaction, person: Person) -> None:
        actor = Actor.citizen(person.id)
        for one in await self._active(tx, person):
            if one.state is not RegistrationState.HELD:
                continue
            turn = await workshops.turn_of(tx, registration=one)
            if turn is not None:
                await workshops.decline_offer(
                    tx,
                    entry_id=turn.id,
                    actor=actor,
                    calendar=CALENDAR,
                    policy=DEFAULT_POLICY,
                    now=OPENS,
                )
                return
            await workshops.abandon(
                tx,
                registration_id=one.id,
                actor=actor,
                calendar=CALENDAR,
                policy=DEFAULT_POLICY,
                now=OPENS,
            )

    async def _change_mind(self) -> None:
        """Let somebody drop a place or move it, or leave the line if nobody here has one."""
        dice = self.chance.random()
        left = await self._try(lambda tx: self._left(tx, dice))
        if left is not None:
            self.answers[left] += 1

    async def _left(self, tx: Transaction, dice: float) -> str:
        ours = {person.id: person for person in self.people}
        words: dict[str, Any] = {"calendar": CALENDAR, "now": OPENS}
        wanted = self.opened[0]
        paid = [
            one
            for one in await workshops.registrations_in(
                tx, workshop_id=wanted.id, states=[RegistrationState.CONFIRMED]
            )
            if one.payer_id in ours
        ]
        if not paid or dice < 0.2:
            line = await workshops.waiting_line(tx, workshop_id=wanted.id)
            turns = [turn for turn in line if turn.payer_id in ours]
            if not turns:
                return "had nothing to change"
            turn = turns[int(dice * 1_000) % len(turns)]
            actor = Actor.citizen(turn.payer_id)
            await workshops.leave_line(
                tx, entry_id=turn.id, actor=actor, policy=DEFAULT_POLICY, **words
            )
            return "left the line"
        chosen = paid[int(dice * 1_000) % len(paid)]
        person = ours[chosen.payer_id]
        words["actor"] = Actor.citizen(person.id)
        if dice < 0.6:
            await workshops.drop(tx, registration_id=chosen.id, policy=DEFAULT_POLICY, **words)
            return "dropped"
        learners = family(person.size, person.id, first=10 * person.id)
        learner = next(one for one in learners if one.id == chosen.learner_id)
        (target,) = await begun(tx, self.opened[1], learner, payer_id=person.id)
        await workshops.move(
            tx,
            registration_id=chosen.id,
            to_registration_id=target,
            policy=DEFAULT_POLICY,
            **words,
        )
        return "moved"

    async def _asked(self) -> list[Person]:
        """List who has places that they were offered and have not paid for."""
        async with self.database.reading() as tx:
            held = await workshops.registrations_in(
                tx, workshop_id=self.opened[0].id, states=[RegistrationState.HELD]
            )
        payers = {one.payer_id for one in held}
        return [person for person in self.people if person.id in payers]

    async def _answer(self, person: Person) -> None:
        async with self.database.reading() as tx:
            offered = [
                one
                for one in await self._active(tx, person)
                if one.state is RegistrationState.HELD
            ]
        if not offered:
            return
        if person.takes_offers:
            await self._pay(person, [one.id for one in offered], "took the offer")
        else:
            await self._try(lambda tx: self._give_up(tx, person))
            self.answers["declined"] += 1

    @staticmethod
    async def _active(tx: Transaction, person: Person) -> list[Registration]:
        found = await workshops.registrations_of(tx, payer_id=person.id, limit=20)
        return [one for one in found if one.is_active]

    async def _try(self, unit: Callable[[Transaction], Awaitable[Any]]) -> Any:
        """Do something that may have become impossible meanwhile; refusals are counted."""
        try:
            return await self._do(unit)
        except DeskError as refusal:
            self.answers[type(refusal).__name__] += 1

    async def _do(self, unit: Callable[[Transaction], Awaitable[Any]]) -> Any:
        """Do something in a transaction, and come again where others were in the way."""
        for _ in range(_COMES_AGAIN):
            try:
                return await self.database.attempt(unit)
            except DBAPIError as error:
                if not is_busy(error):
                    raise
                self.answers["came again"] += 1
        raise AssertionError
