"""What a digest says of workshops that somebody has to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.workshops.model import WorkshopState
from handlers.views.common import shielded
from handlers.views.workshops.workshop_words import deadline_said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.kit.words import Words
    from bot.workshops.model import WorkshopFigures

_SHOWN_MAX: Final = 6
_TITLE_UNITS_MAX: Final = 60


def workshops_section(words: Words, found: Sequence[WorkshopFigures]) -> str:
    """Name each workshop with what is to be seen to; nothing where nothing is."""
    _ = words.gettext
    if not found:
        return ""
    lines = [
        f"• {shielded(one.workshop.details.title, units_max=_TITLE_UNITS_MAX)}: "
        + _(", ").join(_reasons(words, one))
        for one in found[:_SHOWN_MAX]
    ]
    if len(found) > _SHOWN_MAX:
        rest = number(len(found) - _SHOWN_MAX, words.language)
        lines.append(_("… and {count} more: /workshops").format(count=rest))
    return "\n".join([_("🎨 <b>Workshops</b>"), *lines])


def _reasons(words: Words, one: WorkshopFigures) -> Iterator[str]:
    _ = words.gettext

    def count(value: int) -> str:
        return number(value, words.language)

    if one.workshop.state is WorkshopState.QUORUM_FAILED_PENDING:
        assert one.workshop.grace_until is not None
        yield _("{confirmed} of the quorum of {quorum}, a manager decides until {moment}").format(
            confirmed=count(one.confirmed_count),
            quorum=count(one.workshop.quorum),
            moment=jalali_moment(one.workshop.grace_until, words.language),
        )
    elif one.is_deadline_near:
        yield _("registration until {moment}").format(
            moment=deadline_said(one.workshop.closes_at, words)
        )
        if one.is_below_quorum:
            yield _("{confirmed} of the quorum of {quorum}").format(
                confirmed=count(one.confirmed_count), quorum=count(one.workshop.quorum)
            )
    if one.waiting_count:
        yield _("{count} in the waiting list").format(count=count(one.waiting_count))
    if one.owed_count:
        yield _("{count} make-up classes owed").format(count=count(one.owed_count))
