"""What an officer is told when something was done: short, for the chat is busy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.callback_data.desk import CaseDeskPressed, DeskVerb
from handlers.reply import Button, Reply
from handlers.views.cases.case_words import head, shown_code
from handlers.views.desk.case_menus import open_card

if TYPE_CHECKING:
    from bot.cases.model import Case
    from bot.kit.words import Words


def _done(words: Words, case: Case, text: str, *, can_close: bool = False) -> Reply:
    _ = words.gettext
    row = [open_card(words, case)]
    if can_close and not case.is_over:
        ending = CaseDeskPressed.on(case.id, DeskVerb.ENDINGS)
        row.insert(0, Button(_("🏁 Close"), ending))
    return Reply(f"{head(words, case)}\n{text}", [row])


def answer_sent(words: Words, case: Case, *, beside: str | None) -> Reply:
    """Confirm an answer; `beside` is a colleague who has the case or answered it before."""
    _ = words.gettext
    if case.is_anonymous:
        text = _("✅ Kept: they will read your answer by the code. The case is anonymous.")
    else:
        text = _("✅ Sent to the citizen.")
    if beside is not None:
        text += "\n" + _("👥 {name} is on this case too; please agree on who goes on.").format(
            name=beside
        )
    return _done(words, case, text, can_close=True)


def over_not_sent(words: Words, case: Case) -> Reply:
    """Say that an answer to a case that has ended went to nobody."""
    _ = words.gettext
    text = _(
        "🏁 This case has ended, so your reply was not sent. The citizen can reopen it; then you "
        "can answer again. What colleagues should know can be noted with /note."
    )
    return _done(words, case, text)


def question_sent(words: Words, case: Case) -> Reply:
    """Confirm a question to the citizen."""
    _ = words.gettext
    if case.is_anonymous:
        text = _("✅ Kept: they will read your question by the code. The deadline rests.")
    else:
        text = _("✅ Your question was sent to the citizen. The deadline rests until they answer.")
    return _done(words, case, text)


def answer_revised(words: Words, case: Case) -> Reply:
    """Confirm that an edited answer reached the citizen as a correction."""
    _ = words.gettext
    if case.is_anonymous:
        text = _("✏️ Corrected: they will read the new wording by the code.")
    else:
        text = _("✏️ The citizen was sent your correction. The old wording stays in the history.")
    return _done(words, case, text)


def note_kept(words: Words, case: Case) -> Reply:
    """Confirm a note."""
    _ = words.gettext
    return _done(words, case, _("📝 Noted for colleagues. The citizen does not see it."))


def merged(words: Words, case: Case, target: Case) -> Reply:
    """Confirm a merge."""
    _ = words.gettext
    text = _("🔗 Merged into {code}.").format(code=shown_code(target))
    return Reply(f"{head(words, case)}\n{text}", [[open_card(words, target)]])


def process_changed(words: Words, case: Case) -> Reply:
    """Confirm the closed loop (MZ-12)."""
    _ = words.gettext
    if case.is_anonymous:
        text = _("🔧 Noted. The case is anonymous, so they will read it by the code.")
    else:
        text = _("🔧 Noted, and the citizen was told that their words changed how we work.")
    return _done(words, case, text)


def ended(words: Words, case: Case) -> Reply:
    """Confirm an ending for which a reason was written."""
    _ = words.gettext
    if case.is_anonymous:
        text = _("🏁 Closed. They will read the outcome by the code.")
    else:
        text = _("🏁 Closed, and the citizen was told why.")
    return _done(words, case, text)


def files_refused(words: Words) -> Reply:
    """Refuse a picture or a recording as an answer: only words are sent."""
    _ = words.gettext
    text = _(
        "I pass on words only, so this was not sent to the citizen, and I have not opened it. "
        "Please write the answer as text, in a reply to the card."
    )
    return Reply(text)


def not_sent(words: Words) -> Reply:
    """Say that a mistyped command or a word to a colleague went to nobody."""
    _ = words.gettext
    text = _(
        "This looks like a command or a word to a colleague, so it was not sent to the citizen. "
        "For a note, reply to the case with /note and your words."
    )
    return Reply(text)


def unplaced(words: Words) -> Reply:
    """Say that a reply was sent to nobody."""
    _ = words.gettext
    text = _(
        "I cannot tell which case this answers, so it was sent to nobody. Please reply to the "
        "card of the case; /cases leads to it."
    )
    return Reply(text)


def not_edited(words: Words) -> Reply:
    """Say that an edit had no effect."""
    _ = words.gettext
    text = _(
        "Your edit changed nothing: only an answer that was sent to the citizen can be corrected "
        "by editing it. Please write it anew, in a reply to the card."
    )
    return Reply(text)


def note_how(words: Words) -> Reply:
    """Say how a note is written."""
    _ = words.gettext
    text = _(
        "To note something for colleagues, reply to a message about the case with /note and your "
        "words after it."
    )
    return Reply(text)


def undelivered(words: Words, case: Case, reason: str) -> Reply:
    """Report that something did not reach the citizen, and where it waits for them."""
    _ = words.gettext
    reasons = {
        "blocked": _("they have blocked the bot"),
        "deactivated": _("their account is gone"),
        "not found": _("their chat is gone"),
        "expired": _("the messenger took nothing for a whole day"),
    }
    found = (why for sign, why in reasons.items() if sign in reason.lower())
    why = next(found, _("the messenger did not take it"))
    text = _(
        "📵 Could not reach the citizen: {why}. The message waits in the case; they will see it "
        "when they open the case by its code."
    ).format(why=why)
    return _done(words, case, text)
