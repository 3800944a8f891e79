"""What a citizen is told about a case without having asked; each names the case first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.model import ClockKind, Ending
from bot.kit.jalali import jalali_moment
from handlers.reply import Button, Reply
from handlers.views.cases.case_words import (
    CaseVerb,
    case_button,
    head,
    may_object,
    open_button,
    promised,
    shown_code,
    words_button,
)
from handlers.views.common import quoted

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.model import Case, Clock
    from bot.kit.words import Words


def answered(words: Words, case: Case, text: str) -> Reply:
    """Bring the office's answer."""
    _ = words.gettext
    parts = [
        head(words, case),
        _("💬 The office answers you:"),
        quoted(text),
        _("If there is more to say, just reply to this message."),
    ]
    return Reply("\n\n".join(parts), case_rows(words, case))


def corrected(words: Words, case: Case, text: str) -> Reply:
    """Bring the new wording of an answer that the office has corrected."""
    _ = words.gettext
    parts = [
        head(words, case),
        _("✏️ The office has corrected its answer. It now reads:"),
        quoted(text),
    ]
    return Reply("\n\n".join(parts), case_rows(words, case))


def asked(words: Words, case: Case, text: str) -> Reply:
    """Bring a question of the office; until it is answered the deadline stands still."""
    _ = words.gettext
    parts = [
        head(words, case),
        _("✋ The office needs one more thing from you to go on:"),
        quoted(text),
        _(
            "Please reply to this message with your answer. Until then the office's deadline "
            "stands still."
        ),
    ]
    reply = case_button(_("✍️ Answer"), case, CaseVerb.WORDS)
    return Reply("\n\n".join(parts), [[reply, open_button(words, case)]])


def ended(words: Words, case: Case, reason: str | None, until: datetime) -> Reply:
    """Say how a case ended, why, and until when the citizen may disagree."""
    _ = words.gettext
    outcome = {
        Ending.DONE: _("✅ The office reports that this has been done."),
        Ending.ANSWERED: _("✅ The office has answered, and regards this as finished."),
        Ending.CANNOT_BE_DONE: _("I am sorry: the office says that this cannot be done."),
    }
    parts = [head(words, case)]
    if case.ending is not None and case.ending in outcome:
        parts.append(outcome[case.ending])
    if reason:
        parts += [_("The office explains:"), quoted(reason)]
    day = jalali_moment(until, words.language)
    if case.ending is Ending.CANNOT_BE_DONE and case.merged_into is None:
        parts.append(may_object(words, day))
        disagree = case_button(_("⚖️ I object"), case, CaseVerb.OBJECT)
    else:
        parts.append(
            _("Is it not solved? Until {day} you can reopen it with one button.").format(day=day)
        )
        disagree = case_button(_("🔁 Not solved yet"), case, CaseVerb.REOPEN)
    return Reply("\n\n".join(parts), [[disagree], [open_button(words, case)]])


def late(words: Words, case: Case, new_due_at: datetime, *, clock: Clock | None) -> Reply:
    """Own up to a broken promise before the citizen has to ask, and offer the way upwards."""
    _ = words.gettext
    if clock is not None and clock.kind is ClockKind.RESOLUTION:
        cause = _("I am sorry: this was to be settled by now, and the office has not done it.")
    else:
        cause = _("I am sorry: the office was to answer you by now, and has not yet done so.")
    parts = [head(words, case), f"⏰ {cause}"]
    if clock is not None:
        due = jalali_moment(clock.due_at, words.language)
        again = clock.late_count > 1  # the dates between are not kept
        was = _("The first date was: {moment}") if again else _("The date was: {moment}")
        parts.append(was.format(moment=due))
    parts += [
        _("The new date: {moment}").format(moment=promised(new_due_at, words)),
        _("You need to do nothing. If you wish, one button brings it before the manager."),
    ]
    rows = [[open_button(words, case)]]
    if case.escalated_at is None:
        rows.insert(0, [case_button(_("📣 Bring it to the manager"), case, CaseVerb.ESCALATE)])
    return Reply("\n\n".join(parts), rows)


def process_changed(words: Words, case: Case) -> Reply:
    """Close the loop: what the citizen said has changed how the office works (MZ-12)."""
    _ = words.gettext
    text = _(
        "🌱 Good news: what you wrote has changed how the office works. "
        "Thank you for taking the time to tell us."
    )
    return Reply(f"{head(words, case)}\n\n{text}", [[open_button(words, case)]])


def merged(words: Words, case: Case, target: Case) -> Reply:
    """Say that a case goes on in another one; somebody else's code is never given away."""
    _ = words.gettext
    parts = [head(words, case)]
    is_own = case.author_id is not None and target.author_id == case.author_id
    if is_own:
        parts.append(
            _(
                "🔗 The office has joined this with your other case about the same matter, "
                "{code}. It goes on there, and nothing that you wrote is lost."
            ).format(code=shown_code(target))
        )
        rows = [[case_button(_("📂 Open that one"), target, CaseVerb.SHOW)]]
    else:
        parts.append(
            _(
                "🔗 Others have told the office of the same matter, so it is handled together "
                "with theirs. Thank you: your message counts too."
            )
        )
        parts.append(_("If yours is a different matter, tell the office with this button."))
        rows = [
            [case_button(_("🔁 Mine is different"), case, CaseVerb.REOPEN)],
            [open_button(words, case)],
        ]
    return Reply("\n\n".join(parts), rows)


def case_rows(words: Words, case: Case) -> list[list[Button]]:
    """The buttons under most notices: write to the office, or open the case."""
    return [[words_button(words, case), open_button(words, case)]]
