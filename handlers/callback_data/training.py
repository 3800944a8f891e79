"""What the button of a training carries: the codes of its made-up cases."""

from __future__ import annotations

from handlers.callback_data import Payload


class TrainingEnds(Payload):
    """Wipe the cases of a training; their codes are joined by dashes."""

    prefix = "tr"
    codes: str
