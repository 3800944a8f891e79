"""What opens under a case card: ready answers, snoozing, transferring, closing, and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.model import CaseKind, Ending
from bot.kit.jalali import jalali_moment
from handlers.callback_data.desk import CaseDeskPressed, DeskVerb
from handlers.reply import Button, Reply
from handlers.views.cases.case_words import head
from handlers.views.common import in_pairs, quoted, said
from handlers.views.desk.desk_words import ending_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.cases.model import Case
    from bot.catalogue.model import OfficeCatalogue, ReadyAnswer, Service
    from bot.kit.words import Words

SERVICES_ON_A_PAGE = 8


def back_to_card(words: Words, case: Case) -> Button:
    """Lead back to the card in whose place a page stands."""
    _ = words.gettext
    return Button(_("↩️ Back"), CaseDeskPressed.on(case.id, DeskVerb.CARD))


def open_card(words: Words, case: Case) -> Button:
    """Show the card anew, below."""
    _ = words.gettext
    return Button(_("📂 Card"), CaseDeskPressed.on(case.id, DeskVerb.OPEN))


def _page(words: Words, case: Case, text: str, rows: Sequence[Sequence[Button]]) -> Reply:
    whole = f"{head(words, case)}\n\n{text}"
    return Reply(whole, [*rows, [back_to_card(words, case)]], is_page=True)


def ready_answers(words: Words, case: Case, answers: Sequence[ReadyAnswer]) -> Reply:
    """List the ready answers of the office."""
    _ = words.gettext
    rows = [
        [
            Button(
                answer.title.in_language(words.language),
                CaseDeskPressed.on(case.id, DeskVerb.SEE, answer.id),
            )
        ]
        for answer in answers
    ]
    text = _("Choose an answer; you see it before it is sent.")
    if not answers:
        text = _("This office has no ready answers yet.")
    return _page(words, case, text, rows)


def ready_preview(words: Words, case: Case, answer: ReadyAnswer, said_count: int) -> Reply:
    """Show a ready answer in the citizen's language, before it is sent.

    `said_count` is how much had been said in the case: if more has by the time of the press, it
    is looked at again before anything is sent, and a second press sends nothing.
    """
    _ = words.gettext
    send = CaseDeskPressed.on(case.id, DeskVerb.SEND, f"{answer.id}.{said_count}")
    answer_said = quoted(answer.text.in_language(case.language))
    text = _("This will be sent:") + "\n" + answer_said
    others = Button(_("💬 Other answers"), CaseDeskPressed.on(case.id, DeskVerb.READY))
    return _page(words, case, text, [[Button(_("📨 Send to the citizen"), send)], [others]])


def snoozes(words: Words, case: Case, moments: Mapping[str, datetime]) -> Reply:
    """Offer until when to put the case aside; `moments` are named as the button carries them."""
    _ = words.gettext
    after = _("The open day after that") if "tomorrow" in moments else _("Next open day")
    names = {"hour": _("In one hour"), "tomorrow": _("Tomorrow morning"), "next": after}
    buttons = [
        Button(names[name], CaseDeskPressed.on(case.id, DeskVerb.SNOOZE, name)) for name in moments
    ]
    reply = CaseDeskPressed.on(case.id, DeskVerb.SNOOZE, "reply")
    buttons.append(Button(_("When the citizen writes"), reply))
    lines = [
        f"• {names[name]}: {jalali_moment(moment, words.language)}"
        for name, moment in moments.items()
    ]
    text = _("Until when shall it rest? The promised dates stay as they are.")
    return _page(words, case, "\n".join([text, *lines]), in_pairs(buttons))


def transfers(words: Words, case: Case, services: Sequence[Service], offset: int) -> Reply:
    """Offer the other services of the office, a page at a time."""
    _ = words.gettext
    rows = [
        [
            Button(
                service.title.in_language(words.language),
                CaseDeskPressed.on(case.id, DeskVerb.MOVE, service.id),
            )
        ]
        for service in services[offset : offset + SERVICES_ON_A_PAGE]
    ]
    turn = []
    if offset > 0:
        before = max(0, offset - SERVICES_ON_A_PAGE)
        before_button = CaseDeskPressed.on(case.id, DeskVerb.MOVES, before)
        turn.append(Button(_("◀️ Previous"), before_button))
    if offset + SERVICES_ON_A_PAGE < len(services):
        after = CaseDeskPressed.on(case.id, DeskVerb.MOVES, offset + SERVICES_ON_A_PAGE)
        turn.append(Button(_("Next ▶️"), after))
    text = _("Which service does it belong to?")
    if not services:
        text = _("This office has no other service.")
    return _page(words, case, text, [*rows, turn])


def endings(words: Words, case: Case, *, is_answered: bool) -> Reply:
    """Offer how to close the case; the citizen is told at once.

    It can end as answered only where an answer was sent: else the citizen would look for one.
    """
    _ = words.gettext
    offered = (Ending.DONE, Ending.ANSWERED, Ending.CANNOT_BE_DONE)
    buttons = [
        Button(ending_name(ending, words), CaseDeskPressed.on(case.id, DeskVerb.END, ending.value))
        for ending in offered
        if is_answered or ending is not Ending.ANSWERED
    ]
    text = _(
        "How does it end? The citizen is told at once, and has ten days to say that it is not "
        "solved. “Cannot be done” asks you for the reason."
    )
    if not is_answered:
        text += "\n\n" + _("Nothing was answered yet: to answer, reply to the card first.")
    return _page(words, case, text, [buttons[:2], buttons[2:]])


def more(words: Words, case: Case) -> Reply:
    """Offer what is needed less often."""
    _ = words.gettext

    def button(label: str, verb: DeskVerb) -> Button:
        return Button(label, CaseDeskPressed.on(case.id, verb))

    buttons = [
        button(_("🕘 History"), DeskVerb.HISTORY),
        button(_("🧮 Why this deadline"), DeskVerb.WHY),
    ]
    if not case.is_over:
        buttons.append(button(_("🔗 Merge"), DeskVerb.MERGE))
    if case.assignee_id is not None and not case.is_over:
        buttons.append(button(_("🙌 Give back"), DeskVerb.RELEASE))
    rows = in_pairs(buttons)
    if not case.is_process_changed and case.kind is not CaseKind.QUESTION:
        rows.append([button(_("🔧 It changed how we work"), DeskVerb.CHANGED)])
    if case.kind is CaseKind.CREDIT_CLAIM and not case.is_over:
        rows.insert(0, [button(_("🧾 Propose credit"), DeskVerb.CREDIT)])
    return _page(words, case, _("What else?"), rows)


def prompt(words: Words, published: OfficeCatalogue, case: Case, verb: DeskVerb) -> Reply:
    """Ask an officer for words; they reply to this message."""
    _ = words.gettext
    asks = {
        DeskVerb.ASK: _(
            "❔ Reply to this message with your question to the citizen. The deadline rests "
            "until they answer."
        ),
        DeskVerb.NOTE: _(
            "📝 Reply to this message with your note. Only colleagues see it, never the citizen."
        ),
        DeskVerb.END: _(
            "🏁 Cannot be done: reply to this message with the reason. The citizen reads it as "
            "you write it, and may object once."
        ),
        DeskVerb.MERGE: _(
            "🔗 Reply to this message with the tracking code of the case into which this one goes."
        ),
        DeskVerb.CHANGED: _(
            "🔧 Reply to this message with what was changed. It is kept for colleagues; the "
            "citizen is told that their words changed how the office works."
        ),
        DeskVerb.CREDIT: _(
            "🧾 Reply to this message with the amount in rials and the reason, in one line, such "
            "as: “500000 two sessions of the class were not held”. A manager decides; the citizen "
            "reads the reason in their statement."
        ),
    }
    office = said(published.office.short_name, words)
    way_back = _("To cancel, simply do not reply.")
    text = f"{head(words, case)} · {office}\n\n{asks[verb]}\n{way_back}"
    return Reply(text, [[open_card(words, case)]])
