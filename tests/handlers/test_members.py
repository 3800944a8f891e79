"""Staff in the chat: invitations, the list, dismissals, the admin chat and the record."""

from typing import Any

import pytest

from bot.citizens import use_cases as citizens
from bot.citizens.errors import (
    AnonymousAdmin,
    ChatTaken,
    InvitationGone,
    LastManager,
    NoSuchOffice,
    NotInDeskChat,
    NotStaff,
    StaffOnly,
)
from bot.citizens.model import CitizenId, Role
from bot.kit.tracking import shown
from handlers.callback_data import StaleButton
from handlers.commands import COMMANDS, menu_of_staff
from tests.handlers.desk_support import register
from tests.handlers.support import (
    BOT,
    GROUP_ID,
    MANAGER_ID,
    DeskUnderTest,
    Said,
    Visitor,
    faults_of,
    plain,
)

OFFICER, FINANCE, OTHER_MANAGER, STRANGER = 901, 902, 903, 904
OTHER_GROUP, UNBOUND = -1_000_000_000_301, -1_000_000_000_302
ANONYMOUS_ADMIN = 1_087_968_824  # by this id the platform names whoever writes as the group
OFFICES = ("kanoon", "mazandaran")


@pytest.fixture(autouse=True)
async def staffed(desk: DeskUnderTest) -> None:
    """One desk of both offices in GROUP_ID, with somebody in each role."""
    await desk.open_desk(GROUP_ID)
    await desk.make_staff(OFFICER, Role.OFFICER)
    await desk.make_staff(FINANCE, Role.FINANCE)
    await desk.make_staff(OTHER_MANAGER, Role.MANAGER, "mazandaran")


def place(desk: DeskUnderTest, where: str, person_id: int) -> Visitor:
    chats = {"desk": GROUP_ID, "elsewhere": UNBOUND}
    if where == "private":
        return desk.person(person_id)
    (visitor,) = desk.group(chats[where], person_id)
    return visitor


def command(text: str) -> dict[str, Any]:
    length = len(text.split(maxsplit=1)[0])
    return {
        "text": text,
        "entities": [{"type": "bot_command", "offset": 0, "length": length}],
    }


async def state(desk: DeskUnderTest) -> object:
    """Everything that these conversations can change."""
    async with desk.database.reading() as tx:
        return (
            [await citizens.staff_of_office(tx, office_id=one) for one in OFFICES],
            [await citizens.open_invitations(tx, office_id=one, now=desk.now) for one in OFFICES],
            [await citizens.audit_of(tx, office_id=one, limit=99) for one in OFFICES],
            await citizens.admin_chats(tx),
        )


async def roles(desk: DeskUnderTest, person_id: int) -> list[tuple[str, Role]]:
    async with desk.database.reading() as tx:
        held = await citizens.roles_of(tx, citizen_id=CitizenId(person_id))
    return [(one.office_id, one.role) for one in held]


def link_in(said: Said) -> str:
    (found,) = [word for word in plain(said.text).split() if "?start=" in word]
    return found.partition("?start=")[2]


async def given_link(desk: DeskUnderTest, role: str = "officer", office: str = "kanoon") -> str:
    (said,) = await desk.person(MANAGER_ID).press_data(f"mbr:{office}:{role}")
    assert not faults_of(said)
    return link_in(said)


ALLOWED = {
    ("/invite", "desk"): {MANAGER_ID, OTHER_MANAGER},
    ("/invite", "private"): {MANAGER_ID, OTHER_MANAGER},
    ("/audit", "desk"): {MANAGER_ID, OTHER_MANAGER},
    ("/audit", "private"): {MANAGER_ID, OTHER_MANAGER},
    ("/staff", "desk"): {MANAGER_ID, OTHER_MANAGER, OFFICER, FINANCE},
    ("/staff", "private"): {MANAGER_ID, OTHER_MANAGER, OFFICER, FINANCE},
    ("/desk", "desk"): {MANAGER_ID, OTHER_MANAGER},
    ("/desk", "private"): {MANAGER_ID, OTHER_MANAGER},
    ("/desk", "elsewhere"): {MANAGER_ID, OTHER_MANAGER},
}


