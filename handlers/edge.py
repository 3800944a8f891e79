"""Where the durable path meets the conversations: a raw update in, what is to be said out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.ext import Application, ContextTypes

from bot.catalogue.errors import PersonalDataInQuestion
from bot.catalogue.use_cases import question_text
from bot.citizens import use_cases as citizens
from bot.citizens.model import Citizen, CitizenId
from bot.messenger.contract import DirectCall, Outcome, Unreadable
from bot.outbox.model import OutgoingMessage
from handlers import add_all
from handlers.context import DeskContext, Shared, Unit, current_unit, speak_to
from handlers.errors import refuse
from handlers.views.errors import given_up

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from telegram import Bot

    from bot.inbox.model import DeadLetter
    from bot.kit.database import Transaction
    from bot.kit.errors import DeskError

_NOBODY = CitizenId(0)  # a channel post or a membership change has no author of ours
_ID_MAX = 2**63 - 1


@dataclass(frozen=True)
class Edge:
    """python-telegram-bot's dispatcher, fed from the inbox and speaking into the outbox."""

    desk: Shared
    application: Application[Any, DeskContext, Any, Any, Any, Any]
    _gathered: dict[CitizenId, Citizen] = field(default_factory=dict)

    @classmethod
    def on(cls, bot: Bot, desk: Shared) -> Edge:
        """Put every conversation of the desk behind one bot."""
        builder = Application.builder().bot(bot).updater(None).job_queue(None)
        application = builder.context_types(ContextTypes(context=DeskContext)).build()
        add_all(application)
        return cls(desk, application)

    async def answer(self, tx: Transaction, raw: dict[str, object], now: datetime) -> Outcome:
        """Let the conversations handle one update inside its transaction.

        A refusal or a defect of theirs is raised, so that the caller rolls the update back.
        """
        update, unit = await self._begin(tx, raw, now)
        token = current_unit.set(unit)
        try:
            await self.application.process_update(update)
        finally:
            current_unit.reset(token)
        if unit.error is not None:
            raise unit.error
        return _outcome(update, unit)

    async def refuse(
        self, tx: Transaction, raw: dict[str, object], error: DeskError, now: datetime
    ) -> Outcome:
        """Say a refusal, after what its update had changed was rolled back."""
        update, unit = await self._begin(tx, raw, now)
        token = current_unit.set(unit)
        try:
            refuse(DeskContext.from_update(update, self.application), error)
        finally:
            current_unit.reset(token)
        return _outcome(update, unit)

    async def alarm(
        self, _tx: Transaction, _dead: DeadLetter, raw: dict[str, object], _now: datetime
    ) -> list[OutgoingMessage]:
        """Tell the person in a private chat that their update was given up, without blame."""
        chat_id = _private_chat(raw)
        if chat_id is None:
            return []
        reply = given_up(self.desk.words[self.desk.default_language])
        return [OutgoingMessage(chat_id, "sendMessage", {"chat_id": chat_id, **reply.as_params()})]

    async def prepare(self, raws: Sequence[dict[str, object]]) -> None:
        """Encode the questions of a group before its transaction begins: it takes a while."""
        texts = [text for raw in raws if (text := self._question(raw)) is not None]
        await self.desk.answerer.prepare(texts)

    def _question(self, raw: dict[str, object]) -> str | None:
        """What will be looked up for a raw update, if anything will be."""
        text = _text(raw)
        if text is None or self.desk.small_talk.kind_of(text) is not None:
            return None
        try:
            return question_text(text, published_codes=self.desk.catalogue.codes)
        except PersonalDataInQuestion:
            return None

    async def gather(self, tx: Transaction, raws: Sequence[dict[str, object]]) -> None:
        """Recall the people of a group at once.

        Who is in it twice is recalled each time: their second update may follow a change.
        """
        self._gathered.clear()
        times = Counter(id_ for raw in raws if (id_ := _author(raw)) is not None)
        once = [id_ for id_, count in times.items() if count == 1]
        self._gathered.update(await citizens.recall_all(tx, citizen_ids=once))

    async def _recall(self, tx: Transaction, citizen_id: CitizenId) -> Citizen:
        gathered = self._gathered.pop(citizen_id, None)
        return gathered or await citizens.recall(tx, citizen_id=citizen_id)

    def _still_true(self, citizen: Citizen) -> Citizen:
        """Leave out an office that is no longer in the catalogue."""
        if citizen.office_id is None or self.desk.catalogue.find(citizen.office_id) is not None:
            return citizen
        return replace(citizen, office_id=None)

    async def _begin(
        self, tx: Transaction, raw: dict[str, object], now: datetime
    ) -> tuple[Update, Unit]:
        try:
            update = Update.de_json(raw, self.application.bot)
        except Exception as error:
            raise Unreadable from error
        person = update.effective_user
        if person is None:
            citizen = Citizen(_NOBODY)
        else:
            citizen = self._still_true(await self._recall(tx, CitizenId(person.id)))
        code = None if person is None else person.language_code
        language = speak_to(citizen, code, self.desk.default_language)
        return update, Unit(self.desk, tx, now, citizen, language)


def _author(raw: dict[str, object]) -> CitizenId | None:
    """The id of the person in a raw update, if there is one that the database can look for."""
    for content in raw.values():
        author = content.get("from") if isinstance(content, dict) else None
        id_ = author.get("id") if isinstance(author, dict) else None
        if isinstance(id_, int) and abs(id_) <= _ID_MAX:
            return CitizenId(id_)
    return None


def _private_chat(raw: dict[str, object]) -> int | None:
    """The chat of a raw update, if a person is alone in it with the desk."""
    for content in raw.values():
        message = content.get("message", content) if isinstance(content, dict) else None
        chat = message.get("chat") if isinstance(message, dict) else None
        if isinstance(chat, dict) and chat.get("type") == "private":
            id_ = chat.get("id")
            return id_ if isinstance(id_, int) and abs(id_) <= _ID_MAX else None
    return None


def _text(raw: dict[str, object]) -> str | None:
    """What a person wrote in a raw update, if it may be a question; anything may stand there."""
    message = raw.get("message", raw.get("edited_message"))
    if not isinstance(message, dict):
        return None
    chat, text = message.get("chat"), message.get("text")
    is_private = isinstance(chat, dict) and chat.get("type") == "private"
    is_said = isinstance(text, str) and not text.startswith("/")
    return str(text) if is_private and is_said else None


def _outcome(update: Update, unit: Unit) -> Outcome:
    direct = []
    if update.callback_query is not None:
        acknowledged: dict[str, object] = {"callback_query_id": update.callback_query.id}
        if unit.toast:
            acknowledged["text"] = unit.toast
        direct.append(DirectCall("answerCallbackQuery", acknowledged))
    return Outcome(unit.messages, direct)
