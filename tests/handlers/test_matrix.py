"""Role by command by kind of chat: who may write what where, compared with a table."""

import pytest

from bot.citizens.errors import AnonymousAdmin, ChatTaken, NotInDeskChat, StaffOnly
from bot.citizens.model import Role
from handlers.commands import DESK_COMMANDS
from tests.handlers.citizen_support import everything_kept
from tests.handlers.support import DeskUnderTest, Visitor

OWN, OTHER, FOREIGN, CHANNEL = -1001, -1002, -1009, -1010
PEOPLE = {"citizen": 3001, "officer": 3002, "finance": 3003, "manager": 3004, "other": 3005}
GROUPS = {"own": OWN, "other": OTHER, "foreign": FOREIGN}

DONE, SILENT = "done", "silent"
STAFF_ONLY, ELSEWHERE = StaffOnly.__name__, NotInDeskChat.__name__
CASE_WORK = {"officer", "manager"}
MONEY = {"finance", "manager"}
MANAGING = {"manager"}
EVERYBODY = {"officer", "finance", "manager"}
# Who of an office may write it in the office's own admin chat; nobody may write it anywhere else.
MAY = {
    "cases": CASE_WORK,
    "case": CASE_WORK,
    "note": CASE_WORK,
    "unanswered": CASE_WORK,
    "calendar": CASE_WORK,
    "close": CASE_WORK,
    "digest": CASE_WORK,
    "report": MANAGING,
    "poster": CASE_WORK,
    "payouts": MONEY,
    "circular": CASE_WORK,
    "versions": EVERYBODY,
    "catalogue": MANAGING,
    "endagreement": MANAGING,
    "topups": MONEY,
    "reconcile": MONEY,
    "suspense": MONEY,
    "workshops": CASE_WORK,
    "vouch": CASE_WORK,
    "staff": EVERYBODY,
    "invite": MANAGING,
    "setup": MANAGING,
    "audit": MANAGING,
    "ban": MANAGING,
    "unban": MANAGING,
}
# These have got as far as to look for what they are about.
LOOKED_FOR = {"case": "CodeUnreadable", "unban": "NotBanned"}
# These two mean something in any group: to become a desk, and to be told how it works.
ANYWHERE = {"desk", "help"}
# What staff may write in their private chat too; every other command is a citizen's there.
IN_PRIVATE = {
    "staff": EVERYBODY,
    "invite": MANAGING,
    "desk": MANAGING,
    "audit": MANAGING,
    "setup": MANAGING,
}


@pytest.fixture
async def offices(desk: DeskUnderTest) -> DeskUnderTest:
    """Two offices, each with a group; the other one has a manager."""
    await desk.open_desk(OWN, "kanoon")
    await desk.open_desk(OTHER, "mazandaran")
    for role in Role:
        await desk.make_staff(PEOPLE[role.value], role, "kanoon")
    await desk.make_staff(PEOPLE["other"], Role.MANAGER, "mazandaran")
    return desk


def written(visitor: Visitor, command: str, **more: object) -> dict[str, object]:
    entities = [{"type": "bot_command", "offset": 0, "length": len(command) + 1}]
    return visitor.message(text=f"/{command}", entities=entities, **more)


def at(desk: DeskUnderTest, name: str, chat: int | None) -> Visitor:
    return Visitor(desk, PEOPLE[name], "fa", group_id=chat)


async def outcome(desk: DeskUnderTest, kind: str, message: dict[str, object]) -> str:
    """What becomes of a message: it is done, refused in some way, or passed over in silence."""
    refused, heard = len(desk.refused), sum(map(len, desk.heard.values()))
    await desk.receive(kind, message)
    if len(desk.refused) > refused:
        return type(desk.refused[-1]).__name__
    return DONE if sum(map(len, desk.heard.values())) > heard else SILENT


def expected(command: str, name: str, group: str) -> str:
    if group == "foreign":
        return ELSEWHERE
    if group == "other":
        return DONE if name == "other" else STAFF_ONLY
    return DONE if name in MAY[command] else STAFF_ONLY


def test_the_table_names_every_command_of_the_desk() -> None:
    assert set(MAY) | ANYWHERE == set(DESK_COMMANDS)


@pytest.mark.parametrize("command", MAY)
async def test_a_command_is_done_for_these_roles_in_this_group_and_for_nobody_elsewhere(
    offices: DeskUnderTest, command: str
) -> None:
    done = LOOKED_FOR.get(command, DONE)
    for group, chat in GROUPS.items():
        for name in PEOPLE:
            wanted = expected(command, name, group).replace(DONE, done)
            message = written(at(offices, name, chat), command)
            assert await outcome(offices, "message", message) == wanted, (group, name)


