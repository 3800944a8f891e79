"""The way of a new manager: from an invitation to an office that serves people."""

from dataclasses import replace
from typing import Any

import pytest

from bot.citizens import use_cases as citizens
from bot.citizens.errors import NotInDeskChat, StaffOnly
from bot.citizens.model import Role
from handlers.callback_data.setting_up import SetupHoursConfirmed, SetupPressed
from tests.handlers.desk_support import register
from tests.handlers.support import BOT, DeskUnderTest, Said, Visitor, faults_of, plain

MANAGER, OFFICER, FINANCE, STRANGER = 5001, 5002, 5003, 5004
GROUP = -1_000_000_000_777
DONE, OPEN = "✅", "⬜"


async def invited(desk: DeskUnderTest, person_id: int, role: Role = Role.MANAGER) -> Said:
    """Make an invitation as the shell does, and let somebody open its link."""
    async with desk.database.transaction() as tx:
        token = await citizens.invite(
            tx, office_id="kanoon", role=role, made_by=None, now=desk.now
        )
    (said,) = await desk.person(person_id).send(**command(f"/start inv_{token}"))
    return said


def command(text: str) -> dict[str, Any]:
    length = len(text.split(maxsplit=1)[0])
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}


def marks(said: Said) -> str:
    """The marks before the steps, from the first to the last."""
    return "".join(
        mark
        for line in plain(said.text).splitlines()
        for mark in (DONE, OPEN)
        if line.startswith(mark)
    )


async def joined(desk: DeskUnderTest, person_id: int, role: Role) -> None:
    await desk.make_staff(person_id, role, "kanoon")


async def listed(visitor: Visitor) -> Said:
    (said,) = await visitor.send(**command("/setup"))
    assert not faults_of(said)
    return said


async def pressed(visitor: Visitor, said: Said, prefix: str) -> Said:
    """Press the button of a message that begins so."""
    (data,) = [one for one in said.presses if one.startswith(f"{prefix}:")]
    (answer,) = await visitor.press_data(data)
    assert not faults_of(answer)
    return answer


async def test_a_new_manager_is_led_to_the_end_by_buttons(desk: DeskUnderTest) -> None:
    welcome = await invited(desk, MANAGER)
    manager = desk.person(MANAGER)
    steps = await pressed(manager, welcome, "sup")
    assert marks(steps) == DONE + OPEN * 5

    how = await pressed(manager, steps, "sug")
    assert "/desk" in how.text
    (in_group,) = desk.group(GROUP, MANAGER)
    (bound,) = [one for one in await in_group.send(**command("/desk")) if "text" in one.params]
    steps = await pressed(in_group, bound, "sup")
    assert marks(steps) == DONE * 2 + OPEN * 4

    (link,) = await manager.press_data("mbr:kanoon:officer")
    assert "?start=inv_" in link.text
    await joined(desk, OFFICER, Role.OFFICER)
    await joined(desk, FINANCE, Role.FINANCE)
    steps = await listed(manager)
    assert marks(steps) == DONE * 4 + OPEN * 2

    hours = await pressed(manager, steps, "suh")
    assert any("🕘" in line for line in hours.text.splitlines())
    steps = await pressed(manager, hours, "suc")
    assert marks(steps) == DONE * 5 + OPEN

    assert any(data.startswith("k:kanoon:") for data in steps.presses)
    await register(desk, author=MANAGER)
    steps = await listed(manager)
    assert marks(steps) == DONE * 6
    assert "🎉" in steps.text
    assert steps.presses == [], "nothing is left to press"


async def test_the_list_can_be_left_and_taken_up_by_another_manager(desk: DeskUnderTest) -> None:
    await invited(desk, MANAGER)
    await desk.person(MANAGER).press_data(SetupHoursConfirmed("kanoon").pack())
    await desk.make_staff(OFFICER, Role.MANAGER, "kanoon")
    assert marks(await listed(desk.person(OFFICER))) == DONE + OPEN * 3 + DONE + OPEN


