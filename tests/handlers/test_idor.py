"""Buttons of somebody else: whoever presses them learns as little as of what does not exist.

The buttons are real ones: everything that the desk drew for Sara, and in the admin chat of her
office, while she lived through a case, a top-up, a payout and a registration.
"""

import re

import pytest

from bot.citizens.model import Role
from bot.kit.tracking import new_code, read_code
from tests.handlers import payout_support, registering_support, top_up_support
from tests.handlers.citizen_support import WORDS, everything_kept
from tests.handlers.citizen_support import register as register_case
from tests.handlers.desk_support import MANAGER, OFFICER, Officer
from tests.handlers.support import DeskUnderTest, Said, Visitor
from tests.handlers.test_authority import staff_payloads
from tests.handlers.test_buttons import SHIPPED_PARTS

SARA, STRANGER, OTHER_MANAGER = registering_support.SARA_ID, 5001, 5002
GROUP, OTHER_GROUP = -1001, -1002
NUMBER = re.compile(r"[0-9]+")
MISSING = ("-1", str(2**63), "\0", "9" * 64, "")
# What is Sara's alone. Pages of lists and steps of flows show whoever presses them their own.
SECRETS = (
    WORDS[:20],
    registering_support.CHILD,
    payout_support.MASKED,
    payout_support.OWNER,
    top_up_support.REFERENCE,
)
OF_ONES_OWN = {"citizen", "dialogue"}  # who presses "register" begins to register themselves
MAY_CHANGE = {"outbox", "spent_limit", "said_about", "offered"}


def of_sara(rows: list[str]) -> list[str]:
    return [row for row in rows if str(SARA) in row]


async def lived(desk: DeskUnderTest) -> list[str]:
    """Let Sara live through everything; gives what every button carried that was drawn."""
    await desk.open_desk(GROUP, "kanoon")
    await desk.open_desk(OTHER_GROUP, "mazandaran")
    await desk.make_staff(OTHER_MANAGER, Role.MANAGER, "mazandaran")
    await desk.make_staff(OTHER_MANAGER, Role.FINANCE, "mazandaran")
    manager = await Officer.at(desk, MANAGER, "kanoon", role=Role.MANAGER, group_id=GROUP)
    await desk.make_staff(OFFICER, Role.OFFICER, "kanoon")
    sara = desk.person(SARA)
    await register_case(sara)
    await top_up_support.claimed(sara)
    await payout_support.request(desk, SARA)
    workshop = await registering_support.given_workshop(desk)
    await registering_support.registered(desk, workshop)
    for command in ("/cases", "/wallet", "/myworkshops"):
        await sara.say(command)
    for command in ("/cases", "/workshops", "/staff", "/audit"):
        mark = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        await manager.visitor.send(text=command, entities=mark)
    return await opened(sara, desk.heard[SARA]) + await opened(manager.visitor, desk.heard[GROUP])


SHOWS = ("kl", "ks", "kw", "wm", "wl", "wy", "q", "wd", "mb")


async def opened(person: Visitor, first: list[Said]) -> list[str]:
    """Collect what the buttons of these messages carry, and of those that lists lead to."""
    found: dict[str, None] = {}
    for said in list(first):
        for data in said.presses:
            if data not in found and data.startswith(SHOWS) and len(found) < 200:
                for more in await person.press_data(data, message_id=said.message_id or 77):
                    found.update(dict.fromkeys(more.presses))
            found[data] = None
    return list(found)


def without_ids(data: str, instead: str) -> str:
    """Put something that exists nowhere in the place of each number and each code."""
    prefix, *parts = data.split(":")
    changed = [
        instead if NUMBER.fullmatch(part) else new_code() if read_code(part) else part
        for part in parts
    ]
    return ":".join([prefix, *changed])


