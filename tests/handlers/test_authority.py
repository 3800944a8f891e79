"""No conversation of the staff desk goes without saying for whom it is."""

from collections.abc import Callable
from typing import Any

from bot.citizens.model import Role
from tests.handlers.support import DeskUnderTest

# These are told by the platform, not asked by a person: a group moved, the desk was let in or out.
OF_THE_PLATFORM = {"follow_move", "note_membership"}


def staff_handlers(desk: DeskUnderTest) -> list[Callable[..., Any]]:
    handlers = [one for group in desk.edge.application.handlers.values() for one in group]
    callbacks = [handler.callback for handler in handlers]
    return [one for one in callbacks if one.__module__.startswith("handlers.staff")]


async def test_every_handler_of_the_staff_desk_names_its_roles(desk: DeskUnderTest) -> None:
    found = staff_handlers(desk)
    assert len(found) > 20
    unsaid = {one.__name__ for one in found if not hasattr(one, "required_roles")}
    assert unsaid == OF_THE_PLATFORM
    for handler in found:
        roles = getattr(handler, "required_roles", (Role.OFFICER,))
        assert roles
        assert all(isinstance(role, Role) for role in roles)
