"""The small parts that every catalogue file is made of."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

_GREGORIAN_SINCE: Final = 1900  # years of the Jalali calendar are below it for a long time yet


def shaped(pattern: str, meaning: str) -> AfterValidator:
    """Text of one shape, which is said in words to an editor who misses it."""
    shape = re.compile(pattern)

    def fit(text: str) -> str:
        if shape.fullmatch(text) is None:
            kind = "wrong_shape"
            raise PydanticCustomError(kind, "it must be {meaning}", {"meaning": meaning})
        return text

    return AfterValidator(fit)


def _gregorian(day: date) -> date:
    if day.year < _GREGORIAN_SINCE:
        kind = "not_gregorian"
        raise PydanticCustomError(kind, "is in the year {year}", {"year": day.year})
    return day


def _one_line(text: str) -> str:
    if "\n" in text:
        kind = "several_lines"
        raise PydanticCustomError(kind, "has several lines")
    return text


Day = Annotated[date, AfterValidator(_gregorian)]
Slug = Annotated[
    str,
    shaped("[a-z][a-z0-9-]{1,23}", "2 to 24 small Latin letters, digits and dashes"),
]
# What an answer can lead to at this desk.
Lead = Literal["credit_claim", "wallet", "payout", "top_up", "workshops", "my_workshops"]
ClauseId = Annotated[
    str, shaped("[A-Z]{2}-[0-9]{2}", "two capital letters, a dash and two digits, such as KN-27")
]
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=300, strip_whitespace=True),
    AfterValidator(_one_line),
]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=2500, strip_whitespace=True)]


class Facet(StrEnum):
    """The side of a service that a question is about; evaluation files use these names."""

    LIST = "list"
    DESCRIPTION = "description"
    PROCESS = "process"
    DOCUMENTS = "documents"
    COST = "cost"
    TIME = "time"
    LAWS = "laws"
    ACCESS = "access"
    HOURS = "hours"
    AGREEMENT = "agreement"
    WALLET = "wallet"


class Record(BaseModel):
    """A part of a catalogue file: nothing unknown in it, nothing changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Record):
    """One thing said in both languages of the product."""

    fa: Prose
    en: Prose

    def in_language(self, language: str) -> str:
        """Say it in the language asked for; Persian is the default."""
        return self.en if language == "en" else self.fa


class Flag(Record):
    """A fault of the source that editors must settle with the office; never guessed away."""

    code: Literal[
        "EMPTY_LIST",
        "MALFORMED_URL",
        "MISSING_VIDEO",
        "SHORT_LINK",
        "PLAIN_HTTP",
        "SIGNATORY_MISMATCH",
        "NO_START_DATE",
        "NO_SUCCESSOR",
        "TEMPLATE_LEFTOVER",
        "UNCONFIRMED",
    ]
    note: Text