@pytest.mark.parametrize("where", ["desk", "private", "elsewhere"])
@pytest.mark.parametrize("who", [MANAGER_ID, OTHER_MANAGER, OFFICER, FINANCE, STRANGER])
async def test_each_command_answers_those_it_is_for_where_it_is_for(
    desk: DeskUnderTest, where: str, who: int
) -> None:
    for text in ("/invite", "/staff", "/audit", "/desk"):
        desk.refused.clear()
        before = await state(desk)
        said = await place(desk, where, who).send(**command(text))
        assert all(not faults_of(one) for one in said if "text" in one.params), text
        may = who in ALLOWED.get((text, where), set())
        assert bool(desk.refused) is not may, text
        if may:
            assert said, text
        else:
            (refused,) = desk.refused
            is_astray = where == "elsewhere" and text != "/desk"
            assert isinstance(refused, NotInDeskChat if is_astray else StaffOnly), text
            assert await state(desk) == before, text


PRESSES = [
    "mbi:kanoon",
    "mbr:kanoon:manager",
    "mbw:kanoon",
    f"mbd:kanoon:{OFFICER}:officer",
    f"mbx:kanoon:{OFFICER}:officer",
    "mba:kanoon:0",
]


@pytest.mark.parametrize("where", ["desk", "private", "elsewhere"])
@pytest.mark.parametrize("who", [OFFICER, FINANCE, OTHER_MANAGER, STRANGER])
async def test_a_forged_or_borrowed_button_gives_nobody_more_than_their_role(
    desk: DeskUnderTest, where: str, who: int
) -> None:
    """None of these manages Kanoon, whatever they are elsewhere."""
    before = await state(desk)
    for data in (*PRESSES, "mbs:kanoon:0", "mbb:kanoon"):
        desk.refused.clear()
        await place(desk, where, who).press_data(data)
        assert await state(desk) == before, data
        is_list = data == "mbs:kanoon:0" and where != "elsewhere" and who in {OFFICER, FINANCE}
        is_explained = data == "mbb:kanoon" and where == "private"
        assert bool(desk.refused) is not (is_list or is_explained), data


async def test_a_managers_button_does_nothing_in_a_group_that_is_no_desk(
    desk: DeskUnderTest,
) -> None:
    before = await state(desk)
    for data in PRESSES:
        await place(desk, "elsewhere", MANAGER_ID).press_data(data)
        assert isinstance(desk.refused.pop(), NotInDeskChat), data
        assert await state(desk) == before, data


MALFORMED = (
    "mbi:nowhere",
    "mbr:kanoon:king",
    "mbr:kanoon",
    "mbd:kanoon:x:officer",
    "mbd:kanoon:-5:officer",
    "mbx:kanoon:99999999999999999999:officer",
    "mbx:kanoon:٣:officer",
    "mbs:kanoon:",
    "mba:kanoon:1e3",
    "mbb:nowhere",
    "mb:kanoon",
)


async def test_a_malformed_button_is_refused(desk: DeskUnderTest) -> None:
    before = await state(desk)
    for data in MALFORMED:
        await place(desk, "desk", MANAGER_ID).press_data(data)
        assert isinstance(desk.refused.pop(), StaleButton), data
        assert await state(desk) == before, data


async def test_nobody_acts_as_the_group(desk: DeskUnderTest) -> None:
    await desk.make_staff(ANONYMOUS_ADMIN, Role.MANAGER)
    before = await state(desk)
    group = place(desk, "desk", ANONYMOUS_ADMIN)
    for text in ("/invite", "/staff", "/audit", "/desk kanoon"):
        await group.send(**command(text), sender_chat=group.chat)
    assert [type(refused) for refused in desk.refused] == [AnonymousAdmin] * 4
    assert await state(desk) == before


