"""Office hours, which change several times a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.jalali import jalali_day
from handlers.views.common import digits, not_stated, said

if TYPE_CHECKING:
    from datetime import date

    from bot.catalogue.model import Hours, OfficeCatalogue
    from bot.kit.words import Words


def hours_paragraphs(words: Words, published: OfficeCatalogue, today: date) -> list[str]:
    """Tell today's office hours, or the last that were announced, with their source."""
    _ = words.gettext
    regimes = published.office.hours
    holding = [
        hours
        for hours in regimes
        if hours.valid_from <= today and (hours.valid_to is None or today <= hours.valid_to)
    ]
    if holding:
        return [_hours(hours, words) for hours in holding]
    paragraphs = [not_stated(words, published, _("Today's office hours"))]
    past = [hours for hours in regimes if hours.valid_to is not None and hours.valid_to < today]
    if past:
        latest = max(hours.valid_from for hours in past)
        paragraphs.append(_("The last hours announced, for your information:"))
        paragraphs += [_hours(hours, words) for hours in past if hours.valid_from == latest]
    return paragraphs


def weekday_names(words: Words) -> dict[str, str]:
    """Name the days of the week by what the catalogue calls them."""
    _ = words.gettext
    return {
        "sat": _("Saturday"),
        "sun": _("Sunday"),
        "mon": _("Monday"),
        "tue": _("Tuesday"),
        "wed": _("Wednesday"),
        "thu": _("Thursday"),
        "fri": _("Friday"),
    }


def _hours(hours: Hours, words: Words) -> str:
    _, names = words.gettext, weekday_names(words)
    until = hours.valid_to
    line = _("🕘 {days}: {opens} to {closes} (from {first} {until})").format(
        days=_(", ").join(names[day] for day in hours.weekdays),
        opens=digits(f"{hours.opens:%H:%M}", words),
        closes=digits(f"{hours.closes:%H:%M}", words),
        first=jalali_day(hours.valid_from, words.language),
        until=_("on")
        if until is None
        else _("to {day}").format(day=jalali_day(until, words.language)),
    )
    reported = _("Reported by: {source}").format(source=said(hours.source, words))
    return "\n".join([line, *([] if hours.note is None else [said(hours.note, words)]), reported])
