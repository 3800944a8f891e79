"""A small rush of several processes for every day; `make rush` raises the great one."""

import random

import pytest

from benchmarks.places import main
from tests.postgres_support import find_programs


@pytest.mark.timeout(240)
@pytest.mark.parametrize("on", ["sqlite", "postgresql"])
def test_a_crowd_is_let_in_one_after_the_other(
    on: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if on == "postgresql" and find_programs() is None:
        pytest.skip("no PostgreSQL on this machine")
    seed = random.randrange(1_000_000)
    size = ["--people", "24", "--places", "4", "--changes", "9", "--seed", str(seed)]
    assert main([*size, "--on", on]) == 0, capsys.readouterr().out
    said = capsys.readouterr().out
    assert "never oversold" in said
    assert "waits" in said
