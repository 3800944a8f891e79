"""What a conversation has at hand while it handles one update."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from telegram.ext import CallbackContext, ExtBot

from bot.citizens import use_cases as citizens
from bot.kit.words import language_of
from bot.outbox.model import OutgoingMessage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from telegram import Update
    from telegram.ext import Application

    from bot.catalogue.model import Catalogue
    from bot.catalogue.search import Answerer, SmallTalk
    from bot.citizens.model import Citizen
    from bot.kit.database import Transaction
    from bot.kit.words import Language, Words
    from handlers.reply import Reply

current_unit: ContextVar[Unit] = ContextVar("current_unit")


@dataclass
class Shared:
    """What all conversations share; made by bot.app, which later puts a better answerer in."""

    catalogue: Catalogue
    answerer: Answerer
    small_talk: SmallTalk
    words: Mapping[Language, Words]
    default_language: Language
    bot_username: str
    edits_pages: bool  # False where the platform edits unreliably: pages are then sent anew


@dataclass
class Unit:
    """The handling of one update: its transaction, its moment, and what is to be said."""

    desk: Shared
    tx: Transaction
    now: datetime
    citizen: Citizen
    language: Language
    messages: list[OutgoingMessage] = field(default_factory=list)
    toast: str = ""
    error: Exception | None = None


class DeskContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """What a conversation's function is given; it speaks into the outbox, never on the wire."""

    unit: Unit
    _update: Update

    @classmethod
    def from_update(
        cls, update: object, application: Application[Any, Any, Any, Any, Any, Any]
    ) -> Self:
        """Find the unit that bot.app began for this update."""
        context = super().from_update(update, application)
        context.unit = current_unit.get()
        context._update = update  # type: ignore[assignment]  # noqa: SLF001 - our own attribute
        return context

    @property
    def words(self) -> Words:
        """The words of the person's language."""
        return self.unit.desk.words[self.unit.language]

    def reply(self, reply: Reply, *, once: str | None = None) -> None:
        """Queue a reply to the chat the update came from; it is sent once the unit is committed.

        Of several replies with the same `once` only the first is sent, however many updates ask.
        """
        chat_id = self._place_id()
        query = self._update.callback_query
        page = None if query is None else query.message
        params = {"chat_id": chat_id, **reply.as_params()}
        if reply.is_page and page and page.is_accessible and self.unit.desk.edits_pages:
            params["message_id"] = page.message_id
            self.unit.messages.append(OutgoingMessage(chat_id, "editMessageText", params))
        else:
            message = OutgoingMessage(chat_id, "sendMessage", params, once=once)
            self.unit.messages.append(message)

    def _place_id(self) -> int:
        """Find where to speak; a press that names no chat is answered in the private one."""
        place = self._update.effective_chat or self._update.effective_user
        assert place is not None
        return place.id

    async def speak_of(self, office_id: str, service_id: str) -> None:
        """Remember which service is being spoken of, for what the person asks next."""
        unit = self.unit
        unit.citizen = await citizens.speak_of(
            unit.tx,
            citizen=unit.citizen,
            office_id=office_id,
            service_id=service_id,
            now=unit.now,
        )

    def toast(self, text: str) -> None:
        """Show a short line over the chat when the pressed button is acknowledged."""
        self.unit.toast = text


def speak_to(citizen: Citizen, language_code: str | None, default: Language) -> Language:
    """Choose the language for a person: their own choice, else their messenger's, else Persian."""
    return citizen.language or language_of(language_code, default)


def pressed(update: Update) -> str:
    """The callback data of a pressed button, as untrusted text."""
    assert update.callback_query is not None
    return update.callback_query.data or ""
