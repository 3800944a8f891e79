"""One side of a service, in paragraphs; what the source does not say is said to be not stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalogue.model import Facet
from bot.kit.digits import number
from bot.kit.jalali import jalali_day
from handlers.views.catalogue.hours import hours_paragraphs
from handlers.views.catalogue.sources import validity
from handlers.views.common import code, digits, duration, link, not_stated, rials, said

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.catalogue.model import (
        Clause,
        Document,
        Fee,
        Law,
        OfficeCatalogue,
        Service,
        StageAccess,
    )
    from bot.kit.words import Words


def facet_paragraphs(
    words: Words, published: OfficeCatalogue, service: Service, facet: Facet, today: date
) -> list[str]:
    """Tell one side of a service: the card's field, its further rows, the clauses over it."""
    paragraphs = _FIELDS[facet](words, published, service, today)
    paragraphs += [
        f"▫️ {said(row.label, words)}: {said(row.value, words)}"
        for row in service.rows
        if row.facet is facet
    ]
    told = told_clauses(published, service, facet)
    return [*paragraphs, *(f"▪️ {said(clause.text, words)}" for clause in told)]


def told_clauses(published: OfficeCatalogue, service: Service, facet: Facet) -> tuple[Clause, ...]:
    """Choose the clauses to quote on one side of a card: few where it speaks for itself."""
    return published.governing(service, facet)[: _clause_count(service, facet)]


def _clause_count(service: Service, facet: Facet) -> int:
    if facet in {Facet.WALLET, Facet.AGREEMENT}:
        return 5
    if not is_stated(service, facet):
        return 2
    return 0 if facet in {Facet.DESCRIPTION, Facet.PROCESS} else 1


def is_stated(service: Service, facet: Facet) -> bool:
    """True when the card itself says something of this side."""
    return any(field is not None for field in service.told(facet))


def _description(
    words: Words, published: OfficeCatalogue, service: Service, _today: date
) -> list[str]:
    _ = words.gettext
    shown = _("not stated") if service.code is None else code(service.code)
    audience = _("not stated") if service.audience is None else said(service.audience, words)
    paragraphs = [
        said(service.description, words),
        _("For whom: {audience}").format(audience=audience),
        _("Service code: {code}").format(code=shown),
    ]
    children = [child for child in published.services if child.parent == service.id]
    if children:
        names = "\n".join(f"• {said(child.title, words)}" for child in children)
        paragraphs.append(_("It has these parts:") + "\n" + names)
    return paragraphs


def _process(
    words: Words, published: OfficeCatalogue, service: Service, _today: date
) -> list[str]:
    _ = words.gettext
    if service.process is None:
        return [not_stated(words, published, _("Steps"))]
    steps = [
        f"{number(position, words.language)}. {said(step, words)}"
        for position, step in enumerate(service.process, start=1)
    ]
    return ["\n".join(steps)] if steps else [_("This service has no separate steps.")]


def _documents(
    words: Words, published: OfficeCatalogue, service: Service, _today: date
) -> list[str]:
    _ = words.gettext
    if service.documents is None:
        paragraphs = [not_stated(words, published, _("Documents needed"))]
    elif not service.documents:
        paragraphs = [_("No document is needed.")]
    else:
        listed = "\n".join(_document(document, words) for document in service.documents)
        paragraphs = [_("Documents needed:") + "\n" + listed]
    if told_clauses(published, service, Facet.DOCUMENTS):
        return paragraphs  # the clause that follows names the channels
    return [*paragraphs, channels(words, published)]


def _document(document: Document, words: Words) -> str:
    _ = words.gettext
    forms = {
        "original": _(" (original)"),
        "copy": _(" (copy)"),
        "original_and_copy": _(" (original and copy)"),
        "not_stated": "",
    }
    line = f"• {said(document.title, words)}{forms[document.form]}"
    if document.code is not None:
        line += _(", code {code}").format(code=code(document.code))
    return line if document.note is None else f"{line}: {said(document.note, words)}"


def channels(words: Words, published: OfficeCatalogue) -> str:
    """Say where documents may be handed in; this chat is no such place (MZ-19, KN-21)."""
    _ = words.gettext
    office = published.office
    portal = next((link(url, words) for url in office.urls if url.id == office.portal), "")
    if "in_person" in office.document_channels:
        where = _("the office's electronic system {portal} or in person at the office")
    else:
        where = _("only the electronic system {portal}")
    return _(
        "📄 Documents are handed in here: {where}. Please do not send them in this chat."
    ).format(where=" ".join(where.format(portal=portal).split()))


def _cost(words: Words, published: OfficeCatalogue, service: Service, _today: date) -> list[str]:
    _ = words.gettext
    if service.fees is None:
        return [not_stated(words, published, _("Cost"))]
    if not service.fees:
        return [_("This service is free of charge.")]
    return ["\n".join(_fee(fee, words) for fee in service.fees)]


