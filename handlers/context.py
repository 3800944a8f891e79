"""What a conversation has at hand while it handles one update."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from telegram.ext import CallbackContext, ExtBot

from bot.calendar import use_cases as calendars
from bot.calendar.rules import is_open
from bot.citizens import use_cases as citizens
from bot.kit.jalali import tehran_day
from bot.kit.words import language_of
from bot.messenger.contract import DirectCall
from bot.outbox import use_cases as outbox
from bot.outbox.model import OutgoingMessage, Priority
from bot.workshops.rules.policy import policy_of
from handlers.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from telegram import Update
    from telegram.ext import Application

    from bot.calendar.model import OfficeCalendar
    from bot.cases.model import Case
    from bot.catalogue.model import AskedQuestion, Catalogue
    from bot.catalogue.search import Answerer, Intents, SmallTalk
    from bot.citizens.model import Citizen, Dialogue, Staff
    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction
    from bot.kit.words import Language, Words
    from bot.outbox.model import Choice
    from bot.workshops.model import Listing, Policy

Upcoming = dict[tuple[str, ...], "list[Listing]"]
current_unit: ContextVar[Unit] = ContextVar("current_unit")


@dataclass
class Shared:
    """What all conversations share; made by bot.app, which later puts what was learnt in."""

    catalogue: Catalogue
    answerer: Answerer
    small_talk: SmallTalk
    intents: Intents
    words: Mapping[Language, Words]
    default_language: Language
    bot_username: str
    deep_link: str  # the platform's, with {bot} and {payload}
    edits_pages: bool  # False where the platform edits unreliably: pages are then sent anew
    keyring: Keyring  # seals what nobody should read in the records
    takes_payments: bool = False  # whether bills can be sent: somebody is there to be paid
    is_trial: bool = False  # on the simulator: what is done here concerns nobody
    fetch_file: Callable[[str], Awaitable[bytes]] | None = None  # never inside a transaction

    def link(self, payload: str) -> str:
        """Write the address that opens the desk and gives it this payload."""
        return self.deep_link.format(bot=self.bot_username, payload=payload)

    def words_of(self, language: Language) -> Words:
        """The words of a language."""
        return self.words[language]


@dataclass(frozen=True)
class Checkout:
    """Whether a bill may be paid now, or in plain words why not."""

    ok: bool
    error: str = ""


@dataclass
class Unit:
    """The handling of one update: its transaction, its moment, and what is to be said."""

    desk: Shared
    tx: Transaction
    now: datetime
    citizen: Citizen
    language: Language
    dialogue: Dialogue | None = None
    choices: Sequence[Choice] = ()  # what was offered last, where a message may mean one of it
    is_typed: bool = False  # the words of a button were written instead of pressing it
    is_awaited: bool = False  # an office waits for an answer of the person
    staff: tuple[Staff, ...] = ()  # the roles of the person, in any office
    subject: str | None = None  # what the message is about that this one replies to
    messages: list[OutgoingMessage] = field(default_factory=list)
    direct: list[DirectCall] = field(default_factory=list)  # made once, beside what is said
    toast: str = ""
    checkout: Checkout | None = None
    calendars: dict[str, OfficeCalendar] = field(default_factory=dict)
    notes: list[AskedQuestion | Citizen] = field(default_factory=list)  # written with the group's
    upcoming: Upcoming = field(default_factory=dict)  # read once for all updates of a group
    going_on: Upcoming = field(default_factory=dict)  # as above


class DeskContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """What a conversation's function is given; it speaks into the outbox, never on the wire."""

    unit: Unit
    _update: Update

    @classmethod
    def from_update(
        cls, update: object, application: Application[Any, Any, Any, Any, Any, Any]
    ) -> Self:
        """Find the unit that the edge began for this update."""
        context = super().from_update(update, application)
        context.unit = current_unit.get()
        context._update = update  # type: ignore[assignment]  # noqa: SLF001 - our own attribute
        return context

    @property
    def words(self) -> Words:
        """The words of the person's language; in a group, of the desk's."""
        return self.unit.desk.words[self.unit.language]

    @property
    def place_id(self) -> int:
        """Say where to speak; a press that names no chat is answered in the private one."""
        place = self._update.effective_chat or self._update.effective_user
        assert place is not None
        return place.id

    @property
    def is_press(self) -> bool:
        """True when a button was pressed: only then can something be said by `toast`."""
        return self._update.callback_query is not None

    @property
    def is_checkout(self) -> bool:
        """True when somebody is about to pay: only `checkout` can say something to them."""
        return self._update.pre_checkout_query is not None

    def checkout(self, *, ok: bool, error: str = "") -> None:
        """Say whether the bill may be paid, or why not; where nobody says it, it may not."""
        assert self.is_checkout
        assert ok != bool(error)
        self.unit.checkout = Checkout(ok, error)

    def reply(self, reply: Reply, *, once: str | None = None, about: str | None = None) -> None:
        """Queue a reply to the chat the update came from; it is sent once the unit is committed.

        Of several replies with the same `once` only the first is sent, however many updates ask.
        `about` names what the message is about, for whoever replies to it.
        """
        chat_id = self.place_id
        query = self._update.callback_query
        page = None if query is None else query.message
        said = reply.as_message(chat_id, about=about, once=once)
        if reply.is_page and page and page.is_accessible:
            if self.unit.desk.edits_pages:
                params = {**said.params, "message_id": page.message_id}
                said = replace(said, method="editMessageText", params=params, once=None)
            else:
                gone: dict[str, object] = {"chat_id": chat_id, "message_id": page.message_id}
                self.unit.direct.append(DirectCall("deleteMessage", gone))
        self.unit.messages.append(said)

    def tell(
        self,
        chat_id: int,
        reply: Reply,
        *,
        about: str | None = None,
        once: str | None = None,
        is_silent: bool = False,
    ) -> None:
        """Queue a notice to any chat; whoever waits in front of a screen is answered before."""
        said = reply.as_message(chat_id, Priority.NOTICE, about=about, once=once)
        if is_silent:
            said.params["disable_notification"] = True
        self.unit.messages.append(said)

    def unsay(self) -> None:
        """Delete what the person has just written, which should not stand in a chat.

        It is done once the unit is committed; what an exception refuses stays.
        """
        message = self._update.effective_message
        assert message is not None
        assert not self.is_press
        params: dict[str, object] = {"chat_id": message.chat_id, "message_id": message.message_id}
        self.unit.messages.append(OutgoingMessage(message.chat_id, "deleteMessage", params))

    async def tell_desk(self, case: Case, reply: Reply, *, once: str | None = None) -> None:
        """Tell the admin chat of a case's office something about the case."""
        await self.tell_office(case.office_id, reply, about=f"case:{case.id}", once=once)

    async def tell_office(
        self, office_id: str, reply: Reply, *, about: str, once: str | None = None
    ) -> None:
        """Tell the admin chat of an office something.

        No phone rings for it while the office is closed; without an admin chat, its lists have it.
        """
        chat_id = await self.admin_chat(office_id)
        if chat_id is not None:
            is_closed = not is_open(await self.calendar(office_id), self.unit.now)
            self.tell(chat_id, reply, about=about, once=once, is_silent=is_closed)

    async def admin_chat(self, office_id: str) -> int | None:
        """Find the admin chat of an office."""
        return await citizens.admin_chat_of(self.unit.tx, office_id=office_id)

    async def calendar(self, office_id: str) -> OfficeCalendar:
        """Read the calendar of an office, once for this update."""
        unit = self.unit
        if office_id not in unit.calendars:
            unit.calendars[office_id] = await calendars.calendar_of(
                unit.tx,
                office_id=office_id,
                hours=unit.desk.catalogue.published_by(office_id).hours,
                today=tehran_day(unit.now),
            )
        return unit.calendars[office_id]

    def policy_of(self, office_id: str) -> Policy:
        """Say what an office decided about its workshops."""
        return policy_of(self.unit.desk.catalogue.published_by(office_id).desk)

    async def begin(self, name: str, step: str, **draft: object) -> Dialogue:
        """Begin a flow of several messages with this person here, in place of any other."""
        unit = self.unit
        unit.dialogue = await citizens.begin(
            unit.tx,
            chat_id=self.place_id,
            citizen_id=unit.citizen.id,
            name=name,
            step=step,
            draft=draft,
            now=unit.now,
        )
        return unit.dialogue

    async def advance(self, step: str, **changes: object) -> Dialogue:
        """Go to a step of the flow, with these changes to what was said so far."""
        unit = self.unit
        assert unit.dialogue is not None
        unit.dialogue = await citizens.advance(
            unit.tx,
            dialogue=unit.dialogue,
            step=step,
            draft={**unit.dialogue.draft, **changes},
            now=unit.now,
        )
        return unit.dialogue

    async def end_dialogue(self) -> None:
        """Leave the flow, if the person is in one."""
        unit = self.unit
        if unit.dialogue is not None:
            await citizens.end(unit.tx, dialogue=unit.dialogue)
            unit.dialogue = None

    async def mark(self, about: str) -> None:
        """Remember what the person's own message is about, for its later edits and replies."""
        message = self._update.effective_message
        assert message is not None
        await outbox.note_subject(
            self.unit.tx,
            chat_id=message.chat_id,
            message_id=message.message_id,
            about=about,
            now=self.unit.now,
        )

    def speak_of(self, office_id: str, service_id: str) -> None:
        """Remember which service is being spoken of, for what the person asks next."""
        unit = self.unit
        speaking = unit.citizen.speaking_of(office_id, service_id, unit.now)
        if speaking is not unit.citizen:
            unit.citizen = speaking
            unit.notes.append(speaking)

    def toast(self, text: str) -> None:
        """Show a short line over the chat; who wrote the button's words reads it as a message."""
        if self.unit.is_typed:
            self.reply(Reply(text))
        else:
            self.unit.toast = text


def speak_to(citizen: Citizen, language_code: str | None, default: Language) -> Language:
    """Choose the language for a person: their own choice, else their messenger's, else Persian."""
    return citizen.language or language_of(language_code, default)


def pressed(update: Update) -> str:
    """The callback data of a pressed button, as untrusted text."""
    assert update.callback_query is not None
    return update.callback_query.data or ""
