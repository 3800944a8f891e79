"""How an update is known to belong to something that is under way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from telegram.ext.filters import UpdateFilter

from bot.catalogue.search import Talk
from bot.citizens.rules import DIALOGUE_LASTS
from bot.kit.amounts import read_amount
from handlers.context import current_unit

if TYPE_CHECKING:
    from telegram import Message, Update

_FRESH_FOR: Final = timedelta(minutes=30)  # what is written later is about something else


class InDialogue(UpdateFilter):
    """Lets an update pass when the person is in this flow, at one of these steps if any."""

    __slots__ = ("_flow", "_steps")

    def __init__(self, flow: str, *steps: str) -> None:
        super().__init__(name=f"in dialogue {flow}")
        self._flow, self._steps = flow, steps

    def filter(self, update: Update) -> bool:
        """Look at the unit, which knows where the person is."""
        del update
        dialogue = current_unit.get().dialogue
        is_there = dialogue is not None and dialogue.name == self._flow
        return is_there and (not self._steps or dialogue.step in self._steps)  # type: ignore[union-attr]


class JustAsked(InDialogue):
    """Lets a message pass that answers what a step of the flow asked for a short while ago."""

    __slots__ = ()

    def filter(self, update: Update) -> bool:
        """Look at the unit, which knows what was asked and when."""
        unit = current_unit.get()
        if not super().filter(update) or unit.dialogue is None:
            return False
        return unit.dialogue.expires_at - unit.now > DIALOGUE_LASTS - _FRESH_FOR


class Nods(UpdateFilter):
    """Lets a message pass that only agrees, or is a number, where a button was waited for."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(name="nods")

    def filter(self, update: Update) -> bool:
        """Look at the words."""
        message = update.effective_message
        text = "" if message is None else message.text or ""
        kind = current_unit.get().desk.small_talk.kind_of(text)
        return kind is Talk.ACKNOWLEDGEMENT or read_amount(text) is not None


class About(UpdateFilter):
    """Lets a message pass that replies to one of ours about such a thing: "case", "do:end"."""

    __slots__ = ("_prefix",)

    def __init__(self, prefix: str) -> None:
        super().__init__(name=f"about {prefix}")
        self._prefix = f"{prefix}:"

    def filter(self, update: Update) -> bool:
        """Look at the unit, which knows what is replied to."""
        del update
        return (current_unit.get().subject or "").startswith(self._prefix)


def album_of(message: Message) -> str | None:
    """Name the album of a picture, so that one answer serves all of it."""
    return None if message.media_group_id is None else f"album:{message.media_group_id}"