@pytest.mark.parametrize("where", ["desk", "elsewhere", "private"])
async def test_forwarded_and_edited_commands_do_nothing(desk: DeskUnderTest, where: str) -> None:
    before = await state(desk)
    manager = place(desk, where, MANAGER_ID)
    origin = {"type": "user", "date": 1, "sender_user": {**BOT, "id": 7, "is_bot": False}}
    for text in ("/invite", "/staff", "/audit", "/desk kanoon"):
        said = await manager.send(**command(text), forward_origin=origin)
        assert not said or where == "private"
        assert await manager.send("edited_message", **command(text), edit_date=1) == []
    assert await state(desk) == before


async def test_a_manager_of_two_offices_chooses_office_and_role(desk: DeskUnderTest) -> None:
    manager = desk.person(MANAGER_ID)
    said = await manager.say("/invite")
    assert said.presses == ["mbi:kanoon", "mbi:mazandaran"]
    (said,) = await manager.press_data("mbi:kanoon")
    assert said.presses == ["mbr:kanoon:officer", "mbr:kanoon:finance", "mbr:kanoon:manager"]
    payload = await given_link(desk)
    assert payload.startswith("inv_")
    (said,) = await manager.press_data("mbi:kanoon")
    assert "mbw:kanoon" in said.presses


async def test_who_manages_one_office_goes_straight_to_the_roles(desk: DeskUnderTest) -> None:
    said = await desk.person(OTHER_MANAGER).say("/invite")
    assert [data.split(":")[1] for data in said.presses] == ["mazandaran"] * 3


async def test_the_link_says_until_when_it_works_in_jalali(desk: DeskUnderTest) -> None:
    (said,) = await desk.person(MANAGER_ID).press_data("mbr:kanoon:finance")
    assert "۴ آذر ۱۴۰۵" in said.text


async def test_in_the_group_nobody_sees_the_link(desk: DeskUnderTest) -> None:
    said = await place(desk, "desk", MANAGER_ID).press_data("mbr:kanoon:manager")
    assert all("inv_" not in str(one.params) for one in (*said, *desk.heard[GROUP_ID]))
    (private,) = desk.heard[MANAGER_ID]
    await desk.person(STRANGER).say(f"/start {link_in(private)}")
    assert await roles(desk, STRANGER) == [("kanoon", Role.MANAGER)]


async def test_who_opens_the_link_is_greeted_and_the_desk_hears_of_it(
    desk: DeskUnderTest,
) -> None:
    payload = await given_link(desk)
    said = await desk.person(STRANGER).say(f"/start {payload}")
    assert "Sara" in said.text
    assert not faults_of(said)
    (told,) = desk.heard[GROUP_ID]
    assert "Sara" in told.text
    assert await roles(desk, STRANGER) == [("kanoon", Role.OFFICER)]
    await desk.person(STRANGER).say(f"/start {payload}")
    assert len(desk.heard[GROUP_ID]) == 1, "a second tap tells nobody"
    await desk.person(STRANGER + 1).say(f"/start {payload}")
    assert isinstance(desk.refused[-1], InvitationGone)
    assert await roles(desk, STRANGER + 1) == []


async def test_a_new_member_may_act_with_the_very_next_message(desk: DeskUnderTest) -> None:
    member = place(desk, "desk", STRANGER)
    await member.send(**command("/staff"))
    assert desk.refused
    await desk.person(STRANGER).say(f"/start {await given_link(desk)}")
    desk.refused.clear()
    assert await member.send(**command("/staff"))
    assert not desk.refused


async def test_withdrawn_links_open_nothing(desk: DeskUnderTest) -> None:
    payload = await given_link(desk)
    (said,) = await desk.person(MANAGER_ID).press_data("mbw:kanoon")
    assert "mbw:kanoon" not in said.presses
    await desk.person(STRANGER).say(f"/start {payload}")
    assert isinstance(desk.refused[-1], InvitationGone)


