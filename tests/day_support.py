"""The whole desk in a pocket, with a clock that tests turn; and its promises, counted by hand."""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.catalogue.loader import load_catalogue
from bot.catalogue.search import Answerer, load_lexicon
from bot.citizens import use_cases as citizens
from bot.citizens.model import Role
from bot.inbox import use_cases as inbox
from bot.inbox.model import Owner
from bot.kit.database import Database
from bot.kit.tracking import code_in, shown
from bot.kit.words import load_words
from bot.messenger.limits import Limiter
from bot.messenger.messenger import Messenger
from bot.messenger.platforms import PLATFORMS, Platform
from bot.messenger.transport import BotApi, make_bot
from bot.messenger.wire import Wire
from bot.simulator import Simulator
from bot.simulator.profiles import PROFILES
from handlers.context import Shared
from handlers.edge import Edge
from handlers.files.rendering import Files
from handlers.jobs import ROUNDS
from handlers.jobs.cast import Cast, seat
from handlers.staff.members import INVITATION
from tests.keys_support import KEYS
from tests.storm.oracle import WAITING
from tests.window import Window, window_into

ROOT = Path(__file__).parents[1]
OFFICE = "kanoon"
MINUTE = timedelta(minutes=1)
TEHRAN = timezone(timedelta(hours=3, minutes=30))  # no summer time since 1401
SETTLED_SECONDS = 20
Message = dict[str, Any]

_WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنج‌شنبه", "جمعه", "شنبه", "یک‌شنبه")
_SHORT = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_YEAR = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_MONTHS = tuple(_YEAR.split(" "))
_NEW_YEARS = {1405: date(2026, 3, 21), 1406: date(2027, 3, 21)}
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
MOMENT = re.compile(
    rf"(?:(?:{'|'.join(_WEEKDAYS)}) )?[۰-۹]{{1,2}} (?:{'|'.join(_MONTHS)}) [۰-۹]{{4}}"
    r"، ساعت [۰-۹]{2}:[۰-۹]{2}"
)


def at(day: date, clock: str) -> datetime:
    """A moment in Tehran."""
    hour, _, minute = clock.partition(":")
    local = datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=TEHRAN)
    return local.astimezone(UTC)


def in_words(moment: datetime, *, with_weekday: bool = True) -> str:
    """A moment as an Iranian writes it, by the rule of the calendar's first six long months."""
    local = moment.astimezone(TEHRAN)
    year = max(year for year, first in _NEW_YEARS.items() if first <= local.date())
    month, day = 0, (local.date() - _NEW_YEARS[year]).days
    while day >= (31 if month < 6 else 30):
        day -= 31 if month < 6 else 30
        month += 1
    weekday = f"{_WEEKDAYS[local.weekday()]} " if with_weekday else ""
    said = f"{weekday}{day + 1} {_MONTHS[month]} {year}، ساعت {local:%H:%M}"
    return said.translate(_PERSIAN)


@dataclass(frozen=True)
class Promises:
    """The desk's own targets, counted minute by minute over its windows.

    It reads the office's file and the rows of holidays and closures, and shares no code with the
    calendar of the bot.
    """

    window: Window

    def minutes(self, kind: str, target: str) -> int:
        targets = _policy()["targets"].get(kind, _policy()["default"])
        return int(targets[f"{target}_minutes"])

    def due(
        self, start: datetime, minutes: int, pauses: Iterable[tuple[datetime, datetime]] = ()
    ) -> datetime:
        """The moment at which so many minutes have been worked, looking at every minute."""
        is_open, breaks, moment, worked = self._opened(), list(pauses), start, 0
        while worked < minutes:
            is_paused = any(since <= moment < until for since, until in breaks)
            worked += is_open(moment) and not is_paused
            moment += MINUTE
        return moment

    def opening(self, after: datetime) -> datetime:
        is_open, moment = self._opened(), after
        while not is_open(moment):
            moment += MINUTE
        return moment

    def _opened(self) -> Callable[[datetime], bool]:
        """Read the rows as they are now, and say of any minute whether the office works."""
        days = self.window.ask("SELECT day FROM official_holiday WHERE state<>'cancelled'")
        holidays = {day for (day,) in days}
        closures = self.window.ask(
            "SELECT first_on, last_on, windows FROM closure"
            " WHERE withdrawn_at IS NULL AND office_id = ? ORDER BY id DESC",
            OFFICE,
        )

        @cache
        def windows(day: date) -> list[list[str]]:
            written = day.isoformat()
            usual = [] if written in holidays else _usual(day)
            for first, last, said in closures:
                if first <= written <= last:
                    replaced = [part.split("-") for part in said.split()]
                    return replaced if first == last or usual else []
            return usual

        def is_open(moment: datetime) -> bool:
            local = moment.astimezone(TEHRAN)
            clock = f"{local.hour:02}:{local.minute:02}"
            return any(opens <= clock < closes for opens, closes in windows(local.date()))

        return is_open


