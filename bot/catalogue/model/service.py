"""The identity card of a service, and the questions that people ask about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

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
    from collections.abc import Mapping

Level = Literal["national", "regional", "provincial", "city", "rural"]
LifeEvent = Literal[
    "birth",
    "education",
    "health",
    "tax",
    "business",
    "social_security",
    "property",
    "utilities",
    "insurance",
    "marriage",
    "retirement",
    "documents",
    "death",
    "other",
]


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
    account_number: Line | None = None
    is_paid_online: bool | None = None
    is_refundable: bool | None = None
    effective_from: Day | None = None
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
    articles: Text | None = None
    dated: Text | None = None


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


class Contact(Record):
    """Whom to ask about a service: a post and its number, never a private person's name."""

    post: Text | None
    phone: Line | None
    email: Line | None

    @model_validator(mode="after")
    def _says_something(self) -> Contact:
        if self.post is None and self.phone is None and self.email is None:
            kind = "says_nothing"
            raise PydanticCustomError(kind, "says nothing")
        return self


class IdentityForm(Record):
    """The further fields of the official identity form, which most offices leave empty."""

    nature: Literal["sovereign", "non_sovereign"] | None = None
    levels: tuple[Level, ...] | None = None
    events: tuple[LifeEvent, ...] | None = None
    cluster: Text | None = None
    start: Literal["request", "time", "event", "office", "other"] | None = None
    recipients: Text | None = None
    frequency: Text | None = None
    visit_reasons: (
        tuple[Literal["identity", "authenticity", "no_infrastructure", "other"], ...] | None
    ) = None
    system_name: Text | None = None
    linked_systems: tuple[Text, ...] | None = None
    linked_agencies: tuple[Text, ...] | None = None
    contact: Contact | None = None
    version: Annotated[int, Field(ge=1)] | None = None
    effective_from: Day | None = None


SIDES: Final[Mapping[Facet, tuple[str, ...]]] = {
    Facet.DESCRIPTION: ("description", "audience"),
    Facet.PROCESS: ("process",),
    Facet.DOCUMENTS: ("documents",),
    Facet.COST: ("fees",),
    Facet.TIME: ("usual_duration", "longest_duration", "validity", "in_person_visits"),
    Facet.LAWS: ("laws",),
    Facet.ACCESS: ("access",),
}  # the fields of a card that each side of it tells


class Service(Record):
    """The identity card of a service. A field that is None is shown as "not stated".

    `SIDES` says for each facet which fields it tells: a new field stands there too, and is then
    found by its words.
    """

    id: Slug
    parent: Slug | None = None
    code: Annotated[str, shaped("[0-9]{4,14}", "4 to 14 Latin digits")] | None
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
    form: IdentityForm = IdentityForm()
    rows: tuple[Row, ...] = ()
    clauses: dict[Facet, tuple[ClauseId, ...]] = Field(default_factory=dict)
    questions: dict[Facet, tuple[Line, ...]] = Field(default_factory=dict)
    leads_to: tuple[Lead, ...] = ()
    source: Text
    source_url: Line | None = None
    is_from_agreement: bool = False
    checked_on: Day
    is_sample: bool = False
    flags: tuple[Flag, ...] = ()

    def told(self, facet: Facet) -> tuple[object, ...]:
        """What the fields of one side say, None where the source says nothing, then its rows."""
        rows = (row for row in self.rows if row.facet is facet)
        return (*(getattr(self, name) for name in SIDES.get(facet, ())), *rows)


class LearntMark(Record):
    """Which version of an answer of the office's staff this is, and when it was approved."""

    version: Annotated[int, Field(ge=1)]
    approved_on: Day


class Faq(Record):
    """A question that people ask, with an answer that rests on clauses or on a service card.

    `learnt` marks one that was written in the admin chat; no file has it.
    """

    id: Slug
    service: Slug | None = None
    facet: Facet
    question: Text
    answer: Text
    questions: tuple[Line, ...] = ()
    clauses: tuple[ClauseId, ...] = ()
    source: Text | None = None
    checked_on: Day
    learnt: LearntMark | None = None
