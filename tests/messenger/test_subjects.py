"""What was said is known by the number that the platform gave it; files go the same way."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.kit.clock import now
from bot.kit.database import Database
from bot.messenger.limits import Limiter
from bot.messenger.platforms import BALE, TELEGRAM, Platform
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from bot.outbox.model import OutgoingMessage, Priority
from bot.outbox.tables import outbox, said_about
from bot.outbox.use_cases import claim, queue, subject_of, undelivered
from bot.simulator import Simulator
from bot.simulator import profiles as messengers
from bot.simulator.wire import Json
from tests.messenger.support import EchoDesk, Start, eventually, running, say

SARA = 1001
MEGABYTE = 1024 * 1024
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def about(chat: int, subject: str | None, method: str = "sendMessage", **params: Any) -> Any:
    return OutgoingMessage(chat, method, params, Priority.NOTICE, about=subject)


async def given_queued(database: Database, *messages: OutgoingMessage, key: str = "u1") -> None:
    async with database.transaction() as tx:
        await queue(tx, key, messages, now())


async def until_ended(database: Database) -> None:
    async def has_ended() -> bool:
        async with database.reading() as tx:
            waiting = select(func.count()).where(outbox.c.state == "queued")
            return await tx.scalar(waiting) == 0

    await eventually(has_ended)


async def noted(database: Database) -> list[tuple[int, int, str]]:
    async with database.reading() as tx:
        rows = await tx.execute(
            select(said_about.c.chat_id, said_about.c.message_id, said_about.c.about)
        )
        return [(row.chat_id, row.message_id, row.about) for row in rows]


def said(simulator: Simulator, chat: int) -> list[Json]:
    return [message for message in simulator.messages(chat) if message["from"]["is_bot"]]


async def test_only_what_is_about_something_is_remembered(
    start: Start, simulator: Simulator, database: Database
) -> None:
    await given_queued(
        database,
        about(simulator.group, None, text="hello"),
        about(simulator.group, "case:12", text="card"),
    )
    async with start(EchoDesk().desk(), limiter=Limiter(100, is_paced=False)):
        await until_ended(database)
    _, card = said(simulator, simulator.group)
    assert await noted(database) == [(simulator.group, card["message_id"], "case:12")]


async def test_what_was_said_in_another_way_is_remembered_too(
    start: Start, simulator: Simulator, database: Database
) -> None:
    broken: dict[str, Any] = {"text": "a <b>broken", "parse_mode": "HTML"}
    gone: dict[str, Any] = {"text": "card", "message_id": 999}
    await given_queued(
        database,
        about(simulator.group, "case:12", **broken),
        about(simulator.group, "case:13", "editMessageText", **gone),
    )
    async with start(EchoDesk().desk(), limiter=Limiter(100, is_paced=False)):
        await until_ended(database)
    plain, anew = (message["message_id"] for message in said(simulator, simulator.group))
    assert await noted(database) == [
        (simulator.group, plain, "case:12"),
        (simulator.group, anew, "case:13"),
    ]


async def test_what_a_group_is_told_while_it_moves_is_known_in_its_new_place(
    start: Start, simulator: Simulator, database: Database
) -> None:
    group = simulator.add_group("Staff", ["officer"], kind="group")
    moved_to = simulator.migrate(group)
    await given_queued(database, about(group, "case:12", text="card"))
    async with start(EchoDesk().desk()):
        await until_ended(database)
    (card,) = said(simulator, moved_to)
    assert await noted(database) == [(moved_to, card["message_id"], "case:12")]


async def test_what_did_not_arrive_is_known_with_its_reason(
    start: Start, simulator: Simulator, database: Database
) -> None:
    simulator.say(SARA, "/start")
    simulator.block(SARA)
    began_at = now()
    await given_queued(database, about(SARA, "case:12", text="answer"))
    async with start(EchoDesk().desk()):
        await until_ended(database)
    assert await noted(database) == []
    async with database.reading() as tx:
        (dead,) = await undelivered(tx, since=began_at, limit=5)
    assert (dead.chat_id, dead.about) == (SARA, "case:12")
    assert "blocked" in dead.reason


async def test_after_a_death_between_delivery_and_accounting_the_second_telling_is_known(
    start: Start, simulator: Simulator, api: BotApi, database: Database
) -> None:
    await given_queued(database, about(simulator.group, "case:12", text="card"))
    async with database.transaction() as tx:
        (card,) = await claim(tx, now(), 5)
    await api.call(card.method, {**card.params, "chat_id": card.chat_id})
    async with start(EchoDesk().desk()):
        await until_ended(database)
    first, second = (message["message_id"] for message in said(simulator, simulator.group))
    async with database.reading() as tx:
        known = [
            await subject_of(tx, chat_id=simulator.group, message_id=message_id)
            for message_id in (first, second)
        ]
    assert known == [None, "case:12"]


async def test_an_answer_to_a_press_in_a_group_does_not_wait_behind_its_notices(
    start: Start, simulator: Simulator, database: Database
) -> None:
    notices = [about(simulator.group, None, text=f"n{number}") for number in range(4)]
    await given_queued(database, *notices)
    async with start(EchoDesk().desk()) as messenger:
        await simulator.until(lambda: len(said(simulator, simulator.group)) == 2)
        await given_queued(database, say(simulator.group, "answer"), key="u2")
        messenger.wake()
        await simulator.until(lambda: len(said(simulator, simulator.group)) == 3)
        texts = [message["text"] for message in said(simulator, simulator.group)]
        assert texts == ["n0", "n1", "answer"]


class TestFiles:
    @pytest.fixture(params=[(TELEGRAM, messengers.TELEGRAM), (BALE, messengers.BALE)])
    async def place(
        self, request: pytest.FixtureRequest
    ) -> AsyncIterator[tuple[Simulator, Platform]]:
        platform, profile = request.param
        simulator = Simulator(profile=profile)
        async with simulator.serve() as address:
            yield simulator, platform.at(address)

    async def test_a_report_and_a_picture_arrive_whole_and_are_blanked(
        self, place: tuple[Simulator, Platform], database: Database
    ) -> None:
        simulator, platform = place
        content = bytes(range(256)) * (MEGABYTE // 256)
        picture = PIXEL
        await given_queued(
            database,
            about(
                simulator.group,
                "digest:3",
                "sendDocument",
                document=_file("گزارش.xlsx", content),
                caption="<b>گزارش</b> هفته",
                parse_mode="HTML",
                reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]},
            ),
            about(simulator.group, "chart:3", "sendPhoto", photo=_file("week.png", picture)),
        )
        async with (
            Wire() as wire,
            running(
                database,
                BotApi(platform, simulator.token, wire),
                EchoDesk().desk(),
                limiter=Limiter(100, is_paced=False),
            ),
        ):
            await until_ended(database)
        report, chart = said(simulator, simulator.group)
        assert report["document"]["file_name"] == "گزارش.xlsx"
        stored = simulator.world.files.by_id(report["document"]["file_id"])
        assert stored.content == content
        assert "گزارش" in report["caption"]
        assert report["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "y"
        assert simulator.world.files.by_id(chart["photo"][0]["file_id"]).content == picture
        assert await noted(database) == [
            (simulator.group, report["message_id"], "digest:3"),
            (simulator.group, chart["message_id"], "chart:3"),
        ]
        async with database.transaction() as tx:
            assert await claim(tx, now(), 5) == []
            assert set(await tx.scalars(select(outbox.c.params))) == {None}


def _file(name: str, content: bytes) -> dict[str, str]:
    return {"file_name": name, "file_base64": base64.b64encode(content).decode()}
