"""What a citizen sees of the sessions of a registration: dates, make-ups, and who was there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.workshops.model import MakeUpState, Presence, RegistrationState, SessionState
from handlers.callback_data.my_workshops import MySessionsPressed
from handlers.reply import Button, Reply
from handlers.views.common import shielded, tell_button, way_back
from handlers.views.workshops.registering_words import registration_button, title_said
from handlers.views.workshops.session_words import presence_icon
from handlers.views.workshops.workshop_words import deadline_said, make_up_state, session_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.kit.words import Words
    from bot.workshops.model import MakeUp, Session, SessionId
    from handlers.views.workshops.registering_words import Sheet

ON_A_PAGE: Final = 10
_OVER: Final = (SessionState.HELD, SessionState.SETTLED)
_TOOK_PART: Final = (RegistrationState.CONFIRMED, RegistrationState.COMPLETED)


@dataclass(frozen=True)
class Sessions:
    """The sessions of one registration, with all that is known beside their dates."""

    sheet: Sheet
    make_ups: Sequence[MakeUp]
    presences: Mapping[SessionId, Presence]

    @property
    def owed(self) -> dict[SessionId, MakeUp]:
        """What is owed, by the session that was cancelled."""
        return {one.session_id: one for one in self.make_ups}

    @property
    def made_up(self) -> set[SessionId]:
        """The sessions that make up for another."""
        return {one.new_session_id for one in self.make_ups if one.new_session_id is not None}

    def is_over_for(self, session: Session) -> bool:
        """True where this learner was, or was to be, at a session that has taken place.

        A make-up may not have been for them: without a line about them nothing is said.
        """
        if session.state not in _OVER or self.sheet.first.state not in _TOOK_PART:
            return False
        return session.id in self.presences or session.id not in self.made_up

    @property
    def was_absent(self) -> bool:
        """True where an absence stands in any list of a session that has taken place."""
        return any(
            self.presences.get(one.id) is Presence.ABSENT and self.is_over_for(one)
            for one in self.sheet.sessions
        )


def sessions_page(sessions: Sessions, page: int) -> Reply:
    """List the sessions with where each stands, who was there, and what is owed for some."""
    sheet, words = sessions.sheet, sessions.sheet.words
    _ = words.gettext
    count = max((len(sheet.sessions) - 1) // ON_A_PAGE + 1, 1)
    page = min(page, count - 1)
    shown_now = sheet.sessions[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    parts = [
        _("📅 <b>Sessions</b>\n🎓 {workshop}").format(workshop=title_said(sheet.workshop, words)),
        "\n".join(_session(words, one, sessions) for one in shown_now),
    ]
    if sheet.first.state is RegistrationState.CONFIRMED:
        parts.append(_where(sheet))
    parts.append(_about_absence(sessions))
    return Reply("\n\n".join(parts), _rows(sessions, page, count), is_page=True)


def _rows(sessions: Sessions, page: int, count: int) -> list[list[Button]]:
    sheet, words = sessions.sheet, sessions.sheet.words
    _ = words.gettext
    turn, own = [], str(sheet.first.id)
    if page > 0:
        turn.append(Button(_("◀️ Back"), MySessionsPressed(own, str(page - 1))))
    if page < count - 1:
        turn.append(Button(_("Next ▶️"), MySessionsPressed(own, str(page + 1))))
    rows = [turn]
    if sessions.was_absent:
        rows.append([tell_button(words, sheet.workshop.office_id)])
    return [*rows, [registration_button(words, sheet.first)], way_back(words)]


def _about_absence(sessions: Sessions) -> str:
    """Say once what an absence means (KN-30), and what can be done where it is a mistake."""
    _ = sessions.sheet.words.gettext
    if not sessions.was_absent:
        return _(
            "Who misses a session by themselves is owed no make-up class; one that the office "
            "cancels is made up for."
        )
    return _(
        "We missed you. A missed session has no make-up class (KN-30); the other sessions go on "
        "as planned. If the absence is a mistake, or something of ours kept you away, please "
        "tell the office: a person looks at it."
    )


def _where(sheet: Sheet) -> str:
    _ = sheet.words.gettext
    details = sheet.workshop.details
    where = details.online_link or details.venue
    if where is None:
        return _("📍 Where: not stated")
    return _("📍 Where: {place}").format(place=shielded(where, units_max=600))


def _session(words: Words, one: Session, sessions: Sessions) -> str:
    _ = words.gettext
    line = _("{number}. {moment} · {state}").format(
        number=number(one.number, words.language),
        moment=jalali_moment(one.slot.starts_at, words.language),
        state=session_state(one.state, words),
    )
    if one.id in sessions.made_up:
        line = _("{session} (make-up class)").format(session=line)
    if sessions.is_over_for(one):
        presence = sessions.presences.get(one.id)
        line = f"{line}\n   {presence_icon(presence)} {_presence(one, presence, words)}"
    make_up = sessions.owed.get(one.id)
    if make_up is None or one.state is not SessionState.CANCELLED_BY_OFFICE:
        return line
    return f"{line}\n   ↪️ {_made_up(words, make_up, sessions.sheet.sessions)}"


def _made_up(words: Words, make_up: MakeUp, dates: Sequence[Session]) -> str:
    _ = words.gettext
    new = next((one for one in dates if one.id == make_up.new_session_id), None)
    if new is not None and make_up.state in (MakeUpState.SCHEDULED, MakeUpState.NOTIFIED):
        return _("made up for at {moment}").format(
            moment=jalali_moment(new.slot.starts_at, words.language)
        )
    if make_up.state is MakeUpState.OWED:
        return _("a make-up class is owed by {moment}").format(
            moment=deadline_said(make_up.due_at, words)
        )
    return make_up_state(make_up.state, words)


def _presence(session: Session, presence: Presence | None, words: Words) -> str:
    _ = words.gettext
    if presence is None:
        if session.state is SessionState.HELD:
            return _("the attendance is not noted yet")
        return _("nothing was noted about the attendance")
    return {
        Presence.PRESENT: _("was present"),
        Presence.LATE: _("was present, a little late"),
        Presence.ABSENT: _("was absent"),
        Presence.EXCUSED: _("was absent, with an excuse"),
        Presence.TECHNICAL_FAULT_OFFICE: _("could not come; the fault was ours"),
    }[presence]


def attendance_line(sessions: Sessions) -> str | None:
    """Count on the page of the registration who was there so far; None before the first."""
    words = sessions.sheet.words
    _ = words.gettext
    over = [one for one in sessions.sheet.sessions if sessions.is_over_for(one)]
    if not over:
        return None
    found = [sessions.presences.get(one.id) for one in over]
    present = sum(one in (Presence.PRESENT, Presence.LATE) for one in found)
    absent = sum(one in (Presence.ABSENT, Presence.EXCUSED) for one in found)
    counted = [
        (_("present {count}"), present),
        (_("absent {count}"), absent),
        (_("could not come, our fault {count}"), found.count(Presence.TECHNICAL_FAULT_OFFICE)),
        (_("not noted {count}"), found.count(None)),
    ]
    said = [text.format(count=number(many, words.language)) for text, many in counted if many]
    return _("👣 Sessions so far: {counts}").format(counts=" · ".join(said))
