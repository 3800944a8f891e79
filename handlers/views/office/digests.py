"""What staff are told of their desk: the digest, its picture, and alerts about the agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.calendar.model import DayKind, HolidayState
from bot.cases.model import Queue
from bot.digests.model import DigestKind
from bot.kit.clock import TEHRAN
from bot.kit.digits import number
from bot.kit.jalali import clock_time, jalali_day, jalali_moment, tehran_day
from bot.kit.text import isolate
from handlers.callback_data.desk import QueuePressed
from handlers.callback_data.digests import DigestPressed
from handlers.callback_data.learning import UnansweredOpened
from handlers.reply import Button, File, Reply
from handlers.views.cases.case_words import kind_icon, kind_name, shown_code
from handlers.views.common import in_pairs, said, shielded
from handlers.views.desk.desk_words import ending_name, queue_name, time_left
from handlers.views.office.digest_money import money_section
from handlers.views.office.digest_ratings import counts, ratings
from handlers.views.office.digest_workshops import workshops_section

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from bot.calendar.model import Day, Span
    from bot.cases.model import QueueItem
    from bot.catalogue.model import OfficeCatalogue
    from bot.digests.model import AgreementAlert, AgreementStanding, Figures
    from bot.kit.words import Words

_QUESTION_UNITS_MAX, _REASON_UNITS_MAX, _NAME_UNITS_MAX = 140, 100, 40
_NAMES_MAX = 10
_SHOWN_QUEUES = (  # "mine" is everybody's own
    Queue.LATE,
    Queue.ESCALATED,
    Queue.NEW,
    Queue.OPEN,
    Queue.DUE,
    Queue.WAITING,
    Queue.SNOOZED,
    Queue.ANSWERED,
    Queue.RECENT,
)


def digest(words: Words, published: OfficeCatalogue, figures: Figures) -> Reply:
    """Say what happened in the period and how the desk stands; each number leads to its list.

    The weekly digest comes together with a daily one, and does not repeat how the desk stands.
    """
    is_daily = figures.kind is DigestKind.DAILY
    standing = figures.agreement if is_daily else None
    sections = [
        _head(words, published, figures),
        _totals(words, figures),
        _cases_section(words, figures) if is_daily else "",
        ratings(words, published, figures),
        _asked(words, figures),
        money_section(words, figures.money),
        workshops_section(words, figures.workshops),
        _ahead(words, figures) if is_daily else "",
        _staff(words, figures) if is_daily else "",
        "" if standing is None else _agreement(words, published, standing),
    ]
    return Reply("\n\n".join(filter(None, sections)), _number_buttons(words, figures))


def look(words: Words, published: OfficeCatalogue, figures: Figures, *, is_page: bool) -> Reply:
    """Show the same to whoever asks in between, with a way to the week and back."""
    _ = words.gettext
    shown = digest(words, published, figures)
    if figures.kind is DigestKind.DAILY:
        other, label = DigestKind.WEEKLY, _("🗓 The week")
    else:
        other, label = DigestKind.DAILY, _("☀️ Since the last digest")
    turn = Button(label, DigestPressed(figures.office_id, other.value))
    note = _("<i>This is a look in between; the digest comes at its hour all the same.</i>")
    return Reply(f"{shown.text}\n\n{note}", [*shown.buttons, [turn]], is_page=is_page)


def picture(words: Words, published: OfficeCatalogue, png: bytes) -> Reply:
    """Send the picture of the days, with what it shows said in words."""
    _ = words.gettext
    return Reply(
        _("📊 What came and what ended in the last seven days: {office}.").format(
            office=said(published.office.short_name, words)
        ),
        file=File("digest.png", png, is_picture=True),
    )


def picture_title(words: Words, published: OfficeCatalogue) -> str:
    """Head the picture itself, in plain letters."""
    _ = words.gettext
    name = published.office.short_name.in_language(words.language)
    return _("Cases of the last seven days: {office}").format(office=name)


def alert(words: Words, published: OfficeCatalogue, given: AgreementAlert) -> Reply:
    """Tell staff in time that their agreement ends (KN-48)."""
    return Reply(_agreement(words, published, given.standing))


def _head(words: Words, published: OfficeCatalogue, figures: Figures) -> str:
    _ = words.gettext
    office = said(published.office.short_name, words)
    if figures.kind is DigestKind.WEEKLY:
        title = _("🗞 <b>The week at the desk: {office}</b>")
    else:
        title = _("🗞 <b>The day at the desk: {office}</b>")
    covered = _("From {since}\nto {until}").format(
        since=jalali_moment(figures.period.since, words.language),
        until=jalali_moment(figures.period.until, words.language),
    )
    return title.format(office=office) + "\n" + covered


def _totals(words: Words, figures: Figures) -> str:
    _ = words.gettext
    came = [
        (f"{kind_icon(kind)} {kind_name(kind, words)}", count)
        for kind, count in figures.registered.items()
    ]
    ended = [(ending_name(ending, words), count) for ending, count in figures.ended.items()]
    return "\n".join(
        (
            _total(words, _("📥 <b>Registered: {count}</b>"), came),
            _total(words, _("🏁 <b>Ended: {count}</b>"), ended),
        )
    )


def _total(words: Words, title: str, parts: list[tuple[str, int]]) -> str:
    total = sum(count for _name, count in parts)
    line = title.format(count=number(total, words.language))
    return f"{line}\n{counts(words, parts)}".rstrip()


def _cases_section(words: Words, figures: Figures) -> str:
    _ = words.gettext
    if not figures.due_next and not figures.longest_waiting:
        return _("🌿 No case waits for us.")
    soon = [
        _("{case}, {when}").format(
            case=_case(words, item), when=_when_due(words, item.due_at, figures)
        )
        for item in figures.due_next
        if item.due_at is not None
    ]
    waiting = [
        _("{case}, since {when}").format(
            case=_case(words, item),
            when=jalali_moment(item.case.registered_at, words.language),
        )
        for item in figures.longest_waiting
    ]
    parts = (
        _list(_("⏰ <b>Due next</b>"), soon),
        _list(_("⌛️ <b>Waiting longest</b>"), waiting),
    )
    return "\n\n".join(filter(None, parts))


def _case(words: Words, item: QueueItem) -> str:
    return f"{shown_code(item.case)} {kind_name(item.case.kind, words)}"


def _when_due(words: Words, due_at: datetime, figures: Figures) -> str:
    """Say when it is due, shortly: by far the most of what is shown is due today."""
    _ = words.gettext
    left = time_left(due_at, figures.made_at, words)
    if tehran_day(due_at) == tehran_day(figures.made_at):
        hour = clock_time(due_at.astimezone(TEHRAN).time(), words.language)
        return _("today at {hour} ({left})").format(hour=hour, left=left)
    return f"{jalali_moment(due_at, words.language)} ({left})"


def _list(title: str, lines: Iterable[str]) -> str:
    listed = [f"• {line}" for line in lines]
    return "\n".join([title, *listed]) if listed else ""


def _asked(words: Words, figures: Figures) -> str:
    _ = words.gettext
    lines = [
        _("{count} times: {question}").format(
            count=number(group.count, words.language),
            question=isolate(shielded(group.text, units_max=_QUESTION_UNITS_MAX)),
        )
        for group in figures.unanswered
    ]
    return _list(_("❓ <b>Asked most and not answered</b>"), lines)


def _ahead(words: Words, figures: Figures) -> str:
    _ = words.gettext
    lines = (_unusual_day(words, day) for day in figures.days_ahead)
    return _list(_("📅 <b>Not as usual in the coming week</b>"), lines)


def _unusual_day(words: Words, day: Day) -> str:
    _ = words.gettext
    when = jalali_day(day.day, words.language, with_weekday=True)
    if day.kind is DayKind.CLOSURE and day.closure is not None:
        reason = isolate(shielded(day.closure.reason, units_max=_REASON_UNITS_MAX))
        if not day.spans:
            return _("{day}: closed, {reason}").format(day=when, reason=reason)
        hours = _(", ").join(_hours(words, span) for span in day.spans)
        return _("{day}: open {hours}, {reason}").format(day=when, hours=hours, reason=reason)
    is_fa = words.language == "fa"
    occasions = []
    for holiday in day.holidays:
        occasion = shielded(
            holiday.occasion if is_fa else holiday.occasion_en, units_max=_REASON_UNITS_MAX
        )
        if holiday.state is HolidayState.ESTIMATED:
            occasion = _("{occasion} (estimated)").format(occasion=occasion)
        occasions.append(occasion)
    named = _(", ").join(occasions)
    return _("{day}: holiday, {occasions}").format(day=when, occasions=named)


def _hours(words: Words, span: Span) -> str:
    _ = words.gettext
    opens, closes = (at.astimezone(TEHRAN).time() for at in (span.starts_at, span.ends_at))
    return _("from {opens} to {closes}").format(
        opens=clock_time(opens, words.language), closes=clock_time(closes, words.language)
    )


def _staff(words: Words, figures: Figures) -> str:
    _ = words.gettext
    if not figures.on_duty:
        return ""
    names = [
        _("{name} ({count})").format(
            name=isolate(shielded(duty.name, units_max=_NAME_UNITS_MAX)),
            count=number(duty.count, words.language),
        )
        for duty in figures.on_duty[:_NAMES_MAX]
    ]
    return _("👥 On duty, with their open cases: {names}").format(names=_(", ").join(names))


def _agreement(words: Words, published: OfficeCatalogue, standing: AgreementStanding) -> str:
    _ = words.gettext
    title = said(published.agreement.short_title, words)
    day = _day(words, standing.last_day)
    if standing.is_over:
        text = _(
            "📌 <b>Task: a successor of the agreement is missing.</b>\n“{title}” ended on {day} "
            "and no new agreement is registered here. The service itself is still shown to "
            "people, with this note."
        )
        return text.format(title=title, day=day)
    if standing.days_left == 0:
        return _(
            "📌 <b>“{title}” ends today, {day}.</b> Please see to its successor, so that the "
            "service goes on with a valid agreement."
        ).format(title=title, day=day)
    return _(
        "📌 <b>“{title}” ends in {count} days, on {day}.</b> Please see to its successor, so that "
        "the service goes on with a valid agreement."
    ).format(title=title, day=day, count=number(standing.days_left, words.language))


def _day(words: Words, day: date) -> str:
    return jalali_day(day, words.language)


def _number_buttons(words: Words, figures: Figures) -> list[list[Button]]:
    _ = words.gettext
    counted = ((queue, figures.queues.get(queue, 0)) for queue in _SHOWN_QUEUES)
    rows = in_pairs(
        Button(
            f"{queue_name(queue, words)}: {number(count, words.language)}",
            QueuePressed(figures.office_id, queue.value, "0"),
        )
        for queue, count in counted
        if count
    )
    if figures.unanswered:
        rows.append([Button(_("❓ Not answered"), UnansweredOpened(figures.office_id))])
    return rows