async def test_the_list_names_people_and_a_hostile_name_stays_text(desk: DeskUnderTest) -> None:
    payload = await given_link(desk)
    stranger = desk.person(STRANGER)
    await desk.receive(
        "message",
        stranger.message(
            **command(f"/start {payload}"),
            **{"from": {**stranger.author, "first_name": "<b>\u202eeve</b> &amp; {office}"}},
        ),
    )
    listed = await place(desk, "desk", MANAGER_ID).send(**command("/staff"))
    kanoon = next(said for said in listed if any("kanoon" in data for data in said.presses))
    assert "&lt;b&gt;" in kanoon.text
    assert "\u202e" not in kanoon.text
    assert f"mbd:kanoon:{STRANGER}:officer" in kanoon.presses


async def test_only_a_manager_is_offered_to_dismiss(desk: DeskUnderTest) -> None:
    for said in await place(desk, "desk", OFFICER).send(**command("/staff")):
        assert not [data for data in said.presses if data.startswith("mbd")]


async def test_a_long_list_is_turned_and_leads_to_everybody(desk: DeskUnderTest) -> None:
    for person_id in range(3000, 3020):
        await desk.make_staff(person_id, Role.OFFICER, "mazandaran")
    manager = desk.person(OTHER_MANAGER)
    (page,) = await manager.send(**command("/staff"))
    pages, next_start = [page], 8
    while f"mbs:mazandaran:{next_start}" in page.presses:
        (page,) = await manager.press_data(f"mbs:mazandaran:{next_start}")
        pages.append(page)
        next_start += 8
    assert len(pages) == 3
    assert not [fault for one in pages for fault in faults_of(one)]
    offered = [data for one in pages for data in one.presses if data.startswith("mbd")]
    assert len(offered) == len(set(offered)) == 24
    assert "mbs:mazandaran:8" in page.presses, "there is a way back"


async def test_a_dismissal_is_confirmed_first_and_the_person_is_told(
    desk: DeskUnderTest,
) -> None:
    manager = place(desk, "desk", MANAGER_ID)
    (asked,) = await manager.press_data(f"mbd:kanoon:{OFFICER}:officer")
    assert ("kanoon", Role.OFFICER) in await roles(desk, OFFICER)
    await manager.press_data(next(d for d in asked.presses if d.startswith("mbx")))
    assert await roles(desk, OFFICER) == [("mazandaran", Role.OFFICER)]
    assert len(desk.heard[OFFICER]) == 1
    await manager.press_data(f"mbx:kanoon:{OFFICER}:officer")
    assert isinstance(desk.refused[-1], NotStaff), "a double tap dismisses nobody twice"
    assert len(desk.heard[OFFICER]) == 1


async def test_the_last_manager_stays(desk: DeskUnderTest) -> None:
    await place(desk, "desk", MANAGER_ID).press_data(f"mbx:kanoon:{MANAGER_ID}:manager")
    assert isinstance(desk.refused[-1], LastManager)
    assert ("kanoon", Role.MANAGER) in await roles(desk, MANAGER_ID)


async def admin_chats(desk: DeskUnderTest) -> dict[str, int]:
    async with desk.database.reading() as tx:
        return await citizens.admin_chats(tx)


@pytest.mark.parametrize("name", ["kanoon", "KANOON", "کانون", "کانون مجازی"])
async def test_a_manager_makes_a_group_the_desk_by_naming_the_office(
    desk: DeskUnderTest, name: str
) -> None:
    typed = name
    if name == "کانون":
        typed = desk.shared.catalogue.published_by("kanoon").office.short_name.fa
    said = await place(desk, "elsewhere", MANAGER_ID).send(**command(f"/desk {typed}"))
    assert await admin_chats(desk) == {"kanoon": UNBOUND, "mazandaran": GROUP_ID}
    assert [one.method for one in said] == ["sendMessage", "setMyCommands"]
    assert len(desk.heard[GROUP_ID]) == 1, "the old group is told"


