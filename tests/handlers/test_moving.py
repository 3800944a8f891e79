"""An office moves from a file to a server: everything arrives, or nothing does."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.cases.tables import desk_case
from bot.citizens.tables import citizen
from bot.kit.carrying import added_up
from bot.kit.database import Database
from bot.kit.database_file import held
from bot.kit.errors import StartRefused
from bot.kit.resealing import take_up_keys
from bot.outbox.tables import outbox
from bot.wallet.tables import transfer
from handlers.by_hand.moving import Account, move
from tests.cases.support import given_case
from tests.handlers.rights_support import a_life
from tests.handlers.support import DeskUnderTest
from tests.postgres_support import Server, connected
from tests.wallet.by_hand import tamper
from tests.wallet.support import top_up

pytestmark = pytest.mark.about_a_file("begins in a file, and ends on a server")

ROOT = Path(__file__).parents[2]
KILLED = """
import asyncio, os, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import Engine, event
from bot.catalogue.loader import load_catalogue
from handlers.by_hand.moving import move

source, target, keys, fatal = *sys.argv[1:4], sys.argv[4]

@event.listens_for(Engine, "before_cursor_execute")
def die(connection, cursor, statement, *_):
    if connection.dialect.name == "postgresql" and statement.strip().startswith(fatal):
        os.kill(os.getpid(), 9)

catalogue = load_catalogue(Path("data/catalogue"))
asyncio.run(move(source, target, Path(keys), catalogue, now=datetime.now(UTC)))
"""


@dataclass(frozen=True)
class Office:
    """A desk with a file of keys and somebody's whole life in it, and where it is to move."""

    desk: DeskUnderTest
    source: str
    target: str
    keys: Path

    async def move(self, target: str = "") -> Account:
        await self.desk.database.tidy()
        catalogue = self.desk.shared.catalogue
        return await move(
            self.source, target or self.target, self.keys, catalogue, now=self.desk.now
        )

    async def refusal(self, target: str = "") -> str:
        with pytest.raises(StartRefused) as refused:
            await self.move(target)
        return "\n".join(refused.value.faults)


@pytest.fixture
def target(server: Server) -> str:
    return server.database()


@pytest.fixture
async def office(desk: DeskUnderTest, database_url: str, target: str, tmp_path: Path) -> Office:
    keys = tmp_path / "keyring.json"
    desk.shared.keyring = await take_up_keys(desk.database, keys)
    await a_life(desk)
    return Office(desk, database_url, target, keys)


@pytest.fixture
def filled(server: Server) -> str:
    return server.migrated_database()


async def tables_in(target: str) -> int:
    async with connected(target) as connection:
        query = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        return int(await connection.fetchval(query))


@pytest.mark.parametrize("rows_at_once", [1, 500])
async def test_everything_arrives_and_a_desk_goes_on_with_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    monkeypatch.setattr("bot.kit.carrying._ROWS_AT_ONCE", rows_at_once)
    async with office.desk.database.reading() as tx:
        before = await added_up(tx)
    arrived = await office.move()
    assert arrived.tables == before
    assert arrived.findings == []
    full = {one.table for one in arrived.tables if one.rows}
    assert {"account", "transfer", "payout", "audit", "registration", "spent_limit"} <= full
    there = Database.open(office.target)
    there.keyring = office.desk.shared.keyring
    async with there.transaction() as tx:
        ours = await tx.scalar(select(transfer.c.id).order_by(transfer.c.id.desc()).limit(1))
        await top_up(tx, 500)
        new = await tx.scalar(select(transfer.c.id).order_by(transfer.c.id.desc()).limit(1))
    await there.close()
    assert new == ours + 1
    async with office.desk.database.reading() as tx:
        assert await added_up(tx) == before, "nothing changed in the file"


