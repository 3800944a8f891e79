"""What happened to a workshop and to all that belongs to it, as staff see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens.model import CitizenId
from bot.kit.jalali import jalali_moment
from bot.workshops.model import By, Entity, RegistrationId
from handlers.reply import Reply
from handlers.views.case_words import shielded
from handlers.views.desk_words import colleague
from handlers.views.registering_words import code_said, title_said
from handlers.views.workshop_alerts import card_button
from handlers.views.workshop_words import entity_name, part_name, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.kit.words import Words
    from bot.workshops.model import Event, Workshop

EVENTS_SHOWN: Final = 25
_REASON_UNITS_MAX: Final = 60


def history(
    words: Words, workshop: Workshop, events: Sequence[Event], names: Mapping[CitizenId, str]
) -> Reply:
    """Tell what happened to a workshop and to all that belongs to it, the latest first."""
    _ = words.gettext
    lines = [_event(words, one, names) for one in events]
    head = _("🕘 <b>History of {title}</b>, the latest first").format(
        title=title_said(workshop, words)
    )
    body = "\n".join(lines) or _("There are none yet.")
    return Reply(f"{head}\n\n{body}", [[card_button(words, workshop)]], is_page=True)


def _event(words: Words, event: Event, names: Mapping[CitizenId, str]) -> str:
    _ = words.gettext
    what = entity_name(event.entity, words)
    if event.entity is Entity.REGISTRATION:
        what = code_said(RegistrationId(event.entity_id), words)
    line = _("{moment} · {what}: {state} · {who}").format(
        moment=jalali_moment(event.at, words.language, with_weekday=False),
        what=what,
        state=state_of(event.entity, event.state_to, words),
        who=_who(words, event.actor, names),
    )
    if event.reason:
        line += f" ({shielded(event.reason, units_max=_REASON_UNITS_MAX)})"
    return line


def _who(words: Words, actor: str, names: Mapping[CitizenId, str]) -> str:
    """Say who did it: a colleague by name, a citizen never."""
    part, _colon, id_ = actor.partition(":")
    if part == "staff":
        return colleague(names, CitizenId(int(id_)), words)
    return part_name(By(part), words)
