"""The messenger edge: an update becomes a call of a use case, its result words and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import (
    ask,
    cases,
    catalogue,
    inline,
    my_affairs,
    my_cases,
    notices,
    rights,
    staff,
    start,
    surveys,
    typed_choices,
    wallet,
    workshops,
)

if TYPE_CHECKING:
    from handlers.adding import Application


def add_all(application: Application) -> None:
    """Add every conversation, in the order in which they are asked whether an update is theirs."""
    wallet.add_payments(application)
    typed_choices.add(application)
    start.add(application)
    staff.add(application)
    rights.add(application)
    surveys.add(application)
    my_affairs.add(application)
    notices.add(application)
    my_cases.add(application)
    workshops.add_cancel(application)
    cases.add(application)
    wallet.add(application)
    workshops.add(application)
    catalogue.add(application)
    typed_choices.add_numbers(application)
    ask.add(application)
    inline.add(application)
    start.add_fallbacks(application)
