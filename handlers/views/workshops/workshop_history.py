"""What happened to a workshop and to all that belongs to it, as staff see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens.model import CitizenId
from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.workshops.model import By, Entity, RegistrationAct, RegistrationId
from handlers.reply import Reply
from handlers.views.common import shielded
from handlers.views.desk.desk_words import colleague
from handlers.views.workshops.registering_words import code_said, title_said
from handlers.views.workshops.workshop_alerts import card_button
from handlers.views.workshops.workshop_words import entity_name, part_name, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.kit.words import Words
    from bot.workshops.model import Event, Session, Workshop

EVENTS_SHOWN: Final = 25
_REASON_UNITS_MAX: Final = 60


def history(
    words: Words,
    workshop: Workshop,
    events: Sequence[Event],
    *,
    names: Mapping[CitizenId, str],
    sessions: Sequence[Session],
) -> Reply:
    """Tell what happened to a workshop and to all that belongs to it, the latest first."""
    _ = words.gettext
    numbers = {int(one.id): one.number for one in sessions}
    lines = [_event(words, one, names, numbers) for one in events]
    head = _("🕘 <b>History of {title}</b>, the latest first").format(
        title=title_said(workshop, words)
    )
    body = "\n".join(lines) or _("There are none yet.")
    return Reply(f"{head}\n\n{body}", [[card_button(words, workshop)]], is_page=True)


def _event(
    words: Words, event: Event, names: Mapping[CitizenId, str], numbers: Mapping[int, int]
) -> str:
    _ = words.gettext
    line = _("{moment} · {what}: {state} · {who}").format(
        moment=jalali_moment(event.at, words.language, with_weekday=False),
        what=_what(words, event, numbers),
        state=_deed(words, event),
        who=_who(words, event.actor, names),
    )
    if event.reason:
        line += f" ({shielded(event.reason, units_max=_REASON_UNITS_MAX)})"
    return line


def _what(words: Words, event: Event, numbers: Mapping[int, int]) -> str:
    """Name what it happened to so that it can be told from others of its kind."""
    _ = words.gettext
    known = numbers.get(event.entity_id)
    if event.entity is Entity.REGISTRATION:
        return code_said(RegistrationId(event.entity_id), words)
    if event.entity is Entity.WAITING_ENTRY:
        return _("turn {number}").format(number=number(event.entity_id, words.language))
    if event.entity is Entity.SESSION and known is not None:
        return _("session {number}").format(number=number(known, words.language))
    return entity_name(event.entity, words)


def _deed(words: Words, event: Event) -> str:
    """Say where it stands since; where it stands as before, what was done."""
    _ = words.gettext
    if event.state_from == event.state_to:
        if event.act == RegistrationAct.ACCEPT_TERMS:
            return _("the terms were accepted")
        if event.act == RegistrationAct.AWAIT_BANK:
            return _("the place waits for the bank")
        if event.act == "correct_national_id":
            return _("the national ID was corrected")
        if event.act == "vouch_for":
            return _("the office saw who takes part, without a national ID")
    return state_of(event.entity, event.state_to, words)


def _who(words: Words, actor: str, names: Mapping[CitizenId, str]) -> str:
    """Say who did it: a colleague by name, a citizen never."""
    part, _colon, id_ = actor.partition(":")
    if part == "staff":
        return colleague(names, CitizenId(int(id_)), words)
    return part_name(By(part), words)
