"""A morning at the desk, the same every time: what faults of every kind happen to."""

from dataclasses import dataclass
from datetime import timedelta

from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Learner
from bot.simulator.actions import press_old
from bot.workshops.model import Workshop
from tests.day_support import Message, World, about, buttons, code_of
from tests.faults.oracle import faults_of
from tests.keys_support import KEYS
from tests.workshops import given
from tests.workshops.support import FEE, OPENS

MORNING = OPENS + timedelta(days=1, hours=2)
PLACES = 2
PAID_IN = 5_000_000


@dataclass
class Morning:
    """Sara, an officer and a workshop that has room for two."""

    world: World
    workshop: Workshop
    learner: Learner
    last_before: int  # the number of the last update before all this

    def push(self, person: str, message_id: int, data: str, chat: int | None = None) -> None:
        """Press a button, also one that was never drawn or is long gone."""
        people = self.world.simulator.world
        somebody = people.person(person)
        where = people.chats[somebody.id if chat is None else chat]
        press_old(people, somebody, where, where.messages[message_id], data)

    async def tap(self, message: Message, data: str) -> Message:
        self.push("sara", message["message_id"], data)
        await self.world.settled()
        return self.world.person("sara").heard[-1]

    async def case(self) -> None:
        """Tell something, and be answered."""
        sara, group = self.world.person("sara"), self.world.group
        code = code_of(await sara.tells("complaint", "گواهی کارگاه نیامده است."))
        card = about(self.world.heard[group], code, "d")
        officer = self.world.person("officer", group)
        await officer.says("فردا صادر می‌شود.", reply_to=card)

    async def pay_in(self) -> None:
        """Pay money into the wallet, by a bill in the chat."""
        sara = self.world.person("sara")
        (page,) = await sara.says("/topup")
        (page,) = await sara.presses(page, "w", "invoice")
        *_said, bill = await sara.presses(page, "m", str(PAID_IN))
        assert await self.world.simulator.pay("sara", bill["message_id"]) == ""
        await self.world.settled()

    async def register(self) -> Message:
        """Take a place and pay for it; gives the receipt."""
        (page,) = await self.world.person("sara").says("/workshops")
        for data in self.steps:
            page = await self.tap(page, data)
        for prefix in ("wra", "wrp"):
            page = await self.tap(page, _with(page, prefix))
        return page

    @property
    def steps(self) -> tuple[str, str]:
        return f"wr:{self.workshop.id}", f"wrl:{self.workshop.id}:{self.learner.id}"

    async def drop(self) -> None:
        """Give the place back, and have the fee again."""
        (page,) = await self.world.person("sara").says("/workshops")
        asked = await self.tap(page, "wmd:1:")
        await self.tap(asked, _with(asked, "wmd"))

    async def whole(self) -> None:
        await self.case()
        await self.pay_in()
        await self.register()
        await self.drop()

    async def faults(self, log: str = "") -> list[str]:
        world = self.world
        return await faults_of(
            world.window,
            world.simulator,
            world.shared.catalogue,
            pushed=set(range(self.last_before + 1, world.simulator.last_update_id + 1)),
            log=log,
        )


def _with(message: Message, prefix: str) -> str:
    found = [data for data in buttons(message) if data.split(":")[0] == prefix]
    assert found, (prefix, message)
    return found[0]


async def begin(world: World) -> Morning:
    """Open a workshop, with a child who may take part and the money for it."""
    last_before = world.simulator.last_update_id
    sara = CitizenId(world.person("sara").id)
    async with world.database.transaction() as tx:
        workshop = await given.given_open(tx, places=PLACES, quorum=1)
        await given.given_money(tx, FEE, sara)
        learner = await citizens.add_learner(
            tx,
            guardian_id=sara,
            given_name="بهارک",
            born_on=MORNING.date().replace(year=MORNING.year - 10),
            is_self=False,
            keyring=KEYS,
            now=world.now,
        )
    return Morning(world, workshop, learner, last_before)
