"""People in front of the desk, and what was said to them."""

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import count
from typing import Any

import orjson
from sqlalchemy import func, select
from telegram.request import BaseRequest, RequestData

from bot.catalogue.tables import asked_question, asked_words
from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Role, Staff
from bot.citizens.tables import citizen
from bot.kit.database import Database, Transaction, keyring_of
from bot.kit.errors import DeskError
from bot.messenger.contract import DirectCall
from bot.messenger.reading import dumps, loads
from bot.outbox import use_cases as outbox
from bot.outbox.tables import contents
from bot.outbox.tables import outbox as outbox_table
from handlers.context import Shared
from handlers.edge import Edge
from handlers.reply import words_first

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BOT = {"id": 1, "is_bot": True, "first_name": "Mizban", "username": "mizban_test_bot"}
GROUP_ID = -1_000_000_000_300
MANAGER_ID = 900
Job = Callable[[Shared, Database, datetime], Awaitable[bool]]
TAGS = {"b", "i", "u", "s", "a", "code", "pre", "blockquote"}
PLACEHOLDER = re.compile(r"{[a-z_]*}")
CALLBACK_BYTES_MAX = 64
TEXT_UNITS_MAX = 4096


class NoNetwork(BaseRequest):
    """Knows who the bot is, and fails every other call: a conversation makes none."""

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        del method, request_data
        assert url.endswith("/getMe"), f"a conversation called {url.rpartition('/')[2]}"
        return 200, orjson.dumps({"ok": True, "result": BOT})


class Buttons(dict[str, str]):
    """What each button leads to, by its label, or by what a view calls it: the picture first."""

    def __missing__(self, label: str) -> str:
        if words_first(label) == label:
            raise KeyError(label)
        return self[words_first(label)]

    def __contains__(self, label: object) -> bool:
        return super().__contains__(label) or super().__contains__(words_first(str(label)))


@dataclass(frozen=True)
class Said:
    """One message as it waits in the outbox, and the id that the messenger would give it."""

    method: str
    params: dict[str, Any]
    chat_id: int = 0
    message_id: int = 0
    about: str | None = None

    @property
    def text(self) -> str:
        words = [name for name in ("text", "caption", "description") if name in self.params]
        return str(self.params[words[0]])

    @property
    def buttons(self) -> Buttons:
        """What each button leads to, by its label."""
        markup = self.params.get("reply_markup", {})
        return Buttons(
            (button["text"], button.get("callback_data") or button["url"])
            for row in markup.get("inline_keyboard", [])
            for button in row
        )

    @property
    def presses(self) -> list[str]:
        rows = self.params.get("reply_markup", {}).get("inline_keyboard", [])
        return [
            button["callback_data"] for row in rows for button in row if "callback_data" in button
        ]


