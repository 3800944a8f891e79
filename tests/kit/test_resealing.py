"""What is readable is sealed at a start, and what an old key sealed when keys change."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import alembic.command
import pytest
from sqlalchemy import LargeBinary, String, column, insert, select, table, update
from sqlalchemy.exc import DBAPIError

from bot.cases.model import Action, Case, CaseId, CaseKind, CaseState, Event, MessageKind
from bot.cases.repository import CaseRepository
from bot.cases.tables import case_event, case_message, desk_case
from bot.citizens.model import CitizenId, Dialogue, Role
from bot.citizens.repository import DialogueRepository
from bot.citizens.tables import dialogue
from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.inbox.tables import inbox as inbox_table
from bot.kit import following
from bot.kit.clock import now
from bot.kit.crypto import Keyring, WrongKey, key_of
from bot.kit.database import Database, Moment, Transaction
from bot.kit.errors import StartRefused
from bot.kit.keyring_file import add_key, draw_keyring, find_keyring
from bot.kit.keys import settle_keyring
from bot.kit.migrating import migration_config, on_connection
from bot.kit.repository import SealedRepository, Stored
from bot.kit.resealing import keys_in_use, seal_readable, take_up_keys
from bot.kit.rotating import retire, rotate
from bot.kit.sqlite import database_path
from bot.kit.tables import SEALED_COLUMNS
from bot.messenger.reading import dumps
from bot.outbox import use_cases as outbox
from bot.outbox.tables import outbox as outbox_table
from tests.cases.support import POLICY
from tests.keys_support import KEYS
from tests.messenger.support import say

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection


SARA = 990_000_001
SAID = "my sister's number is 0012345679"


CASE = Case(
    id=CaseId(0),
    tracking_code="",
    office_id="kanoon",
    service_id=None,
    service_version=1,
    kind=CaseKind.QUESTION,
    author_id=CitizenId(SARA),
    language="fa",
    state=CaseState.OPEN,
    policy=POLICY,
    registered_at=now(),
)


class _Killed(BaseException):
    """As a signal would."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keyring.json"


async def a_life(database: Database, number: int = 1) -> None:
    """Somebody writes, is answered, is in the middle of typing, and has a case."""
    async with database.transaction() as tx:
        await inbox.receive(tx, [Received(1, number, SARA, SAID.encode())], now())
        await outbox.queue(tx, f"u{number}", [say(SARA, SAID)], now())
        draft = {"text": SAID}
        talk = Dialogue(number, CitizenId(SARA), "new_case", "text", draft, "t", now())
        await DialogueRepository(tx).save(talk)
        repository = CaseRepository(tx)
        case = await repository.add(replace(CASE, tracking_code=f"{number:010}"), f"k{number}")
        words = MessageKind.WORDS
        message = await repository.add_message(
            case.id, words, SAID, author_id=None, source=None, now=now()
        )
        await repository.change(case, ending_reason=SAID)
        await repository.revise(message, f"{SAID}!", now())
        noted = Event(case.id, now(), Action.NOTED, CitizenId(1), Role.OFFICER, SAID)
        await repository.add_events([noted])


async def told(database: Database) -> set[str]:
    """Read back all that was said, through the doors it is always read through."""
    async with database.reading() as tx:
        letters = await inbox.heads(tx, now(), 100)
        talks = await DialogueRepository(tx).of_all([CitizenId(SARA)])
        found = {one.payload.decode() for one in letters}
        found |= {str(one.draft["text"]) for one in talks}
        for case_id in await tx.scalars(select(desk_case.c.id)):
            case = await CaseRepository(tx).by_id(case_id)
            assert case is not None
            dossier = await CaseRepository(tx).dossier(case)
            found |= {str(case.ending_reason), *(one.text for one in dossier.messages)}
            found |= {one.note for one in dossier.events if one.note}
            for one in dossier.messages:
                earlier = await CaseRepository(tx).earlier_versions(one)
                found |= {before.text for before in earlier}
    async with database.transaction() as tx:
        found |= {str(one.params["text"]) for one in await outbox.claim(tx, now(), 100)}
    return found


async def used(database: Database) -> dict[int | None, int]:
    async with database.reading() as tx:
        return await keys_in_use(tx)


def nothing(_column: str, _count: int) -> None:
    """Nobody has to be told."""


async def test_every_column_of_sealed_bytes_is_declared(database: Database, path: Path) -> None:
    """What holds sealed values and is not declared would stay behind when keys change."""
    await take_up_keys(database, path)
    await a_life(database)
    assert {
        "case_event.note",
        "case_message.text",
        "desk_case.ending_reason",
        "dialogue.draft",
        "inbox.payload",
        "learner.born_on",
        "learner.given_name",
        "outbox.params",
        "payout.iban",
        "payout.owner",
    } <= SEALED_COLUMNS.keys()
    for one in SEALED_COLUMNS.values():
        assert set(one.bound_to) <= set(one.column.table.c), one.name


