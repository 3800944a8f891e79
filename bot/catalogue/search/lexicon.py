"""What the desk knows about how citizens write: word lists and weights from data/lexicon/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.kit.content import ContentFaulty, read, validated
from bot.kit.errors import StartRefused
from bot.kit.text import Stemmer, normalise

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Part):
    """data/lexicon/words.yaml."""

    stop_words: tuple[str, ...]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]


class Scoring(_Part):
    """data/lexicon/scoring.yaml."""

    k1: Annotated[float, Field(gt=0, le=5)]
    b: Share
    stems: Share
    grams: Share
    runs: Share
    semantic: Share
    cosine_low: Share
    cosine_high: Share


@dataclass(frozen=True)
class Lexicon:
    """Everything in data/lexicon/, checked."""

    stemmer: Stemmer
    scoring: Scoring


def _load(directory: Path, name: str, kind: type[T], faults: list[str]) -> T | None:
    try:
        return validated(read(directory / name), TypeAdapter(kind))
    except ContentFaulty as error:
        faults.extend(error.faults)
        return None


def load_lexicon(directory: Path) -> Lexicon:
    """Read data/lexicon/; raises StartRefused with a line for each fault."""
    faults: list[str] = []
    words = _load(directory, "words.yaml", Words, faults)
    scoring = _load(directory, "scoring.yaml", Scoring, faults)
    if words is None or scoring is None:
        raise StartRefused(faults)
    stemmer = Stemmer(
        prefixes=tuple(sorted(words.prefixes, key=len, reverse=True)),
        suffixes=tuple(sorted(words.suffixes, key=len, reverse=True)),
        stop_words=frozenset(map(normalise, words.stop_words)),
    )
    return Lexicon(stemmer, scoring)
