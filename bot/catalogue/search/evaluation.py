"""How good the answers are: figures on known questions and on a public collection."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from bot.catalogue.search.commands import Line, passage_index, read_file
from bot.catalogue.search.deciding import Band

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
    from pathlib import Path

    from bot.catalogue.search.answering import Answerer
    from bot.catalogue.search.encoder import Encoder
    from bot.catalogue.search.entries import Entry
    from bot.catalogue.search.lexicon import Lexicon

_NEAR_THE_TOP, _LISTED = 3, 10


class Accepted(BaseModel):
    """One way of being right: a clause, an entry, or a side of a service (null: of the office)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    clause: str | None = None
    entry: str | None = None
    office: str | None = None
    service: str | None = None
    facet: str | None = None

    def fits(self, entry: Entry) -> bool:
        """True when the entry is what was accepted."""
        if self.clause is not None:
            return self.clause in entry.clause_ids
        if self.entry is not None:
            return self.entry == entry.id
        return (self.office, self.service, self.facet) == (
            entry.office_id,
            entry.service_id,
            entry.facet.value,
        )


class KnownQuestion(Line):
    """A question whose right answers are known; none are, when it is not ours to answer."""

    office: str | None = None
    style: str = ""
    scope: Literal["in", "near", "far"] = "in"
    unsure: bool = False  # Nobody could be sure what is meant: the desk should ask.
    accept: list[Accepted]


class KnownQuery(Line):
    """A query of a public collection and the ids of the passages that answer it."""

    rel: list[str]
    variant: str = "clean"


@dataclass
class Tally:
    """Counts where the right answer stood."""

    count: int = 0
    first: int = 0
    near_the_top: int = 0
    reciprocal: float = 0.0

    def add(self, hits: Sequence[bool]) -> None:
        """Count one question; `hits` says which of its candidates, best first, are right."""
        self.count += 1
        if True in hits[:_LISTED]:
            place = hits.index(True)
            self.first += place == 0
            self.near_the_top += place < _NEAR_THE_TOP
            self.reciprocal += 1 / (place + 1)

    def __str__(self) -> str:
        count = max(1, self.count)
        return (
            f"n {self.count:4}  R@1 {100 * self.first / count:5.1f} %"
            f"  R@3 {100 * self.near_the_top / count:5.1f} %"
            f"  MRR@10 {self.reciprocal / count:.3f}"
        )


@dataclass
class Report:
    """What was measured on known questions."""

    styles: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    bands: dict[tuple[str, Band], int] = field(default_factory=lambda: defaultdict(int))
    answered_right: int = 0
    too_sure: int = 0

    @property
    def all(self) -> Tally:
        """The questions of every style together."""
        return self.styles["all"]

    def share(self, scopes: Sequence[str], band: Band) -> float:
        """Say which share of the questions of some scopes, in per cent, fell in a band."""
        total = sum(self.bands[scope, one] for scope in scopes for one in Band)
        return 100 * sum(self.bands[scope, band] for scope in scopes) / max(1, total)

    @property
    def false_answers(self) -> float:
        """The share of questions that are not ours, in per cent, answered as if they were."""
        return self.share(("near", "far"), Band.ANSWER)

    def lines(self) -> Iterator[str]:
        """Write the report for people."""
        for style in sorted(self.styles):
            yield f"{style:10} {self.styles[style]}"
        for name, scopes in (("ours", ("in",)), ("near", ("near",)), ("far", ("far",))):
            shares = "  ".join(f"{band} {self.share(scopes, band):5.1f} %" for band in Band)
            yield f"{name:10} {shares}"
        answered = sum(self.bands[scope, Band.ANSWER] for scope in ("in", "near", "far"))
        yield f"not ours, answered all the same: {self.false_answers:.1f} %"
        yield f"answered without asking what was meant: {self.too_sure}"
        yield f"answered, and rightly: {100 * self.answered_right / max(1, answered):.1f} %"


async def evaluate_questions(questions: Sequence[KnownQuestion], answerer: Answerer) -> Report:
    """Ask every known question and compare the answers with what was accepted."""
    report = Report()
    for question in questions:
        answer = await answerer.ask(question.text, question.office)
        report.bands[question.scope, answer.band] += 1
        report.too_sure += question.unsure and answer.band is Band.ANSWER
        if question.scope != "in":
            continue
        hits = [
            any(accepted.fits(ranked.entry) for accepted in question.accept)
            for ranked in answer.ranked
        ]
        report.all.add(hits)
        report.styles[question.style].add(hits)
        report.answered_right += answer.band is Band.ANSWER and hits[:1] == [True]
    return report


def evaluate_passages(
    directory: Path,
    lexicon: Lexicon,
    encoder: Encoder | None = None,
    vectors_dir: Path | None = None,
) -> dict[str, Tally]:
    """Measure a collection, passages.jsonl and queries.jsonl, by variant of its queries."""
    index = passage_index(directory / "passages.jsonl", lexicon, encoder, vectors_dir)
    tallies: dict[str, Tally] = defaultdict(Tally)
    for query in read_file(directory / "queries.jsonl", KnownQuery):
        ranked = index.ranked(query.text)
        tallies[query.variant].add([passage_id in query.rel for passage_id, _score in ranked])
    return dict(tallies)


async def evaluation_lines(
    questions_file: Path,
    collections: Iterable[Path],
    lexicon: Lexicon,
    answerers: Iterable[tuple[Encoder | None, Answerer]],
    vectors_dir: Path,
) -> AsyncIterator[str]:
    """Measure each answerer on the questions, and its signal on the public collections."""
    questions = read_file(questions_file, KnownQuestion)
    for signal, answerer in answerers:
        yield f"== {'words alone' if signal is None else f'words and {signal.name}'}"
        report = await evaluate_questions(questions, answerer)
        yield f"-- {questions_file.name}: {len(questions)} questions"
        for line in report.lines():
            yield line
        for directory in collections:
            yield f"-- {directory.name}"
            tallies = evaluate_passages(directory, lexicon, signal, vectors_dir)
            for variant, tally in sorted(tallies.items()):
                yield f"{variant:10} {tally}"
