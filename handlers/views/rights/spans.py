"""How long each kind of record is kept, in words, by the table that the rounds delete by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.keeping import KEPT_FOR

if TYPE_CHECKING:
    from bot.kit.keeping import Kind
    from bot.kit.words import Words

_YEAR_DAYS = 365


def kept(words: Words, kind: Kind) -> str:
    """Say how long a kind is kept, such as "30 days"."""
    _ = words.gettext
    span = KEPT_FOR[kind]
    years, days = divmod(span.days, _YEAR_DAYS)
    if years and not days:
        text, count = (_("one year") if years == 1 else _("{count} years")), years
    elif span.days:
        text, count = (_("24 hours") if span.days == 1 else _("{count} days")), span.days
    else:
        text, count = _("{count} minutes"), span.seconds // 60
    return text.format(count=number(count, words.language))
