"""What is said when a citizen acts on their case: adds words, withdraws, objects, reopens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cases.model import TEXT_UNITS_MAX
from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from handlers.callback_data.cases import CaseWordsPressed
from handlers.reply import TEXT_UNITS_MAX as TEXT_UNITS_OF_REPLY_MAX
from handlers.reply import Button, Reply, utf16_units
from handlers.views.cases.case_words import (
    CaseVerb,
    case_button,
    head,
    open_button,
    promised,
    words_button,
)
from handlers.views.cases.my_case import Purpose
from handlers.views.common import quoted, text_only, way_back

if TYPE_CHECKING:
    from bot.cases.model import Case, Clock
    from bot.citizens.model import Dialogue
    from bot.kit.words import Words

CANCEL, CONSENT = "x", "y"  # what the buttons of the prompt do
FLOW_OFFERED = "case_answer"  # a text that may be an answer; further texts are not taken for it


def prompt(words: Words, case: Case, dialogue: Dialogue) -> Reply:
    """Ask for the words that the flow is waiting for."""
    _ = words.gettext
    asked = {
        Purpose.WORDS: _("Please write what you want to add; the office reads it."),
        Purpose.OBJECT: _(
            "Please write why this outcome is not right. The case is opened again, and the "
            "office has to check it again."
        ),
        Purpose.REOPEN: _("Please write what is still not solved, and the case is opened again."),
    }
    text = asked[Purpose(dialogue.step)]
    return Reply(f"{head(words, case)}\n\n{text}", [[_cancel(words, dialogue)]])


def added(words: Words, case: Case, clock: Clock | None, *, is_masked: bool) -> Reply:
    """Confirm that words reached the office, and say until when it answers them."""
    _ = words.gettext
    text = _("✅ Added; the office has it now.")
    return _confirmed(words, case, text, clock, is_masked=is_masked)


def reopened(words: Words, case: Case, clock: Clock | None, *, is_masked: bool) -> Reply:
    """Confirm that a case is open again."""
    _ = words.gettext
    text = _("🔁 It is open again, and the office has your words.")
    return _confirmed(words, case, text, clock, is_masked=is_masked)


def objected(words: Words, case: Case, clock: Clock | None, *, is_masked: bool) -> Reply:
    """Confirm an objection."""
    _ = words.gettext
    text = _("⚖️ Your objection is registered. The office has to check it again.")
    return _confirmed(words, case, text, clock, is_masked=is_masked)


def revised(words: Words, case: Case, *, is_masked: bool) -> Reply:
    """Confirm an edited message."""
    _ = words.gettext
    return _confirmed(words, case, _("✏️ The office has the new wording."), is_masked=is_masked)


def cannot_revise(words: Words, case: Case) -> Reply:
    """Say that this edit changes nothing at the office, and what does."""
    _ = words.gettext
    text = _(
        "I cannot change what the office has of this message any more. Please add a new message "
        "with the right wording."
    )
    return Reply(f"{head(words, case)}\n\n{text}", [[words_button(words, case)]])


def _confirmed(
    words: Words, case: Case, text: str, clock: Clock | None = None, *, is_masked: bool
) -> Reply:
    _ = words.gettext
    parts = [head(words, case), text]
    if clock is not None:
        due = promised(clock.promised_at, words)
        parts.append(_("⏰ Next answer by: {moment}").format(moment=due))
    if is_masked:
        parts.append(
            _("🔒 I put ••• in place of personal numbers and e-mail addresses; they are not kept.")
        )
    return Reply("\n\n".join(parts), [[open_button(words, case)]])


def disagree_instead(
    words: Words, case: Case, dialogue: Dialogue, text: str, purpose: Purpose
) -> Reply:
    """Offer to reopen a case that has ended, or to object, with the words that came too late."""
    _ = words.gettext
    asked, label = {
        Purpose.OBJECT: (
            _(
                "The office says that this cannot be done. Shall I bring it these words as your "
                "objection, so that it looks once more?"
            ),
            _("⚖️ I object"),
        ),
        Purpose.REOPEN: (
            _("The office has ended this case. Shall I open it again with these words of yours?"),
            _("🔁 Open it again"),
        ),
    }[purpose]
    assert case.reopenable_until is not None
    until = jalali_moment(case.reopenable_until, words.language)
    parts = [
        head(words, case),
        asked,
        quoted(text),
        _("That is possible until {moment}.").format(moment=until),
    ]
    consent = Button(label, CaseWordsPressed(dialogue.token, CONSENT))
    return Reply("\n\n".join(parts), [[consent], [_cancel(words, dialogue)]])


def with_offer(words: Words, reply: Reply, case: Case, dialogue: Dialogue) -> Reply:
    """Offer to take a text as the answer for which the office waits."""
    _ = words.gettext
    told = _("✋ The office waits for your reply to {case}. Was this your reply?")
    text = f"{reply.text}\n\n" + told.format(case=head(words, case))
    if utf16_units(text) > TEXT_UNITS_OF_REPLY_MAX:
        text = reply.text
    offer = Button(_("✅ It is my reply to the office"), CaseWordsPressed(dialogue.token, CONSENT))
    return replace(reply, text=text, buttons=[[offer], *reply.buttons])


def withdraw_question(words: Words, case: Case) -> Reply:
    """Ask once more before a case is withdrawn."""
    _ = words.gettext
    text = _("Do you want to withdraw this? The office then stops working on it.")
    rows = [
        [case_button(_("🗑 Yes, withdraw it"), case, CaseVerb.WITHDRAW_SURELY)],
        [case_button(_("↩️ No, leave it"), case, CaseVerb.SHOW)],
    ]
    return Reply(f"{head(words, case)}\n\n{text}", rows, is_page=True)


def withdrawn(words: Words, case: Case) -> Reply:
    """Confirm that a case is withdrawn."""
    _ = words.gettext
    text = _("🗑 It is withdrawn, and the office knows. Thank you for letting it know.")
    rows = [[open_button(words, case)], way_back(words)]
    return Reply(f"{head(words, case)}\n\n{text}", rows, is_page=True)


def escalated(words: Words, case: Case) -> Reply:
    """Confirm that the manager knows."""
    _ = words.gettext
    text = _("📣 The manager of the office has been told. You need to do nothing more.")
    return Reply(f"{head(words, case)}\n\n{text}", [[open_button(words, case)]])


def too_long(words: Words, dialogue: Dialogue, units: int) -> Reply:
    """Refuse words that do not fit one message, and go on waiting for them."""
    _ = words.gettext
    text = _(
        "That is {units} characters, and one message to the office can have {units_max}. Please "
        "write it in two parts; I am waiting."
    ).format(units=number(units, words.language), units_max=number(TEXT_UNITS_MAX, words.language))
    return Reply(text, [[_cancel(words, dialogue)]])


def words_needed(words: Words, dialogue: Dialogue) -> Reply:
    """Refuse what is not text, without opening it, and go on waiting (MZ-19, KN-21)."""
    return Reply(text_only(words), [[_cancel(words, dialogue)]])


def no_words(words: Words, case: Case) -> Reply:
    """Answer a reply to a message about a case in which there are no words."""
    return Reply(f"{head(words, case)}\n\n{text_only(words)}", [[open_button(words, case)]])


def left(words: Words, case: Case) -> Reply:
    """Say that nothing was added."""
    _ = words.gettext
    text = _("All right, nothing was added.")
    rows = [[open_button(words, case)], way_back(words)]
    return Reply(f"{head(words, case)}\n\n{text}", rows, is_page=True)


def _cancel(words: Words, dialogue: Dialogue) -> Button:
    _ = words.gettext
    return Button(_("✖️ Cancel"), CaseWordsPressed(dialogue.token, CANCEL))
