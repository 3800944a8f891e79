"""The calendar as staff see it: the coming days, a holiday, and the ways to change them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from bot.calendar import rules
from bot.calendar.model import HolidayState
from bot.kit.jalali import jalali_day, jalali_moment, tehran_day
from bot.kit.text import cut
from handlers.callback_data.closures import (
    CalendarPressed,
    CloseDayPressed,
    CloseDaysPressed,
    ClosurePressed,
    HolidayMovePressed,
    HolidayPressed,
    HolidaySurePressed,
)
from handlers.reply import Button, Reply
from handlers.views.common import in_pairs, said
from handlers.views.office.days import (
    calendar_button,
    closure_said,
    day_name,
    holiday_said,
    reason_said,
    scope_name,
    short_day,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.calendar.model import Closure, ClosureDraft, Day, Holiday, OfficeCalendar
    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words

DAYS_AHEAD = 30
_LABEL_UNITS_MAX = 40


@dataclass(frozen=True)
class Ahead:
    """What an office has before it."""

    calendar: OfficeCalendar
    holidays: Sequence[Holiday]
    closures: Sequence[Closure]


def coming_days(
    words: Words,
    published: OfficeCatalogue,
    ahead: Ahead,
    now: datetime,
    *,
    others: Sequence[OfficeCatalogue],
    is_page: bool,
) -> Reply:
    """Show today's hours, the holidays and closures ahead, each with its button."""
    _ = words.gettext
    office = said(published.office.short_name, words)
    today = rules.day_of(ahead.calendar, tehran_day(now))
    parts = [
        _("🗓 <b>Calendar of {office}</b>").format(office=office),
        _("Today, {day}").format(day=day_name(today, words)),
    ]
    opens_at = rules.next_opening(ahead.calendar, now)
    if opens_at is not None and opens_at != now:
        moment = jalali_moment(opens_at, words.language)
        parts.append(_("The office opens next: {moment}").format(moment=moment))
    parts.append(_holidays(words, ahead.holidays))
    parts.append(_closures(words, ahead.closures))
    rows = [[Button(_("✂️ Close or shorten days"), CloseDaysPressed(published.office.id))]]
    rows += [[_holiday_button(words, published, holiday)] for holiday in ahead.holidays]
    rows += [[_withdraw_button(words, published, closure)] for closure in ahead.closures]
    rows += in_pairs(
        Button(
            other.office.short_name.in_language(words.language), CalendarPressed(other.office.id)
        )
        for other in others
    )
    return Reply("\n\n".join(parts), rows, is_page=is_page)


def close_help(words: Words, offices: Sequence[OfficeCatalogue]) -> Reply:
    """Explain how days are closed in one line, and offer to do it by buttons."""
    _ = words.gettext
    office = offices[0].office
    names = (office.short_name.fa, *office.aliases) if words.language == "fa" else (office.id,)
    rests = (
        _("3 Azar severe cold"),
        _("3 Azar to 5 Azar severe cold"),
        _("3 Azar 07:30-10:00 saving electricity"),
    )
    examples = "\n".join(
        f"• <code>/close {escape(min(names, key=len), quote=False)} {rest}</code>"
        for rest in rests
    )
    parts = [
        _("Say the office, the day or days, hours if it is not closed all day, and the reason:"),
        examples,
        _(
            "If the province or the country decided it, say so before the reason. You see what "
            "moves before anything is changed. Or choose here:"
        ),
    ]
    rows = [
        [
            Button(
                _("Close days of {office}").format(
                    office=published.office.short_name.in_language(words.language)
                ),
                CloseDaysPressed(published.office.id),
            )
        ]
        for published in offices
    ]
    return Reply("\n\n".join(parts), rows)