def _fee(fee: Fee, words: Words) -> str:
    _ = words.gettext
    amount = _("not stated") if fee.amount_rial is None else rials(fee.amount_rial, words)
    line = f"• {said(fee.title, words)}: {amount}"
    if fee.is_sample:
        line += _(" (sample amount)")
    if fee.effective_from is not None:
        since = jalali_day(fee.effective_from, words.language)
        line += "\n" + _("In force since {day}.").format(day=since)
    if fee.is_paid_online:
        line += "\n" + _("It can be paid online.")
    if fee.account_number is not None:
        line += "\n" + _("Account: {account}").format(account=code(fee.account_number))
    if fee.is_refundable is not None:
        line += "\n" + (_("It is refunded.") if fee.is_refundable else _("It is not refunded."))
    return line if fee.note is None else f"{line}\n{said(fee.note, words)}"


def _time(words: Words, published: OfficeCatalogue, service: Service, _today: date) -> list[str]:
    _ = words.gettext
    visits = service.in_person_visits
    if visits is None:
        visits_said = _("not stated")
    elif visits == 0:
        visits_said = _("no visit in person is needed")
    else:
        visits_said = _("{count} times").format(count=number(visits, words.language))
    lines = [
        _("Usual time: {time}").format(time=duration(service.usual_duration, words)),
        _("Longest time: {time}").format(time=duration(service.longest_duration, words)),
        _("Visits in person: {visits}").format(visits=visits_said),
    ]
    if service.validity is not None:
        lines.append(
            _("The result is valid for: {time}").format(time=duration(service.validity, words))
        )
    paragraphs = ["\n".join(lines)]
    if service.usual_duration is None and service.longest_duration is None:
        paragraphs.append(not_stated(words, published, _("A time limit")))
    return paragraphs


def _laws(words: Words, published: OfficeCatalogue, service: Service, _today: date) -> list[str]:
    _ = words.gettext
    if not service.laws:
        return [not_stated(words, published, _("Laws and regulations"))]
    return ["\n".join(_law(law, words) for law in service.laws)]


def _law(law: Law, words: Words) -> str:
    _ = words.gettext
    line = f"• {said(law.title, words)}"
    if law.articles is not None:
        line += _(", articles {articles}").format(articles=said(law.articles, words))
    if law.number is not None:
        line += _(", number {number}").format(number=digits(law.number, words))
    if law.dated is not None:
        line += _(", of {day}").format(day=said(law.dated, words))
    return line


def _access(words: Words, published: OfficeCatalogue, service: Service, _today: date) -> list[str]:
    _ = words.gettext
    if not service.access:
        return [not_stated(words, published, _("How to reach this service"))]
    urls = {url.id: url for url in published.office.urls}
    lines = []
    for way in service.access:
        line = _stage(way, words)
        if way.url is not None:
            line += " " + link(urls[way.url], words)
        lines.append(line if way.note is None else f"{line}: {said(way.note, words)}")
    return ["\n".join(lines)]


def _stage(way: StageAccess, words: Words) -> str:
    _ = words.gettext
    stages = {
        "information": _("to be informed"),
        "request": _("to apply"),
        "production": _("while it is done"),
        "delivery": _("to receive the result"),
    }
    modes = {
        "electronic": _("electronic"),
        "in_person": _("in person"),
        "mixed": _("electronic and in person"),
    }
    return _("• {stage}: {mode}").format(stage=stages[way.stage], mode=modes[way.mode])


def _hours_of_office(
    words: Words, published: OfficeCatalogue, _service: Service, today: date
) -> list[str]:
    return hours_paragraphs(words, published, today)


def _agreement(
    words: Words, published: OfficeCatalogue, _service: Service, _today: date
) -> list[str]:
    agreement = published.agreement
    return [
        f"{said(agreement.title, words)} ({validity(words, published)})",
        said(agreement.summary, words),
    ]


def _nothing_of_its_own(
    _words: Words, _published: OfficeCatalogue, _service: Service, _today: date
) -> list[str]:
    return []


_FIELDS: dict[Facet, Callable[[Words, OfficeCatalogue, Service, date], list[str]]] = {
    Facet.LIST: _description,
    Facet.DESCRIPTION: _description,
    Facet.PROCESS: _process,
    Facet.DOCUMENTS: _documents,
    Facet.COST: _cost,
    Facet.TIME: _time,
    Facet.LAWS: _laws,
    Facet.ACCESS: _access,
    Facet.HOURS: _hours_of_office,
    Facet.AGREEMENT: _agreement,
    Facet.WALLET: _nothing_of_its_own,
}
