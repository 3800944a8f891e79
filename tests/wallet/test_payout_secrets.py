"""Whose account it is and which stands nowhere but in the file for the bank."""

import logging
from pathlib import Path

import pytest

from bot.kit.crypto import Keyring, WrongKey
from bot.kit.database import Database
from bot.wallet import use_cases as wallet
from bot.wallet.model import PayoutState
from tests.wallet.by_hand import is_file, rows_of, tamper
from tests.wallet.payout_support import (
    IBAN,
    NEDA,
    OTHER_IBAN,
    OWNER,
    RING,
    export,
    found,
    give_back,
    pay,
    payout_in,
    recall,
    reject,
    request,
    send,
    take,
)
from tests.wallet.support import NOW, REZA, top_up

_SECRETS = (IBAN[2:], IBAN[6:20], OTHER_IBAN[2:], OWNER, OWNER.split()[0])


async def live(database: Database) -> list[object]:
    """Let payouts go through everything that may happen to them; give whatever came of it."""
    async with database.transaction() as tx:
        late = await payout_in(tx, PayoutState.RETURNED_LATE)
        recalled = await recall(tx, await payout_in(tx, PayoutState.APPROVED, 600))
        await wallet.reject_payout(
            tx, code=recalled.code, reason=f"شبای {IBAN} بسته است", actor=NEDA, now=NOW
        )
        await top_up(tx, 900)
        other = await request(tx, iban=OTHER_IBAN, owner_name=f"  {OWNER}\n")
        await reject(tx, await take(tx, other))
        sent = await payout_in(tx, PayoutState.APPROVED, citizen_id=REZA)
        batch = await export(tx)
        rows = await wallet.batch_rows(tx, batch=batch, keyring=RING)
        assert [(row.iban, row.owner) for row in rows] == [(IBAN, OWNER)]
        await give_back(tx, sent)
        paid = await pay(tx, await send(tx, await payout_in(tx, PayoutState.APPROVED)))
        events = await wallet.payout_events(tx, payout_id=late.id)
        return [late, recalled, other, batch, rows, paid, events, RING]


async def test_nothing_of_an_account_is_in_the_records_or_in_what_is_printed(
    database: Database, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = await live(database)
    rows = repr(await rows_of(database_url, *await tables_of(database, database_url)))
    for secret in _SECRETS:
        assert secret not in repr(made)
        assert secret not in rows
        assert secret not in caplog.text
    assert IBAN[-4:] in rows


async def tables_of(database: Database, url: str) -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if is_file(url)
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    async with database.reading() as tx:
        names = [row[0] for row in await tx.exec_driver_sql(query)]
    assert "payout" in names
    return names


@pytest.mark.about_a_file("looks into the bytes of the file")
async def test_nothing_of_an_account_is_in_the_bytes_of_the_file_or_its_log(
    database: Database, database_url: str
) -> None:
    await live(database)
    path = Path(database_url.partition(":///")[2])
    files = [path, path.with_name(f"{path.name}-wal")]
    contents = b"".join(file.read_bytes() for file in files)
    assert b"payout_event" in contents
    for secret in _SECRETS:
        for encoding in ("utf-8", "utf-16-le"):
            assert secret.encode(encoding) not in contents


async def test_an_account_that_is_moved_to_anothers_payout_does_not_open(
    database: Database, database_url: str
) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.REQUESTED)
        other = await payout_in(tx, PayoutState.REQUESTED, citizen_id=REZA)
    await tamper(
        database_url,
        f"UPDATE payout SET iban = (SELECT iban FROM payout WHERE id = {other.id})"  # noqa: S608 - a number
        f" WHERE id = {payout.id}",
        f"UPDATE payout SET owner = iban WHERE id = {other.id}",  # noqa: S608 - as above
    )
    async with database.reading() as tx:
        for moved in (payout, other):
            with pytest.raises(WrongKey) as refused:
                wallet.open_account(await found(tx, moved), RING)
            assert refused.value.place.startswith("payout.")
        with pytest.raises(WrongKey):
            wallet.open_account(payout, Keyring.drawn())
