"""What is said of one workshop, fact by fact: its page and the answers are made of these."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Final

from bot.kit.clock import TEHRAN
from bot.kit.digits import number
from bot.kit.jalali import clock_time, jalali_day, jalali_moment, tehran_day
from bot.kit.text import isolate, ltr, strip_bidi
from bot.workshops.model import RegistrationState, SessionState, WorkshopState
from handlers.views.catalogue.sources import clause_source, expired_banner
from handlers.views.common import said, shielded
from handlers.views.workshops.registering_words import fee_said
from handlers.views.workshops.workshop_words import deadline_said, session_state, workshop_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.workshops.model import Registration, Session, Workshop

CLAUSE_OF_SESSIONS: Final = "KN-14"
CLAUSE_OF_QUORUM: Final = "KN-16"
CLAUSE_OF_TERMS: Final = "KN-23"
CLAUSE_OF_DROPPING: Final = "KN-27"
CLAUSE_OF_FEES: Final = "KN-43"
_PART_UNITS_MAX: Final = 200
_PLACE_UNITS_MAX: Final = 450


@dataclass(frozen=True)
class Showcase:
    """A workshop with all that its page says, for one person at one moment."""

    words: Words
    published: OfficeCatalogue
    workshop: Workshop
    sessions: Sequence[Session]
    now: datetime
    waiting_count: int = 0
    own: Sequence[Registration] = field(default_factory=tuple)

    @property
    def is_open(self) -> bool:
        """True while one can register."""
        workshop = self.workshop
        return (
            workshop.state is WorkshopState.OPEN
            and workshop.opens_at <= self.now < workshop.closes_at
        )

    @property
    def room_count(self) -> int:
        """How many places a newcomer finds: none where others wait for what is free."""
        return 0 if self.waiting_count else max(0, self.workshop.free_count)

    @property
    def is_registered(self) -> bool:
        """True for who has a place that is theirs."""
        return any(one.state is RegistrationState.CONFIRMED for one in self.own)


def state_fact(shown: Showcase) -> str:
    """Say where a workshop stands, and what that means for who wants to register."""
    _ = shown.words.gettext
    workshop, language = shown.workshop, shown.words.language
    if workshop.state is WorkshopState.PUBLISHED:
        return _("📍 Announced; registration begins at {moment}.").format(
            moment=jalali_moment(workshop.opens_at, language)
        )
    if workshop.state is WorkshopState.OPEN and not shown.is_open:
        return _("📍 Registration is over.")
    if shown.is_open and not shown.room_count:
        return _("📍 Open, but full: you can join the waiting list.")
    state = workshop_state(workshop.state, shown.words)
    return _("📍 State: {state}").format(state=state)


def fee_fact(shown: Showcase) -> str:
    """Say what a place costs."""
    _ = shown.words.gettext
    fee = fee_said(shown.workshop, shown.workshop.fee_rial, shown.words)
    return _("💰 Fee: {fee}").format(fee=fee)


def places_fact(shown: Showcase) -> str:
    """Say how many places are free and how many are taken."""
    _ = shown.words.gettext
    workshop, language = shown.workshop, shown.words.language
    line = _("🪑 Places: {places}; taken: {taken}; free: {free}").format(
        places=number(workshop.places, language),
        taken=number(workshop.taken_count, language),
        free=number(max(0, workshop.free_count), language),
    )
    if shown.waiting_count:
        line += "\n" + _("🕰 In the waiting list before you: {count}").format(
            count=number(shown.waiting_count, language)
        )
    return line


def ages_fact(shown: Showcase) -> str:
    """Say for which ages a workshop is; they are counted on its first day."""
    _ = shown.words.gettext
    return _("👧 Ages: {ages}").format(ages=ages_said(shown.workshop, shown.words))


def ages_said(workshop: Workshop, words: Words) -> str:
    """Name the ages that a workshop takes."""
    _ = words.gettext
    least, most = workshop.details.age_min, workshop.details.age_max
    if least is None and most is None:
        return _("all ages")
    if most is None:
        assert least is not None
        return _("{age} and older").format(age=number(least, words.language))
    if least is None:
        return _("up to {age}").format(age=number(most, words.language))
    if least == most:
        return _("{age} years").format(age=number(least, words.language))
    return _("{least} to {most} years").format(
        least=number(least, words.language), most=number(most, words.language)
    )


def instructor_fact(shown: Showcase) -> str:
    """Say who teaches."""
    _ = shown.words.gettext
    name = _part(shown, shown.workshop.details.instructor)
    return _("👤 Instructor: {name}").format(name=name)


def subject_fact(shown: Showcase) -> str:
    """Say what it is about, and in which province."""
    _ = shown.words.gettext
    details = shown.workshop.details
    return _("🏷 Subject: {subject} · Province: {province}").format(
        subject=_part(shown, details.subject), province=_part(shown, details.province)
    )


def registration_fact(shown: Showcase) -> str:
    """Say from when to when one can register."""
    _ = shown.words.gettext
    language = shown.words.language
    return _("⏳ Registration: from {opens} until {closes}").format(
        opens=jalali_moment(shown.workshop.opens_at, language),
        closes=deadline_said(shown.workshop.closes_at, shown.words),
    )


def dropping_fact(shown: Showcase) -> str:
    """Say the last moment to drop or move a place, by which rule, and what comes back (KN-27)."""
    _ = shown.words.gettext
    until = shown.workshop.drop_until
    if until is None:
        return _("↩️ Last moment to drop or move: not stated")
    moment = deadline_said(until, shown.words)
    if not shown.workshop.fee_rial:
        return _(
            "↩️ Dropping or moving: until {moment}, that is, until one day before registration "
            "ends."
        ).format(moment=moment)
    return _(
        "↩️ Dropping or moving: until {moment}, that is, until one day before registration ends. "
        "In time the whole fee comes back to your wallet, later nothing does; that is the "
        "office's decision."
    ).format(moment=moment)


def quorum_fact(shown: Showcase) -> str:
    """Say how many must take part, and what happens when they do not come together (KN-16)."""
    _ = shown.words.gettext
    if not shown.workshop.quorum:
        return _("👥 Quorum: none; it is held whoever comes.")
    count = number(shown.workshop.quorum, shown.words.language)
    if not shown.workshop.fee_rial:
        return _(
            "👥 Quorum: {count} people. If fewer are registered when registration ends, it is not "
            "held."
        ).format(count=count)
    return _(
        "👥 Quorum: {count} people. If fewer are registered when registration ends, it is not "
        "held, and the fee goes back to your wallet for other courses, or to your account if you "
        "ask."
    ).format(count=count)


def where_fact(shown: Showcase) -> str:
    """Say where it meets; an address of a class is for those who are registered alone."""
    _ = shown.words.gettext
    details = shown.workshop.details
    found = [place for place in (details.venue, details.online_link) if place]
    if not found:
        return _("🏠 Where: {place}").format(place=_("not stated"))
    return "\n".join(_("🏠 Where: {place}").format(place=_place(shown, place)) for place in found)


def _place(shown: Showcase, place: str) -> str:
    _ = shown.words.gettext
    if place != shown.workshop.details.online_link and "://" not in place:
        return isolate(shielded(place, units_max=_PLACE_UNITS_MAX))
    if not shown.is_registered:
        return _("online; its address is told to those who are registered")
    address = escape(strip_bidi(place).strip())
    if place.startswith(("https://", "http://")) and len(address) <= _PLACE_UNITS_MAX:
        return f'<a href="{address}">{ltr(address)}</a>'
    return ltr(shielded(place, units_max=_PLACE_UNITS_MAX))


def sessions_fact(shown: Showcase, *, most: int) -> str:
    """Say how many sessions there are and exactly when (KN-14), the first ones of them."""
    _ = shown.words.gettext
    language = shown.words.language
    lines = [
        _("🗓 Sessions: {count}").format(count=number(len(shown.sessions), language)),
        *session_lines(shown.words, shown.sessions[:most]),
    ]
    left = len(shown.sessions) - most
    if left > 0:
        lines.append(_("… and {count} more").format(count=number(left, language)))
    return "\n".join(lines)


def session_lines(words: Words, sessions: Iterable[Session]) -> list[str]:
    """Say of each session when it is, and what became of it."""
    _ = words.gettext
    lines = []
    for session in sessions:
        starts = session.slot.starts_at.astimezone(TEHRAN)
        line = _("{number}. {day}, {starts} to {ends}").format(
            number=number(session.number, words.language),
            day=jalali_day(tehran_day(starts), words.language, with_weekday=True),
            starts=clock_time(starts.time(), words.language),
            ends=clock_time(session.slot.ends_at.astimezone(TEHRAN).time(), words.language),
        )
        if session.state is not SessionState.PLANNED:
            line += f" ({session_state(session.state, words)})"
        lines.append(line)
    return lines


def sample_note(words: Words) -> str:
    """Say that a workshop is there to be tried out."""
    _ = words.gettext
    return _("🧪 Sample: this workshop and its fee are made up for trying the desk.")


def source(shown: Showcase, *clause_ids: str) -> str:
    """Say where all of it comes from: what the office announced, and the clauses behind it."""
    _ = shown.words.gettext
    published, words = shown.published, shown.words
    lines = [
        _("📌 Source: what {office} announced of this workshop.").format(
            office=said(published.office.short_name, words)
        )
    ]
    known = {clause.id for clause in published.agreement.clauses}
    held = [clause_id for clause_id in clause_ids if clause_id in known]
    if held:
        lines.append(clause_source(words, published, held))
        lines += expired_banner(words, published, tehran_day(shown.now))
    return "\n".join(lines)


def _part(shown: Showcase, text: str | None) -> str:
    _ = shown.words.gettext
    return _("not stated") if not text else isolate(shielded(text, units_max=_PART_UNITS_MAX))
