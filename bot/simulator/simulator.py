"""The pocket messenger as tests hold it: people speak, the bot answers, faults are ordered."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.simulator import actions, groups, payments
from bot.simulator.errors import PersonError
from bot.simulator.faults import Faults
from bot.simulator.journal import Journal
from bot.simulator.payments import Ending
from bot.simulator.profiles import TELEGRAM, Profile
from bot.simulator.server import serve_world
from bot.simulator.state import Chat, Person, World
from bot.simulator.wire import Json, Upload

DEMO_TOKEN = "1:demo-token-that-opens-nothing"  # noqa: S105 - it opens nothing
Who = Person | str | int


class Simulator:
    """A messenger in a pocket."""

    def __init__(
        self,
        *,
        profile: Profile = TELEGRAM,
        token: str = DEMO_TOKEN,
        clock: Callable[[], float] = time.time,
        strict_limits: bool = False,
        webhook_retry_seconds: float = 1.0,
    ) -> None:
        self.world = World(profile, token, clock=clock, strict_limits=strict_limits)
        self.world.webhook.retry_seconds = webhook_retry_seconds

    @property
    def token(self) -> str:
        """Give the bot's token."""
        return self.world.token

    @property
    def payment_token(self) -> str:
        """Give the token of a payment provider who moves no money."""
        return self.world.profile.payment_token

    @property
    def journal(self) -> Journal:
        """Give the calls the bot has made."""
        return self.world.journal

    @property
    def faults(self) -> Faults:
        """Give the misfortunes to come; order more of them here."""
        return self.world.faults

    @property
    def group(self) -> int:
        """Give the number of the staff's group."""
        return self.world.group.id

    @property
    def last_update_id(self) -> int:
        """Give the number of the last update that was numbered here."""
        return self.world.updates.last_id

    @asynccontextmanager
    async def serve(
        self, host: str = "127.0.0.1", port: int = 0, *, allow_non_loopback: bool = False
    ) -> AsyncIterator[str]:
        """Answer on an address for as long as the block lasts; gives the base URL."""
        async with serve_world(
            self.world, host, port, allow_non_loopback=allow_non_loopback
        ) as address:
            yield address

    def add_person(self, key: str, person_id: int, first_name: str, *, phone: str = "") -> Person:
        """Let one more person in."""
        return self.world.add_person(key, person_id, first_name, phone=phone)

    def add_group(self, title: str, members: list[Who], *, kind: str = "supergroup") -> int:
        """Open a group, supergroup or channel with the bot in it."""
        member_ids = [self.world.person(member).id for member in members]
        return self.world.add_chat(kind, title, member_ids).id

    def say(
        self,
        person: Who,
        text: str,
        chat: int | None = None,
        *,
        reply_to: int | None = None,
        is_anonymous: bool = False,
    ) -> Json:
        """Let a person type a text, to the bot when no chat is named."""
        somebody, where = self._at(person, chat)
        return actions.say(
            self.world, somebody, where, text, reply_to=reply_to, is_anonymous=is_anonymous
        ).public

    def edit(self, person: Who, message_id: int, text: str, chat: int | None = None) -> Json:
        """Let a person change their own message."""
        somebody, where = self._at(person, chat)
        return actions.edit(self.world, somebody, where, message_id, text).public

    def press(self, person: Who, message_id: int, wanted: str, chat: int | None = None) -> str:
        """Let a person press the button with this data or label; gives the query's number."""
        somebody, where = self._at(person, chat)
        return actions.press(self.world, somebody, where, message_id, wanted)

    def ask_inline(self, person: Who, text: str) -> str:
        """Let a person ask the bot from within another chat; gives the query's number."""
        somebody, _where = self._at(person, None)
        return actions.ask_inline(self.world, somebody, text)

    def send_file(
        self,
        person: Who,
        name: str,
        content: bytes,
        *,
        mime_type: str = "application/octet-stream",
        as_photo: bool = False,
        caption: str = "",
        chat: int | None = None,
        reply_to: int | None = None,
    ) -> Json:
        """Let a person attach a file."""
        somebody, where = self._at(person, chat)
        upload = Upload(name, mime_type, content)
        return actions.send_file(
            self.world,
            somebody,
            where,
            upload,
            as_photo=as_photo,
            caption=caption,
            reply_to=reply_to,
        ).public

    def share_contact(self, person: Who) -> Json:
        """Let a person share their phone number with the bot."""
        somebody, where = self._at(person, None)
        return actions.share_contact(self.world, somebody, where).public

    async def pay(
        self,
        person: Who,
        message_id: int,
        chat: int | None = None,
        *,
        ends: Ending | str = Ending.PAID,
    ) -> str:
        """Let a person pay a bill; gives an empty text, or why it came to nothing."""
        somebody, where = self._at(person, chat)
        return await payments.pay(self.world, somebody, where, message_id, Ending(ends))

    def repeat_receipt(self, person: Who, chat: int | None = None) -> Json:
        """Let the provider tell once more of the last payment in a chat."""
        return payments.repeat_receipt(self.world, *self._at(person, chat)).public

    def block(self, person: Who) -> None:
        """Let a person block the bot."""
        actions.set_blocked(self.world, self.world.person(person), is_blocked=True)

    def unblock(self, person: Who) -> None:
        """Let a person allow the bot again."""
        actions.set_blocked(self.world, self.world.person(person), is_blocked=False)

    def deactivate(self, person: Who) -> None:
        """Let a person leave the messenger for good."""
        self.world.person(person).is_deactivated = True

    def set_bot_member(self, person: Who, chat: int, status: str) -> None:
        """Let a person bring the bot into a group, promote, demote or remove it."""
        somebody, where = self._at(person, chat)
        groups.set_bot_member(self.world, somebody, where, status)

    def join(self, person: Who, chat: int) -> None:
        """Let a person into a group."""
        groups.join(self.world, *self._at(person, chat))

    def leave(self, person: Who, chat: int) -> None:
        """Let a person go from a group."""
        groups.leave(self.world, *self._at(person, chat))

    def migrate(self, chat: int) -> int:
        """Turn a group into a supergroup; gives the new number."""
        return groups.migrate(self.world, self._chat(chat)).id

    def push(self, update: Json | bytes) -> None:
        """Queue a raw update, however odd."""
        self.world.updates.push(update)

    def messages(self, chat: int) -> list[Json]:
        """List what is still remembered of a chat, oldest first."""
        return [message.public for message in self._chat(chat).messages.values()]

    def keyboard(self, chat: int, message_id: int) -> Json | None:
        """Give the keyboard a message came with, reply keyboards included."""
        return self._chat(chat).messages[message_id].keyboard

    def answer(self, query_id: str) -> Json | None:
        """Give the bot's answer to a press, when there is one."""
        return self.world.queries[query_id].answer

    async def next_message(
        self, chat: int, after: int | None = None, timeout_seconds: float = 5.0
    ) -> Json:
        """Wait for the bot's first message after another, or after the last one of a person."""
        where = self._chat(chat)
        if after is None:
            spoken = [one.id for one in where.messages.values() if not one.is_from_bot]
            after = max(spoken, default=0)
        floor = after

        def first() -> Json | None:
            for message in where.messages.values():
                if message.is_from_bot and message.id > floor:
                    return message.public
            return None

        await self.until(lambda: first() is not None, timeout_seconds)
        found = first()
        assert found is not None
        return found

    async def until(self, is_so: Callable[[], bool], timeout_seconds: float = 5.0) -> None:
        """Wait until something holds; looks again after everything that happens."""
        if not await self.world.stirred.until(is_so, timeout_seconds):
            raise TimeoutError("it did not happen in time")

    def _chat(self, chat_id: int) -> Chat:
        chat = self.world.chats.get(chat_id)
        if chat is None:
            raise PersonError(f"there is no chat {chat_id}")
        return chat

    def _at(self, person: Who, chat_id: int | None) -> tuple[Person, Chat]:
        somebody = self.world.person(person)
        return somebody, self._chat(somebody.id if chat_id is None else chat_id)
