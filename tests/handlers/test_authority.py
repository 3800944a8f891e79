"""No conversation of the staff desk goes without saying for whom it is."""

import ast
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, CommandHandler

from bot.cases.model import CaseId
from bot.citizens.errors import StaffOnly
from bot.citizens.model import Role
from bot.kit.errors import NotAllowed, NotFound
from bot.kit.tracking import shown
from handlers.callback_data import Payload, StaleButton
from handlers.callback_data.desk import CaseDeskPressed, DeskVerb
from handlers.context import DeskContext
from handlers.staff.access import required_roles, staff_action
from tests.handlers.citizen_support import everything_kept
from tests.handlers.desk_support import register
from tests.handlers.support import GROUP_ID, NOW, DeskUnderTest, Visitor
from tests.handlers.test_buttons import payload_classes

COMMAND = [{"type": "bot_command", "offset": 0, "length": 5}]
HANDLERS = Path(__file__).parent.parent.parent / "handlers"
# These are told by the platform, not asked by a person: a group moved, the desk was let in or out.
OF_THE_PLATFORM = {"follow_move", "note_membership"}
# Whoever calls one of these acts for an office.
ACTING = {"acting", "acting_here", "as_staff", "staff_action"}
# What is in the fields of buttons, where a number is not.
LIKELY = {
    "office_id": "kanoon",
    "service_id": "virtual-workshops",
    "matter": "-",
    "day": str(NOW.date() + timedelta(days=3)),
    "role": "officer",
    "form": "xlsx",
    "kind": "daily",
    "queue": "new",
    "span": "week",
    "state": "requested",
    "offset": "0",
    "page": "0",
    "after": "0",
    "before": "0",
}
# These serve citizens too, and look at the roles of whoever is no citizen here.
ALSO_OF_CITIZENS = {"handlers/start.py"}


def callbacks(application: Application[Any, Any, Any, Any, Any, Any]) -> list[Callable[..., Any]]:
    found = [one for group in application.handlers.values() for one in group]
    return [handler.callback for handler in found]


def undeclared(found: Iterable[Callable[..., Any]]) -> set[str]:
    """Name the handlers of the staff desk that do not say for whom they are."""
    return {
        one.__name__
        for one in found
        if one.__module__.startswith("handlers.staff") and not hasattr(one, "required_roles")
    }


async def test_every_handler_of_the_staff_desk_names_its_roles(desk: DeskUnderTest) -> None:
    found = callbacks(desk.edge.application)
    staff = [one for one in found if one.__module__.startswith("handlers.staff")]
    assert len(staff) > 100
    assert undeclared(found) == OF_THE_PLATFORM
    for handler in staff:
        if handler.__name__ not in OF_THE_PLATFORM:
            assert required_roles(handler)
            assert all(isinstance(role, Role) for role in required_roles(handler))


async def test_a_handler_that_names_no_role_is_found(desk: DeskUnderTest) -> None:
    async def forgot(_update: Update, _context: DeskContext) -> None:
        """Do something that only staff may do, and forget to say so."""

    forgot.__module__ = "handlers.staff.cases.desk"
    desk.edge.application.add_handler(CommandHandler("forgot", forgot))
    assert "forgot" in undeclared(callbacks(desk.edge.application))
    assert undeclared([staff_action(Role.OFFICER)(forgot)]) == set()


def _called(tree: ast.AST) -> set[str]:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {called.id for called in calls if isinstance(called, ast.Name)}


def test_nobody_acts_for_an_office_outside_of_the_staff_desk() -> None:
    elsewhere = {
        path.relative_to(HANDLERS.parent).as_posix()
        for path in HANDLERS.rglob("*.py")
        if "staff" not in path.relative_to(HANDLERS).parts
        and _called(ast.parse(path.read_text("utf-8"))) & ACTING
    }
    assert elsewhere <= ALSO_OF_CITIZENS


def staff_payloads(desk: DeskUnderTest) -> dict[type[Payload], Callable[..., Any]]:
    """Every button of the staff desk, with the handler that a press of it comes to."""
    patterns = {}
    for group in desk.edge.application.handlers.values():
        for handler in group:
            pattern = getattr(handler, "pattern", None)
            if pattern is not None and hasattr(handler.callback, "required_roles"):
                patterns[pattern] = handler.callback
    return {kind: patterns[kind.is_in] for kind in payload_classes() if kind.is_in in patterns}


def forged(kind: type[Payload]) -> list[str]:
    """Guess what a button carries: the same everywhere, or in each field what fits it."""
    fitting = [LIKELY.get(part, "1") for part in kind.parts]
    guesses = {tuple(one for _ in kind.parts) for one in ("kanoon", "1")} | {tuple(fitting)}
    return [":".join([kind.prefix, *guess]) for guess in sorted(guesses)]


async def test_no_button_of_the_desk_does_anything_for_a_role_that_it_does_not_name(
    desk: DeskUnderTest,
) -> None:
    await desk.open_desk(GROUP_ID)
    people = {None: Visitor(desk, 4000, "fa", group_id=GROUP_ID)}
    for number, role in enumerate(Role):
        await desk.make_staff(4001 + number, role)
        people[role] = Visitor(desk, 4001 + number, "fa", group_id=GROUP_ID)
    payloads = staff_payloads(desk)
    assert len(payloads) > 60
    before = await everything_kept(desk)
    pressed, loose = 0, set()
    for kind, handler in payloads.items():
        named = set(required_roles(handler))
        for role, person in people.items():
            if role in named or (role is Role.MANAGER and Role.OFFICER in named):
                continue
            for data in forged(kind):
                refused = len(desk.refused)
                await person.press_data(data)
                assert len(desk.refused) == refused + 1, (kind.__name__, role, data)
                if role is None and not isinstance(desk.refused[-1], StaffOnly | StaleButton):
                    loose.add((kind.__name__, type(desk.refused[-1]).__name__))
                pressed += 1
    assert pressed > 200
    assert not loose
    assert all(isinstance(one, NotAllowed | NotFound) for one in desk.refused)
    assert sum(isinstance(one, StaffOnly) for one in desk.refused) > 50
    after = await everything_kept(desk)
    assert {name for name in after if after[name] != before[name]} <= {"outbox"}


async def test_a_member_who_is_no_officer_is_told_the_same_of_any_case(
    desk: DeskUnderTest,
) -> None:
    await desk.open_desk(GROUP_ID)
    case = await register(desk)
    member = Visitor(desk, 4000, "fa", group_id=GROUP_ID)
    for case_id in (case.id, CaseId(10**6)):
        await member.press_data(CaseDeskPressed.on(case_id, DeskVerb.CARD).pack())
        await member.send(text=f"/case {shown(case.tracking_code)}", entities=COMMAND)
    await member.send(text="/case K7M2QR4XWZ", entities=COMMAND)
    assert [type(one) for one in desk.refused] == [StaffOnly] * 5
