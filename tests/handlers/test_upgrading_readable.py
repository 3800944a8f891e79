"""A desk of before, which kept all it was told readable, is upgraded, and no word is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import alembic.command
import pytest
from sqlalchemy import column, insert, table

from bot.catalogue.loader import load_catalogue
from bot.citizens.repository import AuditRepository
from bot.citizens.use_cases import chain_findings
from bot.kit.database import Database, Moment
from bot.kit.database_file import prepare_database
from bot.kit.migrating import migration_config, on_connection
from bot.kit.resealing import take_up_keys
from handlers.jobs.beginning import Examiner

if TYPE_CHECKING:
    from sqlalchemy import Connection

CATALOGUE = Path(__file__).parent.parent.parent / "data" / "catalogue"
NOTES = ["done: her brother is ill", None, "4500: sent back"]
_AT = datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Records of a version that had neither a chain nor seals for its audit."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'old.sqlite3'}"
    who = {"office_id": "kanoon", "actor_id": 7, "actor_name": "Neda", "role": "officer"}
    deeds = [{"at": _AT, **who, "action": "ended", "subject": "case:1", "note": n} for n in NOTES]

    def live(connection: Connection) -> None:
        alembic.command.upgrade(migration_config(connection), "0027")
        columns = [column(key, Moment() if key == "at" else None) for key in deeds[0]]
        connection.execute(insert(table("audit", *columns)), deeds)
        connection.commit()

    on_connection(url, live)
    return url


async def test_the_audit_of_an_upgraded_copy_finds_nothing_in_what_is_still_to_be_sealed(
    url: str, tmp_path: Path
) -> None:
    path = tmp_path / "keyring.json"
    prepare_database(url, Examiner(load_catalogue(CATALOGUE), path).in_copy)
    assert not path.exists(), "a copy needs no keys that last"
    database = Database.open(url)
    await take_up_keys(database, path)
    async with database.reading() as tx:
        assert await chain_findings(tx) == []
        entries = await AuditRepository(tx).entries([1, 2, 3])
    assert [entry.note for entry in entries] == NOTES
    await database.close()
