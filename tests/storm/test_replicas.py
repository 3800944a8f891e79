"""A small storm over three replicas for every day; `make storm` raises the great one."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres_support import Server
from tests.storm.oracle import check_effects, check_invariants
from tests.storm.replicas import PostedReplicaStorm, ReplicaStorm, copy, prepare


@pytest.fixture
def server_url(server: Server) -> Iterator[str]:
    url = server.migrated_database()
    yield url
    server.take_back(url)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", [ReplicaStorm, PostedReplicaStorm])
async def test_kills_and_stops_of_replicas_lose_nothing_and_do_nothing_twice(
    server_url: str, tmp_path: Path, kind: type[ReplicaStorm]
) -> None:
    seed = random.randrange(1_000_000)
    print(f"storm seed {seed}")  # noqa: T201 - to repeat the storm that broke a promise
    path = tmp_path / "storm.sqlite3"
    await prepare(server_url)
    storm = kind(path, seed, kills=2, per_life=20, url=server_url, stopped_seconds=(0.2, 1.0))
    await storm.rage()
    assert storm.exit_codes == [0, 0, 0]
    await copy(server_url, path)
    assert check_invariants(path, storm.simulator, storm.said) == []
    assert check_effects(path, storm.said) == []
