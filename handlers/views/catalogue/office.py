"""What concerns an office itself: its services, where it is, when it is open, its agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalogue.model import Facet
from bot.kit.digits import number
from handlers.views.catalogue.facets import channels
from handlers.views.catalogue.hours import hours_paragraphs
from handlers.views.catalogue.sources import clause_source, expired_banner, office_source, validity
from handlers.views.common import code, facet_name, link, said

if TYPE_CHECKING:
    from datetime import date

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words


def office_text(words: Words, published: OfficeCatalogue, facet: Facet, today: date) -> str:
    """Tell what concerns the office itself: its services, agreement, hours, or whereabouts."""
    if facet is Facet.LIST:
        paragraphs = _service_list(words, published)
    elif facet is Facet.HOURS:
        paragraphs = hours_paragraphs(words, published, today)
    elif facet is Facet.ACCESS:
        paragraphs = _whereabouts(words, published)
    else:
        paragraphs = _agreement_head(words, published)
    if facet in {Facet.LIST, Facet.HOURS, Facet.ACCESS}:
        sources = [office_source(words, published)]
    else:
        sources = [clause_source(words, published, ()), *expired_banner(words, published, today)]
    head = f"<b>{said(published.office.name, words)}: {facet_name(facet, words)}</b>"
    return "\n\n".join([head, *paragraphs, "\n".join(sources)])


def _service_list(words: Words, published: OfficeCatalogue) -> list[str]:
    listed = [
        f"{number(position, words.language)}. {said(service.title, words)}"
        for position, service in enumerate(published.services, start=1)
    ]
    return ["\n".join(listed)]


def _whereabouts(words: Words, published: OfficeCatalogue) -> list[str]:
    _ = words.gettext
    office = published.office
    paragraphs = []
    if office.address is None:
        paragraphs.append(_("Address: {address}").format(address=_("not stated")))
    else:
        paragraphs.append(_("Address: {address}").format(address=said(office.address, words)))
    if not office.phones:
        paragraphs.append(_("Telephone: {phones}").format(phones=_("not stated")))
    else:
        phones = _(", ").join(code(phone) for phone in office.phones)
        paragraphs.append(_("Telephone: {phones}").format(phones=phones))
    if office.contact_note is not None:
        paragraphs.append(said(office.contact_note, words))
    shown = [
        f"• {said(url.label, words)}: {link(url, words)}"
        for url in office.urls
        if url.kind in {"portal", "site"}
    ]
    if shown:
        paragraphs.append("\n".join(shown))
    else:
        paragraphs.append(_("Website: {address}").format(address=_("not stated")))
    return [*paragraphs, channels(words, published)]


def _agreement_head(words: Words, published: OfficeCatalogue) -> list[str]:
    _ = words.gettext
    agreement = published.agreement
    signed = agreement.signatory_title
    return [
        said(agreement.title, words),
        said(agreement.summary, words),
        _("Between: {parties}").format(parties=said(agreement.parties, words)),
        _("Validity: {validity}").format(validity=validity(words, published)),
        _("Signed by: {signatory}").format(
            signatory=_("not stated") if signed is None else said(signed, words)
        ),
    ]
