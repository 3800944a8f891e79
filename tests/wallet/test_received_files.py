"""A bank file that was sent is noted as it came, and ends once: taken up, refused, or lost."""

from dataclasses import replace
from hashlib import sha256

import pytest

from bot.citizens.errors import StaffOnly
from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.wallet.errors import NoSuchBankLine
from bot.wallet.model import (
    BANK_FILE_NAME_MAX,
    BankFile,
    BankFileId,
    BankFileKind,
    BankFileState,
)
from bot.wallet.rules import RECONCILERS
from tests.wallet.bank_support import FINANCE, MANAGER, OFFICER, counted, imported, line
from tests.wallet.support import NOW, OFFICE


async def received(tx: Transaction, name: str = "1.xlsx") -> BankFile:
    return await wallet.receive_bank_file(
        tx,
        office_id=OFFICE,
        kind=BankFileKind.GATEWAY,
        name=name,
        file_id="AgAD",
        chat_id=-100_123,
        message_id=77,
        actor=MANAGER,
        now=NOW,
    )


async def waiting(database: Database) -> list[BankFile]:
    async with database.reading() as tx:
        return await wallet.received_bank_files(tx)


async def test_a_file_is_noted_as_it_came(database: Database) -> None:
    async with database.transaction() as tx:
        file = await received(tx)
        longer = await received(tx, "n" * (BANK_FILE_NAME_MAX + 1))
    assert file == BankFile(
        file.id,
        OFFICE,
        BankFileKind.GATEWAY,
        BankFileState.RECEIVED,
        "1.xlsx",
        NOW,
        sent_by=MANAGER.id,
        chat_id=-100_123,
        message_id=77,
        file_id="AgAD",
    )
    assert longer.name == "n" * BANK_FILE_NAME_MAX
    assert await waiting(database) == [file, longer]


async def test_a_file_ends_once(database: Database) -> None:
    async with database.transaction() as tx:
        refused, lost = await received(tx), await received(tx)
    async with database.transaction() as tx:
        assert await wallet.refuse_bank_file(tx, file_id=refused.id, content=b"<html>")
        assert await wallet.lose_bank_file(tx, file_id=lost.id)
    async with database.transaction() as tx:
        for file in (refused, lost):
            assert not await wallet.refuse_bank_file(tx, file_id=file.id, content=b"x")
            assert not await wallet.lose_bank_file(tx, file_id=file.id)
        differences = [await wallet.differences(tx, file_id=file.id) for file in (refused, lost)]
        with pytest.raises(NoSuchBankLine):
            await wallet.differences(tx, file_id=BankFileId(404))
    assert [one.file for one in differences] == [
        replace(refused, state=BankFileState.REFUSED, digest=sha256(b"<html>").hexdigest()),
        replace(lost, state=BankFileState.LOST),
    ]
    assert await waiting(database) == []


async def test_an_officer_sends_no_file(database: Database) -> None:
    async with database.transaction() as tx:
        with pytest.raises(StaffOnly) as refused:
            await imported(tx, actor=OFFICER)
    assert refused.value.roles == RECONCILERS


@pytest.mark.parametrize("amount_rial", [1, -1, 2])
async def test_a_line_of_one_rial_is_known_again(database: Database, amount_rial: int) -> None:
    async with database.transaction() as tx:
        first = counted(await imported(tx, line("123456", amount_rial), actor=FINANCE))
    async with database.transaction() as tx:
        again = counted(await imported(tx, line("123456", amount_rial), actor=FINANCE))
    assert again == ({"repeated": 1} if amount_rial > 0 else first)
