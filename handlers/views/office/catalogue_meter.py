"""The meter of the catalogue: what people would ask and a card does not say."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from bot.catalogue.rules.completeness import percent_of
from bot.kit.digits import number
from bot.kit.text import cut, isolate
from handlers.callback_data.catalogue_book import CataloguePressed, MeterPressed
from handlers.reply import Button, Reply
from handlers.views.common import led, said

if TYPE_CHECKING:
    from bot.catalogue.model import OfficeCatalogue
    from bot.catalogue.rules.completeness import Meter
    from bot.kit.words import Words

METERS_ON_A_PAGE: Final = 8
_TITLE_UNITS_MAX: Final = 70
_BLOCKS: Final = 10


def meter_page(words: Words, published: OfficeCatalogue, found: list[Meter], page: int) -> Reply:
    """Show how much each card says, the emptiest first, and what it leaves unsaid."""
    _ = words.gettext
    office_id = published.office.id
    count = max(1, -(-len(found) // METERS_ON_A_PAGE))
    page = min(page, count - 1)
    head = _(
        "📊 <b>What is not said yet · {office}</b>\n{percent}% of what citizens ask is said. "
        "First comes what they ask most."
    ).format(
        office=said(published.office.short_name, words),
        percent=number(percent_of(found), words.language),
    )
    start = page * METERS_ON_A_PAGE
    lines = [meter_line(words, one) for one in found[start : start + METERS_ON_A_PAGE]]
    turns = []
    if page > 0:
        turns.append(Button(_("◀️ Back"), MeterPressed(office_id, str(page - 1))))
    if page + 1 < count:
        turns.append(Button(_("Further"), MeterPressed(office_id, str(page + 1))))
    back = [Button(_("📖 Catalogue"), CataloguePressed(office_id))]
    return Reply("\n\n".join([head, *lines]), [turns, back], is_page=True)


def meter_line(words: Words, one: Meter) -> str:
    """Say how much a card says, and what it leaves unsaid."""
    _ = words.gettext
    title = isolate(
        escape(cut(one.title.get(words.language, one.id), _TITLE_UNITS_MAX), quote=False)
    )
    full = round(one.percent * _BLOCKS / 100)
    bar = "▓" * full + "░" * (_BLOCKS - full)
    shown = _("{bar} {percent}% · {title}").format(
        bar=bar, percent=number(one.percent, words.language), title=title
    )
    line = led(shown, words)
    if not one.missing:
        return line
    names = field_names(words)
    missing = _(", ").join(names[name] for name in one.missing)
    return line + "\n" + _("not stated: {fields}").format(fields=missing)


def field_names(words: Words) -> dict[str, str]:
    """Name what people ask of a card."""
    _ = words.gettext
    return {
        "fees": _("the cost"),
        "amount_rial": _("an amount"),
        "documents": _("the documents"),
        "usual_duration": _("the time it takes"),
        "process": _("the steps"),
        "access": _("where and how"),
        "in_person_visits": _("visits in person"),
        "audience": _("for whom it is"),
        "laws": _("the laws"),
        "code": _("the service code"),
        "hours": _("today's office hours"),
        "phones": _("telephone"),
        "address": _("postal address"),
        "site": _("website"),
    }
