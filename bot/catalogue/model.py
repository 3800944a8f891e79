"""What an office publishes: itself, its services, its agreement with the public, usual answers.

These are the shapes of the files in data/catalogue/<office>/, so a field is written down once,
here. They are pydantic models because their material is files that people edit (ADR 0008): a
missing, misspelt or ill-shaped field is refused with its name. `None` always means "the source
does not say", and is shown so; an empty list means "the source says there is none".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time  # noqa: TC003 - pydantic reads the annotations while running
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,23}$")]
ClauseId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[0-9]{2}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
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


class Url(Record):
    """An entry of the registry of addresses; others refer to it by id, so it is mended once."""

    id: Slug
    address: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]
    label: Text
    kind: Literal["portal", "site", "page", "shortlink"]
    is_trusted: bool = True
    flags: tuple[Flag, ...] = ()


class Hours(Record):
    """When the office is open, from one day to another: hours change several times a year."""

    valid_from: date
    valid_to: date | None
    weekdays: tuple[Literal["sat", "sun", "mon", "tue", "wed", "thu", "fri"], ...] = Field(
        min_length=1
    )
    opens: time
    closes: time
    note: Text | None = None
    source: Line
    source_url: Line | None = None


class Office(Record):
    """An office that promises services: a tenant of the desk."""

    id: Slug
    name: Text
    short_name: Text
    aliases: tuple[Line, ...] = ()
    parent_body: Text | None
    province: Text | None
    city: Text | None
    address: Text | None
    phones: tuple[Line, ...] | None
    site: Slug | None
    portal: Slug | None
    document_channels: tuple[Literal["portal", "in_person"], ...] = Field(min_length=1)
    hours: tuple[Hours, ...]
    urls: tuple[Url, ...]
    questions: tuple[Line, ...] = ()


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
    flags: tuple[Flag, ...] = ()


class Agreement(Record):
    """A service-level document: who promised what, and from when to when it holds."""

    id: Slug
    title: Text
    kind: Literal["statement", "agreement"]
    aliases: tuple[Line, ...] = ()
    parties: Text
    summary: Text
    term: Literal["perpetual", "dated"]
    valid_from: date | None
    valid_to: date | None
    successor: Slug | None
    supersedes: Slug | None = None
    applies_to: tuple[Literal["G2C", "G2B", "G2G"], ...]
    signatory_title: Text | None
    source_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    checked_on: date
    flags: tuple[Flag, ...] = ()
    clauses: tuple[Clause, ...] = Field(min_length=1)
    questions: tuple[Line, ...] = ()

    def is_valid_on(self, day: date) -> bool:
        """True while the document holds; its last day counts (KN-45)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


class Document(Record):
    """A paper that a service asks for."""

    title: Text
    form: Literal["original", "copy", "original_and_copy", "not_stated"]
    code: Line | None = None
    note: Text | None = None


class Fee(Record):
    """What a service costs; `amount_rial` is None where the source gives no amount (MZ-22)."""

    title: Text
    amount_rial: Annotated[int, Field(ge=0)] | None
    note: Text | None = None
    is_sample: bool = False


class Duration(Record):
    """How long a service takes, as its card states it."""

    value: Annotated[int, Field(gt=0)]
    unit: Literal["minute", "hour", "day", "month", "year"]
    basis: Literal["working", "calendar", "not_stated"]
    note: Text | None = None


class Law(Record):
    """A regulation that a service rests on."""

    title: Text
    number: Line | None = None
    articles: Line | None = None
    dated: Line | None = None


class StageAccess(Record):
    """How one stage of a service is reached."""

    stage: Literal["information", "request", "production", "delivery"]
    mode: Literal["electronic", "in_person", "mixed"]
    note: Text | None = None
    url: Slug | None = None


class Row(Record):
    """A further line of a card: the lists of the agreements are open-ended (MZ-04)."""

    facet: Facet
    label: Text
    value: Text


class Service(Record):
    """The identity card of a service. A field that is None is shown as "not stated"."""

    id: Slug
    parent: Slug | None = None
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{4,14}$")] | None
    title: Text
    aliases: tuple[Line, ...] = ()
    description: Text
    audience: Text | None
    service_types: tuple[Literal["G2C", "G2B", "G2G"], ...]
    process: tuple[Text, ...] | None
    documents: tuple[Document, ...] | None
    fees: tuple[Fee, ...] | None
    usual_duration: Duration | None
    longest_duration: Duration | None
    validity: Duration | None = None
    in_person_visits: Annotated[int, Field(ge=0)] | None
    laws: tuple[Law, ...] | None
    access: tuple[StageAccess, ...] | None
    rows: tuple[Row, ...] = ()
    clauses: dict[Facet, tuple[ClauseId, ...]] = {}
    questions: dict[Facet, tuple[Line, ...]] = {}
    source: Text
    source_url: Line | None = None
    checked_on: date
    is_sample: bool = False
    flags: tuple[Flag, ...] = ()


class Faq(Record):
    """A question that people ask, with an answer that rests on clauses or on a service card."""

    id: Slug
    service: Slug | None = None
    facet: Facet
    question: Text
    answer: Text
    questions: tuple[Line, ...] = ()
    clauses: tuple[ClauseId, ...] = ()
    source: Text | None = None
    checked_on: date


@dataclass(frozen=True)
class OfficeCatalogue:
    """All that one office publishes."""

    office: Office
    agreement: Agreement
    services: tuple[Service, ...]
    faqs: tuple[Faq, ...]

    def service(self, service_id: str) -> Service | None:
        """Find a service by its id."""
        return next((service for service in self.services if service.id == service_id), None)

    def clause(self, clause_id: str) -> Clause | None:
        """Find a clause of the agreement by the id by which it is quoted."""
        clauses = self.agreement.clauses
        return next((clause for clause in clauses if clause.id == clause_id), None)

    def faq(self, faq_id: str) -> Faq | None:
        """Find a usual question by its id."""
        return next((faq for faq in self.faqs if faq.id == faq_id), None)


@dataclass(frozen=True)
class Catalogue:
    """All offices of this deployment, in the order in which they are offered."""

    offices: tuple[OfficeCatalogue, ...]
    version: str

    def find(self, office_id: str) -> OfficeCatalogue | None:
        """Find what an office publishes, by an id that may be wrong."""
        return next((found for found in self.offices if found.office.id == office_id), None)

    def published_by(self, office_id: str) -> OfficeCatalogue:
        """Find what an office publishes, by an id of our own."""
        published = self.find(office_id)
        assert published is not None, office_id
        return published


class Outcome(StrEnum):
    """What became of a question that was asked."""

    ANSWERED = "answered"
    CLARIFIED = "clarified"  # the person was asked which of a few things they meant
    UNANSWERED = "unanswered"  # the desk had no sure answer
    MISSED = "missed"  # an answer was given, and the person said that it did not help


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it was asked: its words and its outcome, never the person (MZ-18)."""

    id: int  # random: it stands in a button, and nobody can guess another's
    asked_on: date
    office_id: str | None
    text: str
    outcome: Outcome
    entry_id: str | None
