"""Updates of every kind and shape, through the inbox and the worker: none is a defect.

What the platform could send ends answered, refused or passed over. What it could not (a text that
is a number, a chat without an id) may be unreadable; then it is given up at once, and nothing
else: no second try, no harm to the chat's next update, no end of the worker.
"""

import asyncio
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.citizens.model import Role
from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.inbox.tables import inbox as inbox_table
from bot.messenger.admission import chat_key_of
from bot.messenger.reading import dumps
from bot.messenger.worker import Worker
from handlers.callback_data import Payload
from tests.handlers.desk_support import OFFICER, SARA, register
from tests.handlers.support import BOT, GROUP_ID, DeskUnderTest
from tests.handlers.test_buttons import payload_classes

FUZZ = settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_ids = count(1)

ids = st.sampled_from([0, 1, 5, SARA, OFFICER, GROUP_ID, -1, 2**31, 2**52, -(2**52)])
texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "/start", "/case", "/audit w1", "/ban 7 x", "/payout", "/workshops", "/erase",
            "/track", "سلام", "شهریه کلاس چقدر است؟", "\0", "\u202e", "<b>", "{x}", "9" * 300,
        ]
    ),
)  # fmt: skip
people = st.builds(
    lambda id_, name, is_bot, code: {
        "id": id_,
        "is_bot": is_bot,
        "first_name": name,
        "language_code": code,
    },
    ids.filter(lambda id_: id_ > 0),
    st.text(max_size=10),
    st.booleans(),
    st.sampled_from(["fa", "en", "zz", ""]),
)
chats = st.builds(
    lambda kind, id_: {"id": id_ if kind == "private" else -abs(id_) - 1, "type": kind},
    st.sampled_from(["private", "group", "supergroup", "channel"]),
    ids.filter(lambda id_: id_ > 0),
) | st.just({"id": GROUP_ID, "type": "supergroup", "title": "Desk"})
file = {"file_id": "f", "file_unique_id": "u"}
contents = st.one_of(
    st.builds(
        lambda text, length: {
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": length}],
        },
        texts,
        st.integers(1, 30),
    ),
    st.builds(lambda text: {"text": text}, texts),
    st.builds(lambda text: {"photo": [file | {"width": 1, "height": 1}], "caption": text}, texts),
    st.builds(lambda name: {"document": file | {"file_name": name, "file_size": 9}}, texts),
    st.sampled_from(
        [
            {"voice": file | {"duration": 1}},
            {"video": file | {"duration": 1, "width": 1, "height": 1}},
            {"sticker": file | {"type": "regular", "width": 1, "height": 1, "is_animated": False,
                                "is_video": False}},
            {"location": {"latitude": 1.0, "longitude": 2.0}},
            {"contact": {"phone_number": "+98", "first_name": "x"}},
            {"dice": {"emoji": "🎲", "value": 3}},
            {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0,
                      "is_closed": False, "is_anonymous": True, "type": "regular",
                      "allows_multiple_answers": False}},
            {"new_chat_members": [BOT]},
            {"left_chat_member": BOT},
            {"new_chat_title": "x"},
            {"migrate_to_chat_id": -100500},
            {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}},
            {"successful_payment": {"currency": "IRR", "total_amount": 5, "invoice_payload": "x",
                                    "telegram_payment_charge_id": "a",
                                    "provider_payment_charge_id": "b"}},
            {"web_app_data": {"data": "x", "button_text": "y"}},
            {"a_kind_of_the_future": {"x": [1]}},
            {},
        ]
    ),
)  # fmt: skip


def message_of(chat: Any, author: Any, content: Any, more: Any) -> dict[str, Any]:
    return {"message_id": next(_ids), "date": 1_800_000_000, "chat": chat, "from": author} | (
        content | more
    )