@pytest.mark.parametrize("command", IN_PRIVATE)
async def test_a_command_about_the_staff_is_done_in_private_for_these_roles(
    offices: DeskUnderTest, command: str
) -> None:
    for name in PEOPLE:
        may = name in IN_PRIVATE[command] or name == "other"
        message = written(at(offices, name, None), command)
        assert await outcome(offices, "message", message) == (DONE if may else STAFF_ONLY), name


async def test_what_staff_write_in_private_changes_nothing_and_citizens_learn_of_no_desk(
    offices: DeskUnderTest,
) -> None:
    before = await everything_kept(offices)
    for command in sorted(set(MAY) - set(IN_PRIVATE)):
        citizen = at(offices, "citizen", None)
        (said,) = await offices.receive("message", written(citizen, command))
        (other,) = await offices.receive("message", written(citizen, "nonsense"))
        if command not in {"cases", "case", "workshops"}:  # these are commands of citizens too
            assert said.text == other.text, command
        for name in ("officer", "finance", "manager"):
            await offices.receive("message", written(at(offices, name, None), command))
        after = await everything_kept(offices)
        changed = {name for name in after if after[name] != before[name]}
        may_change = {"outbox", "asked_question", "dialogue", "said_about", "offered"}
        assert changed <= may_change, command
        before = after
    assert set(offices.heard) <= set(PEOPLE.values())


async def test_staff_are_told_in_private_of_each_command_where_it_is_written(
    offices: DeskUnderTest,
) -> None:
    officer = at(offices, "officer", None)
    (unknown,) = await offices.receive("message", written(officer, "nonsense"))
    for command in sorted({*DESK_COMMANDS, "training"} - set(IN_PRIVATE)):
        (said, *_) = await offices.receive("message", written(officer, command))
        assert said.text != unknown.text, command


async def test_a_group_becomes_the_desk_of_an_office_by_a_manager_of_it_alone(
    offices: DeskUnderTest,
) -> None:
    wanted = {"citizen": STAFF_ONLY, "officer": STAFF_ONLY, "finance": STAFF_ONLY}
    for name, result in wanted.items():
        for chat in GROUPS.values():
            message = written(at(offices, name, chat), "desk")
            assert await outcome(offices, "message", message) == result
    for name, chat in (("manager", OTHER), ("other", OWN)):
        message = written(at(offices, name, chat), "desk")
        assert await outcome(offices, "message", message) == ChatTaken.__name__


async def test_a_manager_who_hides_behind_the_group_is_asked_to_speak_as_themselves(
    offices: DeskUnderTest,
) -> None:
    manager = at(offices, "manager", OWN)
    before = await everything_kept(offices)
    for command in sorted({*MAY, "desk"}):
        for hidden in (manager.chat, {"id": CHANNEL, "type": "channel", "title": "News"}):
            message = written(manager, command, sender_chat=hidden)
            assert await outcome(offices, "message", message) == AnonymousAdmin.__name__, command
            after = await everything_kept(offices)
            changed = {name for name in after if after[name] != before[name]}
            assert changed <= {"outbox"}, (command, hidden)
            before = after


async def test_what_is_forwarded_edited_or_posted_in_a_channel_commands_nothing(
    offices: DeskUnderTest,
) -> None:
    manager = at(offices, "manager", OWN)
    origin = {"type": "user", "date": 1, "sender_user": manager.author}
    channel = {"chat": {"id": CHANNEL, "type": "channel", "title": "N"}}
    before = await everything_kept(offices)
    for command in sorted({*MAY, "desk"}):
        edited = {"edit_date": int(offices.now.timestamp())}
        posted = written(manager, command) | channel
        odd = [
            ("message", written(manager, command, forward_origin=origin)),
            ("edited_message", written(manager, command, **edited)),
            ("channel_post", {key: posted[key] for key in posted if key != "from"}),
            ("edited_channel_post", posted),
            ("message", posted),
        ]
        for kind, message in odd:
            became = await outcome(offices, kind, message)
            assert became in {SILENT, ELSEWHERE}, (command, kind)
        after = await everything_kept(offices)
        changed = {name for name in after if after[name] != before[name]}
        assert changed <= {"outbox"}, command
        before = after
