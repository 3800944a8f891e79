"""What can be answered with: sides of services, pages of offices, clauses, usual questions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bot.catalogue.model import SIDES, Facet, Record, Text
from bot.kit.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.catalogue.model import Catalogue, Clause, Faq, Office, OfficeCatalogue, Service
    from bot.catalogue.search.lexicon import Lexicon


@dataclass(frozen=True, eq=False)  # each is made once, and compared a hundred times a question
class Entry:
    """One thing the desk can say, and what it rests on.

    The id of a clause or of an FAQ is its own id; the id of a side of a service or of an office
    is a path with slashes, which neither of those can be.
    """

    id: str
    office_id: str
    service_id: str | None
    facet: Facet
    clause_ids: tuple[str, ...]
    title: Text

    @cached_property
    def key(self) -> str:
        """A short name for buttons, the same in every edition of the catalogue."""
        return hashlib.sha256(self.id.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Source:
    """An entry with the words by which it is found, in both languages.

    `heads` are short and say what the entry is about (titles, aliases, usual questions);
    `body` is what it answers with.
    """

    entry: Entry
    heads: tuple[str, ...]
    body: str
    heads_en: tuple[str, ...]
    body_en: str
    is_service_side: bool = False


@dataclass(frozen=True)
class _Said:
    """Words gathered in both languages."""

    fa: str
    en: str


def _gathered(parts: Iterable[object]) -> _Said:
    texts = list(_texts(parts))
    return _Said("\n".join(t.fa for t in texts), "\n".join(t.en for t in texts))


def _texts(part: object) -> Iterator[Text]:
    """Find every text in records and lists of records."""
    if isinstance(part, Text):
        yield part
    elif isinstance(part, Record):
        for name in type(part).model_fields:
            if name not in {"flags", "clauses", "questions", "source"}:
                yield from _texts(getattr(part, name))
    elif isinstance(part, tuple | list):
        for item in part:
            yield from _texts(item)


def entries_of(catalogue: Catalogue, lexicon: Lexicon) -> Iterator[Source]:
    """List what the desk can answer with, in the order in which it is published."""
    for published in catalogue.offices:
        yield from _office_pages(published, lexicon)
        for service in published.services:
            if not service.is_sample:  # It is only there to show what a full card looks like.
                yield from _service_sides(published, service, lexicon)
        for clause in published.agreement.clauses:
            if clause.is_for_citizens:
                yield _clause_source(published, clause)
        for faq in published.faqs:
            yield _faq_source(published, faq)


def _office_pages(published: OfficeCatalogue, lexicon: Lexicon) -> Iterator[Source]:
    office, agreement = published.office, published.agreement
    usual = _questions_by_page(office, lexicon)
    pages: dict[Facet, tuple[object, ...]] = {
        Facet.LIST: tuple(s.title for s in published.services if not s.is_sample),
        Facet.ACCESS: (office.address, office.city, office.parent_body, _url_labels(office)),
        Facet.HOURS: (office.hours,),
        Facet.AGREEMENT: (agreement.title, agreement.parties, agreement.summary),
    }
    for service in published.services:
        usual[Facet.LIST] += service.questions.get(Facet.LIST, ())
    usual[Facet.AGREEMENT] += (*agreement.aliases, *agreement.questions)
    for facet, body in pages.items():
        said = _gathered(body)
        entry = Entry(f"{office.id}/{facet}", office.id, None, facet, (), office.name)
        yield Source(
            entry,
            heads=(
                office.name.fa,
                office.short_name.fa,
                lexicon.facet_names[facet].fa,
                *usual[facet],
            ),
            body=said.fa,
            heads_en=(
                office.name.en,
                office.short_name.en,
                *filter(str.isascii, office.aliases),
                lexicon.facet_names[facet].en,
            ),
            body_en=said.en,
        )


def _questions_by_page(office: Office, lexicon: Lexicon) -> dict[Facet, tuple[str, ...]]:
    """Give the office's usual questions to the pages they ask for; the rest ask who it is."""
    pages: dict[Facet, tuple[str, ...]] = dict.fromkeys(
        (Facet.HOURS, Facet.LIST, Facet.AGREEMENT, Facet.ACCESS), ()
    )
    for question in office.questions:
        named = lexicon.facets_in(tokens(question))
        page = next((facet for facet in pages if facet in named), Facet.ACCESS)
        pages[page] += (question,)
    return pages


def _url_labels(office: Office) -> tuple[Text, ...]:
    return tuple(url.label for url in office.urls)


def _service_sides(
    published: OfficeCatalogue, service: Service, lexicon: Lexicon
) -> Iterator[Source]:
    asked = SIDES.keys() | service.questions.keys() | {row.facet for row in service.rows}
    asked |= service.clauses.keys() & {Facet.WALLET}
    for facet in sorted(asked - {Facet.LIST}):
        said = _gathered(service.told(facet))
        entry = Entry(
            f"{published.office.id}/{service.id}/{facet}",
            published.office.id,
            service.id,
            facet,
            _inherited(published, service, facet),
            service.title,
        )
        yield Source(
            entry,
            heads=(
                service.title.fa,
                *service.aliases,
                lexicon.facet_names[facet].fa,
                *service.questions.get(facet, ()),
            ),
            body=said.fa,
            heads_en=(
                service.title.en,
                *filter(str.isascii, service.aliases),
                lexicon.facet_names[facet].en,
            ),
            body_en=said.en,
            is_service_side=True,
        )


def _inherited(published: OfficeCatalogue, service: Service, facet: Facet) -> tuple[str, ...]:
    """Take the clauses of the service, or of the nearest service above it (KN-03)."""
    above: Service | None = service
    while above is not None:
        if facet in above.clauses:
            return above.clauses[facet]
        above = None if above.parent is None else published.service(above.parent)
    return ()


def _clause_source(published: OfficeCatalogue, clause: Clause) -> Source:
    entry = Entry(clause.id, published.office.id, None, clause.facet, (clause.id,), clause.title)
    return Source(
        entry,
        heads=(clause.title.fa, *clause.questions, *clause.keywords),
        body=clause.text.fa,
        heads_en=(clause.title.en,),
        body_en=clause.text.en,
    )


def _faq_source(published: OfficeCatalogue, faq: Faq) -> Source:
    entry = Entry(faq.id, published.office.id, faq.service, faq.facet, faq.clauses, faq.question)
    return Source(
        entry,
        heads=(faq.question.fa, *faq.questions),
        body=faq.answer.fa,
        heads_en=(faq.question.en,),
        body_en=faq.answer.en,
    )
