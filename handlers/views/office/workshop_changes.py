"""What a workbook changes about workshops, short enough for a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.workshops.model import WorkshopState
from bot.workshops.rules.book import SLOTS, TERMS, changed_parts
from handlers.views.common import code, rials, shielded
from handlers.views.workbook.layout import layout
from handlers.views.workbook.layout_workshops import WORKSHOPS
from handlers.views.workbook.workshop_rows import workshop_code
from handlers.views.workshops.workshop_words import deadline_said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.kit.words import Words
    from bot.workshops.model import Details, Offered, Slot, Written

_TITLE_UNITS_MAX: Final = 80
_VALUE_UNITS_MAX: Final = 160
_LEADING: Final = ("online_link", "venue")
_OF_NEW: Final = ("fee_rial", "places", "opens_at", "closes_at", *_LEADING)
_COLUMN: Final = {"opens_at": "opens_on", "closes_at": "closes_on"}


def workshop_paragraphs(
    words: Words, written: Sequence[Written], offered: Sequence[Offered]
) -> list[str]:
    """Say what changes of each workshop, and at last what stays and what cannot be undone."""
    _ = words.gettext
    if not written:
        return []
    stand = {one.workshop.id: one for one in offered}
    told = [
        _new(words, one)
        if one.workshop_id is None
        else _changed(words, one, stand[one.workshop_id])
        for one in written
        if one.workshop_id is None or one.workshop_id in stand
    ]
    return [
        *told,
        _(
            "📌 Workshops left out of the workbook stay as they are. New ones are drafts, "
            "which nobody sees before they are published at their cards (/workshops). Going back "
            "to an earlier version of the catalogue takes nothing of workshops back."
        ),
    ]


def _new(words: Words, one: Written) -> str:
    _ = words.gettext
    head = _("🆕 A new workshop, as a draft: <b>{title}</b>").format(
        title=shielded(one.details.title, units_max=_TITLE_UNITS_MAX)
    )
    return "\n".join([head, *(f"• {line}" for line in _said_of_new(words, one))])


def _said_of_new(words: Words, one: Written) -> Iterator[str]:
    for part in changed_parts(one, None):
        if part in _OF_NEW:
            yield f"{_label(words, part)}: {_value(words, part, one.details)}"
        elif part == SLOTS:
            yield _slots(words, one.slots)


def _changed(words: Words, one: Written, before: Offered) -> str:
    _ = words.gettext
    parts = changed_parts(one, before)
    is_draft = before.workshop.state is WorkshopState.DRAFT
    wording = (
        _("✏️ The draft {code} <b>{title}</b>, which nobody sees yet")
        if is_draft
        else _("✏️ Workshop {code} <b>{title}</b>")
    )
    head = wording.format(
        code=code(workshop_code(before.workshop.id)),
        title=shielded(before.workshop.details.title, units_max=_TITLE_UNITS_MAX),
    )
    if not is_draft and any(part in _LEADING for part in parts):
        head = "⚠️ " + head + "\n" + _("Please look twice: it says where people go.")
    return "\n".join([head, *(f"• {_line(words, part, one, before)}" for part in parts)])


def _line(words: Words, part: str, one: Written, before: Offered) -> str:
    _ = words.gettext
    if part == SLOTS:
        return _("{slots}, in place of {count}").format(
            slots=_slots(words, one.slots), count=number(len(before.slots), words.language)
        )
    if part == TERMS:
        if not before.terms:
            return _("Terms: {text}").format(text=shielded(one.terms, units_max=_VALUE_UNITS_MAX))
        return _("Terms: in a new version, which whoever has no place yet accepts anew")
    return _("{name}: from {before} to {after}").format(
        name=_label(words, part),
        before=_value(words, part, before.workshop.details),
        after=_value(words, part, one.details),
    )


def _label(words: Words, part: str) -> str:
    name = _COLUMN.get(part, part)
    columns = layout(words).sheet(WORKSHOPS).columns
    label = next(column.label for column in columns if column.path == (name,))
    return label.partition(" (")[0]


def _value(words: Words, part: str, details: Details) -> str:
    """Say one part of a workshop in a line."""
    _ = words.gettext
    laid, value = layout(words), getattr(details, part)
    if value is None or value == "":
        return _("not stated")
    match part:
        case "closes_at":
            return deadline_said(value, words)
        case "opens_at":
            return jalali_moment(value, words.language)
        case "is_on_days_off":
            text = laid.yes if value else laid.no
        case "fee_rial":
            text = rials(value, words) if value else _("Free")
        case _ if isinstance(value, int):
            text = number(value, words.language)
        case _:
            text = shielded(" ".join(value.split()), units_max=_VALUE_UNITS_MAX)
    return text


def _slots(words: Words, slots: Sequence[Slot]) -> str:
    _ = words.gettext
    return _("{count} sessions, from {first} to {last}").format(
        count=number(len(slots), words.language),
        first=jalali_moment(slots[0].starts_at, words.language),
        last=jalali_moment(slots[-1].starts_at, words.language),
    )
