"""Telling an office something: what it is about, the words, a last look, and the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases import beginning, steps
from handlers.cases.beginning import begin_from_wish

if TYPE_CHECKING:
    from handlers.adding import Application

__all__ = ["add", "begin_from_wish"]


def add(application: Application) -> None:
    """Add the flow; what is written in it goes to it before anybody else looks."""
    beginning.add(application)
    steps.add(application)
