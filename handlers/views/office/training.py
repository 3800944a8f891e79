"""What is said around a training: that it is one, what to try with each case, and its end."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.tracking import shown
from handlers.callback_data.training import TrainingEnds
from handlers.reply import Button, Reply
from handlers.views.common import code, led

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.kit.words import Words


def begun(words: Words, lessons: Sequence[tuple[str, str]]) -> Reply:
    """Say what to try with each case, which is named by its code."""
    _ = words.gettext
    head = _(
        "🎓 <b>Training</b>\nThese cases are made up; nobody waits for an answer. Try this, "
        "then wipe them:"
    )
    lines = [
        led(f"{number(place, words.language)}. {code(shown(named))}", words)
        + f"\n{escape(hint, quote=False)}"
        for place, (named, hint) in enumerate(lessons, start=1)
    ]
    ends = TrainingEnds("-".join(tracking_code for tracking_code, _hint in lessons))
    return Reply("\n\n".join([head, *lines]), [[Button(_("🧹 Wipe them"), ends)]])


def ended(words: Words, count: int) -> Reply:
    """Say that the made-up cases are gone."""
    _ = words.gettext
    text = _(
        "🧹 Wiped: {count} made-up cases. Their codes find nothing any more. Again: /training"
    )
    return Reply(text.format(count=number(count, words.language)))


def only_in_trial(words: Words) -> Reply:
    """Say where a training takes place."""
    _ = words.gettext
    return Reply(
        _(
            "Here the cases are real, so there is no training. It is in the trial messenger: "
            "whoever runs the desk starts it with “make demo”."
        )
    )
