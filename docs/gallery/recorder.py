"""Write down what the desk says in a test, in both languages: a plugin for pytest.

A test of handlers/ plays a scene with the real desk, and mostly in Persian. What would be said in
English is asked of the same desk in the same state just before, and undone.
"""  # noqa: INP001 - a program beside the documentation, in no package

from __future__ import annotations

import os
import sqlite3
from base64 import b64decode
from collections import defaultdict
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from sqlalchemy import select

from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from bot.kit.words import Words
from bot.messenger.reading import dumps, loads
from bot.outbox.tables import outbox
from docs.gallery.contents import asked, lines_in
from docs.gallery.matching import ids_in
from docs.gallery.one_language import OneLanguage
from handlers.files.rendering import Files
from handlers.reply import Reply
from tests.handlers.support import DeskUnderTest, Job, Said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator

    from bot.messenger.contract import DirectCall

_KEPT_IN = os.environ.get("MIZBAN_GALLERY")  # the folder of the tapes
_UNDONE = 10**9  # an update that never was
_WORDS = ("text", "caption", "title", "description", "commands")
_KEPT = (*_WORDS, "reply_markup", "photo", "document", "prices")
Params = dict[str, Any]


class Undo(Exception):  # noqa: N818 - an order, not an error
    """Let nothing have happened."""


@dataclass
class Tape:
    """What was said in the scene that is being played."""

    turns: list[dict[str, Any]] = field(default_factory=list)
    looked_up: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    is_in_turn: bool = False
    lost: int = 0


tape = Tape()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the scenes that are wanted, if some are: one that is gone keeps no other from play."""
    path = None if _KEPT_IN is None else Path(_KEPT_IN) / "wanted"
    if path is not None and path.exists():
        wanted = set(path.read_text().splitlines())
        items[:] = [item for item in items if item.nodeid in wanted]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Play a scene, and write it down if it came to its end."""
    global tape  # noqa: PLW0603 - pytest calls a function, not an object
    tape = Tape()
    result = yield
    place = [str(item.path), item.location[1] or 0]
    line = {"scene": item.nodeid, "at": place, "turns": tape.turns, "lost": tape.lost}
    if _KEPT_IN is not None:
        with (Path(_KEPT_IN) / f"{os.getpid()}.jsonl").open("ab") as file:
            file.write(orjson.dumps(line) + b"\n")
    return result


def listen() -> None:
    """Stand between the desk and its tests."""
    say, check = Words.gettext, Reply.__post_init__

    def gettext(words: Words, message: str) -> str:
        said = say(words, message)
        tape.looked_up[words.language].add((message, said))
        return said

    def post_init(reply: Reply) -> None:
        check(reply)
        if not tape.is_in_turn:
            _note_view(reply.as_params())

    Words.gettext = gettext  # type: ignore[method-assign]
    Reply.__post_init__ = post_init  # type: ignore[method-assign]
    DeskUnderTest.receive = _receiving(DeskUnderTest.receive)  # type: ignore[method-assign]
    DeskUnderTest.round = _rounding(DeskUnderTest.round)  # type: ignore[method-assign]


def _note_view(params: Params) -> None:
    """Write down a page that was drawn by itself, in the language in which it speaks."""
    text = str(params.get("text", params.get("caption", "")))
    languages = [name for name, found in tape.looked_up.items() if ids_in(text, found)]
    if len(languages) == 1:
        said = {languages[0]: [_message(0, "sendMessage", params, languages[0])]}
        tape.turns.append({"asked": None, **said})
    tape.looked_up.clear()


def _message(chat_id: int, method: str, params: Params, language: str) -> Params:
    kept = {name: params[name] for name in _KEPT if name in params}
    markup = kept.get("reply_markup", {}).get("inline_keyboard", [])
    shown = [str(kept[name]) for name in _WORDS if name in kept]
    shown += [button["text"] for row in markup for button in row]
    inside = _inside(kept.get("document"))
    ids = ids_in("\n".join(shown + inside), tape.looked_up[language])
    if "photo" in kept:  # what a picture says cannot be read
        kept["drawn"] = sorted(id_ for id_, _ in tape.looked_up[language])
    return {"chat": chat_id, "method": method, "ids": sorted(ids), "inside": inside, **kept}


def _inside(document: Any) -> list[str]:  # noqa: ANN401 - JSON
    if not isinstance(document, dict) or "file_base64" not in document:
        return []
    return lines_in(document["file_name"], b64decode(document["file_base64"]))


async def _make_files(desk: DeskUnderTest, turn: dict[str, Any]) -> None:
    """Make what is made when it is sent, in both languages, and write down what stands in it."""
    for number, message in enumerate(turn["fa"]):
        document = message.get("document") or {}
        if "made_of" not in document:
            continue
        for language in ("fa", "en"):
            tape.looked_up.clear()
            words = OneLanguage(desk.shared.words, language)
            shared = replace(desk.shared, words=words)  # type: ignore[arg-type]
            more = {**document, "language": language}
            id_ = language if document["id"] in ("fa", "en") else document["id"]
            try:
                content = await Files(shared, desk.database).make(document["made_of"], id_, more)
            except Exception:  # noqa: BLE001 - a scene may break the desk on purpose
                content = None
            same = turn[language][number : number + 1]
            if content is None or not same or "document" not in same[0]:
                continue
            same[0]["inside"] = lines_in(document["name"], content) or sorted(
                said
                for _, said in tape.looked_up[language]  # drawn, letter by letter
            )
            found = ids_in("\n".join(same[0]["inside"]), tape.looked_up[language])
            same[0]["ids"] = sorted({*same[0]["ids"], *found})


