"""How an office is made ready: what is done, what is open, and how the next step goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.citizens.model import Role
from bot.kit.digits import number
from bot.kit.jalali import clock_time
from bot.kit.text import isolate
from handlers.callback_data.cases import NOT_CHOSEN, CaseBegins
from handlers.callback_data.members import InviteRolePressed
from handlers.callback_data.setting_up import (
    SetupGroupPressed,
    SetupHoursConfirmed,
    SetupHoursPressed,
    SetupPressed,
)
from handlers.reply import Button, Reply
from handlers.views.catalogue.hours import weekday_names
from handlers.views.common import said
from handlers.views.office.days import holiday_said, short_day
from handlers.views.office.members import offices_to_choose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.calendar.model import Holiday
    from bot.catalogue.model import OfficeCatalogue
    from bot.catalogue.model.desk import DeskHours
    from bot.kit.words import Words

_HOLIDAYS_MAX = 8


@dataclass(frozen=True)
class Progress:
    """What is there of what an office needs."""

    has_desk: bool
    officer_count: int
    finance_count: int
    needs_finance: bool
    are_hours_right: bool
    has_case: bool


def offices_to_set_up(words: Words, offices: Sequence[OfficeCatalogue]) -> Reply:
    """Ask which office it is about."""
    return offices_to_choose(words, offices, SetupPressed)


def checklist(
    words: Words,
    published: OfficeCatalogue,
    progress: Progress,
    *,
    is_private: bool,
    is_page: bool,
) -> Reply:
    """Show every step with whether it is done, and a button for each that is open."""
    _ = words.gettext
    office = said(published.office.short_name, words)
    steps = _steps(words, published, progress, is_private=is_private)
    lines = [f"{'✅' if is_done else '⬜️'} {line}" for is_done, line, _button in steps]
    open_count = sum(not is_done for is_done, _line, _button in steps)
    if open_count:
        last = _(
            "Steps that are still open: {count}. Take them in any order and at any time; /setup "
            "brings this list back."
        ).format(count=number(open_count, words.language))
    else:
        last = _("🎉 Everything is ready. {office} can serve people now.").format(office=office)
    head = _("🧭 <b>{office}, step by step</b>").format(office=office)
    rows = [[button] for is_done, _line, button in steps if button is not None and not is_done]
    if open_count:
        rows.append([Button(_("🔄 Look again"), SetupPressed(published.office.id))])
    return Reply("\n\n".join([head, "\n".join(lines), last]), rows, is_page=is_page)


def _steps(
    words: Words, published: OfficeCatalogue, progress: Progress, *, is_private: bool
) -> list[tuple[bool, str, Button | None]]:
    """List the steps in the order in which they are best taken."""
    _ = words.gettext
    office_id = published.office.id
    officer, finance = (
        Button(label, InviteRolePressed(office_id, role.value))
        for label, role in (
            (_("👤 Invite an officer"), Role.OFFICER),
            (_("💳 Invite somebody for finance"), Role.FINANCE),
        )
    )
    case = Button(_("✍️ Send a test case"), CaseBegins(office_id, NOT_CHOSEN, NOT_CHOSEN))
    staffed = _("Officers, who answer people ({count})").format(
        count=number(progress.officer_count, words.language)
    )
    paid = _("Finance, who look after payments ({count})").format(
        count=number(progress.finance_count, words.language)
    )
    steps: list[tuple[bool, str, Button | None]] = [
        (True, _("A manager: you"), None),
        (
            progress.has_desk,
            _("An admin chat: a group of staff, where cases come in"),
            Button(_("👥 Make the admin chat"), SetupGroupPressed(office_id)),
        ),
        (progress.officer_count > 0, staffed, officer),
        (progress.finance_count > 0, paid, finance),
        (
            progress.are_hours_right,
            _("Hours and holidays, looked over"),
            Button(_("🗓 Look over hours and holidays"), SetupHoursPressed(office_id)),
        ),
        (progress.has_case, _("A first case, as a test"), case if is_private else None),
    ]
    if not progress.needs_finance:
        steps.remove((progress.finance_count > 0, paid, finance))
    return steps


def how_to_bind(words: Words, published: OfficeCatalogue, bot_username: str) -> Reply:
    """Say how a group becomes the admin chat, in steps that work in any messenger."""
    _ = words.gettext
    text = _(
        "👥 <b>The admin chat of {office}</b>\n\n"
        "1. In this messenger make a new group, for example “{office}, staff”. Whoever is in it "
        "can read what people write: add staff only.\n"
        "2. Add me to that group: {bot}\n"
        "3. Write /desk in the group.\n\n"
        "From then on new cases come there. Then press the button below."
    ).format(office=said(published.office.short_name, words), bot=isolate(f"@{bot_username}"))
    return Reply(text, [_back(words, published)], is_page=True)


def hours_to_confirm(
    words: Words, published: OfficeCatalogue, holidays: Sequence[Holiday], today: date
) -> Reply:
    """Show what promises are reckoned by, and ask whether it is right."""
    _ = words.gettext
    head = _(
        "🗓 <b>Hours and holidays of {office}</b>\n\nEvery promised date is reckoned by these."
    ).format(office=said(published.office.short_name, words))
    parts = [head, "\n".join(f"🕘 {line}" for line in hours_lines(words, published, today))]
    if holidays:
        days = [
            f"• {short_day(holiday.day, words)}: {holiday_said(holiday, words)}"
            for holiday in holidays[:_HOLIDAYS_MAX]
        ]
        parts.append("\n".join([_("The next official holidays:"), *days]))
    parts.append(
        _(
            "If a holiday or a single day is different, write /calendar or /close in the admin "
            "chat. The weekly hours are in the workbook that /catalogue gives out there: change "
            "them in it and send it back."
        )
    )
    if published.desk.is_sample:
        parts.append(_("⚠️ These hours and targets are still the samples that were shipped."))
    right = Button(_("✅ They are right"), SetupHoursConfirmed(published.office.id))
    return Reply("\n\n".join(parts), [[right], _back(words, published)], is_page=True)


def hours_lines(words: Words, published: OfficeCatalogue, today: date) -> list[str]:
    """Say the hours that hold today, or will."""
    return [
        _line(words, hours)
        for hours in published.desk.hours
        if hours.valid_to is None or hours.valid_to >= today
    ]


def _line(words: Words, hours: DeskHours) -> str:
    _ = words.gettext
    names = weekday_names(words)
    days = _(", ").join(names[day] for day in hours.weekdays)
    spans = _(", ").join(
        _("{opens} to {closes}").format(
            opens=clock_time(window.opens, words.language),
            closes=clock_time(window.closes, words.language),
        )
        for window in hours.windows
    )
    return f"{days}: {spans}"


def _back(words: Words, published: OfficeCatalogue) -> list[Button]:
    _ = words.gettext
    return [Button(_("🧭 Back to the steps"), SetupPressed(published.office.id))]
