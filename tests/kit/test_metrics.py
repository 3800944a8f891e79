"""Figures: off until asked for, in words of the program's own, and never of very many kinds."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from bot.kit import metrics
from bot.kit.metrics import FIGURES, OTHER, Meter

PEOPLE_WRITE = ("09121234567", "0012345679", "سلام", "two words", "a@b.example", "", "x" * 61)


@pytest.fixture
def meter() -> Iterator[Meter]:
    yield metrics.turn_on()
    metrics.turn_off()


def labels_of(meter: Meter, name: str) -> set[str]:
    families = text_string_to_metric_families(meter.page()[0].decode())
    samples = [one for family in families if family.name == name for one in family.samples]
    return {value for one in samples for key, value in one.labels.items() if key != "le"}


def test_while_it_is_off_nothing_is_counted_and_nothing_imported() -> None:
    program = (
        "import sys; from bot.kit import metrics as m; m.count(m.UPDATES)\n"
        "with m.timed(m.COMMIT_SECONDS): pass\n"
        "assert m.meter() is None and 'prometheus_client' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.parametrize("typed", PEOPLE_WRITE)
def test_what_is_no_word_of_ours_becomes_other(meter: Meter, typed: str) -> None:
    metrics.count(metrics.REFUSALS, typed)
    assert labels_of(meter, "mizban_refusals") == {OTHER}


def test_a_figure_has_a_hundred_words_at_most(meter: Meter) -> None:
    words = [first + second for first in "abcdefghijkl" for second in "abcdefghijkl"]
    for word in words:
        metrics.count(metrics.FAILURES, word)
    assert len(labels_of(meter, "mizban_update_failures")) == 101
    assert OTHER in labels_of(meter, "mizban_update_failures")
    metrics.count(metrics.FAILURES, words[0])
    page = meter.page()[0].decode()
    assert f'mizban_update_failures_total{{error="{words[0]}"}} 2.0' in page


@given(st.lists(st.text(max_size=80), max_size=30))
def test_whatever_a_label_is_no_digit_of_it_is_told(typed: list[str]) -> None:
    meter = Meter()
    for one in typed:
        meter.count(metrics.ANSWERS, one, 1)
    assert not any(char.isdigit() for word in labels_of(meter, "mizban_answers") for char in word)


def test_a_block_that_fails_is_measured_too(meter: Meter) -> None:
    with pytest.raises(ZeroDivisionError), metrics.timed(metrics.COMMIT_SECONDS):
        _ = 1 / 0
    assert b"mizban_commit_seconds_count 1.0" in meter.page()[0]


def test_figures_are_named_alike_and_told_apart() -> None:
    names = [figure.name for figure in FIGURES]
    assert len(names) > 15
    assert len(set(names)) == len(names)
    assert all(name.startswith("mizban_") for name in names)
    assert all(figure.about.endswith(".") for figure in FIGURES)
    assert all(bool(figure.buckets) == (figure.kind == "histogram") for figure in FIGURES)
