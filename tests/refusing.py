"""Whether a rule lets somebody do something: a rule that does says nothing at all."""

from collections.abc import Callable
from typing import Any

from bot.kit.errors import DeskError


def refuses(ask: Callable[..., object], *values: Any) -> bool:
    try:
        ask(*values)
    except DeskError:
        return True
    return False