async def test_what_is_sealed_with_an_old_key_is_sealed_anew_and_says_the_same(
    database: Database, database_url: str, path: Path
) -> None:
    await take_up_keys(database, path)
    await a_life(database)
    before = await used(database)
    assert set(before) == {1}
    seen: dict[str, int] = {}
    assert await rotate(database_url, path, tell=seen.__setitem__, rest_seconds=0) == 2
    assert await used(database) == {2: sum(before.values())}
    assert sum(seen.values()) == sum(before.values())
    assert await told(database) == {SAID, f"{SAID}!"}


async def test_a_desk_that_runs_takes_up_the_new_key_by_itself(
    database: Database, database_url: str, path: Path
) -> None:
    await take_up_keys(database, path)
    await a_life(database, 1)
    await rotate(database_url, path, tell=nothing, rest_seconds=0)
    await asyncio.sleep(following._SECONDS_BETWEEN_LOOKS)
    await a_life(database, 2)
    assert set(await used(database)) == {2}
    assert await told(database) == {SAID, f"{SAID}!"}


async def test_keys_change_under_load_and_nothing_is_lost(
    database: Database, database_url: str, path: Path
) -> None:
    """One desk writes and reads all the time, and another process goes through its rows."""
    await take_up_keys(database, path)
    await a_life(database, 1)
    is_over = asyncio.Event()

    async def write() -> int:
        number = 1
        while not is_over.is_set() or number < 20:
            number += 1
            await a_life(database, number)
            assert await told(database) == {SAID, f"{SAID}!"} or number > 100
        return number

    async with asyncio.TaskGroup() as group:
        desk = group.create_task(write())
        number = await rotate(database_url, path, tell=nothing, rest_seconds=0.2)
        is_over.set()
    lives = desk.result()
    held = await used(database)
    assert set(held) == {number}
    async with database.reading() as tx:
        assert len((await tx.execute(select(desk_case.c.id))).all()) == lives


async def test_who_is_killed_in_the_middle_goes_on_with_the_same_key(
    database: Database, database_url: str, path: Path
) -> None:
    await take_up_keys(database, path)
    for number in range(1, 6):
        await a_life(database, number)

    def kill(column: str, _count: int) -> None:
        if column == "dialogue.draft":
            raise _Killed

    with pytest.raises(_Killed):
        await rotate(database_url, path, tell=kill, rest_seconds=0)
    assert set(await used(database)) == {1, 2}
    assert await told(database) == {SAID, f"{SAID}!"}
    assert await rotate(database_url, path, tell=nothing, rest_seconds=0) == 2
    assert set(await used(database)) == {2}
    assert await rotate(database_url, path, tell=nothing, rest_seconds=0) == 3


async def test_a_key_is_retired_only_when_nothing_needs_it(
    database: Database, database_url: str, path: Path
) -> None:
    await take_up_keys(database, path)
    await a_life(database)
    add_key(path)
    with pytest.raises(StartRefused, match="are sealed with older keys"):
        await retire(database_url, path, now=now())
    await rotate(database_url, path, tell=nothing, rest_seconds=0)
    with pytest.raises(StartRefused, match="a day after the last rotation"):
        await retire(database_url, path, now=now())
    a_day_ago = now().timestamp() - 86_401
    os.utime(path, (a_day_ago, a_day_ago))
    assert await retire(database_url, path, now=now()) == [1]
    kept = find_keyring(path)
    assert kept is not None
    assert set(kept.keys) == {2}
    assert await retire(database_url, path, now=now()) == []
    again = Database.open(database_url)
    await take_up_keys(again, path)
    assert await told(again) == {SAID, f"{SAID}!"}
    await again.close()


async def test_a_moved_value_is_refused_and_holds_up_nobody_else(
    database: Database, path: Path
) -> None:
    await take_up_keys(database, path)
    for number in (1, 2):
        await a_life(database, number)
    async with database.transaction() as tx:
        await _swap(tx)
    async with database.reading() as tx:
        letters = await inbox.heads(tx, now(), 10)
        assert [one.payload for one in letters] == [b"{}"], "the first of the chat says nothing"
        assert await DialogueRepository(tx).of_all([CitizenId(SARA)]) == []
        case = await CaseRepository(tx).by_id(CaseId(1))
        assert case is not None
        with pytest.raises(WrongKey, match=r"case_message\.text:1"):
            await CaseRepository(tx).dossier(case)
    async with database.transaction() as tx:
        assert await outbox.claim(tx, now(), 10) == []
        assert await outbox.claim(tx, now(), 10) == []
        reasons = await tx.scalars(select(outbox_table.c.reason))
        assert set(reasons) == {"cannot be opened"}


