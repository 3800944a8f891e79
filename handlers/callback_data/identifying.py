"""Buttons about the national ID of a learner, where an office requires it; none carries one."""

from __future__ import annotations

from typing import Final

from handlers.callback_data import number_in
from handlers.callback_data.registering import OfRegistrations

NONE_THERE: Final = "n"  # the learner has no Iranian national ID


class NationalIdPressed(OfRegistrations):
    """Write the national ID of one of these learners, by the order they stand in."""

    prefix = "wri"
    which: str = "0"

    @property
    def place(self) -> int:
        """The place of the learner, as untrusted as the button."""
        return number_in(self.which)
