"""What is said beside the steps to a case: a text out of turn, too long a one, a file, the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cases.model import TEXT_UNITS_MAX
from bot.kit.digits import number
from handlers.reply import Button, Reply
from handlers.views.cases.case_draft import BELOW, Press
from handlers.views.cases.case_words import kind_icon, kind_name
from handlers.views.cases.cases import cancel_button, press_button, question_button
from handlers.views.common import quoted, text_only, way_back

if TYPE_CHECKING:
    from bot.cases.model import CaseKind
    from bot.citizens.model import Dialogue
    from bot.kit.words import Words
    from handlers.views.cases.case_draft import Draft


def out_of_turn(words: Words, dialogue: Dialogue, draft: Draft) -> Reply:
    """Ask what a text is that was written while a button was waited for."""
    _ = words.gettext
    assert draft.offered is not None
    parts = [
        _("You were about to write to an office. What shall I do with this?"),
        quoted(draft.offered.text),
    ]
    rows = [
        [press_button(_("✍️ It is for the office"), dialogue, Press.USE)],
        [question_button(words, dialogue, draft.offered)],
        [cancel_button(words, dialogue)],
    ]
    return Reply("\n\n".join(parts), rows)


def with_unsent(words: Words, dialogue: Dialogue, answer: Reply) -> Reply:
    """Lead from an answer back to the text that was not sent yet; the answer stays above it."""
    _ = words.gettext
    back = press_button(_("✍️ Back to my text, not sent yet"), dialogue, Press.KEEP, BELOW)
    return replace(answer, buttons=[[back], *answer.buttons])


def understood(words: Words, kind: CaseKind) -> str:
    """Say what a free text was taken for."""
    _ = words.gettext
    text = _("I understood: {kind}. What you wrote is kept as its text.")
    return text.format(kind=f"{kind_icon(kind)} {kind_name(kind, words)}")


def further(words: Words) -> str:
    """Say that a further message was added to the text."""
    _ = words.gettext
    return _("✅ I added that to your text.")


def too_long_text(words: Words, told: Draft) -> str:
    """Say by how much a text does not fit."""
    _ = words.gettext
    return _(
        "That is too long for one message to the office: {units} characters, and {units_max} are "
        "possible. Please write it shorter; you can send the rest afterwards."
    ).format(
        units=number(told.units, words.language),
        units_max=number(TEXT_UNITS_MAX, words.language),
    )


def too_long(words: Words, dialogue: Dialogue, draft: Draft, told: Draft) -> Reply:
    """Refuse a text that does not fit, and keep what was written before."""
    _ = words.gettext
    parts = [too_long_text(words, told)]
    rows = [[cancel_button(words, dialogue)]]
    if draft.pieces:
        parts.append(_("What you wrote before is kept; this last part was not added."))
        rows.insert(0, [_kept_button(words, dialogue)])
    return Reply("\n\n".join(parts), rows)


def words_needed(words: Words, dialogue: Dialogue, draft: Draft) -> Reply:
    """Refuse what is not text, without opening it, and go on waiting (MZ-19, KN-21)."""
    _ = words.gettext
    text = text_only(words)
    rows = [[cancel_button(words, dialogue)]]
    if draft.pieces:
        text += " " + _("What you wrote before is kept.")
        rows.insert(0, [_kept_button(words, dialogue)])
    return Reply(text, rows)


def cancelled(words: Words, *, is_page: bool = False) -> Reply:
    """Say that nothing was sent."""
    _ = words.gettext
    text = _("All right, nothing was sent and nothing is kept of it. I am here when you need me.")
    return Reply(text, [way_back(words)], is_page=is_page)


def nothing_to_cancel(words: Words) -> Reply:
    """Answer /cancel where nothing was begun."""
    _ = words.gettext
    return Reply(_("There is nothing to cancel. What can I do for you?"), [way_back(words)])


def _kept_button(words: Words, dialogue: Dialogue) -> Button:
    _ = words.gettext
    return press_button(_("👀 What is kept"), dialogue, Press.KEEP)
