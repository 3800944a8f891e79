"""Being erased leaves nothing behind in a file, and on a server."""

from sqlalchemy import select

from bot.kit.database import metadata
from handlers.jobs.audits import audit
from tests.cases.support import bytes_of
from tests.handlers.registering_support import SARA_ID
from tests.handlers.rights_support import a_life, erase
from tests.handlers.support import DeskUnderTest
from tests.handlers.test_erasing import sent


async def test_whoever_is_erased_is_in_no_row_and_the_audit_finds_nothing(
    desk: DeskUnderTest,
) -> None:
    sara = await a_life(desk)
    await erase(sara)
    found = set()
    async with desk.database.transaction() as tx:
        await sent(tx)
    async with desk.database.reading() as tx:
        for table in metadata.tables.values():
            rows = (await tx.execute(select(table))).all()
            if str(SARA_ID) in repr(rows):
                found.add(table.name)
        findings = await audit(tx, desk.shared.catalogue, now=desk.now)
    assert found == set()
    assert findings == []


async def test_whoever_is_erased_is_nowhere_in_the_bytes_of_a_file(
    desk: DeskUnderTest, database_url: str
) -> None:
    sara = await a_life(desk)
    if not database_url.startswith("sqlite"):
        return
    assert str(SARA_ID).encode() in bytes_of(database_url)
    await erase(sara)
    async with desk.database.transaction() as tx:
        await sent(tx)
    left = bytes_of(database_url)
    assert str(SARA_ID).encode() not in left
    assert SARA_ID.to_bytes(4, "big") not in left, "a number in a row takes four bytes"