async def _swap(tx: Transaction) -> None:
    for one in (
        inbox_table.c.payload,
        outbox_table.c.params,
        dialogue.c.draft,
        case_message.c.text,
    ):
        keys = list(one.table.primary_key)
        rows = (await tx.execute(select(*keys, one).order_by(*keys))).all()
        values = [row[-1] for row in rows][::-1]
        for row, value in zip(rows, values, strict=True):
            where = [key == part for key, part in zip(keys, row[:-1], strict=True)]
            await tx.execute(update(one.table).where(*where).values({one.name: value}))


@pytest.mark.parametrize(
    "forged", [b"", b"\x00clear", b'{"text": "forged"}', b"\x01\x00\x01", b"x" * 40]
)
async def test_nothing_readable_is_taken_for_what_was_sealed(
    database: Database, path: Path, forged: bytes
) -> None:
    await take_up_keys(database, path)
    await a_life(database)
    async with database.transaction() as tx:
        await tx.execute(update(case_message).values(text=forged))
        case = await CaseRepository(tx).by_id(CaseId(1))
        assert case is not None
        if forged == b"":
            (message,) = (await CaseRepository(tx).dossier(case)).messages
            assert message.text == ""
            return
        with pytest.raises(WrongKey):
            await CaseRepository(tx).dossier(case)


async def test_the_notes_of_a_history_can_be_sealed_anew_and_not_be_changed(
    database: Database, path: Path
) -> None:
    keyring = await take_up_keys(database, path)
    await a_life(database)
    for values in (
        {"note": None},
        {"note": b"readable"},
        {"note": b"\x01" * 40, "action": "taken"},
        {"case_id": 2},
    ):
        with pytest.raises(DBAPIError, match="only added to"):
            async with database.transaction() as tx:
                await tx.execute(update(case_event).values(values))
    async with database.transaction() as tx:
        anew = keyring.seal("x", column="case_event.note", row="1")
        await tx.execute(update(case_event).values(note=anew))


@dataclass(frozen=True)
class Old:
    """Records that a program of before wrote, in today's shape: all in them is readable."""

    url: str

    def is_readable(self) -> bool:
        path = database_path(self.url)
        if path is None or not self.url.startswith("sqlite"):
            return True  # Nobody can look into the files of a server.
        return SAID.encode() in b"".join(one.read_bytes() for one in path.parent.glob("old*"))


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Old:
    url = f"sqlite+aiosqlite:///{tmp_path / 'old.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("server").database()

    def live(connection: Connection) -> None:
        config = migration_config(connection)
        alembic.command.upgrade(config, "0030")
        for name, rows in OLD_LIFE.items():
            columns = [column(key, _TYPES.get(key)) for key in rows[0]]
            connection.execute(insert(table(name, *columns)), rows)
        connection.commit()
        alembic.command.upgrade(config, "head")

    on_connection(url, live)
    return Old(url)


_AT = datetime(2026, 11, 1, 8, tzinfo=UTC)
_MOMENTS = ("run", "received", "created", "expires", "registered", "said", "replaced")
_TYPES: dict[str, Any] = {
    "at": Moment(),
    **{f"{name}_at": Moment() for name in _MOMENTS},
    **dict.fromkeys(("draft", "params", "payload"), LargeBinary()),
}
_WRITTEN = dumps({"text": SAID})
_WAITS = {"attempts": 0, "run_at": _AT}
_LETTER = {"bot_id": 1, "update_id": 1, "chat_key": SARA, "payload": _WRITTEN, "state": "new"}
_ANSWER = {"dedupe_key": "u1:0", "chat_id": 1, "method": "sendMessage", "params": _WRITTEN}
_QUEUED = {"priority": 0, "state": "queued", "is_leased": False, "has_spoken": False}
_TALK = {"citizen_id": SARA, "chat_id": 1, "name": "x", "step": "y", "draft": _WRITTEN}
_OLD_CASE = {"id": 1, "registration_key": "k", "tracking_code": "c", "office_id": "kanoon"}
_MINUTES = ("first_response", "next_response", "resolution", "warn")
OLD_LIFE: dict[str, list[dict[str, Any]]] = {
    "inbox": [{**_LETTER, **_WAITS, "received_at": _AT}],
    "outbox": [{**_ANSWER, **_QUEUED, **_WAITS, "created_at": _AT}],
    "dialogue": [{**_TALK, "token": "t", "expires_at": _AT}],
    "desk_case": [
        {
            **_OLD_CASE,
            **{f"{name}_minutes": 1 for name in _MINUTES},
            "service_version": 1,
            "kind": "question",
            "language": "fa",
            "state": "open",
            "registered_at": _AT,
            "ending_reason": SAID,
            "is_snoozed_until_reply": False,
            "is_process_changed": False,
        }
    ],
    "case_message": [
        {"id": 1, "case_id": 1, "kind": "words", "text": SAID, "said_at": _AT, "version": 2}
    ],
    "case_message_version": [
        {"message_id": 1, "version": 1, "text": SAID, "said_at": _AT, "replaced_at": _AT}
    ],
    "case_event": [
        {"case_id": 1, "at": _AT, "action": "registered", "note": note}
        for note in (SAID, None, "")
    ],
}


