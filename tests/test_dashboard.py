"""The dashboard in docs/grafana asks for figures that there are, and for nearly all of them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.kit import metrics
from bot.kit.metrics import FIGURES, Figure, Meter

BOARD: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "docs" / "grafana" / "mizban.json").read_text("utf-8")
)
EXPRESSIONS = [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]
PROMISED = re.compile(r"mizban_\w+")
LABEL = re.compile(r"by \(([\w, ]+)\)")


@pytest.fixture
def meter() -> Iterator[Meter]:
    """Every figure, once."""
    meter = metrics.turn_on()
    for figure in FIGURES:
        if figure.kind == "gauge":
            meter.show(figure, 1, "1.0")
        elif figure.kind == "counter":
            meter.count(figure, "word", 1)
        else:
            meter.observe(figure, "word", 0.1)
    yield meter
    metrics.turn_off()


def samples_of(figure: Figure) -> set[str]:
    endings = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
    return {figure.name + ending for ending in endings[figure.kind]}


def test_every_query_names_figures_that_are_on_the_page(meter: Meter) -> None:
    page = meter.page()[0].decode()
    there = set(re.findall(r"^(mizban_\w+)", page, re.MULTILINE))
    assert EXPRESSIONS
    for expression in EXPRESSIONS:
        asked = set(PROMISED.findall(expression))
        assert asked, expression
        assert asked <= there, expression


def test_every_figure_is_shown_somewhere() -> None:
    asked = {name for expression in EXPRESSIONS for name in PROMISED.findall(expression)}
    unseen = {one.name for one in FIGURES if not samples_of(one) & asked}
    assert unseen == {metrics.WRITABLE.name}, "a part of being well"


def test_every_figure_is_explained_to_operators() -> None:
    page = (Path(__file__).parent.parent / "docs" / "operating.md").read_text("utf-8")
    told = page.partition("\n## Figures\n")[2].partition("\n## ")[0]
    assert [one.name for one in FIGURES if f"`{one.name}" not in told] == []


def test_what_is_grouped_by_is_a_label_of_that_figure() -> None:
    labels = {sample: one.label for one in FIGURES for sample in samples_of(one)}
    for expression in EXPRESSIONS:
        for group in LABEL.findall(expression):
            known = {labels.get(name) for name in PROMISED.findall(expression)} | {"le"}
            assert set(group.split(", ")) <= known, expression


def test_no_two_panels_lie_upon_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (place["x"] + column, place["y"] + row)
            for column in range(place["w"])
            for row in range(place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
