"""What is counted while the desk works, for whoever watches over it; off until it is turned on.

The library is imported only then. Counting is called where something happens, as logging is, and
costs a look at one name while it is off. A label is a word of the program's own: never what
somebody wrote, never a number of anybody, and never one of very many.
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD: Final = re.compile(r"[A-Za-z_]{1,60}")
_WORDS_MAX: Final = 100
OTHER: Final = "other"
"""Stands for a label that is no word, and for all words beyond the hundredth of a figure."""

_WAITS: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_CALLS: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that is counted, measured or looked at when somebody asks."""

    name: str
    kind: Literal["counter", "histogram", "gauge"]
    about: str
    label: str | None = None
    buckets: tuple[float, ...] = ()


UPDATES: Final = Figure("mizban_updates", "counter", "Updates that were worked off.")
FAILURES: Final = Figure(
    "mizban_update_failures", "counter", "Tries of updates that met a defect.", "error"
)
REFUSALS: Final = Figure(
    "mizban_refusals", "counter", "People who were told kindly why something cannot be.", "kind"
)
ANSWERS: Final = Figure(
    "mizban_answers", "counter", "Questions, by how sure the answer was.", "band"
)
SENDS: Final = Figure(
    "mizban_sends", "counter", "Tries to say a message, by how they ended.", "outcome"
)
SEND_SECONDS: Final = Figure(
    "mizban_send_seconds",
    "histogram",
    "What a call of the platform takes that says a message.",
    "method",
    _CALLS,
)
TOO_MANY: Final = Figure(
    "mizban_too_many_requests", "counter", "Calls that the platform answered with 429."
)
ROUND_SECONDS: Final = Figure(
    "mizban_round_seconds", "histogram", "What a turn of a round takes.", "round", _CALLS
)
COMMIT_SECONDS: Final = Figure(
    "mizban_commit_seconds",
    "histogram",
    "What a commit takes until it is on the disk.",
    buckets=_WAITS,
)
HEALTHY: Final = Figure("mizban_healthy", "gauge", "One when the desk finds itself well.")
WRITABLE: Final = Figure("mizban_writable", "gauge", "One when a write reaches the disk.")
INTAKE_AGE: Final = Figure(
    "mizban_intake_age_seconds", "gauge", "Since the platform last handed updates over."
)
INBOX_AGE: Final = Figure(
    "mizban_inbox_oldest_seconds", "gauge", "How long the oldest update has waited; 0 for none."
)
OUTBOX_AGE: Final = Figure(
    "mizban_outbox_oldest_seconds", "gauge", "How long the oldest message has waited; 0 for none."
)
INBOX_WAITING: Final = Figure("mizban_inbox_waiting", "gauge", "Updates that wait.")
OUTBOX_WAITING: Final = Figure("mizban_outbox_waiting", "gauge", "Messages that wait.")
DEAD_LETTERS: Final = Figure(
    "mizban_dead_letters", "gauge", "Updates that were given up, of the last 30 days."
)
DEAD_MESSAGES: Final = Figure(
    "mizban_dead_messages", "gauge", "Messages that ended unsaid, of the last 7 days."
)
BACKUP_AGE: Final = Figure(
    "mizban_backup_age_seconds", "gauge", "Since the newest backup; absent where none is known."
)
BUILD: Final = Figure("mizban_build", "gauge", "One, with the version that runs.", "version")

FIGURES: Final = tuple(value for value in vars().copy().values() if isinstance(value, Figure))


class Meter:
    """All figures of this process, as the library keeps them."""

    def __init__(self) -> None:
        import prometheus_client as library  # noqa: PLC0415 - a desk that is not watched needs none of it

        self._library = library
        self._registry = library.CollectorRegistry()
        self._kept: dict[str, Any] = {}
        self._words: dict[str, set[str]] = {}
        library.ProcessCollector(namespace="mizban", registry=self._registry)

    def count(self, figure: Figure, label: str, amount: float) -> None:
        """Count something."""
        self._of(figure, label).inc(amount)

    def observe(self, figure: Figure, label: str, seconds: float) -> None:
        """Take in what something took."""
        self._of(figure, label).observe(seconds)

    def show(self, figure: Figure, value: float | None, label: str = "") -> None:
        """Let a figure stand at a value, or nowhere."""
        if value is not None:
            self._of(figure, label, is_ours=True).set(value)

    def page(self) -> tuple[bytes, str]:
        """Write all of it down, and say in which format."""
        return self._library.generate_latest(self._registry), self._library.CONTENT_TYPE_LATEST

    def _of(self, figure: Figure, label: str, *, is_ours: bool = False) -> Any:  # noqa: ANN401 - three types of the library
        kept = self._kept.get(figure.name) or self._make(figure)
        if figure.label is None:
            return kept
        return kept.labels(label if is_ours else self._bounded(figure, label))

    def _make(self, figure: Figure) -> Any:  # noqa: ANN401 - as above
        labels = [] if figure.label is None else [figure.label]
        given: dict[str, Any] = {"labelnames": labels, "registry": self._registry}
        if figure.kind == "histogram":
            made: Any = self._library.Histogram(
                figure.name, figure.about, buckets=figure.buckets, **given
            )
        elif figure.kind == "counter":
            made = self._library.Counter(figure.name, figure.about, **given)
        else:
            made = self._library.Gauge(figure.name, figure.about, **given)
        self._kept[figure.name] = made
        return made

    def _bounded(self, figure: Figure, label: str) -> str:
        words = self._words.setdefault(figure.name, set())
        if label in words:
            return label
        if len(words) >= _WORDS_MAX or not _WORD.fullmatch(label):
            return OTHER
        words.add(label)
        return label


_meter: Meter | None = None


def turn_on() -> Meter:
    """Count from now on, in this process."""
    global _meter  # noqa: PLW0603 - one process has one page of figures, as it has one log
    _meter = _meter or Meter()
    return _meter


def turn_off() -> None:
    """Count no more, and forget what was counted."""
    global _meter  # noqa: PLW0603 - as above
    _meter = None


def meter() -> Meter | None:
    """Give what was counted; nothing where counting is off."""
    return _meter


def count(figure: Figure, label: str = "", amount: float = 1) -> None:
    """Count something, if anybody watches."""
    if _meter is not None:
        _meter.count(figure, label, amount)


@contextmanager
def timed(figure: Figure, label: str = "") -> Iterator[None]:
    """Measure what a block takes, also one that fails, if anybody watches."""
    if _meter is None:
        yield
        return
    began = time.perf_counter()
    try:
        yield
    finally:
        _meter.observe(figure, label, time.perf_counter() - began)
