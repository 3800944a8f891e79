"""Whatever happens to a payout, no table, no log and no button holds an open account or a name."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from bot.citizens.model import CitizenId
from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.messenger.reading import dumps
from bot.wallet import use_cases as wallet
from bot.wallet.model import Payout, PayoutState
from handlers.callback_data.payouts import PayoutVerb
from handlers.files.rendering import Files
from tests.handlers.crash_support import worker_of
from tests.handlers.payout_support import (
    ABOVE,
    IBAN,
    OTHER_IBAN,
    OWNER,
    SARA,
    TYPED_IBAN,
    act,
    all_payouts,
    approved,
    exported,
    give,
    press,
    staffed,
    tap,
    write,
)
from tests.handlers.support import DeskUnderTest, Said

pytestmark = pytest.mark.about_a_file("looks into the bytes of the file")

SECRETS = (IBAN, IBAN[2:], IBAN[4:-4], OTHER_IBAN[4:-4], TYPED_IBAN, *OWNER.split())


@pytest.fixture
def durable(desk: DeskUnderTest) -> DeskUnderTest:
    """Let every update go by the inbox and its worker, as on a real platform."""
    numbers = count(50_001)

    async def receive(kind: str, content: object, /) -> list[Said]:
        number = next(numbers)
        payload = dumps({"update_id": number, kind: content})
        async with desk.database.transaction() as tx:
            last = await desk._last_queued(tx)
            letter = Received(bot_id=1, update_id=number, chat_key=1, payload=payload)
            await inbox.receive(tx, [letter], desk.now)
        await worker_of(desk, desk.now)(desk.database)
        async with desk.database.transaction() as tx:
            said = await desk._deliver(tx, last)
        raw = content if isinstance(content, dict) else {}
        place = raw.get("message", raw).get("chat") or raw.get("from", {})
        return [one for one in said if one.chat_id == place.get("id")]

    desk.receive = receive  # type: ignore[method-assign]
    return desk


def cells(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every cell of every table, as bytes."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in tables.fetchall():
            for row in connection.execute(f"SELECT * FROM {name}"):  # noqa: S608 - a table
                for cell in row:
                    yield name, cell if isinstance(cell, bytes) else str(cell).encode()


def found(path: Path) -> set[str]:
    """Name the tables in which a secret stands, in whatever writing."""
    forms = [
        form
        for secret in SECRETS
        for form in (
            secret.encode(),
            secret.encode("utf-16-le"),
            secret.encode("unicode_escape"),
            secret.encode("unicode_escape").upper(),
        )
    ]
    return {name for name, cell in cells(path) for form in forms if form in cell}


async def ask(desk: DeskUnderTest, path: Path) -> Payout:
    """Ask for a payout, with numbers typed at every wrong place, too."""
    await give(desk)
    sara = desk.person(SARA)
    await write(sara, f"شبای من {IBAN} است")  # outside of any flow
    await write(sara, "/payout")
    await write(sara, f"{ABOVE} ریال")
    await write(sara, OTHER_IBAN[:-1] + "3")
    await write(sara, TYPED_IBAN)
    assert not found(path), "half way"
    review = await write(sara, OWNER)
    assert not found(path), "before it is sent"
    await tap(sara, review, "wyc")
    (payout,) = await all_payouts(desk)
    return payout


async def decide(desk: DeskUnderTest, payout: Payout) -> None:
    """Do all that staff can do to it, with numbers in their words, too."""
    finance, other, manager = await staffed(desk)
    await approved(finance, payout)
    await press(manager, payout, PayoutVerb.SECOND)
    await act(manager, payout, PayoutVerb.RECALL, f"شبا {IBAN} را ببینید")
    await press(other, payout, PayoutVerb.APPROVE)
    await press(manager, payout, PayoutVerb.SECOND)
    await exported(finance)
    (file,) = [one for one in desk.heard[finance.visitor.id] if one.method == "sendDocument"]
    described = file.params["document"]
    files = Files(desk.shared, desk.database)
    assert await files.make(described["made_of"], described["id"], described) is not None
    await act(finance, payout, PayoutVerb.PAID, IBAN)
    await act(finance, payout, PayoutVerb.PAID, "77129900")
    await act(finance, payout, PayoutVerb.LATE, f"4055123 حساب {IBAN[2:]} بسته است")


async def test_the_whole_way_of_a_payout_leaves_no_account_and_no_name(
    durable: DeskUnderTest, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = Path(database_url.partition("///")[2])
    payout = await ask(durable, path)
    assert wallet.open_account(payout, durable.shared.keyring) == (IBAN, OWNER), "it is kept"
    await decide(durable, payout)
    (over,) = await all_payouts(durable)
    assert over.state is PayoutState.RETURNED_LATE
    assert not found(path)
    said = [one.params for chat in durable.heard.values() for one in chat]
    for secret in SECRETS:
        assert secret not in caplog.text
        assert secret not in repr((over, said))
    async with durable.database.reading() as tx:
        (line,) = await wallet.statement(
            tx, office_id="kanoon", citizen_id=CitizenId(SARA), limit=1
        )
    assert "•••" in line.reason, "what staff wrote is masked too"


async def test_the_search_for_secrets_finds_one(durable: DeskUnderTest, database_url: str) -> None:
    """An update that nobody has answered keeps its words, sealed; readable they would be found."""
    path = Path(database_url.partition("///")[2])
    letter = dumps({"update_id": 1, "message": {"text": f"{OWNER} {IBAN}"}})
    async with durable.database.transaction() as tx:
        kept = Received(bot_id=1, update_id=1, chat_key=1, payload=letter)
        await inbox.receive(tx, [kept], durable.now)
    assert not found(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE inbox SET payload = ?", [letter])
    assert found(path) == {"inbox"}