def without_last_id(data: str, instead: str) -> str:
    """Put it in the place of the last one alone: the number of a shown workshop is no secret."""
    *parts, last = data.split(":")
    rest: list[str] = []
    while not (NUMBER.fullmatch(last) or read_code(last)):
        rest.insert(0, last)
        last = parts.pop()
    return ":".join([*parts, without_ids(f"x:{last}", instead).removeprefix("x:"), *rest])


async def answer(desk: DeskUnderTest, person: Visitor, data: str) -> tuple[str, ...]:
    """What a press is answered: refusals by their kind, the toast, and words without numbers."""
    refused = len(desk.refused)
    said = await person.press_data(data)
    toasts = [str(call.params.get("text", "")) for call in desk.direct]
    kinds = [type(one).__name__ for one in desk.refused[refused:]]
    return (*kinds, *toasts, *(NUMBER.sub("n", one.text) for one in said))


@pytest.fixture
async def drawn(desk: DeskUnderTest) -> list[str]:
    return await lived(desk)


async def test_a_stranger_learns_nothing_by_the_buttons_of_another(
    desk: DeskUnderTest, drawn: list[str]
) -> None:
    of_staff = {kind.prefix for kind in staff_payloads(desk)}
    before = await everything_kept(desk)
    tried = 0
    for data in drawn:
        prefix = data.split(":")[0]
        if prefix in SHIPPED_PARTS or without_ids(data, "7") == data:
            continue
        for where in (None, GROUP) if prefix in of_staff else (None,):
            stranger = Visitor(desk, STRANGER, "fa", group_id=where)
            refused = len(desk.refused)
            real = await answer(desk, stranger, data)
            if len(desk.refused) == refused:
                assert not [one for one in SECRETS if one in "".join(real)], data
                continue
            tried += 1
            if where == GROUP:
                continue  # whoever sits in the admin group reads its cards, staff or not
            made_up = await answer(desk, stranger, without_last_id(data, "424242"))
            assert real == made_up, (data, without_last_id(data, "424242"))
    assert tried > 20
    after = await everything_kept(desk)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= MAY_CHANGE | OF_ONES_OWN
    for name in changed & OF_ONES_OWN:
        assert of_sara(after[name]) == of_sara(before[name])


async def test_another_office_learns_nothing_by_the_buttons_of_this_one(
    desk: DeskUnderTest, drawn: list[str]
) -> None:
    of_staff = {kind.prefix for kind in staff_payloads(desk)}
    manager = Visitor(desk, OTHER_MANAGER, "fa", group_id=OTHER_GROUP)
    before = await everything_kept(desk)
    tried = 0
    for data in drawn:
        if data.split(":")[0] not in of_staff or without_ids(data, "7") == data:
            continue
        refused = len(desk.refused)
        real = await answer(desk, manager, data)
        assert len(desk.refused) == refused + 1, (data, real)
        if "kanoon" not in data:
            assert real == await answer(desk, manager, without_ids(data, "424242")), data
        tried += 1
    assert tried > 10
    after = await everything_kept(desk)
    assert {name for name in after if after[name] != before[name]} <= MAY_CHANGE


async def test_numbers_that_are_none_change_nothing(desk: DeskUnderTest, drawn: list[str]) -> None:
    of_staff = {kind.prefix for kind in staff_payloads(desk)}
    people = {False: desk.person(SARA), True: Visitor(desk, MANAGER, "fa", group_id=GROUP)}
    before = await everything_kept(desk)
    shapes: dict[tuple[str, int], str] = {}
    for data in drawn:
        shapes.setdefault((data.split(":")[0], data.count(":")), data)
    for (prefix, _), data in shapes.items():
        if prefix in SHIPPED_PARTS or without_ids(data, "7") == data:
            continue
        for wrong in MISSING:
            forged = without_ids(data, wrong)[:64]
            if len(forged.encode()) <= 64:
                await people[prefix in of_staff].press_data(forged)
    after = await everything_kept(desk)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= MAY_CHANGE | {"dialogue"}, changed