extras = st.one_of(
    st.just({}),
    st.builds(lambda chat: {"sender_chat": chat}, chats),
    st.builds(
        lambda person: {"forward_origin": {"type": "user", "date": 1, "sender_user": person}},
        people,
    ),
    st.just({"media_group_id": "m"}),
    st.builds(
        lambda id_, chat: {
            "reply_to_message": {
                "message_id": id_,
                "date": 1,
                "chat": chat,
                "from": BOT,
                "text": "x",
            }
        },
        st.integers(1, 20_000),
        chats,
    ),
)
messages = st.builds(message_of, chats, people, contents, extras)
prefixes = st.sampled_from(sorted(kind.prefix for kind in payload_classes(Payload)))
parts = st.lists(
    st.sampled_from(
        [
            "kanoon",
            "mazandaran",
            "0",
            "1",
            "-1",
            str(2**63),
            str(2**63 - 1),
            "\0",
            "x",
            "",
            "y",
            "۱",
        ]
    )
    | st.text(max_size=12),
    max_size=5,
)
data = st.one_of(
    st.text(max_size=64),
    st.builds(lambda prefix, rest: ":".join([prefix, *rest]), prefixes, parts),
).filter(lambda said: len(said.encode(errors="surrogatepass")) <= 64)
presses = st.builds(
    lambda author, message, said: {
        "id": "5",
        "from": author,
        "chat_instance": "1",
        "message": message,
        "data": said,
    },
    people,
    messages,
    data,
)
checkouts = st.builds(
    lambda author, payload: {
        "id": "6", "from": author, "currency": "IRR", "total_amount": 5,
        "invoice_payload": payload,
    },
    people,
    texts,
)  # fmt: skip
members = st.builds(
    lambda chat, author, was, is_now: {
        "chat": chat,
        "from": author,
        "date": 1_800_000_000,
        "old_chat_member": {"user": BOT, "status": was},
        "new_chat_member": {"user": BOT, "status": is_now},
    },
    chats,
    people,
    st.sampled_from(["member", "left"]),
    st.sampled_from(["member", "left"]),
)
updates = st.one_of(
    st.builds(lambda one: {"message": one}, messages),
    st.builds(lambda one: {"edited_message": one | {"edit_date": 1_800_000_001}}, messages),
    st.builds(lambda one: {"channel_post": one}, messages),
    st.builds(lambda one: {"edited_channel_post": one}, messages),
    st.builds(lambda one: {"callback_query": one}, presses),
    st.builds(lambda one: {"pre_checkout_query": one}, checkouts),
    st.builds(lambda one: {"my_chat_member": one}, members),
    st.builds(
        lambda author: {"inline_query": {"id": "1", "from": author, "query": "x", "offset": ""}},
        people,
    ),
    st.builds(lambda one: {"a_kind_of_the_future": one}, messages),
    st.just({}),
)  # fmt: skip


class Bench:
    """The desk behind its worker."""

    def __init__(self, desk: DeskUnderTest) -> None:
        self.desk = desk
        self.worker = Worker(
            desk.database,
            desk.edge.as_desk(),
            clock=lambda: desk.now,
            arrived=asyncio.Event(),
            queued=lambda: None,
            call_directly=lambda _call: None,
        )

    async def work_off(self, batch: list[Any]) -> list[str]:
        """Answer a batch; gives the defects, by their names."""
        async with self.desk.database.transaction() as tx:
            received = [
                Received(1, id_, chat_key_of(one), dumps({"update_id": id_} | one))
                for one in batch
                if (id_ := next(_ids))
            ]
            await inbox.receive(tx, received, self.desk.now)
        for _ in range(2 * len(batch) + 2):
            if not await self.worker.work_once():
                break
        async with self.desk.database.transaction() as tx:
            rows = (
                await tx.execute(select(inbox_table).where(inbox_table.c.state != "done"))
            ).all()
            await tx.execute(inbox_table.delete())
        return [f"{row.state} {row.error}" for row in rows]


@pytest.fixture
async def bench(desk: DeskUnderTest) -> Bench:
    await desk.open_desk(GROUP_ID)
    await desk.make_staff(OFFICER, Role.OFFICER)
    await desk.make_staff(OFFICER, Role.MANAGER)
    await register(desk)
    return Bench(desk)


@FUZZ
@given(batch=st.lists(updates, min_size=1, max_size=12))
async def test_whatever_the_platform_sends_nothing_is_given_up(
    bench: Bench, batch: list[Any]
) -> None:
    assert await bench.work_off(batch) == []


@FUZZ
@given(
    batch=st.lists(
        st.builds(lambda one: {"callback_query": one}, presses), min_size=8, max_size=16
    )
)
async def test_whatever_buttons_carry_nothing_is_given_up(bench: Bench, batch: list[Any]) -> None:
    assert await bench.work_off(batch) == []


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "chat",
                    "from",
                    "message",
                    "text",
                    "id",
                    "date",
                    "type",
                    "data",
                    "message_id",
                    "entities",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=10,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    pairs = value.items() if isinstance(value, dict) else ()
    for key, inner in pairs:
        yield from _places(inner, (*path, key))


@st.composite
def misshapen(draw: st.DrawFn) -> dict[str, Any]:
    """An update of which one part, somewhere, is something else."""
    update: dict[str, Any] = draw(updates)
    path = draw(st.sampled_from(sorted(_places(update), key=repr)))
    if not path:
        return {"message": draw(junk)}
    update = copied(update)
    here: Any = update
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = draw(junk)
    return update


def copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: copied(inner) for key, inner in value.items()}
    return list(value) if isinstance(value, list) else value


@FUZZ
@given(batch=st.lists(misshapen(), min_size=1, max_size=8))
async def test_what_is_misshapen_is_unreadable_at_worst_and_given_up_at_once(
    bench: Bench, batch: list[Any]
) -> None:
    assert set(await bench.work_off(batch)) <= {"dead Unreadable"}
    chat = {"id": 5, "type": "private"}
    author = {"id": 5, "is_bot": False, "first_name": "x"}
    good = {"message": message_of(chat, author, {"text": "سلام"}, {})}
    assert await bench.work_off([good]) == [], "and the desk goes on"
