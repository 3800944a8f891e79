"""Workshops as citizens meet them: looking around, registering, and what can be done after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.workshops import (
    answering,
    browsing,
    checklist,
    fee_back,
    identifying,
    learners,
    leaving,
    mine,
    moving,
    paying,
    registering,
    subscribing,
    waiting,
)

if TYPE_CHECKING:
    from handlers.adding import Application

open_link = browsing.open_link
answer_in_words = answering.answer
add_cancel = identifying.add_cancel


def add(application: Application) -> None:
    """Add every conversation of citizens about workshops."""
    browsing.add(application)
    subscribing.add(application)
    learners.add(application)
    registering.add(application)
    identifying.add(application)
    paying.add(application)
    waiting.add(application)
    mine.add(application)
    checklist.add(application)
    leaving.add(application)
    moving.add(application)
    fee_back.add(application)