async def started(old: Old, path: Path) -> Database:
    database = Database.open(old.url)
    try:
        await take_up_keys(database, path)
    except _Killed:
        await database.close()
        raise
    return database


async def test_what_was_readable_is_sealed_at_the_first_start(old: Old, path: Path) -> None:
    assert old.is_readable()
    database = await started(old, path)
    assert not old.is_readable() or "postgresql" in old.url
    assert await told(database) == {SAID, _WRITTEN.decode()}
    assert set(await used(database)) == {1}
    async with database.reading() as tx:
        events = await CaseRepository(tx).events(CaseId(1))
    assert [event.note for event in events] == [SAID, None, ""]
    assert await seal_readable(database, database.keyring or KEYS) == 0
    await database.close()


async def test_who_is_killed_while_sealing_goes_on_at_the_next_start(
    old: Old, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed: list[str] = []
    plain = Keyring.seal

    def dying(self: Keyring, value: str | bytes, *, column: str, row: int | str) -> bytes:
        sealed.append(column)
        if len(sealed) > 3:
            raise _Killed
        return plain(self, value, column=column, row=row)

    with monkeypatch.context() as dies:
        dies.setattr(Keyring, "seal", dying)
        with pytest.raises(_Killed):
            await started(old, path)
    assert old.is_readable()
    database = await started(old, path)
    assert not old.is_readable() or "postgresql" in old.url
    assert await told(database) == {SAID, _WRITTEN.decode()}
    await database.close()


async def test_who_is_killed_before_the_file_is_written_anew_writes_it_at_the_next_start(
    old: Old, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left to seal by then, but pages and the log may hold what was there before."""

    async def dying(_self: Database) -> None:
        raise _Killed

    with monkeypatch.context() as dies:
        dies.setattr(Database, "compact", dying)
        with pytest.raises(_Killed):
            await started(old, path)
    written: list[Database] = []
    whole = Database.compact

    async def noted(self: Database) -> None:
        written.append(self)
        await whole(self)

    monkeypatch.setattr(Database, "compact", noted)
    database = await started(old, path)
    assert written == [database]
    await database.close()
    await (await started(old, path)).close()
    assert len(written) == 1, "and once is enough"


async def test_keys_do_not_change_before_what_is_readable_is_sealed(old: Old, path: Path) -> None:
    database = Database.open(old.url)
    async with database.transaction() as tx:
        await settle_keyring(tx, path)
    await database.close()
    with pytest.raises(StartRefused, match="start the desk once"):
        await rotate(old.url, path, tell=nothing, rest_seconds=0)
    kept = find_keyring(path)
    assert kept is not None
    assert kept.current == 1


async def test_keys_that_are_not_those_the_desk_works_with_are_not_taken_up(
    database: Database,
    path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The file was exchanged, emptied or taken away while the desk runs: it works on."""
    monkeypatch.setattr(following, "_SECONDS_BETWEEN_LOOKS", 0)
    keyring = await take_up_keys(database, path)
    await a_life(database)
    content = path.read_text()  # noqa: ASYNC240 - nothing else runs meanwhile
    stranger = draw_keyring(path.with_name("other.json"))
    for written in ((path.with_name("other.json")).read_text(), "", "{"):
        path.write_text(written)  # noqa: ASYNC240 - as above
        assert key_of(keyring.seal("x", column="inbox.payload", row="1:1")) == 1
        assert keyring.keys != stranger.keys
    path.unlink()  # noqa: ASYNC240 - as above
    assert await told(database) == {SAID, f"{SAID}!"}
    assert "are not those the desk works with" in caplog.text
    assert "are not taken up anew" in caplog.text
    assert not [key for key in json.loads(content)["keys"].values() if key in caplog.text]


async def test_every_sealed_column_can_be_read_page_by_page_and_sealed_anew(
    database: Database,
) -> None:
    """Whatever the other columns of its table are called, and whatever its rows are named by."""
    async with database.transaction() as tx:
        repository = SealedRepository(tx)
        for one in SEALED_COLUMNS.values():
            key = tuple(
                "x" if isinstance(part.type, String) else 1
                for part in one.column.table.primary_key
            )
            assert await repository.page(one, key, 10) == []
            await repository.replace(one, [(Stored(key, (), b"before"), b"after")])
