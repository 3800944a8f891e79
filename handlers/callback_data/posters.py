"""What the buttons of the posters carry: public ids."""

from __future__ import annotations

from handlers.callback_data import Payload


class PosterPressed(Payload):
    """Send the poster of a service of an office, or of the office itself ("-")."""

    prefix = "po"
    office_id: str
    matter: str
