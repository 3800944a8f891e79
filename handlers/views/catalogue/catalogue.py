"""The pages of the catalogue: an office, a service, one side of a service, the agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalogue.model import Facet, Section
from bot.kit.text import ltr
from handlers.callback_data import (
    FacetPressed,
    FormPressed,
    OfficePagePressed,
    SectionPressed,
    ServicePressed,
)
from handlers.reply import Button, Reply
from handlers.views.catalogue.facets import facet_paragraphs, is_stated, told_clauses
from handlers.views.catalogue.office import office_text
from handlers.views.catalogue.sources import (
    card_source,
    clause_source,
    expired_banner,
    service_notes,
)
from handlers.views.common import (
    code,
    facet_name,
    in_pairs,
    link,
    paged,
    said,
    tell_button,
    way_back,
)
from handlers.views.workshops.workshops import workshops_button

if TYPE_CHECKING:
    from datetime import date

    from bot.catalogue.model import Clause, OfficeCatalogue, Service
    from bot.kit.words import Words

_SECTION_UNITS_MAX = 1_300
_LABEL_LENGTH_MAX = 48
CARD_FACETS = (
    Facet.DESCRIPTION,
    Facet.PROCESS,
    Facet.DOCUMENTS,
    Facet.COST,
    Facet.TIME,
    Facet.LAWS,
    Facet.ACCESS,
    Facet.HOURS,
    Facet.AGREEMENT,
)


def section_name(section: Section, words: Words) -> str:
    """Name a section of an agreement."""
    _ = words.gettext
    names = {
        Section.INTRODUCTION: _("Introduction"),
        Section.PURPOSE: _("Purpose"),
        Section.RESPONSIBILITY: _("Responsibility"),
        Section.OFFICE_DUTIES: _("What the office undertakes"),
        Section.CITIZEN_DUTIES: _("What you undertake"),
        Section.FEES: _("Fees and payments"),
        Section.PERIOD: _("Period of validity"),
        Section.TERMINATION: _("Termination"),
    }
    return names[section]


def office_page(
    words: Words,
    published: OfficeCatalogue,
    *,
    has_workshops: bool,
    is_page: bool,
) -> Reply:
    """Show what an office offers: its services, then what concerns the office itself."""
    _ = words.gettext
    office = published.office
    text = _(
        "🏛 <b>{office}</b>\n\nChoose a service, or write your question in your own words; "
        "I look here first."
    ).format(office=said(office.name, words))
    rows = [
        [
            Button(
                _short(service.title.in_language(words.language)),
                ServicePressed(office.id, service.id),
            )
        ]
        for service in published.services
    ]
    if has_workshops:
        rows.append([workshops_button(words, office.id)])
    pages = (Facet.AGREEMENT, Facet.HOURS, Facet.ACCESS)
    rows += in_pairs(
        Button(facet_name(facet, words), OfficePagePressed(office.id, facet.value))
        for facet in pages
    )
    return Reply(text, [*rows, [tell_button(words, office.id)], way_back(words)], is_page=is_page)


def service_card(
    words: Words,
    published: OfficeCatalogue,
    service: Service,
    today: date,
    *,
    is_page: bool = True,
) -> Reply:
    """Show the head of a service's identity card, and a button for each of its sides."""
    _ = words.gettext
    shown = _("not stated") if service.code is None else code(service.code)
    text = "\n\n".join(
        [
            f"📄 <b>{said(service.title, words)}</b>",
            said(service.description, words),
            _("Service code: {code}").format(code=shown),
            *(expired_banner(words, published, today) if service.is_from_agreement else ()),
            *service_notes(words, published, service),
            _("What would you like to know?"),
        ]
    )
    facets = [*CARD_FACETS, *([Facet.WALLET] if Facet.WALLET in service.clauses else [])]
    buttons = in_pairs(
        Button(
            facet_name(facet, words),
            FacetPressed(published.office.id, service.id, facet.value),
        )
        for facet in facets
    )
    form = Button(_("🪪 The identity form"), FormPressed(published.office.id, service.id))
    tell = tell_button(words, published.office.id, service.id)
    return Reply(
        text, [*buttons, [form], [tell], way_back(words, published.office)], is_page=is_page
    )