@dataclass(repr=False)  # asyncio writes what a fixture gave, with the whole catalogue in it
class DeskUnderTest:
    """The desk behind its inbox: an update in, and what waits in the outbox afterwards.

    `heard` holds all that was ever said to each chat, as if it had been delivered at once, and
    `deleted` what was taken back.
    """

    database: Database
    edge: Edge
    now: datetime = NOW
    direct: list[DirectCall] = field(default_factory=list)
    refused: list[DeskError] = field(default_factory=list)
    heard: dict[int, list[Said]] = field(default_factory=lambda: defaultdict(list))
    deleted: list[tuple[int, int]] = field(default_factory=list)  # chat and message
    _update_ids: "count[int]" = field(default_factory=lambda: count(1))
    _message_ids: "count[int]" = field(default_factory=lambda: count(10_001))

    @property
    def shared(self) -> Shared:
        return self.edge.desk

    async def receive(self, kind: str, content: object, /) -> list[Said]:
        """Answer one update as the worker does: a refusal undoes it, a defect is raised.

        Gives what was said in the chat of the update; the rest is in `heard`.
        """
        update_id = next(self._update_ids)
        raw = loads(dumps({"update_id": update_id, kind: content}))
        assert isinstance(raw, dict)
        async with self.database.transaction() as tx:
            last = await self._last_queued(tx)
            await self.edge.gather(tx, [raw])
            try:
                async with tx.begin_nested():
                    outcome = await self.edge.answer(tx, raw, self.now)
                    await self.edge.note(tx, outcome.notes, self.now)
            except DeskError as error:
                self.refused.append(error)
                async with tx.begin_nested():
                    outcome = await self.edge.refuse(tx, raw, error, self.now)
            await outbox.queue(tx, f"u{update_id}", outcome.messages, self.now)
            said = await self._deliver(tx, last)
        self.direct = list(outcome.direct)
        content = raw[kind] if isinstance(raw[kind], dict) else {}
        place = content.get("message", content).get("chat") or content.get("from", {})
        return [message for message in said if message.chat_id == place.get("id")]

    async def round(self, job: Job) -> list[Said]:
        """Let the clock do one of its rounds, and say what it led to."""
        async with self.database.reading() as tx:
            last = await self._last_queued(tx)
        await job(self.shared, self.database, self.now)
        async with self.database.transaction() as tx:
            return await self._deliver(tx, last)

    async def _last_queued(self, tx: Transaction) -> int:
        return (await tx.execute(select(func.max(outbox_table.c.id)))).scalar() or 0

    async def _deliver(self, tx: Transaction, last: int) -> list[Said]:
        names = ("chat_id", "method", "params", "about", "dedupe_key")
        columns = [outbox_table.c[name] for name in names]
        rows = await tx.execute(
            select(*columns).where(outbox_table.c.id > last).order_by(outbox_table.c.id)
        )
        said = []
        for row in rows.all():
            params = loads(contents.open_bytes(keyring_of(tx), row.params, row.dedupe_key))
            assert isinstance(params, dict)
            if row.method == "deleteMessage":
                self.deleted.append((row.chat_id, params["message_id"]))
                continue
            id_ = params.get("message_id") or next(self._message_ids)
            said.append(Said(row.method, params, row.chat_id, id_, row.about))
            self.heard[row.chat_id].append(said[-1])
            if row.about is not None:
                await outbox.note_subject(
                    tx, chat_id=row.chat_id, message_id=id_, about=row.about, now=self.now
                )
        return said

    def group(self, chat_id: int = GROUP_ID, *member_ids: int) -> "list[Visitor]":
        """People in a group with the desk, in the order of their ids."""
        return [Visitor(self, id_, "fa", group_id=chat_id) for id_ in member_ids]

    def person(self, person_id: int = 100, language_code: str | None = "fa") -> "Visitor":
        return Visitor(self, person_id, language_code)

    async def make_staff(self, person_id: int, role: Role, *office_ids: str) -> None:
        """Give a person a role, in every office unless some are named."""
        offices = office_ids or [p.office.id for p in self.shared.catalogue.offices]
        async with self.database.transaction() as tx:
            for office_id in offices:
                await citizens.grant(
                    tx,
                    citizen_id=CitizenId(person_id),
                    office_id=office_id,
                    role=role,
                    name=f"Staff {person_id}",
                    now=self.now,
                )

    async def open_desk(self, chat_id: int = GROUP_ID, *office_ids: str) -> None:
        """Make a group the admin chat of every office, or of the named ones."""
        async with self.database.transaction() as tx:
            for office_id in office_ids or [p.office.id for p in self.shared.catalogue.offices]:
                actor = Staff(CitizenId(MANAGER_ID), office_id, Role.MANAGER, "Manager")
                await citizens.grant(
                    tx,
                    citizen_id=actor.id,
                    office_id=office_id,
                    role=actor.role,
                    name=actor.name,
                    now=self.now,
                )
                await citizens.bind_admin_chat(
                    tx, office_id=office_id, chat_id=chat_id, actor=actor, now=self.now
                )

    async def kept(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything the features keep, opened: questions and people."""
        async with self.database.reading() as tx:
            keyring = keyring_of(tx)
            questions = [row._asdict() for row in await tx.execute(select(asked_question))]
            for row in questions:
                row["text"] = asked_words.open(keyring, row["text"], row["id"])
            people = [tuple(row) for row in await tx.execute(select(citizen))]
        asked = [tuple(row.values()) for row in questions]
        return {"asked_question": asked, "citizen": people}


@dataclass
class Visitor:
    """A person in a private chat with the desk, or in a group with it."""

    desk: DeskUnderTest
    id: int
    language_code: str | None
    last: Said | None = None
    group_id: int | None = None
    _message_ids: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def author(self) -> dict[str, object]:
        author: dict[str, object] = {"id": self.id, "is_bot": False, "first_name": "Sara"}
        if self.language_code is not None:
            author["language_code"] = self.language_code
        return author

    @property
    def chat(self) -> dict[str, object]:
        if self.group_id is not None:
            return {"id": self.group_id, "type": "supergroup", "title": "Desk"}
        return {"id": self.id, "type": "private", "first_name": "Sara"}

    def message(self, **content: object) -> dict[str, object]:
        return {
            "message_id": next(self._message_ids),
            "date": int(self.desk.now.timestamp()),
            "chat": self.chat,
            "from": self.author,
            **content,
        }

    async def send(self, kind: str = "message", **content: object) -> list[Said]:
        """Send anything; the last thing said is remembered, so that its buttons can be pressed."""
        said = await self.desk.receive(kind, self.message(**content))
        self.last = said[-1] if said else self.last
        return said

    async def say(self, text: str, **more: object) -> Said:
        """Write something; a command is marked as one. Gives the single answer."""
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            more["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        (said,) = await self.send(text=text, **more)
        return said

    async def reply_to(self, said: Said, text: str, **more: object) -> list[Said]:
        """Write something as a reply to a message of the desk. Gives all that was said here."""
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            more["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        original = {
            "message_id": said.message_id,
            "date": int(self.desk.now.timestamp()),
            "chat": self.chat,
            "from": BOT,
            "text": plain(said.text),
        }
        return await self.send(text=text, reply_to_message=original, **more)

    async def press_data(
        self, data: str, *, is_accessible: bool = True, message_id: int = 77
    ) -> list[Said]:
        """Press a button that carries this, whether or not it was ever drawn."""
        message: dict[str, object] = {
            "message_id": message_id,
            "date": int(self.desk.now.timestamp()) if is_accessible else 0,
            "chat": self.chat,
        }
        if is_accessible:
            message |= {"from": BOT, "text": "…"}
        query = {
            "id": "5",
            "from": self.author,
            "chat_instance": "1",
            "message": message,
            "data": data,
        }
        said = await self.desk.receive("callback_query", query)
        self.last = said[-1] if said else self.last
        return said

    async def press(self, label: str, on: Said | None = None) -> Said:
        """Press the button whose label contains this, of the last reply or of another message.

        A picture in front of the words may be named there, as the views write it.
        """
        page = self.last if on is None else on
        assert page is not None
        wanted = {label, words_first(label)}
        matching = [
            data for name, data in page.buttons.items() if any(one in name for one in wanted)
        ]
        assert matching, (label, list(page.buttons))
        (said,) = await self.press_data(matching[0], message_id=page.message_id or 77)
        return said

    def _payment(self, bill: Said, **changes: object) -> dict[str, object]:
        return {
            "currency": bill.params["currency"],
            "total_amount": sum(price["amount"] for price in bill.params["prices"]),
            "invoice_payload": bill.params["payload"],
            **changes,
        }

    async def check_out(self, bill: Said, **changes: object) -> str:
        """Be about to pay a bill; gives an empty text, or why it may not be paid."""
        query = {"id": "6", "from": self.author, **self._payment(bill, **changes)}
        assert await self.desk.receive("pre_checkout_query", query) == [], "there is no chat"
        (answer,) = self.desk.direct
        assert (answer.method, answer.is_pressing) == ("answerPreCheckoutQuery", True)
        assert answer.params["pre_checkout_query_id"] == "6"
        assert answer.params["ok"] is not bool(answer.params.get("error_message"))
        return str(answer.params.get("error_message", ""))

    async def send_receipt(
        self, bill: Said, charge_id: str = "charge-1", **changes: object
    ) -> list[Said]:
        """Let the provider tell that a bill was paid, whatever was said before."""
        charges = {
            "telegram_payment_charge_id": charge_id,
            "provider_payment_charge_id": f"provider-{charge_id}",
        }
        return await self.send(successful_payment={**self._payment(bill, **changes), **charges})

    async def pay(self, bill: Said, charge_id: str = "charge-1", **changes: object) -> list[Said]:
        """Pay a bill, which the desk must agree to. Gives all that was said here."""
        assert await self.check_out(bill, **changes) == ""
        return await self.send_receipt(bill, charge_id, **changes)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        names = [name for name, _ in attrs]
        allowed = {"a": [["href"]], "blockquote": [[], ["expandable"]]}.get(tag, [[]])
        if tag not in TAGS or names not in allowed:
            self.faults.append(f"<{tag} {attrs}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")


def faults_of(said: Said) -> list[str]:
    """Say what a messenger, or a person, would find wrong with a message whatever it is about."""
    tags = _Tags()
    tags.feed(said.text)
    tags.close()
    faults = [*tags.faults, *(f"<{tag}> stays open" for tag in tags.open)]
    units = len(said.text.encode("utf-16-le")) // 2
    if not 0 < units <= TEXT_UNITS_MAX:
        faults.append(f"{units} units")
    faults += [
        f"button {data}" for data in said.presses if len(data.encode()) > CALLBACK_BYTES_MAX
    ]
    faults += re.findall(r"[^\n]<blockquote", said.text)  # it would be glued to what is before it
    for text in (said.text, *said.buttons):
        faults += PLACEHOLDER.findall(text)
    return faults


def plain(html: str) -> str:
    """The letters a person reads: without tags and direction marks."""
    found: list[str] = []
    parser = HTMLParser(convert_charrefs=True)
    parser.handle_data = found.append  # type: ignore[method-assign]
    with suppress(AssertionError):
        parser.feed(html)
        parser.close()
    return re.sub("[\u2066-\u2069\u200e\u200f]", "", "".join(found))
