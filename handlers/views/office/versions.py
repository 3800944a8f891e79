"""The versions of a service, and which circular made each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from handlers.callback_data.circulars import VersionsOfficePressed, VersionsPressed
from handlers.reply import Button, Reply
from handlers.views.common import said, shielded
from handlers.views.office.circulars import on_page, page_turns, service_label, shown_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue, Service, ServiceVersion
    from bot.kit.words import Words

_VERSIONS_SHOWN_MAX = 8
_SUMMARY_SHOWN_UNITS = 300


def services_to_see(
    words: Words, published: OfficeCatalogue, page: int, *, is_page: bool
) -> Reply:
    """Offer the services of an office, to see the versions of one."""
    _ = words.gettext
    office_id, services = published.office.id, published.services
    rows = [
        [Button(service_label("📄", one, words), VersionsPressed(office_id, one.id))]
        for one in on_page(services, page)
    ]
    rows.append(
        page_turns(words, services, page, lambda to: VersionsOfficePressed(office_id, str(to)))
    )
    text = _("The versions of which service of {office}?").format(
        office=said(published.office.short_name, words)
    )
    return Reply(text, rows, is_page=is_page)


def versions(
    words: Words,
    published: OfficeCatalogue,
    service: Service,
    listed: Sequence[ServiceVersion],
    holds_now: int,
    *,
    is_page: bool,
) -> Reply:
    """Show the versions of a service, the newest first, and which of them holds now."""
    _ = words.gettext
    title, office = said(service.title, words), said(published.office.short_name, words)
    parts = [
        _("📚 <b>{service}</b> · {office}").format(service=title, office=office),
        *(
            _version(words, one, holds_now=one.number == holds_now)
            for one in sorted(listed, key=lambda one: -one.number)[:_VERSIONS_SHOWN_MAX]
        ),
    ]
    if len(listed) > _VERSIONS_SHOWN_MAX:
        parts.append(_("Older versions are not shown."))
    back = Button(_("↩️ Services"), VersionsOfficePressed(published.office.id, "0"))
    return Reply("\n\n".join(parts), [[back]], is_page=is_page)


def _version(words: Words, version: ServiceVersion, *, holds_now: bool) -> str:
    _ = words.gettext
    count = number(version.number, words.language)
    head = (
        _("✅ <b>Version {number}</b> (holds now)") if holds_now else _("<b>Version {number}</b>")
    )
    circular = version.circular
    if circular is None:
        return head.format(number=count) + "\n" + _("as the catalogue has it")
    facts = _("from {when} on, by circular {number}").format(
        when=jalali_moment(circular.dispatched_at, words.language, with_weekday=False),
        number=shown_number(circular.number),
    )
    summary = shielded(circular.summary, units_max=_SUMMARY_SHOWN_UNITS)
    return f"{head.format(number=count)}\n{facts}\n«{summary}»"
