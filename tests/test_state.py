"""What was measured is kept by the command that measured it."""

from pathlib import Path

import pytest

from benchmarks.state import Figure, report


def test_a_command_replaces_its_own_rows_and_no_others(tmp_path: Path) -> None:
    state = tmp_path / "state.md"
    report("storm", [Figure("lost", 0, "", 0)], state)
    report("bench path", [Figure("beside stock", 0.5, "times", 1.0, is_least=True)], state)
    report("bench path", [Figure("beside stock", 1.25, "times", 1.0, is_least=True)], state)
    report("evaluate", [Figure("right", 97.5, "%", digits=1)], state)
    written = state.read_text(encoding="utf-8")
    rows = [
        line
        for line in written.splitlines()
        if line.startswith(("## ", "| ")) and "figure" not in line
    ]
    assert rows == [
        "## evaluate",
        "| right | 97.5 % |  |  |",
        "## storm",
        "| lost | 0.00 | ≤ 0 | kept |",
        "## bench path",
        "| beside stock | 1.25 times | ≥ 1 times | kept |",
    ]


@pytest.mark.parametrize(
    ("value", "is_least", "verdict"),
    [(1.004, False, "kept"), (1.01, False, "MISSED"), (0.99, True, "MISSED"), (1.0, True, "kept")],
)
def test_a_limit_itself_counts_as_kept(value: float, verdict: str, *, is_least: bool) -> None:
    assert Figure("one", value, "s", 1.0, is_least=is_least).verdict == verdict


def test_a_figure_without_a_budget_is_not_judged() -> None:
    assert Figure("one", 1.0, "s").verdict == ""
