"""What outlives a test on a server carries nothing of it into the next."""

import asyncio
import time

import pytest

from bot.kit.database import Database
from tests.lasting import LastingLoop

pytestmark = pytest.mark.about_a_server("is about connections")


async def told(database: Database, question: str) -> object:
    async with database.transaction() as tx:
        return (await tx.exec_driver_sql(question)).scalar()


async def test_a_connection_comes_back_as_if_it_were_new(database_url: str) -> None:
    first = Database.open(database_url)
    backend = await told(first, "SELECT pg_backend_pid()")
    name = await told(first, "SELECT current_setting('application_name')")
    await told(first, "SELECT pg_advisory_lock(7)")
    await told(first, "SELECT set_config('work_mem', '64kB', false)")
    await first.close()
    second = Database.open(database_url, busy_seconds=7)
    assert await told(second, "SELECT pg_backend_pid()") == backend
    assert await told(second, "SELECT current_setting('application_name')") != name
    assert await told(second, "SELECT current_setting('lock_timeout')") == "7s"
    assert await told(second, "SELECT current_setting('work_mem')") != "64kB"
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    assert await told(second, locks) == 0
    await second.close()


async def test_who_was_cut_off_is_not_lent(database_url: str, database: Database) -> None:
    other = Database.open(database_url)
    backend = await told(other, "SELECT pg_backend_pid()")
    await other.close()
    await told(database, "SELECT 1")  # on that very connection
    third = Database.open(database_url)
    await told(third, f"SELECT pg_terminate_backend({backend})")
    await database.close()
    await third.close()
    again = Database.open(database_url)
    assert await told(again, "SELECT pg_backend_pid()") != backend
    await again.close()


def test_a_loop_that_is_swept_calls_nobody_later() -> None:
    loop, called = LastingLoop(), []
    loop.call_later(0.001, called.append, "timer")
    loop.call_soon(called.append, "at once")
    loop.close()
    time.sleep(0.002)
    loop.run_until_complete(asyncio.sleep(0.01))
    assert called == []
    assert loop.run_until_complete(loop.run_in_executor(None, lambda: 7)) == 7
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.end()