def _usual(day: date) -> list[list[str]]:
    return [
        [window["opens"], window["closes"]]
        for period in _policy()["hours"]
        if _SHORT[day.weekday()] in period["weekdays"] and period["valid_from"] <= day
        for window in period["windows"]
    ]


@cache
def _policy() -> dict[str, Any]:
    path = ROOT / "data" / "catalogue" / OFFICE / "desk.yaml"
    policy: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return policy


@cache
def _shipped() -> tuple[Any, Any, Any, Any]:
    """What the repository ships, read once: words, catalogue, lexicon, answerer."""
    catalogue = load_catalogue(ROOT / "data" / "catalogue")
    lexicon = load_lexicon(ROOT / "data" / "lexicon")
    answerer = Answerer(catalogue, lexicon)
    return load_words(ROOT / "locale"), catalogue, lexicon, answerer


@dataclass
class World:
    """A messenger on loopback, the desk behind it, and what time it is."""

    window: Window  # into the records, beside the desk
    simulator: Simulator
    database: Database
    now: datetime
    shared: Shared
    messenger: Messenger
    first_update_id: int  # or a later one that is known to have arrived: rows go after a week
    heard: dict[int, list[Message]] = field(default_factory=lambda: defaultdict(list))

    @property
    def group(self) -> int:
        return self.simulator.group

    @property
    def promises(self) -> Promises:
        return Promises(self.window)

    def said(self, message: str) -> str:
        """Say a message of the product in the language of the desk."""
        return self.shared.words["fa"].gettext(message)

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into the records, beside the desk."""
        return self.window.ask(query, *values)

    async def settled(self) -> None:
        """Wait until every update is answered and every message is said; note what was heard."""
        last = self.simulator.last_update_id
        async with asyncio.timeout(SETTLED_SECONDS):
            while not self._is_settled(last):  # noqa: ASYNC110 - a row in a file rings no bell
                await asyncio.sleep(0.004)
        dead = self.ask("SELECT update_id, error FROM inbox WHERE state = 'dead'")
        assert dead == [], "a defect of the desk"
        for chat_id in self.simulator.world.chats:
            known_texts = [(one["message_id"], _text(one)) for one in self.heard[chat_id]]
            for message in self.simulator.messages(chat_id):
                is_ours = message.get("from", {}).get("is_bot")
                if is_ours and (message["message_id"], _text(message)) not in known_texts:
                    self.heard[chat_id].append(dict(message))

    def _is_settled(self, last: int) -> bool:
        if self.ask("SELECT 1 FROM inbox WHERE update_id = ?", last):
            self.first_update_id = last
        is_known = last == self.first_update_id
        return is_known and self.ask(WAITING) == [(0,)]

    async def rounds(self) -> None:
        """Let the clock make each of its rounds once."""
        for make_round, _seconds in ROUNDS:
            await make_round(self.shared, self.database, self.now)
        self.messenger.wake()
        await self.settled()

    async def pass_to(self, moment: datetime, *, step: timedelta | None = None) -> None:
        """Let time pass, with rounds on the way and at the end."""
        assert moment >= self.now
        while step is not None and self.now + step < moment:
            self.now += step
            await self.rounds()
        self.now = moment
        await self.rounds()

    async def invited(self, person: str, role: Role) -> "Somebody":
        """Let somebody in by an invitation, as staff come."""
        async with self.database.transaction() as tx:
            token = await citizens.invite(
                tx, office_id=OFFICE, role=role, made_by=None, now=self.now
            )
        await self.person(person).says(f"/start {INVITATION}{token}")
        return self.person(person, self.group)

    def person(self, key: str, chat: int | None = None) -> "Somebody":
        id_ = self.simulator.world.person(key).id
        return Somebody(self, key, id_ if chat is None else chat)


def _text(message: Message) -> str:
    text = str(message.get("text", message.get("caption", "")))
    return re.sub("[\u2066-\u2069\u200e\u200f]", "", text)


@dataclass
class Somebody:
    """A person in a chat with the desk."""

    world: World
    key: str
    chat: int

    @property
    def id(self) -> int:
        return self.world.simulator.world.person(self.key).id

    @property
    def heard(self) -> list[Message]:
        return self.world.heard[self.chat]

    async def says(self, text: str, *, reply_to: Message | None = None) -> list[Message]:
        """Write something; gives what the desk said in this chat upon it."""
        before = len(self.heard)
        self.world.simulator.say(
            self.key,
            text,
            chat=self.chat,
            reply_to=None if reply_to is None else reply_to["message_id"],
        )
        await self.world.settled()
        return self.heard[before:]

    async def sends(self, name: str, content: bytes, *, reply_to: Message) -> list[Message]:
        """Send a file in reply, and let the rounds look at it; gives what was said upon it."""
        before = len(self.heard)
        answered = reply_to["message_id"]
        self.world.simulator.send_file(self.key, name, content, chat=self.chat, reply_to=answered)
        await self.world.settled()
        await self.world.rounds()
        return self.heard[before:]

    async def presses(self, message: Message, *parts: str, times: int = 1) -> list[Message]:
        """Press the button that carries these parts, as often as said without a pause."""
        before = len(self.heard)
        data = payload(message, *parts)
        for _ in range(times):
            self.world.simulator.press(self.key, message["message_id"], data, chat=self.chat)
        await self.world.settled()
        return self.heard[before:]

    async def tells(
        self, kind: str, text: str, *, is_anonymous: bool = False, presses: int = 1
    ) -> Message:
        """Go all the way to the receipt of a case."""
        (page,) = await self.says("/case")
        if any(data.startswith("kd:") and ":o:" in data for data in buttons(page)):
            (page,) = await self.presses(page, "o", OFFICE)
        (page,) = await self.presses(page, "s", "virtual-workshops")
        (page,) = await self.presses(page, "k", kind)
        (page,) = await self.says(text)
        if is_anonymous:
            (page,) = await self.presses(page, "h")
        receipt, *_more = await self.presses(page, "y", times=presses)
        return receipt


def buttons(message: Message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def payload(message: Message, *parts: str) -> str:
    """What the button carries that has all these parts."""
    found = [data for data in buttons(message) if set(parts) <= set(data.split(":"))]
    assert found, (parts, buttons(message), text_of(message))
    return found[0]


def text_of(message: Message) -> str:
    return _text(message)


def moments_in(message: Message) -> list[str]:
    return MOMENT.findall(_text(message))


def code_of(message: Message) -> str:
    code = code_in(_text(message))
    assert code is not None, _text(message)
    return code


def about(messages: Sequence[Message], code: str, *parts: str) -> Message:
    """The last of these messages about a case that has a button with these parts."""
    for message in reversed(messages):
        if shown(code) in _text(message) and any(
            set(parts) <= set(data.split(":")) for data in buttons(message)
        ):
            return message
    raise AssertionError((code, parts, [_text(message) for message in messages[-3:]]))


def _shared(spoken: Platform, username: str) -> Shared:
    words, catalogue, lexicon, answerer = _shipped()
    return Shared(
        catalogue=catalogue,
        answerer=answerer,
        small_talk=lexicon.small_talk,
        intents=lexicon.intents,
        words=words,
        default_language="fa",
        bot_username=username,
        deep_link=spoken.deep_link,
        edits_pages=spoken.has_reliable_edits,
        keyring=KEYS,
        takes_payments=True,
    )


async def seat_staff(
    database: Database, simulator: Simulator, owner: Owner, now: datetime
) -> None:
    """Settle the file for this bot, with the staff of the simulator at their desk."""
    people = {role: simulator.world.person(role.value) for role in Role}
    names = {role: (one.id, str(one.public["first_name"])) for role, one in people.items()}
    async with database.transaction() as tx:
        await inbox.settle(tx, owner, now)
        await seat(tx, Cast(names, simulator.group), _shipped()[1], now)


@asynccontextmanager
async def world_at(
    now: datetime, database_url: str, *, platform: str = "telegram"
) -> AsyncIterator[World]:
    """Open the desk on its own simulator, as `bot.app` does, under a clock of ours."""
    opened: list[World] = []

    def tell_time() -> datetime:
        return opened[0].now if opened else now

    simulator = Simulator(profile=PROFILES[platform], clock=lambda: tell_time().timestamp())
    async with AsyncExitStack() as stack:
        spoken = PLATFORMS[platform].at(await stack.enter_async_context(simulator.serve()))
        wire = await stack.enter_async_context(Wire())
        bot = make_bot(spoken, simulator.token, wire)
        await bot.initialize()
        database = Database.open(database_url)
        stack.push_async_callback(database.close)
        await seat_staff(database, simulator, Owner(platform, bot.id), now)
        edge = Edge.on(bot, _shared(spoken, bot.username))
        await stack.enter_async_context(edge.application)
        messenger = Messenger(
            database,
            BotApi(spoken, simulator.token, wire, payment_token=simulator.payment_token),
            edge.as_desk(Files(edge.desk, database).make),
            clock=tell_time,
            limiter=Limiter(1000, is_paced=False),
        )
        edge.desk.fetch_file = messenger.fetch_file
        window, first = stack.enter_context(window_into(database_url)), simulator.last_update_id
        opened.append(World(window, simulator, database, now, edge.desk, messenger, first))
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(messenger.run(stop))
            try:
                await opened[0].rounds()
                yield opened[0]
            finally:
                stop.set()
