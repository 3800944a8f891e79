"""Where the durable path meets the conversations: a raw update in, what is to be said out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from telegram.ext import Application, ContextTypes

from bot.cases import use_cases as cases
from bot.cases.errors import NoSuchCase
from bot.catalogue import use_cases as catalogue
from bot.catalogue.errors import PersonalDataInQuestion
from bot.catalogue.model import AskedQuestion
from bot.citizens import use_cases as citizens
from bot.citizens.model import Citizen, CitizenId
from bot.messenger.contract import PRE_CHECKOUT, Desk, DirectCall, Outcome
from bot.outbox import use_cases as outbox
from bot.outbox.model import OutgoingMessage
from handlers import add_all
from handlers.checkouts import checkouts
from handlers.context import DeskContext, Shared, Unit, current_unit, speak_to
from handlers.dispatching import Dispatcher
from handlers.errors import refuse, slow_down
from handlers.raw_updates import is_receipt, place_of, read, spoken_in, text_of
from handlers.reply import replying_to
from handlers.staff.cases.desk import ToOurs, code_shown
from handlers.typed_choices import Offers, as_press
from handlers.views.errors import given_up, given_up_at_desk, payment_given_up

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from telegram import Bot, Message, Update

    from bot.citizens.model import Dialogue, Staff
    from bot.inbox.model import DeadLetter
    from bot.kit.database import Transaction
    from bot.kit.errors import DeskError
    from bot.kit.words import Words
    from bot.messenger.contract import Render
    from handlers.context import Upcoming
    from handlers.raw_updates import Place

_NOBODY = CitizenId(0)  # a channel post or a membership change has no author of ours
_GROUPS = ("group", "supergroup")


@dataclass(frozen=True)
class _Known:
    """What the desk knows of a person before it reads what they say."""

    citizen: Citizen
    staff: tuple[Staff, ...] = ()
    dialogue: Dialogue | None = None
    is_awaited: bool = False


@dataclass
class _Group:
    """What was read for the updates that are answered in one transaction, and serves several."""

    is_whole: bool = False  # it is undone as one, not update by update
    known: dict[Place, _Known] = field(default_factory=dict)
    upcoming: Upcoming = field(default_factory=dict)
    going_on: Upcoming = field(default_factory=dict)
    offers: Offers = field(default_factory=Offers)


@dataclass
class Edge:
    """python-telegram-bot's dispatcher, fed from the inbox and speaking into the outbox."""

    desk: Shared
    application: Application[Any, DeskContext, Any, Any, Any, Any]
    _group: _Group = field(default_factory=_Group)

    @classmethod
    def on(cls, bot: Bot, desk: Shared) -> Edge:
        """Put every conversation of the desk behind one bot."""
        builder = Application.builder().bot(bot).updater(None).job_queue(None)
        builder = builder.application_class(Dispatcher)
        application = builder.context_types(ContextTypes(context=DeskContext)).build()
        add_all(application)
        return cls(desk, application)

    def as_desk(self, render: Render | None = None) -> Desk:
        """Say to the messenger how it is answered here."""
        asked = (self.answer, self.refuse, self.prepare, self.alarm, self.gather, self.note)
        return Desk(*asked, render, partial(slow_down, self.desk))

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
        self, tx: Transaction, _dead: DeadLetter, raw: dict[str, object], _now: datetime
    ) -> Outcome:
        """Say in a private or an admin chat that an update was given up, without blame.

        In an admin chat it is said in reply, so that it is seen which answer reached nobody.
        Whoever was about to pay is kept from it.
        """
        words = self.desk.words[self.desk.default_language]
        query = raw.get(PRE_CHECKOUT)
        if isinstance(query, dict):
            return Outcome(direct=checkouts(query.get("id"), None, words))
        return Outcome(await self._told(tx, raw, words))

    async def _told(
        self, tx: Transaction, raw: dict[str, object], words: Words
    ) -> list[OutgoingMessage]:
        chat_id, chat_type, message_id = spoken_in(raw)
        if chat_id is None:
            return []
        answered: dict[str, object] = {}
        if is_receipt(raw):
            reply = payment_given_up(words)
        elif chat_type == "private":
            reply = given_up(words)
        elif await citizens.offices_of_chat(tx, chat_id=chat_id):
            reply, answered = given_up_at_desk(words), replying_to(message_id)
        else:
            return []
        params = {"chat_id": chat_id, **reply.as_params(), **answered}
        return [OutgoingMessage(chat_id, reply.method, params)]

    async def prepare(self, raws: Sequence[dict[str, object]]) -> None:
        """Encode the questions of a group together, before the first of them is answered.

        It takes a while: on a file no transaction waits for it, on a server only these chats do.
        """
        if self.desk.answerer.is_prepared:
            return
        texts = [text for raw in raws if (text := self._question(raw)) is not None]
        await self.desk.answerer.prepare(texts)

    def _question(self, raw: dict[str, object]) -> str | None:
        """What will be looked up for a raw update, if anything will be."""
        text = text_of(raw)
        if text is None or self.desk.small_talk.kind_of(text) is not None:
            return None
        try:
            return catalogue.question_text(text, published_codes=self.desk.catalogue.codes)
        except PersonalDataInQuestion:
            return None

    async def gather(self, tx: Transaction, raws: Sequence[dict[str, object]]) -> None:
        """Recall the people of a group at once.

        Who is in it twice is recalled each time: their second update may follow a change.
        """
        self._group = _Group(is_whole=bool(raws), offers=await Offers.gather(tx, raws))
        times = Counter(place for raw in raws if (place := place_of(raw)) is not None)
        people = Counter(place[1] for place in times)
        once = [place for place in times if times[place] == people[place[1]] == 1]
        self._group.known.update(await _recall_all(tx, once))

    async def note(self, tx: Transaction, notes: Sequence[object], now: datetime) -> None:
        """Write down what was asked, and what people speak of, in a statement each."""
        questions = [one for one in notes if isinstance(one, AskedQuestion)]
        await catalogue.keep_questions(tx, questions)
        people = [one for one in notes if isinstance(one, Citizen)]
        await citizens.remember_topics(tx, people=people, now=now)

    async def _recall(self, tx: Transaction, place: Place) -> _Known:
        return self._group.known.pop(place, None) or (await _recall_all(tx, [place]))[place]

    def _still_true(self, citizen: Citizen) -> Citizen:
        """Leave out an office that is no longer in the catalogue."""
        if citizen.office_id is None or self.desk.catalogue.find(citizen.office_id) is not None:
            return citizen
        return replace(citizen, office_id=None)

    async def _begin(
        self, tx: Transaction, raw: dict[str, object], now: datetime
    ) -> tuple[Update, Unit]:
        choices = await self._group.offers.of(tx, raw)
        press = as_press(raw, choices)
        update = read(press or raw, self.application.bot)
        person, chat = update.effective_user, update.effective_chat
        known = _Known(Citizen(_NOBODY))
        id_ = _person_id(update)
        if id_ is not None:
            known = await self._recall(tx, (id_ if chat is None else chat.id, CitizenId(id_)))
        citizen = self._still_true(known.citizen)
        if chat is not None and chat.type in _GROUPS:
            language = self.desk.default_language  # colleagues read together
        else:
            code = None if person is None else person.language_code
            language = speak_to(citizen, code, self.desk.default_language)
        unit = Unit(self.desk, tx, now, citizen, language, staff=known.staff, choices=choices)
        unit.is_typed = press is not None
        if self._group.is_whole:
            unit.upcoming = self._group.upcoming
            unit.going_on = self._group.going_on
        unit.is_awaited = known.is_awaited
        if known.dialogue is not None and now < known.dialogue.expires_at:
            unit.dialogue = known.dialogue
        unit.subject = await _subject(tx, update)
        return update, unit