def _spoken(direct: list[DirectCall] | tuple[DirectCall, ...], language: str) -> list[Params]:
    """What is shown over the chat, or where somebody was about to pay."""
    found = []
    for call in direct:
        text = call.params.get("text") or call.params.get("error_message")
        if text:
            found.append(_message(0, call.method, {"text": text}, language))
    return found


def _receiving(receive: Any) -> Any:  # noqa: ANN401 - a method of theirs
    async def recorded(desk: DeskUnderTest, kind: str, content: object, /) -> list[Said]:
        if tape.is_in_turn:
            return await receive(desk, kind, content)  # type: ignore[no-any-return]
        tape.is_in_turn = True
        try:
            turn: dict[str, Any] = {"asked": kind, "content": asked(kind, loads(dumps(content)))}
            turn["en"] = await _in_english(desk, kind, content)
            tape.looked_up.clear()
            before = _heard(desk)
            said = await receive(desk, kind, content)
            turn["fa"] = _unless_english(_news(desk, before) + _spoken(desk.direct, "fa"))
            await _make_files(desk, turn)
            tape.turns.append(turn)
            return said  # type: ignore[no-any-return]
        finally:
            tape.is_in_turn = False
            tape.looked_up.clear()

    return recorded


def _unless_english(said: list[Params]) -> list[Params]:
    return [] if tape.looked_up["en"] and not tape.looked_up["fa"] else said


def _heard(desk: DeskUnderTest) -> dict[int, int]:
    return {chat_id: len(heard) for chat_id, heard in desk.heard.items()}


def _news(desk: DeskUnderTest, before: dict[int, int]) -> list[Params]:
    return [
        _message(chat_id, said.method, said.params, "fa")
        for chat_id, heard in desk.heard.items()
        for said in heard[before.get(chat_id, 0) :]
    ]


@asynccontextmanager
async def _speaking_english(desk: DeskUnderTest) -> AsyncIterator[None]:
    shared = desk.shared
    words = shared.words
    shared.words = OneLanguage(words, "en")  # type: ignore[assignment]
    tape.looked_up.clear()
    try:
        yield
    except Undo:
        pass
    except Exception:  # noqa: BLE001 - a scene may break the desk on purpose
        tape.lost += 1
    finally:
        shared.words = words


async def _in_english(desk: DeskUnderTest, kind: str, content: object) -> list[Params]:
    said: list[Params] = []
    async with _speaking_english(desk), desk.database.transaction() as tx:
        raw = loads(dumps({"update_id": _UNDONE, kind: content}))
        assert isinstance(raw, dict)
        outcome = await _answered(desk, tx, raw)
        said += [
            _message(one.chat_id, one.method, dict(one.params), "en")
            for one in outcome.messages
            if one.method != "deleteMessage"
        ]
        said += _spoken(tuple(outcome.direct), "en")
        raise Undo
    return said


async def _answered(desk: DeskUnderTest, tx: Transaction, raw: dict[str, object]) -> Any:  # noqa: ANN401 - an Outcome
    await desk.edge.gather(tx, [raw])
    try:
        async with tx.begin_nested():
            return await desk.edge.answer(tx, raw, desk.now)
    except DeskError as error:
        return await desk.edge.refuse(tx, raw, error, desk.now)


def _rounding(make_round: Any) -> Any:  # noqa: ANN401 - a method of theirs
    async def recorded(desk: DeskUnderTest, job: Job) -> list[Said]:
        tape.is_in_turn = True
        try:
            turn: dict[str, Any] = {"asked": "round", "content": {"words": job.__name__}}
            turn["en"] = await _round_in_english(desk, job)
            tape.looked_up.clear()
            said: list[Said] = await make_round(desk, job)
            turn["fa"] = [_message(one.chat_id, one.method, one.params, "fa") for one in said]
            await _make_files(desk, turn)
            if turn["fa"] or turn["en"]:
                tape.turns.append(turn)
            return said
        finally:
            tape.is_in_turn = False
            tape.looked_up.clear()

    return recorded


async def _round_in_english(desk: DeskUnderTest, job: Job) -> list[Params]:
    said: list[Params] = []
    path = desk.database._engine.url.database  # noqa: SLF001 - the file is copied
    with TemporaryDirectory() as directory:
        copied = Path(directory) / "copy.sqlite3"
        with closing(sqlite3.connect(str(path))) as old, closing(sqlite3.connect(copied)) as new:
            old.backup(new)
            last = new.execute("SELECT coalesce(max(id), 0) FROM outbox").fetchone()[0]
        database = Database.open(f"sqlite+aiosqlite:///{copied}")
        async with _speaking_english(desk):
            await job(replace(desk.shared), database, desk.now)
            async with database.reading() as tx:
                columns = (outbox.c.chat_id, outbox.c.method, outbox.c.params)
                rows = await tx.execute(
                    select(*columns).where(outbox.c.id > last).order_by(outbox.c.id)
                )
            said += [
                _message(row.chat_id, row.method, orjson.loads(row.params), "en")
                for row in rows.all()
            ]
        await database.close()
    return said


if _KEPT_IN is not None:
    listen()
