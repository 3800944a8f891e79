"""Following one's own cases: the list, a case by its code, further words, second thoughts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.my_cases import acting, looking, writing
from handlers.my_cases.looking import list_cases, track_in_words
from handlers.my_cases.offering import with_waiting_case

if TYPE_CHECKING:
    from handlers.adding import Application

__all__ = ["add", "list_cases", "track_in_words", "with_waiting_case"]


def add(application: Application) -> None:
    """Add what can be seen of cases and done with them.

    Before the flow of telling something: whoever replies to a message about a case means that one.
    """
    writing.add(application)
    looking.add(application)
    acting.add(application)