def _person_id(update: Update) -> int | None:
    """Who it is; a private chat has the number of its person, who may not be named besides."""
    person, chat = update.effective_user, update.effective_chat
    if person is not None:
        return person.id
    return chat.id if chat is not None and chat.type == chat.PRIVATE else None


async def _recall_all(tx: Transaction, places: Collection[Place]) -> dict[Place, _Known]:
    """Recall people, their roles, flows, and whom an office awaits, in four statements."""
    ids = {citizen_id for _, citizen_id in places}
    people = await citizens.recall_all(tx, citizen_ids=ids)
    roles = await citizens.roles_of_all(tx, citizen_ids=ids)
    dialogues = await citizens.dialogues_of_all(tx, places=places)
    awaited = await cases.awaited_of(tx, citizen_ids=ids)
    return {
        place: _Known(
            people[place[1]],
            roles.get(place[1], ()),
            dialogues.get(place),
            is_awaited=place[1] in awaited,
        )
        for place in places
    }


async def _subject(tx: Transaction, update: Update) -> str | None:
    """Say what is replied to, or what an edited message was about."""
    edited, message = update.edited_message, update.message
    if edited is not None:
        return await outbox.subject_of(tx, chat_id=edited.chat_id, message_id=edited.message_id)
    if message is None or message.reply_to_message is None:
        return None
    known = await outbox.subject_of(
        tx,
        chat_id=message.chat_id,
        message_id=message.reply_to_message.message_id,
        reply_id=message.message_id,
    )
    return known or await _case_shown(tx, message)


async def _case_shown(tx: Transaction, message: Message) -> str | None:
    """Know a citizen's case by the code in what they reply to.

    A crash between telling and accounting says a message twice, and its first copy is in no map.
    Nothing leads from a chat to an anonymous case.
    """
    if message.chat.type != message.chat.PRIVATE or not ToOurs().filter(message):
        return None
    code = code_shown(message)
    if code is None:
        return None
    try:
        sight = await cases.sight(tx, code=code, citizen_id=CitizenId(message.chat_id))
    except NoSuchCase:
        return None
    case = sight.dossier.case
    return f"case:{case.id}" if case.author_id == message.chat_id else None


def _outcome(update: Update, unit: Unit) -> Outcome:
    direct = list(unit.direct)
    if update.pre_checkout_query is not None:
        words = unit.desk.words[unit.language]
        direct += checkouts(update.pre_checkout_query.id, unit.checkout, words)
    if update.callback_query is not None and not unit.is_typed:
        acknowledged: dict[str, object] = {"callback_query_id": update.callback_query.id}
        if unit.toast:
            acknowledged["text"] = unit.toast
        direct.append(DirectCall("answerCallbackQuery", acknowledged))
    return Outcome(unit.messages, direct, unit.notes)
