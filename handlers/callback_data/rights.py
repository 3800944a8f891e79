"""Buttons of what is a person's own: what is kept of them, how it is corrected, how it goes."""

from __future__ import annotations

from enum import StrEnum

from handlers.callback_data import Payload


class Right(StrEnum):
    """What is asked for."""

    SEE = "d"
    AS_PAGE = "p"
    AS_DATA = "j"
    CORRECT = "c"
    TELL_STAFF = "s"
    ERASE = "e"
    ERASE_SURELY = "g"  # asks once more


class RightPressed(Payload):
    """Ask for what is one's own; who presses is whom it is about."""

    prefix = "rt"
    right: str


class ErasurePressed(Payload):
    """Erase now; the token names the question it answers, which is asked anew after a day."""

    prefix = "rte"
    token: str
