"""Questions and passages as lines of JSON: what the commands `ask` and `search` read and write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.catalogue.search.deciding import Band
from bot.catalogue.search.passages import Passage, PassageIndex
from bot.kit.errors import StartRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator
    from pathlib import Path

    from bot.catalogue.search.answering import Answer, Answerer
    from bot.catalogue.search.encoder import Encoder
    from bot.catalogue.search.entries import Entry
    from bot.catalogue.search.lexicon import Lexicon

T = TypeVar("T", bound="Line")


class Line(BaseModel):
    """A line with an id and a text; what else it holds is left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    id: str
    text: str


class AskedLine(Line):
    """A question, and the office it is put to."""

    office: str | None = None


class PassageLine(Line):
    """A passage of a collection; its title, if it has one, is searched with it."""

    title: str = ""


@dataclass(frozen=True)
class _Source:
    name: str
    lines: Iterable[str | bytes]

    def read(self, kind: type[T]) -> Iterator[T]:
        """Read each line; raises StartRefused for the first that cannot be read."""
        adapter = TypeAdapter(kind)
        for number, line in enumerate(self.lines, start=1):
            if not line.strip():
                continue
            try:
                yield adapter.validate_json(line)
            except (ValidationError, ValueError) as error:
                raise StartRefused([f"{self.name}:{number}: {_complaint(error)}"]) from None


def _complaint(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return "this is not text in UTF-8"
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return "this is not a line of JSON"
    field = ".".join(map(str, first["loc"]))
    return f"{field}: {first['msg']}" if field else first["msg"]


def read_lines(lines: Iterable[str | bytes], kind: type[T], name: str) -> list[T]:
    """Read lines of JSON; raises StartRefused naming the first line that cannot be read."""
    return list(_Source(name, lines).read(kind))


def read_file(path: Path, kind: type[T]) -> list[T]:
    """Read a file of JSON lines; raises StartRefused when it, or a line of it, cannot be read."""
    try:
        with path.open("rb") as lines:
            return read_lines(lines, kind, path.name)
    except OSError as error:
        raise StartRefused([f"{path}: {error.strerror or 'cannot be opened'}"]) from error


async def answer_lines(lines: Iterable[str | bytes], answerer: Answerer) -> AsyncIterator[str]:
    """Answer each question on a line of its own, with ten candidates even when unsure."""
    for asked in _Source("standard input", lines).read(AskedLine):
        answer = await answerer.ask(asked.text, asked.office)
        yield orjson.dumps(_said(asked.id, answer)).decode()


def _said(question_id: str, answer: Answer) -> dict[str, Any]:
    return {
        "id": question_id,
        "ranked": [_described(ranked.entry) for ranked in answer.ranked],
        "answered": answer.band is Band.ANSWER,
        "band": answer.band.value,
        "score": round(answer.score, 4),
    }


def _described(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "office": entry.office_id,
        "service": entry.service_id,
        "facet": entry.facet.value,
        "clauses": list(entry.clause_ids),
    }


def search_lines(
    passages: Path,
    queries: Path,
    lexicon: Lexicon,
    encoder: Encoder | None = None,
    vectors_dir: Path | None = None,
) -> Iterator[str]:
    """Rank the passages of a file for each query of another."""
    index = passage_index(passages, lexicon, encoder, vectors_dir)
    for query in read_file(queries, Line):
        ranked = index.ranked(query.text)
        line = {
            "id": query.id,
            "ranked": [passage_id for passage_id, _score in ranked],
            "score": round(ranked[0][1], 4) if ranked else 0.0,
        }
        yield orjson.dumps(line).decode()


def passage_index(
    path: Path,
    lexicon: Lexicon,
    encoder: Encoder | None,
    vectors_dir: Path | None,
) -> PassageIndex:
    """Index the passages of a file; raises StartRefused when it cannot be read."""
    passages = [
        Passage(line.id, f"{line.title}\n{line.text}" if line.title else line.text)
        for line in read_file(path, PassageLine)
    ]
    return PassageIndex(passages, lexicon, encoder, vectors_dir)
