"""How a round keeps its pieces of work apart: one that fails holds up no other."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.kit.database import is_storage_trouble
from bot.kit.firings import Overtaken

if TYPE_CHECKING:
    from collections.abc import Iterator

_logger = logging.getLogger(__name__)


@contextmanager
def kept_apart(what: str) -> Iterator[None]:
    """Log what goes wrong with one thing, and let the others go on.

    Trouble with the storage is raised, and that somebody else goes on: they meet all the others.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, Overtaken) or is_storage_trouble(error):
            raise
        _logger.exception("a round failed for %s", what)