def facet_text(
    words: Words, published: OfficeCatalogue, service: Service, facet: Facet, today: date
) -> str:
    """Tell one side of a service with its source."""
    paragraphs = facet_paragraphs(words, published, service, facet, today)
    clause_ids = [clause.id for clause in told_clauses(published, service, facet)]
    rests_on_agreement = bool(clause_ids) or facet is Facet.AGREEMENT
    sources = []
    if is_stated(service, facet) or service.is_sample:
        sources += [*service_notes(words, published, service), card_source(words, service)]
    if rests_on_agreement or not sources:
        sources.append(clause_source(words, published, clause_ids))
    if rests_on_agreement or service.is_from_agreement:
        sources += expired_banner(words, published, today)
    head = f"<b>{said(service.title, words)}: {facet_name(facet, words)}</b>"
    return "\n\n".join([head, *paragraphs, "\n".join(sources)])


def facet_page(
    words: Words, published: OfficeCatalogue, service: Service, facet: Facet, today: date
) -> Reply:
    """Show one side of a service as a page of the menu."""
    text = facet_text(words, published, service, facet, today)
    rows = [[service_button(words, published, service)], way_back(words, published.office)]
    if facet is Facet.AGREEMENT:
        rows.insert(0, [_agreement_button(words, published)])
    return Reply(text, rows, is_page=True)


def service_button(words: Words, published: OfficeCatalogue, service: Service) -> Button:
    """Lead to a service's card."""
    _ = words.gettext
    label = _("↩️ {service}").format(service=service.title.in_language(words.language))
    return Button(_short(label), ServicePressed(published.office.id, service.id))


def office_facet_page(
    words: Words, published: OfficeCatalogue, facet: Facet, today: date
) -> Reply:
    """Show a page of the office itself."""
    rows = []
    if facet not in {Facet.LIST, Facet.HOURS, Facet.ACCESS}:
        rows = in_pairs(
            Button(
                section_name(section, words),
                SectionPressed(published.office.id, section.value, "0"),
            )
            for section in Section
        )
    text = office_text(words, published, facet, today)
    return Reply(text, [*rows, way_back(words, published.office)], is_page=True)


def section_page(
    words: Words, published: OfficeCatalogue, section: Section, page: int, today: date
) -> Reply:
    """Show the clauses of one section, a small screen or two at a time; an empty one says so."""
    _ = words.gettext
    clauses = [
        f"▪️ {said(clause.text, words)} {ltr(f'({clause.id})')}"
        for clause in published.agreement.clauses
        if clause.section is section and clause.is_for_citizens
    ]
    unstated = [_("Not stated in this document.")]
    pages = paged(clauses or unstated, units_max=_SECTION_UNITS_MAX)
    page = min(max(page, 0), len(pages) - 1)
    head = f"<b>{said(published.agreement.title, words)}: {section_name(section, words)}</b>"
    banner = expired_banner(words, published, today)
    turns = []
    if page > 0:
        turns.append(_turn(_("Earlier"), published, section, page - 1))
    if page < len(pages) - 1:
        turns.append(_turn(_("More"), published, section, page + 1))
    rows = [turns, [_agreement_button(words, published)], way_back(words, published.office)]
    return Reply("\n\n".join([head, *pages[page], *banner]), rows, is_page=True)


def clause_text(words: Words, published: OfficeCatalogue, clause: Clause, today: date) -> str:
    """Tell one clause with its source, and with the address it speaks of."""
    urls = [link(url, words) for url in published.office.urls if url.id == clause.url]
    source = clause_source(words, published, [clause.id])
    banner = expired_banner(words, published, today)
    head = f"<b>{said(clause.title, words)}</b>"
    return "\n\n".join([head, said(clause.text, words), *urls, "\n".join([source, *banner])])


def _turn(label: str, published: OfficeCatalogue, section: Section, page: int) -> Button:
    return Button(label, SectionPressed(published.office.id, section.value, str(page)))


def _agreement_button(words: Words, published: OfficeCatalogue) -> Button:
    _ = words.gettext
    pressed = OfficePagePressed(published.office.id, Facet.AGREEMENT.value)
    return Button(_("📜 Sections of the agreement"), pressed)


def _short(label: str) -> str:
    """Shorten a label to what a small phone shows; the page itself has the whole title."""
    return (
        label if len(label) <= _LABEL_LENGTH_MAX else label[: _LABEL_LENGTH_MAX - 1].rstrip() + "…"
    )
