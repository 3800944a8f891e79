"""How days, hours, holidays and closures are said, to staff and to citizens alike."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.calendar.model import ClosureScope, DayKind, HolidayState
from bot.kit.clock import TEHRAN
from bot.kit.jalali import clock_time, jalali_day, jalali_month_day, weekday_name
from handlers.callback_data.closures import CalendarPressed
from handlers.reply import Button
from handlers.views.common import shielded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.calendar.model import ClosureDraft, Day, Holiday, Span, Window
    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words

_REASON_UNITS_MAX = 400


def day_name(day: Day, words: Words) -> str:
    """Say a day and when it is worked, or why not."""
    _ = words.gettext
    name = jalali_day(day.day, words.language, with_weekday=True)
    if day.spans:
        hours = spans_said(day.spans, words)
        if day.closure is not None and day.kind is DayKind.CLOSURE:
            hours = f"{hours} ({reason_said(day.closure)})"
        return f"{name}: {hours}"
    return _("{day}: closed ({why})").format(day=name, why=why_closed(day, words))


def why_closed(day: Day, words: Words) -> str:
    """Say why a day is not worked."""
    _ = words.gettext
    if day.kind is DayKind.CLOSURE and day.closure is not None:
        return reason_said(day.closure)
    if day.holidays:
        return _(", ").join(holiday_said(holiday, words) for holiday in day.holidays)
    return _("not a working day")


def holiday_said(holiday: Holiday, words: Words) -> str:
    """Name an occasion, and how sure its day is."""
    _ = words.gettext
    name = occasion(holiday, words)
    marks = {
        HolidayState.ESTIMATED: _("{occasion} (estimated)"),
        HolidayState.MOVED: _("{occasion} (moved)"),
    }
    return marks[holiday.state].format(occasion=name) if holiday.state in marks else name


def occasion(holiday: Holiday, words: Words) -> str:
    """Name an occasion in the person's language, safe for the messenger's HTML."""
    name = holiday.occasion if words.language == "fa" else holiday.occasion_en
    return escape(name, quote=False)


def reason_said(draft: ClosureDraft) -> str:
    """Give the reason of a closure, safe for the messenger's HTML."""
    return shielded(draft.reason, units_max=_REASON_UNITS_MAX)


def closure_days(draft: ClosureDraft, words: Words) -> str:
    """Say which days a closure changes."""
    _ = words.gettext
    first = jalali_day(draft.first_on, words.language, with_weekday=True)
    if draft.first_on == draft.last_on:
        return first
    last = jalali_day(draft.last_on, words.language, with_weekday=True)
    return _("{first} to {last}").format(first=first, last=last)


def closure_said(draft: ClosureDraft, words: Words) -> str:
    """Say which days are closed, or what their hours are instead."""
    _ = words.gettext
    days = closure_days(draft, words)
    if not draft.windows:
        return _("{days}: closed").format(days=days)
    return _("{days}: open only {hours}").format(
        days=days, hours=windows_said(draft.windows, words)
    )


def scope_name(scope: ClosureScope, words: Words) -> str:
    """Say for whom a closure was decided."""
    _ = words.gettext
    names = {
        ClosureScope.OFFICE: _("this office"),
        ClosureScope.PROVINCE: _("the province"),
        ClosureScope.COUNTRY: _("the whole country"),
    }
    return names[scope]


def spans_said(spans: Iterable[Span], words: Words) -> str:
    """Say the open hours of a day by the clock on the wall."""
    _ = words.gettext
    return _(", ").join(
        _("{opens} to {closes}").format(
            opens=clock_time(span.starts_at.astimezone(TEHRAN).time(), words.language),
            closes=clock_time(span.ends_at.astimezone(TEHRAN).time(), words.language),
        )
        for span in spans
    )


def windows_said(windows: Iterable[Window], words: Words) -> str:
    """Say hours as they were decided."""
    _ = words.gettext
    return _(", ").join(
        _("{opens} to {closes}").format(
            opens=clock_time(window.opens, words.language),
            closes=clock_time(window.closes, words.language),
        )
        for window in windows
    )


def short_day(day: date, words: Words) -> str:
    """Say a day with its weekday and without its year, for lines and buttons."""
    return f"{weekday_name(day, words.language)} {jalali_month_day(day, words.language)}"


def calendar_button(words: Words, published: OfficeCatalogue) -> Button:
    """Lead back to the calendar of an office."""
    _ = words.gettext
    return Button(_("🗓 Calendar"), CalendarPressed(published.office.id))
