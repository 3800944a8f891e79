"""The ledger is tried on both databases: in a file, and on a server where there is the program."""

from __future__ import annotations

import shutil
from itertools import count
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.postgres_support import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, database_url: str) -> Iterator[str]:
    if request.param == "sqlite":
        yield database_url
        return
    server: Server = request.getfixturevalue("server")
    url = server.migrated_database()
    yield url
    server.take_back(url)


@pytest.fixture
def files(migrated_file: Path, tmp_path: Path) -> Callable[[], str]:
    """Make one empty ledger after the other, each in a file."""
    numbers = count(1)

    def make() -> str:
        path = tmp_path / f"ledger{next(numbers)}.sqlite3"
        shutil.copy(migrated_file, path)
        return f"sqlite+aiosqlite:///{path}"

    return make
