"""The people, chats and messages of the pocket messenger."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.simulator.errors import ApiError, PersonError, bad_request, forbidden, migrated
from bot.simulator.faults import Faults
from bot.simulator.files import Files
from bot.simulator.journal import Journal
from bot.simulator.limits import Limits
from bot.simulator.profiles import Profile
from bot.simulator.signals import Events, Signal
from bot.simulator.updates import UpdateQueue
from bot.simulator.webhook import Webhook
from bot.simulator.wire import Json, loads

PAGE_DIR = Path(__file__).parent / "page"
MESSAGES_MAX = 20_000
QUERIES_MAX = 20_000
CHECKOUT_SECONDS = 10.0  # In them a bot says whether a bill may be paid.
_SUPERGROUP_BASE = -1_000_000_000_000


@dataclass(eq=False, slots=True)
class Person:
    """Somebody with a phone; `public` is what the bot may know."""

    key: str
    public: Json
    phone: str
    role: str
    is_deactivated: bool = False

    @property
    def id(self) -> int:
        """Give the number that is also the private chat's."""
        return int(self.public["id"])


@dataclass(eq=False, slots=True)
class Message:
    """A message as the bot sees it, and what only the people's apps know."""

    public: Json
    keyboard: Json | None = None
    is_from_bot: bool = False
    invoice_payload: str = ""
    file_id: str = ""
    author_id: int = 0  # Of the person, whatever name the message goes under.

    @property
    def id(self) -> int:
        """Give the number within its chat."""
        return int(self.public["message_id"])


@dataclass(eq=False, slots=True)
class Chat:
    """A private chat, a group, a supergroup or a channel."""

    id: int
    kind: str
    public: Json
    member_ids: list[int]
    bot_status: str = "administrator"
    migrated_to: int | None = None
    is_started: bool = False
    is_blocked: bool = False
    last_message_id: int = 0
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """True for a person's own chat with the bot."""
        return self.kind == "private"

    @property
    def has_own_numbers(self) -> bool:
        """True where messages are counted per chat, not per account."""
        return self.kind in {"supergroup", "channel"}


@dataclass(slots=True)
class Query:
    """A press of a button or a wish to pay that awaits the bot's answer."""

    person_id: int
    asked_at: float
    chat_id: int
    answer: Json | None = None


class World:
    """Everything the messenger knows."""

    def __init__(
        self,
        profile: Profile,
        token: str,
        *,
        clock: Callable[[], float] = time.time,
        strict_limits: bool = False,
    ) -> None:
        self.profile = profile
        self.token = token
        self.clock = clock
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files = Files()
        self.stirred = Signal()  # Rung whenever anything at all has happened.
        self.updates = UpdateQueue(profile, clock(), self.stirred)
        self.webhook = Webhook(self.updates, clock)
        self.events = Events(self.stirred)
        self.journal = Journal()
        self.faults = Faults()
        self.limits = Limits(clock, is_strict=strict_limits)
        self.checkout_seconds = CHECKOUT_SECONDS
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.queries: OrderedDict[str, Query] = OrderedDict()
        self._last_message_id = 0
        self._last_query_id = 4_000_000_000
        self._order: deque[tuple[int, int]] = deque()
        self._fill_with_cast()

    def now(self) -> int:
        """Give the time in whole seconds, as dates travel."""
        return int(self.clock())

    def person(self, who: Person | str | int) -> Person:
        """Find a person by key, number or themselves."""
        if isinstance(who, Person):
            return who
        for person in self.people.values():
            if who == person.key:
                return person
        found = self.people.get(int(who)) if str(who).isdecimal() else None
        if found is None:
            raise PersonError(f"nobody here is called {who!r}")
        return found

    def add_person(
        self,
        key: str,
        person_id: int,
        first_name: str,
        *,
        phone: str = "",
        role: str = "",
        **more: str,
    ) -> Person:
        """Let somebody in; their private chat with the bot is still empty."""
        public: Json = {"id": person_id, "is_bot": False, "first_name": first_name, **more}
        person = Person(key, public | {"language_code": "fa"}, phone, role)
        self.people[person_id] = person
        about = {"id": person_id, "first_name": first_name, **more, "type": "private"}
        self.chats[person_id] = Chat(person_id, "private", about, [person_id])
        return person

    def add_chat(
        self, kind: str, title: str, member_ids: list[int], *, chat_id: int | None = None
    ) -> Chat:
        """Open a group, a supergroup or a channel with the bot as its administrator."""
        assert kind in {"group", "supergroup", "channel"}
        number = 1 + sum(not chat.is_private for chat in self.chats.values())
        if chat_id is None:
            chat_id = -5_000 - number if kind == "group" else _SUPERGROUP_BASE - 1_000 - number
        chat = Chat(chat_id, kind, {"id": chat_id, "title": title, "type": kind}, member_ids)
        self.chats[chat_id] = chat
        return chat

    def chat_for_bot(self, chat_id: int) -> Chat:
        """Find the chat a bot names in order to read or change it."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise migrated(chat.migrated_to)
        return chat

    def chat_to_write(self, chat_id: int) -> Chat:
        """Find the chat a bot writes to, if it may."""
        chat = self.chat_for_bot(chat_id)
        refusal = self._why_silent(chat)
        if refusal is not None:
            raise refusal
        return chat

    def _why_silent(self, chat: Chat) -> ApiError | None:
        if not chat.is_private:
            if chat.bot_status in {"left", "kicked"}:
                return forbidden(f"bot was kicked from the {chat.kind} chat")
            return None
        if self.people[chat.id].is_deactivated:
            return forbidden("user is deactivated")
        if chat.is_blocked:
            return forbidden("bot was blocked by the user")
        if not chat.is_started:
            return forbidden("bot can't initiate conversation with a user")
        return None

    def add_message(self, chat: Chat, message: Message) -> Message:
        """Give a message its number and keep it, forgetting the very oldest."""
        if chat.has_own_numbers:
            chat.last_message_id += 1
        else:
            self._last_message_id += 1
            chat.last_message_id = self._last_message_id
        message.public = {"message_id": chat.last_message_id, **message.public}
        chat.messages[message.id] = message
        self._order.append((chat.id, message.id))
        if len(self._order) > MESSAGES_MAX:
            old_chat_id, old_id = self._order.popleft()
            self.chats[old_chat_id].messages.pop(old_id, None)
        self.events.add("message", chat.id, {"message_id": message.id})
        return message

    def add_query(self, person_id: int, chat_id: int) -> str:
        """Remember a question to the bot until it is answered or old."""
        self._last_query_id += 1
        query_id = str(self._last_query_id)
        self.queries[query_id] = Query(person_id, self.clock(), chat_id)
        if len(self.queries) > QUERIES_MAX:
            self.queries.popitem(last=False)
        return query_id

    def _fill_with_cast(self) -> None:
        cast = loads((PAGE_DIR / "cast.json").read_bytes())
        bot_id = int(self.token.partition(":")[0])
        self.bot: Json = {"id": bot_id, "is_bot": True, **cast["bot"]}
        for person in cast["people"]:
            self.add_person(person_id=person.pop("id"), **person)
        members = [self.person(key).id for key in cast["group"]["members"]]
        kind = "supergroup" if self.profile.has_supergroups else "group"
        self.group = self.add_chat(kind, cast["group"]["title"], members)
