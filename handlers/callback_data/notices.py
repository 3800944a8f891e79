"""What the buttons of the notices carry."""

from __future__ import annotations

from handlers.callback_data import Payload


class NoticePressed(Payload):
    """Tell such a thing no more, or again; "-" only lists."""

    prefix = "no"
    notice: str
    verb: str