async def test_a_manager_of_two_offices_chooses_for_which_the_group_is(
    desk: DeskUnderTest,
) -> None:
    manager = place(desk, "elsewhere", MANAGER_ID)
    said = await manager.say("/desk")
    assert said.presses == ["mbb:kanoon", "mbb:mazandaran"]
    await manager.press_data("mbb:mazandaran")
    assert (await admin_chats(desk))["mazandaran"] == UNBOUND


async def test_the_desk_of_others_is_not_taken_over(desk: DeskUnderTest) -> None:
    before = await admin_chats(desk)
    await place(desk, "desk", OTHER_MANAGER).send(**command("/desk kanoon"))
    assert isinstance(desk.refused[-1], StaffOnly)
    await place(desk, "elsewhere", OTHER_MANAGER).send(**command("/desk"))
    assert (await admin_chats(desk))["mazandaran"] == UNBOUND
    await place(desk, "desk", OTHER_MANAGER).send(**command("/desk mazandaran"))
    assert isinstance(desk.refused[-1], ChatTaken)
    assert (await admin_chats(desk))["kanoon"] == before["kanoon"]


async def test_an_office_that_nobody_knows_is_said_to_be_unknown(desk: DeskUnderTest) -> None:
    (said,) = await place(desk, "elsewhere", MANAGER_ID).send(**command("/desk <i>شورا"))
    assert isinstance(desk.refused[-1], NoSuchOffice)
    assert not faults_of(said)


async def test_saying_desk_again_changes_nothing(desk: DeskUnderTest) -> None:
    before = await state(desk)
    assert await place(desk, "desk", MANAGER_ID).send(**command("/desk kanoon"))
    assert await state(desk) == before


async def test_the_record_says_who_did_what_when_and_is_turned(desk: DeskUnderTest) -> None:
    for _ in range(12):
        await given_link(desk)
    listed = await place(desk, "desk", MANAGER_ID).send(**command("/audit"))
    kanoon = next(one for one in listed if any("kanoon" in data for data in one.presses))
    assert not faults_of(kanoon)
    assert "۱ آذر ۱۴۰۵" in kanoon.text
    assert kanoon.text.count("۱۴۰۵") == 10
    (older,) = await place(desk, "desk", MANAGER_ID).press_data(kanoon.presses[0])
    assert older.text.count("۱۴۰۵") == 3
    assert older.presses == ["mba:kanoon:0"]


async def test_the_record_names_a_case_by_its_code(desk: DeskUnderTest) -> None:
    case = await register(desk)
    async with desk.database.transaction() as tx:
        (manager, *_) = await citizens.staff_of_office(tx, office_id="kanoon")
        for subject in (f"case:{case.id}", "case:999999"):
            await citizens.record(tx, actor=manager, action="taken", subject=subject, now=desk.now)
    listed = await place(desk, "desk", MANAGER_ID).send(**command("/audit"))
    assert [one for one in listed if shown(case.tracking_code) in plain(one.text)]


async def test_the_record_says_how_a_case_ended_in_words(desk: DeskUnderTest) -> None:
    async with desk.database.transaction() as tx:
        (manager, *_) = await citizens.staff_of_office(tx, office_id="kanoon")
        for note in ("cannot_be_done: بودجه نیست", "done"):
            await citizens.record(
                tx, actor=manager, action="ended", subject="case:999999", note=note, now=desk.now
            )
    listed = await place(desk, "desk", MANAGER_ID).send(**command("/audit"))
    text = plain("".join(one.text for one in listed))
    assert "شدنی نیست: بودجه نیست" in text
    assert "انجام شد" in text


