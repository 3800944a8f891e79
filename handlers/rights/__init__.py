"""What is a person's own: to see it, to have it corrected, to have it erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.rights import erasing, seeing

if TYPE_CHECKING:
    from handlers.adding import Application


def add(application: Application) -> None:
    """Add the conversations, in the order in which they are asked."""
    seeing.add(application)
    erasing.add(application)