async def test_a_number_that_a_row_had_once_is_given_to_no_other(office: Office) -> None:
    async with office.desk.database.transaction() as tx:
        last = await tx.scalar(select(outbox.c.id).order_by(outbox.c.id.desc()).limit(1))
        await tx.execute(outbox.delete())
    await office.move()
    async with connected(office.target) as connection:
        query = "SELECT nextval(pg_get_serial_sequence('outbox', 'id'))"
        assert await connection.fetchval(query) == last + 1


async def test_a_row_may_refer_to_one_that_comes_after_it(office: Office) -> None:
    async with office.desk.database.transaction() as tx:
        first, second = (await given_case(tx)).id, (await given_case(tx)).id
        merged = update(desk_case).where(desk_case.c.id == first)
        await tx.execute(merged.values(merged_into=second))
    await office.move()
    async with connected(office.target) as connection:
        query = "SELECT merged_into FROM desk_case WHERE id = $1"
        assert await connection.fetchval(query, first) == second
        late = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND condeferrable"
        assert await connection.fetchval(late) == 0, "references are looked at at once again"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("'f' || char(0)", "holds a NUL, which no server keeps"),
        ("'kanoon' || hex(zeroblob(20))", "holds 46 characters where 24 have room"),
        ("x'00ff'", "holds bytes where str belongs"),
    ],
    ids=["NUL", "too long", "no text"],
)
async def test_what_no_server_would_keep_is_named_and_not_shown(
    office: Office, value: str, why: str
) -> None:
    await tamper(office.source, f"UPDATE desk_case SET office_id = {value}")  # noqa: S608 - a value of this page
    said = await office.refusal()
    assert f"move: desk_case.office_id of id 1 {why}." in said
    assert await tables_in(office.target) == 0


async def test_words_in_any_script_arrive_as_they_are(office: Office) -> None:
    hostile = "\u200c\u202e');--\r\n\ufffd\U0010ffff\\x00 👩\u200d👧e\u0301ی"
    assert len(hostile) <= 24
    async with office.desk.database.transaction() as tx:
        await tx.execute(update(citizen).values(office_id=hostile))
    await office.move()
    async with connected(office.target) as connection:
        assert await connection.fetchval("SELECT min(office_id) FROM citizen") == hostile


async def test_an_office_moves_into_an_empty_database_alone(office: Office, filled: str) -> None:
    said = await office.refusal(filled)
    assert "it has tables already (account, admin_chat" in said
    await office.move()
    assert "it has tables already" in await office.refusal()


async def test_a_desk_that_runs_is_not_moved(office: Office) -> None:
    with held(office.source):
        assert "in use by another desk" in await office.refusal()
    assert await tables_in(office.target) == 0


async def test_records_of_another_version_or_without_their_keys_are_not_moved(
    office: Office,
) -> None:
    kept = office.keys.rename(office.keys.with_name("away.json"))
    assert "is not there" in await office.refusal()
    kept.rename(office.keys)
    await tamper(office.source, "UPDATE alembic_version SET version_num = '0001'")
    assert "records of this version" in await office.refusal()
    assert await tables_in(office.target) == 0


async def test_a_server_that_is_not_there_is_one_line(office: Office) -> None:
    away = office.target.replace("?host=", "?host=/nowhere")
    said = await office.refusal(away)
    assert said.startswith("database: desk")
    assert "cannot be reached" in said


@pytest.mark.parametrize(
    "fatal", ["CREATE TABLE payout ", "INSERT INTO transfer ", "SELECT setval", "SELECT payout.id"]
)
async def test_who_is_killed_in_the_middle_has_moved_nothing_and_may_begin_again(
    office: Office, fatal: str
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KILLED, office.source, office.target, str(office.keys), fatal),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert await process.wait() == -signal.SIGKILL
    async with asyncio.timeout(10):
        while await tables_in(office.target):  # noqa: ASYNC110 - until the server has noticed
            await asyncio.sleep(0.05)
    assert (await office.move()).findings == []
