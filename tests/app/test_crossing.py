"""Two desks in one process: what belongs to one is as good as nothing at the other."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.citizens import use_cases as citizens
from bot.citizens.model import Role
from bot.kit.tracking import code_in, new_code, shown
from bot.simulator.actions import press_old
from handlers.staff.members import INVITATION
from tests.day_support import World, at, buttons, code_of, text_of, world_at
from tests.window import other_records

NOW = at(date(2027, 3, 6), "10:00")  # a Saturday
COMPLAINT = "گواهی کارگاه نیامده است."


@dataclass
class Desks:
    """Ours, where somebody is known, and the other, where nobody is."""

    ours: World
    other: World

    def record(self) -> list[str]:
        """Everything the other desk has written down."""
        window = self.other.window
        return [repr((name, window.rows(name))) for name in window.tables()]


@pytest.fixture
def other_url(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with other_records(request, database_url, tmp_path) as url:
        yield url


@pytest.fixture
async def desks(database_url: str, other_url: str) -> AsyncIterator[Desks]:
    async with world_at(NOW, database_url) as ours, world_at(NOW, other_url) as other:
        yield Desks(ours, other)


async def pressed(world: World, data: str, key: str = "sara") -> list[str]:
    """Press what was never drawn under the first page; gives what is said to it."""
    somebody = world.person(key)
    (page, *_more) = await somebody.says("/start")
    before = len(somebody.heard)
    people = world.simulator.world
    chat = people.chats[somebody.id]
    message = chat.messages[page["message_id"]]
    press_old(people, people.person(key), chat, message, data)
    await world.settled()
    answers = [
        call.params.get("text") for call in world.simulator.journal.of("answerCallbackQuery")
    ]
    return [*(text_of(one) for one in somebody.heard[before:]), str(answers[-1:])]


def without_code(text: str) -> str:
    code = code_in(text)
    return text if code is None else re.sub(re.escape(shown(code)), "CODE", text)


async def test_what_is_done_at_one_desk_leaves_no_trace_at_the_other(desks: Desks) -> None:
    sara = desks.ours.person("sara")
    before = desks.record()
    await sara.says("/start")
    await sara.tells("complaint", COMPLAINT)
    await sara.says("/language")
    await sara.says("/wallet")
    await desks.ours.invited("ali", Role.OFFICER)
    await desks.ours.rounds()
    assert desks.record() == before


async def test_a_tracking_code_is_one_at_its_own_desk_alone(desks: Desks) -> None:
    sara = desks.ours.person("sara")
    code = code_of(await sara.tells("complaint", COMPLAINT))
    unknown = new_code()
    stranger = desks.other.person("sara")
    (foreign,) = await stranger.says(f"/track {code}")
    (nothing,) = await stranger.says(f"/track {unknown}")
    assert without_code(text_of(foreign)) == without_code(text_of(nothing))
    assert buttons(foreign) == buttons(nothing)
    (own,) = await sara.says(f"/track {code}")
    assert without_code(text_of(own)) != without_code(text_of(foreign))
    (page,) = await stranger.says("/cases")
    assert shown(code) not in text_of(page)


async def test_the_buttons_of_a_case_lead_nowhere_at_the_other_desk(desks: Desks) -> None:
    sara = desks.ours.person("sara")
    receipt = await sara.tells("complaint", COMPLAINT)
    code = next(data.split(":")[1] for data in buttons(receipt) if data.startswith("ka:"))
    offered = [data for data in buttons(receipt) if code in data]
    assert len(offered) > 1
    for data in offered:
        unknown = data.replace(code, new_code())
        assert await pressed(desks.other, data) == await pressed(desks.other, unknown), data
    assert await pressed(desks.ours, offered[0]) != await pressed(desks.other, offered[0])


async def test_an_invitation_opens_nothing_at_the_other_desk(desks: Desks) -> None:
    async with desks.ours.database.transaction() as tx:
        token = await citizens.invite(
            tx, office_id="kanoon", role=Role.MANAGER, made_by=None, now=NOW
        )
    ali = desks.other.person("ali")
    foreign = await ali.says(f"/start {INVITATION}{token}")
    nothing = await ali.says(f"/start {INVITATION}{token[::-1]}")
    assert [text_of(one) for one in foreign] == [text_of(one) for one in nothing]
    assert not desks.other.ask("SELECT 1 FROM staff_role WHERE citizen_id = ?", ali.id)
    await desks.ours.person("ali").says(f"/start {INVITATION}{token}")
    assert desks.ours.ask("SELECT 1 FROM staff_role WHERE citizen_id = ?", ali.id)


async def test_staff_of_one_desk_are_nobody_at_the_other(desks: Desks) -> None:
    """Ali and Maryam sit in the chat of the other desk; Ali is a manager, elsewhere."""
    ali = await desks.ours.invited("ali", Role.MANAGER)
    for world in (desks.ours, desks.other):
        for key in ("ali", "maryam"):
            world.simulator.world.chats[world.group].member_ids.append(world.person(key).id)
    for command in ("/cases", "/payouts", "/audit", "/invite", "/staff", "/report"):
        said = {}
        for key in ("ali", "maryam"):
            heard = await desks.other.person(key, desks.other.group).says(command)
            said[key] = [text_of(one) for one in heard]
        assert said["ali"] == said["maryam"], command
        assert [text_of(one) for one in await ali.says(command)] != said["ali"], command


async def test_a_person_has_a_language_and_a_wallet_at_each_desk(desks: Desks) -> None:
    sara, elsewhere = desks.ours.person("sara"), desks.other.person("sara")
    (page,) = await sara.says("/language")
    await sara.presses(page, "en")
    await elsewhere.says("/start")
    at_ours = desks.ours.ask("SELECT language FROM citizen WHERE id = ?", sara.id)
    at_other = desks.other.ask("SELECT language FROM citizen WHERE id = ?", sara.id)
    assert at_ours == [("en",)]
    assert at_other != at_ours
    await sara.tells("complaint", COMPLAINT)  # in which Sara agrees to what is kept
    (topping,) = await sara.says("/topup")
    (topping,) = await sara.presses(topping, "w", "invoice")
    *_said, bill = await sara.presses(topping, "m", "5000000")
    assert await desks.ours.simulator.pay("sara", bill["message_id"]) == ""
    await desks.ours.settled()
    ours, other = (world.ask("SELECT code FROM account") for world in (desks.ours, desks.other))
    assert any(str(sara.id) in code for (code,) in ours), "there Sara has an account"
    assert not any(str(sara.id) in code for (code,) in other)


async def test_a_group_is_the_admin_chat_of_the_desk_that_it_was_given_to(desks: Desks) -> None:
    assert desks.ours.group == desks.other.group, "one and the same number"
    before = len(desks.other.person("sara", desks.other.group).heard)
    await desks.ours.person("sara").tells("complaint", COMPLAINT)
    await desks.other.settled()
    assert len(desks.other.person("sara", desks.other.group).heard) == before
    assert any(COMPLAINT in text_of(one) for one in desks.ours.heard[desks.ours.group])
