"""What is kept is tried in a file, and on a server where there is the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

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
