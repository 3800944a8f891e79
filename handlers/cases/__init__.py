"""Telling an office something: what it is about, the words, a last look, and the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.cases import beginning, steps
from handlers.cases.beginning import begin_from_wish

if TYPE_CHECKING:
    from telegram.ext import Application

    from handlers.context import DeskContext

__all__ = ["add", "begin_from_wish"]


def add(application: Application[Any, DeskContext, Any, Any, Any, Any]) -> None:
    """Add the flow; what is written in it goes to it before anybody else looks."""
    beginning.add(application)
    steps.add(application)
