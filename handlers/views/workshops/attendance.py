"""Who was at a session, in the admin chat: tapped line by line, and closed in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.workshops.model import Presence, SessionState
from handlers.callback_data.workshop_desk import DeskSessionPressed
from handlers.callback_data.workshop_sessions import PresencePressed, SessionVerb
from handlers.reply import Button, Reply
from handlers.views.common import led
from handlers.views.workshops.registering_words import code_said, title_said
from handlers.views.workshops.session_words import presence_icon, presence_name
from handlers.views.workshops.workshop_learners import masked
from handlers.views.workshops.workshop_sessions import SURELY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from bot.citizens.model import Learner, LearnerId
    from bot.kit.words import Words
    from bot.workshops.model import Registration, RegistrationId, Session, Workshop

ON_A_PAGE: Final = 10
NOTED: Final = (SessionState.LIVE, SessionState.HELD)
_ORDER: Final = tuple(Presence)


@dataclass(frozen=True)
class Sheet:
    """The list of one session, with what was written down and what was said before it."""

    workshop: Workshop
    session: Session
    registrations: Sequence[Registration]
    learners: Mapping[LearnerId, Learner]
    presences: Mapping[RegistrationId, Presence]
    troubled: Collection[RegistrationId]  # asked for help before the session
    on: date


def page(words: Words, sheet: Sheet, start: int) -> Reply:
    """Show the list from a page on; a tap changes what stands beside a learner."""
    _ = words.gettext
    session = sheet.session
    shown = sheet.registrations[start * ON_A_PAGE : (start + 1) * ON_A_PAGE]
    counted = _counted(words, sheet)
    parts = [
        _("📝 <b>Attendance</b>: {title}, session {number}, {moment}").format(
            title=title_said(sheet.workshop, words),
            number=number(session.number, words.language),
            moment=jalali_moment(session.slot.starts_at, words.language),
        ),
        counted,
        " · ".join(f"{presence_icon(one)} {presence_name(one, words)}" for one in _ORDER),
    ]
    if sheet.troubled:
        parts.append(led(_("🆘 asked for help with getting ready before the session"), words))
    is_open = session.state in NOTED
    if is_open:
        parts.append(_("Tap a line until it is right; names are shortened in a group."))
        rows = [[_tap(words, sheet, one, start)] for one in shown]
    else:
        parts.append("\n".join(_label(words, sheet, one) for one in shown))
        rows = []
    rows.append(_turns(words, sheet, start))
    if is_open:
        rows += _acts(words, sheet, start)
    back = DeskSessionPressed(str(session.id), SessionVerb.CARD.value)
    rows.append([Button(_("🔙 The session"), back)])
    return Reply("\n\n".join(part for part in parts if part), rows, is_page=True)


def _counted(words: Words, sheet: Sheet) -> str:
    _ = words.gettext
    noted = sum(one.id in sheet.presences for one in sheet.registrations)
    return _("{noted} of {count} are noted.").format(
        noted=number(noted, words.language),
        count=number(len(sheet.registrations), words.language),
    )


def _label(words: Words, sheet: Sheet, one: Registration) -> str:
    _ = words.gettext
    presence = sheet.presences.get(one.id)
    stands = _("not noted") if presence is None else presence_name(presence, words)
    help_asked = " 🆘" if one.id in sheet.troubled else ""
    who = masked(sheet.learners.get(one.learner_id), sheet.on, words)
    return f"{presence_icon(presence)} {who}: {stands} · {code_said(one.id, words)}{help_asked}"


def _tap(words: Words, sheet: Sheet, one: Registration, start: int) -> Button:
    wanted = _next(sheet.presences.get(one.id))
    pressed = PresencePressed(str(sheet.session.id), str(one.id), wanted.value, str(start))
    return Button(_label(words, sheet, one), pressed)


def _next(presence: Presence | None) -> Presence:
    if presence is None:
        return Presence.PRESENT
    return _ORDER[(_ORDER.index(presence) + 1) % len(_ORDER)]


def _turns(words: Words, sheet: Sheet, start: int) -> list[Button]:
    _ = words.gettext
    turns = []
    if start:
        turns.append(Button(_("◀️ Previous"), _to(sheet, SessionVerb.ATTENDANCE, start - 1)))
    if len(sheet.registrations) > (start + 1) * ON_A_PAGE:
        turns.append(Button(_("Next ▶️"), _to(sheet, SessionVerb.ATTENDANCE, start + 1)))
    return turns


def _acts(words: Words, sheet: Sheet, start: int) -> list[list[Button]]:
    _ = words.gettext
    rows = []
    if any(one.id not in sheet.presences for one in sheet.registrations):
        everybody = _to(sheet, SessionVerb.ALL_PRESENT, start)
        rows.append([Button(_("✅ All others were present"), everybody)])
    if sheet.session.state is SessionState.HELD:
        settle = DeskSessionPressed(str(sheet.session.id), SessionVerb.SETTLE.value)
        rows.append([Button(_("🔒 Close the list"), settle)])
    return rows


def _to(sheet: Sheet, verb: SessionVerb, start: int) -> DeskSessionPressed:
    return DeskSessionPressed(str(sheet.session.id), verb.value, str(start))


def settle_asked(words: Words, sheet: Sheet) -> Reply:
    """Ask whether the list is to be closed, after which nothing in it changes."""
    _ = words.gettext
    text = _(
        "🔒 Close the attendance of session {number} of {title}? It does not change any more.\n"
        "{counted}"
    ).format(
        number=number(sheet.session.number, words.language),
        title=title_said(sheet.workshop, words),
        counted=_counted(words, sheet),
    )
    own = str(sheet.session.id)
    sure = DeskSessionPressed(own, SessionVerb.SETTLE.value, SURELY)
    rows = [
        [Button(_("Yes, close it"), sure)],
        [Button(_("No, go back"), _to(sheet, SessionVerb.ATTENDANCE, 0))],
    ]
    return Reply(text, rows, is_page=True)
