"""Asking for the national ID of a learner, where the office requires it: why, and who sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.cases.model import CaseKind
from bot.kit.digits import latin_digits, number
from bot.kit.keeping import KEPT_FOR, Kind
from bot.kit.text import isolate, ltr
from bot.workshops.rules.identifying import can_be_corrected, can_be_given
from handlers.callback_data.cases import NOT_CHOSEN, CaseBegins
from handlers.callback_data.identifying import NONE_THERE, NationalIdPressed
from handlers.callback_data.registering import SURELY, AbandonPressed, written
from handlers.reply import Button, Reply
from handlers.views.common import digits, led, said, shielded, way_back
from handlers.views.workshops.registering_words import (
    code_said,
    learner_said,
    mine_button,
    registration_button,
    title_said,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.kit.words import Words
    from bot.workshops.model import Registration
    from handlers.views.workshops.registering_words import Sheet

FLOW: Final = "national_id"
STEP: Final = "number"
_DIGITS_KEPT_FROM_EYES: Final = 6
_NAME_UNITS_MAX: Final = 60


def is_telling(text: str) -> bool:
    """True for a text that should not stand in a chat: it may be a part of a national ID."""
    return sum(sign.isdecimal() for sign in latin_digits(text)) >= _DIGITS_KEPT_FROM_EYES


def ask(sheet: Sheet, one: Registration, *, note: str, is_again: bool) -> Reply:
    """Ask for the national ID of a learner, and the first time say what for."""
    words = sheet.words
    _ = words.gettext
    learner = sheet.learners.get(one.learner_id)
    if learner is not None and learner.is_self:
        wanted = _("✍️ Please write your own national ID, ten digits.")
    else:
        name = "" if learner is None else learner.given_name
        wanted = _("✍️ Please write the national ID of {name} (not your own), ten digits.").format(
            name=f"<b>{isolate(shielded(name, units_max=_NAME_UNITS_MAX))}</b>"
        )
    parts = [
        note,
        _("🪪 <b>National ID</b>\n🎓 {workshop}").format(
            workshop=title_said(sheet.workshop, words)
        ),
        f"{wanted}\n" + _("It is on the national card; a child's is in the identity booklet."),
        "" if is_again else _why(sheet),
    ]
    rows = [[_none_button(sheet)], [registration_button(words, sheet.first)]]
    if can_be_changed(sheet):
        leave = AbandonPressed(written(sheet.ids), SURELY)
        rows.append([Button(_("✖️ Do not register"), leave)])
    rows.append(way_back(words))
    return Reply("\n\n".join(part for part in parts if part), rows, is_page=not is_again)


def _why(sheet: Sheet) -> str:
    _ = sheet.words.gettext
    return _(
        "Why: {office} requires it of whoever takes part, so that it knows who comes and each "
        "person has one place. It is kept encrypted; the office's staff see its last three "
        "digits, and nobody else sees it. I delete your message with it at once, and the number "
        "{days} days after the registration is over."
    ).format(
        office=led(f"<b>{said(sheet.published.office.name, sheet.words)}</b>", sheet.words),
        days=number(KEPT_FOR[Kind.NATIONAL_ID].days, sheet.words.language),
    )


def _none_button(sheet: Sheet) -> Button:
    _ = sheet.words.gettext
    label = _("🌍 No Iranian national ID")
    return Button(label, NationalIdPressed(written(sheet.ids), NONE_THERE))


def none_there(sheet: Sheet) -> Reply:
    """Say what to do where somebody has no Iranian national ID."""
    words = sheet.words
    _ = words.gettext
    text = _(
        "Who has no Iranian national ID, as a foreign national, cannot be registered here by "
        "themselves. Please write to the office and name {code}, without sending any document: "
        "it will say how they can take part. Once it has noted that it knows who takes part, I "
        "write to you, and you go on from there. What you have begun stays, and nothing is paid."
    ).format(code=code_said(sheet.first.id, words))
    write = CaseBegins(sheet.published.office.id, NOT_CHOSEN, CaseKind.QUESTION.value)
    rows = [
        [Button(_("✍️ Write to the office"), write)],
        [registration_button(words, sheet.first)],
        way_back(words),
    ]
    return Reply(text, rows, is_page=True)


def can_be_changed(sheet: Sheet) -> bool:
    """True where nothing but drafts was begun, so that all can still be written anew."""
    return all(can_be_given(one) and not one.has_place for one in sheet.registrations)


def lines(sheet: Sheet) -> list[str]:
    """Show of each national ID what its owner knows it by, where the office requires one."""
    if not sheet.policy.requires_national_id:
        return []
    words = sheet.words
    _ = words.gettext
    found = []
    for one in sheet.registrations:
        there = _shown(sheet, one)
        if len(sheet.registrations) == 1:
            found.append(_("🪪 National ID: {number}").format(number=there))
        else:
            learner = learner_said(sheet.learners.get(one.learner_id), sheet.first_on, words)
            line = _("🪪 National ID of {learner}: {number}")
            found.append(line.format(learner=learner, number=there))
    return found


def told(national_id: str, words: Words) -> str:
    """Say a masked national ID to who wrote it."""
    _ = words.gettext
    return _("🪪 National ID: {number}").format(number=masked(national_id, words))


def _shown(sheet: Sheet, one: Registration) -> str:
    """Say what its owner knows a national ID by, or why there is none."""
    _ = sheet.words.gettext
    there = sheet.national_ids.get(one.id)
    if there is not None:
        return masked(there, sheet.words)
    return _("not needed, the office knows you") if one.is_vouched else _("not written yet")


def rows(sheet: Sheet) -> list[list[Button]]:
    """Let the national ID of each learner be written, or written anew, before a place is taken."""
    if not sheet.policy.requires_national_id:
        return []
    words = sheet.words
    _ = words.gettext
    ids = written(sheet.ids)
    found = []
    for place, one in enumerate(sheet.registrations):
        label = _("✏️ National ID")
        learner = sheet.learners.get(one.learner_id)
        if len(sheet.registrations) > 1 and learner is not None:
            label = _("✏️ National ID of {name}").format(name=isolate(learner.given_name))
        if can_be_given(one):
            found.append([Button(label, NationalIdPressed(ids, str(place)))])
    return found


def correction(sheet: Sheet) -> list[list[Button]]:
    """Let the number of a place be corrected in time, with what the office sees of it by now."""
    one, _ = sheet.first, sheet.words.gettext
    if not (
        sheet.policy.requires_national_id and can_be_corrected(one, sheet.workshop, sheet.now)
    ):
        return []
    return [[Button(_("✏️ National ID"), NationalIdPressed(written(sheet.ids), "0"))]]


def masked(national_id: str, words: Words) -> str:
    """Write a masked national ID so that it keeps its order."""
    return ltr(digits(national_id, words))


def kept(words: Words) -> str:
    """Say that it was read and is kept."""
    _ = words.gettext
    return _("✅ The national ID is kept, encrypted.")


def recalled(words: Words) -> str:
    """Say where a number comes from that nobody was asked for."""
    _ = words.gettext
    return _("🪪 You wrote the national ID here before; please see that it is right.")


def left(words: Words) -> str:
    """Say what became of what was begun, after /cancel."""
    _ = words.gettext
    return _("All right. What you have begun stays as it was, and nothing is paid.")


def over(notes: Sequence[str], words: Words) -> Reply:
    """Say that what was asked about is gone."""
    return Reply("\n\n".join(notes), [[mine_button(words)], way_back(words)])


def text_needed(words: Words) -> str:
    """Ask for digits in the place of a picture."""
    _ = words.gettext
    return _("Please write the number itself: I open no picture of a card and no document.")
