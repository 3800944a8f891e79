"""Whether somebody is let do something, and what they are told by who does not let them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.kit.errors import DeskError


def refuses(ask: Callable[..., object], *values: Any) -> bool:
    """True where a rule does not let somebody; one that does says nothing at all."""
    try:
        ask(*values)
    except DeskError:
        return True
    return False


@contextmanager
def refused(expected: DeskError) -> Iterator[None]:
    """Expect this very refusal: whoever is refused is told by what it carries."""
    with pytest.raises(type(expected)) as raised:
        yield
    assert type(raised.value) is type(expected)
    assert vars(raised.value) == vars(expected)