async def test_hours_that_changed_are_to_be_looked_over_again(desk: DeskUnderTest) -> None:
    await desk.make_staff(MANAGER, Role.MANAGER, "kanoon")
    manager = desk.person(MANAGER)
    confirmed = SetupHoursConfirmed("kanoon").pack()
    for _ in range(2):
        (steps,) = await manager.press_data(confirmed)
        assert marks(steps)[4:] == DONE + OPEN
    async with desk.database.reading() as tx:
        entries = await citizens.audit_of(tx, office_id="kanoon", limit=9)
    assert [entry.action for entry in entries] == ["confirm_hours"], "said twice, written once"
    published = desk.shared.catalogue.published_by("kanoon")
    policy, *rest = published.desk.hours
    fewer = policy.model_copy(update={"weekdays": policy.weekdays[:1]})
    changed = published.desk.model_copy(update={"hours": (fewer, *rest)})
    offices = tuple(
        replace(one, desk=changed) if one is published else one
        for one in desk.shared.catalogue.offices
    )
    desk.shared.catalogue = replace(desk.shared.catalogue, offices=offices)
    assert OPEN in marks(await listed(manager))


async def test_without_a_wallet_nobody_is_asked_for_finance(desk: DeskUnderTest) -> None:
    await desk.make_staff(MANAGER, Role.MANAGER, "kanoon")
    published = desk.shared.catalogue.published_by("kanoon")
    poor = replace(published, desk=published.desk.model_copy(update={"wallet": None}))
    desk.shared.catalogue = replace(desk.shared.catalogue, offices=(poor,))
    assert marks(await listed(desk.person(MANAGER))) == DONE + OPEN * 4


async def test_in_a_group_nobody_is_led_into_a_flow_that_is_private(desk: DeskUnderTest) -> None:
    await desk.make_staff(MANAGER, Role.MANAGER, "kanoon")
    private = await listed(desk.person(MANAGER))
    await desk.open_desk(GROUP, "kanoon")
    (in_group,) = desk.group(GROUP, MANAGER)
    shared = await listed(in_group)
    assert "k" in {data.partition(":")[0] for data in private.presses}
    assert "k" not in {data.partition(":")[0] for data in shared.presses}


async def test_who_manages_several_offices_is_asked_for_which(desk: DeskUnderTest) -> None:
    await desk.make_staff(MANAGER, Role.MANAGER)
    asked = await listed(desk.person(MANAGER))
    offices = [one.office.id for one in desk.shared.catalogue.offices]
    assert asked.presses == [SetupPressed(office).pack() for office in offices]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.FINANCE, None])
async def test_only_managers_see_the_list_and_confirm_hours(
    desk: DeskUnderTest, role: Role | None
) -> None:
    if role is not None:
        await desk.make_staff(STRANGER, role, "kanoon")
    person = desk.person(STRANGER)
    for attempt in (
        person.send(**command("/setup")),
        person.press_data(SetupHoursConfirmed("kanoon").pack()),
        person.press_data(SetupPressed("kanoon").pack()),
    ):
        await attempt
        assert isinstance(desk.refused[-1], StaffOnly)
    async with desk.database.reading() as tx:
        assert await citizens.audit_of(tx, office_id="kanoon", limit=9) == []


async def test_in_a_group_of_others_nothing_is_said_of_the_office(desk: DeskUnderTest) -> None:
    await desk.make_staff(MANAGER, Role.MANAGER, "kanoon")
    (elsewhere,) = desk.group(GROUP, MANAGER)
    await elsewhere.press_data(SetupPressed("kanoon").pack())
    assert isinstance(desk.refused[-1], NotInDeskChat)


async def test_a_group_that_a_manager_lets_the_desk_into_is_theirs_at_a_press(
    desk: DeskUnderTest,
) -> None:
    await desk.make_staff(MANAGER, Role.MANAGER, "kanoon")
    (manager,) = desk.group(GROUP, MANAGER)
    (hello,) = await desk.receive(
        "my_chat_member",
        {
            "chat": manager.chat,
            "from": manager.author,
            "date": 1,
            "old_chat_member": {"user": BOT, "status": "left"},
            "new_chat_member": {"user": BOT, "status": "member"},
        },
    )
    assert hello.presses == ["mbb:kanoon"]
    await manager.press_data(hello.presses[0])
    async with desk.database.reading() as tx:
        assert await citizens.admin_chats(tx) == {"kanoon": GROUP}