async def test_the_record_fits_a_message_whatever_the_names_are(desk: DeskUnderTest) -> None:
    async with desk.database.transaction() as tx:
        (manager, *_) = await citizens.staff_of_office(tx, office_id="kanoon")
        for number in range(15):
            await citizens.record(
                tx,
                actor=manager,
                action="x" * 32,
                subject=f"case:{number + 1000}",
                note="&" * 500,
                now=desk.now,
            )
    for said in await place(desk, "desk", MANAGER_ID).send(**command("/audit")):
        assert not faults_of(said)


async def migrate(desk: DeskUnderTest, **content: object) -> list[Said]:
    return await place(desk, "desk", OFFICER).send(**content)


async def test_a_desk_follows_its_group_to_a_supergroup(desk: DeskUnderTest) -> None:
    assert await migrate(desk, migrate_to_chat_id=OTHER_GROUP) == []
    assert set((await admin_chats(desk)).values()) == {OTHER_GROUP}
    (moved,) = desk.group(OTHER_GROUP, OFFICER)
    assert await moved.send(migrate_from_chat_id=GROUP_ID) == []
    assert set((await admin_chats(desk)).values()) == {OTHER_GROUP}
    assert await moved.send(**command("/staff"))


async def test_the_new_group_alone_suffices_to_be_followed(desk: DeskUnderTest) -> None:
    (moved,) = desk.group(OTHER_GROUP, OFFICER)
    await moved.send(migrate_from_chat_id=GROUP_ID)
    assert set((await admin_chats(desk)).values()) == {OTHER_GROUP}


async def membership(
    desk: DeskUnderTest, who: int, chat_id: int, was: str, now: str
) -> list[Said]:
    visitor = Visitor(desk, who, "fa", group_id=chat_id)
    left = {"until_date": 0} if now == "kicked" else {}
    return await desk.receive(
        "my_chat_member",
        {
            "chat": visitor.chat,
            "from": visitor.author,
            "date": 1,
            "old_chat_member": {"user": BOT, "status": was},
            "new_chat_member": {"user": BOT, "status": now, **left},
        },
    )


async def test_a_group_that_a_manager_adds_the_desk_to_is_greeted(desk: DeskUnderTest) -> None:
    (said,) = await membership(desk, MANAGER_ID, UNBOUND, "left", "member")
    assert "/desk" in said.text
    assert await membership(desk, STRANGER, UNBOUND, "left", "member") == []
    assert await membership(desk, OFFICER, UNBOUND, "left", "member") == []
    assert await membership(desk, MANAGER_ID, GROUP_ID, "left", "left") == []


async def test_managers_hear_that_the_desk_was_put_out_of_its_group(desk: DeskUnderTest) -> None:
    assert await membership(desk, STRANGER, GROUP_ID, "member", "kicked") == []
    assert {who for who, said in desk.heard.items() if said} == {MANAGER_ID, OTHER_MANAGER}
    assert not faults_of(desk.heard[MANAGER_ID][0])
    await membership(desk, STRANGER, UNBOUND, "member", "kicked")
    assert len(desk.heard[MANAGER_ID]) == 1


async def test_the_menu_of_a_private_chat_has_what_the_role_adds(desk: DeskUnderTest) -> None:
    """A manager may invite in private; whoever is dismissed has the citizens' menu again."""
    for role, added in ((Role.MANAGER, {"staff", "invite", "audit"}), (Role.FINANCE, {"staff"})):
        menu = menu_of_staff(7, desk.shared.words["fa"], {role})
        names = [one["command"] for one in menu["commands"]]  # type: ignore[attr-defined]
        assert set(names) - set(COMMANDS) == added
        assert menu["scope"] == {"type": "chat", "chat_id": 7}
    nobody = menu_of_staff(7, desk.shared.words["en"], ())
    assert [one["command"] for one in nobody["commands"]] == list(COMMANDS)  # type: ignore[attr-defined]
