"""A service-level document and its clauses."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from bot.catalogue.model.common import (
    ClauseId,
    Day,
    Facet,
    Flag,
    Lead,
    Line,
    Record,
    Slug,
    Text,
    shaped,
)

if TYPE_CHECKING:
    from datetime import date


class Section(StrEnum):
    """The sections of an agreement, in the order in which they are shown."""

    INTRODUCTION = "introduction"
    PURPOSE = "purpose"
    RESPONSIBILITY = "responsibility"
    OFFICE_DUTIES = "office_duties"
    CITIZEN_DUTIES = "citizen_duties"
    FEES = "fees"
    PERIOD = "period"
    TERMINATION = "termination"


class Clause(Record):
    """One promise or rule of an agreement, in our own words, with the id by which it is quoted."""

    id: ClauseId
    section: Section
    title: Text
    text: Text
    facet: Facet = Facet.AGREEMENT
    questions: tuple[Line, ...] = ()
    keywords: tuple[Line, ...] = ()
    url: Slug | None = None
    is_for_citizens: bool = True
    leads_to: tuple[Lead, ...] = ()
    flags: tuple[Flag, ...] = ()


class Agreement(Record):
    """A service-level document: who promised what, and from when to when it holds."""

    id: Slug
    title: Text
    short_title: Text
    kind: Literal["statement", "agreement"]
    aliases: tuple[Line, ...] = ()
    parties: Text
    summary: Text
    term: Literal["perpetual", "dated"]
    valid_from: Day | None
    valid_to: Day | None
    successor: Slug | None
    supersedes: Slug | None = None
    applies_to: tuple[Literal["G2C", "G2B", "G2G"], ...]
    signatory_title: Text | None
    source_sha256: Annotated[str, shaped("[0-9a-f]{64}", "64 letters a to f and digits")]
    checked_on: Day
    flags: tuple[Flag, ...] = ()
    clauses: tuple[Clause, ...] = Field(min_length=1)
    questions: tuple[Line, ...] = ()

    def is_valid_on(self, day: date) -> bool:
        """True while the document holds; its last day counts (KN-45)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )
