"""The receipt of a case: its code, the promised date, and when people are next there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.calendar.model import DayKind, HolidayState
from bot.kit.jalali import jalali_moment
from handlers.callback_data.cases import MyCasesPressed
from handlers.reply import Button, Reply
from handlers.views.cases.case_words import (
    CaseVerb,
    about,
    case_button,
    kind_icon,
    kind_name,
    open_button,
    promised,
    shown_code,
)
from handlers.views.common import way_back
from handlers.views.office.days import occasion, reason_said

if TYPE_CHECKING:
    from datetime import datetime

    from bot.calendar.model import Day
    from bot.cases.model import Case
    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words


def receipt(
    words: Words,
    published: OfficeCatalogue,
    case: Case,
    due_at: datetime,
    presence: list[str],
) -> Reply:
    """Confirm what was registered; `presence` says when people are there, see `presence_lines`."""
    _ = words.gettext
    service = None if case.service_id is None else published.service(case.service_id)
    parts = [
        _("✅ <b>It is registered.</b> Thank you for writing."),
        "\n".join(
            [
                f"{kind_icon(case.kind)} {kind_name(case.kind, words)}",
                about(words, published, service),
                _("🔖 Tracking code: {code}").format(code=shown_code(case)),
                _("⏰ First answer by: {moment}").format(moment=promised(due_at, words)),
            ]
        ),
        "\n".join(presence),
    ]
    if case.is_anonymous:
        parts.append(
            _(
                "🙈 It is anonymous, so I cannot notify you. Please keep the code well: write it "
                "to me at any time, and you see the answer."
            )
        )
    else:
        parts.append(_("The answer comes to you here. To add something, reply to this message."))
    rows = [
        [why_button(words, case), open_button(words, case)],
        [*([] if case.is_anonymous else [my_cases_button(words)])],
        way_back(words, published.office),
    ]
    return Reply("\n\n".join(parts), rows)


def presence_lines(words: Words, today: Day, opening: datetime | None, now: datetime) -> list[str]:
    """Say when people of the office are next there; registering is open day and night (MZ-10)."""
    _ = words.gettext
    if opening is not None and opening <= now:
        return [_("🕘 People of the office are at their desks now.")]
    lines = []
    if today.kind is DayKind.HOLIDAY:
        occasions = _(" and ").join(occasion(holiday, words) for holiday in today.holidays)
        lines.append(_("Today is an official holiday ({occasion}).").format(occasion=occasions))
        if any(holiday.state is HolidayState.ESTIMATED for holiday in today.holidays):
            lines.append(_("Its day depends on the sighting of the moon, and may move by a day."))
    elif today.kind is DayKind.CLOSURE and today.closure is not None:
        reason = reason_said(today.closure)
        lines.append(
            _("The office works otherwise than usual today ({reason}).").format(reason=reason)
        )
    lines.append(_("🌙 I register day and night; people of the office answer in working hours."))
    if opening is not None:
        moment = jalali_moment(opening, words.language)
        lines.append(_("They are next there on {moment}.").format(moment=moment))
    return lines


def already_sent(words: Words, case: Case) -> Reply:
    """Answer a second press of "send": there is one case, and here it is."""
    _ = words.gettext
    text = _("It was sent already, and once is enough. Its tracking code is {code}.")
    return Reply(text.format(code=shown_code(case)), [[open_button(words, case)]])


def why_button(words: Words, case: Case) -> Button:
    """Explain the promised date below a message that is worth keeping."""
    _ = words.gettext
    return case_button(_("❔ Why this date?"), case, CaseVerb.WHY)


def my_cases_button(words: Words) -> Button:
    """Lead to the list of one's own cases."""
    _ = words.gettext
    return Button(_("📂 My cases"), MyCasesPressed("0"))