def day_choice(words: Words, published: OfficeCatalogue, days: Sequence[Day]) -> Reply:
    """Offer the coming days to be closed; `days` begins with today."""
    _ = words.gettext
    near = {
        days[0].day: _("Today, {day}"),
        days[0].day + timedelta(days=1): _("Tomorrow, {day}"),
    }
    buttons = [
        Button(
            near.get(day.day, "{day}").format(day=short_day(day.day, words)),
            CloseDayPressed(published.office.id, day.day.isoformat()),
        )
        for day in days
        if day.spans
    ]
    office = said(published.office.short_name, words)
    text = _("Which day is {office} closed? For several days or for hours, write /close.")
    rows = [*in_pairs(buttons), [calendar_button(words, published)]]
    return Reply(text.format(office=office), rows, is_page=True)


def reason_prompt(words: Words, published: OfficeCatalogue, draft: ClosureDraft) -> Reply:
    """Ask why, in a message to be replied to."""
    _ = words.gettext
    text = _(
        "{office}, {closure}.\n\n✍️ Please reply to this message with the reason; citizens whose "
        "dates move will read it. Nothing is changed before you confirm."
    )
    office = said(published.office.short_name, words)
    return Reply(text.format(office=office, closure=closure_said(draft, words)))


def holiday_page(
    words: Words, published: OfficeCatalogue, holiday: Holiday, dependants: Sequence[Holiday]
) -> Reply:
    """Show a holiday, what the same moon decides, and the ways to move it."""
    _ = words.gettext
    parts = [_holiday_line(words, holiday)]
    if holiday.lunar_month is not None:
        parts.append(
            _("The day of this occasion depends on the sighting of the moon and may move by one.")
        )
    if dependants:
        parts.append(_("These move with it:"))
        parts.append("\n".join(_holiday_line(words, later) for later in dependants))
    where = (published.office.id, str(holiday.id))
    moves = [
        Button(_("⏩ One day later"), HolidayMovePressed(*where, "later")),
        Button(_("⏪ One day earlier"), HolidayMovePressed(*where, "earlier")),
    ]
    rows = [moves]
    if holiday.state is HolidayState.ESTIMATED:
        rows.insert(0, [Button(_("✅ The day is certain"), HolidaySurePressed(*where))])
    return Reply("\n\n".join(parts), [*rows, [calendar_button(words, published)]], is_page=True)


def _holidays(words: Words, holidays: Sequence[Holiday]) -> str:
    _ = words.gettext
    if not holidays:
        return _("No official holiday in the coming 30 days.")
    lines = [_("<b>Official holidays in the coming 30 days</b>")]
    return "\n".join([*lines, *(_holiday_line(words, holiday) for holiday in holidays)])


def _holiday_line(words: Words, holiday: Holiday) -> str:
    _ = words.gettext
    return _("• {day}: {occasion}").format(
        day=jalali_day(holiday.day, words.language, with_weekday=True),
        occasion=holiday_said(holiday, words),
    )


def _closures(words: Words, closures: Sequence[Closure]) -> str:
    _ = words.gettext
    if not closures:
        return _("No closure has been decided.")
    lines = [_("<b>Closures</b>")]
    lines += [
        _("• {closure} ({reason}; decided for: {scope})").format(
            closure=closure_said(closure.draft, words),
            reason=reason_said(closure.draft),
            scope=scope_name(closure.draft.scope, words),
        )
        for closure in closures
    ]
    return "\n".join(lines)


def _holiday_button(words: Words, published: OfficeCatalogue, holiday: Holiday) -> Button:
    _ = words.gettext
    name = holiday.occasion if words.language == "fa" else holiday.occasion_en
    label = _("✏️ {day}: {occasion}").format(day=short_day(holiday.day, words), occasion=name)
    pressed = HolidayPressed(published.office.id, str(holiday.id))
    return Button(cut(label, _LABEL_UNITS_MAX), pressed)


def _withdraw_button(words: Words, published: OfficeCatalogue, closure: Closure) -> Button:
    _ = words.gettext
    label = _("↩️ Withdraw: {day}").format(day=short_day(closure.draft.first_on, words))
    return Button(label, ClosurePressed(published.office.id, str(closure.id)))
