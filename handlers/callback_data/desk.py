"""Buttons of the staff desk: a list of cases, and what is done to one case."""

from __future__ import annotations

from enum import StrEnum

from bot.cases.model import CaseId
from handlers.callback_data import Payload, number_in


class DeskVerb(StrEnum):
    """What a button under a case card does or opens."""

    CARD = "card"  # in place of the page
    OPEN = "open"  # as a new message, which can be replied to
    TAKE = "take"
    RELEASE = "release"
    ASK = "ask"  # prompts for the question
    NOTE = "note"  # prompts for the note
    READY = "ready"  # lists the ready answers
    SEE = "see"  # previews one
    SEND = "send"
    SNOOZES = "snoozes"
    SNOOZE = "snooze"
    WAKE = "wake"
    MOVES = "moves"  # lists the services to transfer to
    MOVE = "move"
    ENDINGS = "endings"
    END = "end"
    MORE = "more"
    MERGE = "merge"  # prompts for the code
    CHANGED = "changed"  # prompts for what was changed
    CREDIT = "credit"  # prompts for an amount and a reason
    HISTORY = "history"
    WHY = "why"  # why this deadline


class QueuePressed(Payload):
    """Show one list of an office, from a line on, below whatever has the button."""

    prefix = "q"
    office_id: str
    queue: str
    offset: str

    @property
    def start(self) -> int:
        """The line to start from, as a number."""
        return number_in(self.offset)


class QueueTurned(Payload):
    """Turn the page of a list, in its place."""

    prefix = "qt"
    office_id: str
    queue: str
    offset: str

    @property
    def start(self) -> int:
        """The line to start from, as a number."""
        return number_in(self.offset)


class QueuesPressed(Payload):
    """Show how many cases each list has."""

    prefix = "qs"


class CaseDeskPressed(Payload):
    """Do something to a case, or open what can be done; `arg` says with what."""

    prefix = "d"
    case_id: str
    verb: str
    arg: str = ""

    @classmethod
    def on(cls, case_id: CaseId, verb: DeskVerb, arg: str | int = "") -> CaseDeskPressed:
        """Make the button of a case that is known."""
        return cls(str(case_id), verb.value, str(arg))

    @property
    def case(self) -> CaseId:
        """The case, as untrusted as the button."""
        return CaseId(number_in(self.case_id))
