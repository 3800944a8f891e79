"""Buttons by which a manager decides about one place: its fee goes back, or it is taken away."""

from __future__ import annotations

from handlers.callback_data.registering import OfRegistration


class FeeBackAgreed(OfRegistration):
    """Give the fee back: the money moves at once."""

    prefix = "dwca"


class FeeBackRefused(OfRegistration):
    """Refuse it; the reason is asked for."""

    prefix = "dwcr"


class RemovalAsked(OfRegistration):
    """Take the place away; the reason is asked for."""

    prefix = "dwva"
