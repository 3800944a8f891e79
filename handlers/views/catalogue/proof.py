"""Every page of the catalogue, set once before the desk opens, to find those that do not fit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bot.catalogue.model import Facet
from handlers.reply import TEXT_UNITS_MAX, Reply, TextTooLong
from handlers.views.catalogue.ask import faq_text
from handlers.views.catalogue.catalogue import (
    CARD_FACETS,
    clause_text,
    facet_text,
    service_card,
)
from handlers.views.catalogue.form import form_page
from handlers.views.catalogue.office import office_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from bot.catalogue.model import Catalogue, OfficeCatalogue
    from bot.kit.words import Language, Words

_OFFICE_FACETS = (Facet.LIST, Facet.HOURS, Facet.ACCESS, Facet.AGREEMENT)


class Overlong(NamedTuple):
    """A page that does not fit one message: what it is of, in which language, and its length."""

    name: str
    language: Language
    units: str


def overlong_pages(
    catalogue: Catalogue, spoken: Mapping[Language, Words], today: date
) -> list[str]:
    """Name each page that does not fit one message, a plain line for each."""
    return [
        f"data/catalogue/{published.office.id}: {page.name} ({page.language}) has "
        f"{page.units} of {TEXT_UNITS_MAX} characters that fit one message; shorten it."
        for published in catalogue.offices
        for page in overlong(published, spoken.values(), today)
    ]


def overlong(
    published: OfficeCatalogue, spoken: Iterable[Words], today: date
) -> Iterator[Overlong]:
    """Find the pages of an office that do not fit one message."""
    for words in spoken:
        for name, page in _pages(words, published, today):
            try:
                page()
            except TextTooLong as error:
                yield Overlong(name, words.language, str(error))


def _pages(
    words: Words, published: OfficeCatalogue, today: date
) -> Iterator[tuple[str, Callable[[], Reply]]]:
    about = (words, published)
    for facet in _OFFICE_FACETS:
        yield f"the page {facet}", partial(_set, office_text, *about, facet, today)
    for clause in published.agreement.clauses:
        yield f"clause {clause.id}", partial(_set, clause_text, *about, clause, today)
    for faq in published.faqs:
        yield f"faq {faq.id}", partial(_set, faq_text, *about, faq, today)
    for service in published.services:
        name = f"service {service.id}"
        yield name, partial(service_card, *about, service, today)
        yield f"{name}, form", partial(form_page, *about, service, today)
        for facet in (*CARD_FACETS, Facet.WALLET):
            yield f"{name}, {facet}", partial(_set, facet_text, *about, service, facet, today)


def _set(tell: Callable[..., str], *about: object) -> Reply:
    return Reply(tell(*about))
