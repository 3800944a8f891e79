"""Small pieces of text that all pages and notices about cases are made of."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.cases.model import CaseKind, CaseState, ClockKind, Ending
from bot.kit import tracking
from bot.kit.jalali import jalali_moment
from handlers.callback_data.cases import CaseActPressed
from handlers.reply import Button
from handlers.views.common import code, said

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.model import Case
    from bot.catalogue.model import OfficeCatalogue, Service
    from bot.kit.words import Words


class CaseVerb(StrEnum):
    """What a citizen can do with a case by one button."""

    SHOW = "show"  # in place of the page with the button
    OPEN = "open"  # below it, for the message with the button is worth keeping
    WHY = "why"
    WORDS = "words"
    WITHDRAW = "withdraw"
    WITHDRAW_SURELY = "gone"
    OBJECT = "object"
    REOPEN = "reopen"
    ESCALATE = "escalate"


def kind_name(kind: CaseKind, words: Words) -> str:
    """Name what a citizen tells the office."""
    _ = words.gettext
    names = {
        CaseKind.SUGGESTION: _("Suggestion"),
        CaseKind.CRITICISM: _("Criticism"),
        CaseKind.COMPLAINT: _("Complaint"),
        CaseKind.PRAISE: _("Praise"),
        CaseKind.QUESTION: _("Question"),
        CaseKind.OUTAGE: _("Outage report"),
        CaseKind.CREDIT_CLAIM: _("Credit claim"),
    }
    return names[kind]


def kind_icon(kind: CaseKind) -> str:
    """A picture for a kind, so that a list is read at a glance."""
    icons = {
        CaseKind.SUGGESTION: "💡",
        CaseKind.CRITICISM: "🗣",
        CaseKind.COMPLAINT: "📣",
        CaseKind.PRAISE: "🌷",
        CaseKind.QUESTION: "❓",
        CaseKind.OUTAGE: "🔌",
        CaseKind.CREDIT_CLAIM: "🧾",
    }
    return icons[kind]


def kind_meaning(kind: CaseKind, words: Words) -> str:
    """Say when a kind is the right one to choose."""
    _ = words.gettext
    meanings = {
        CaseKind.SUGGESTION: _("an idea that makes something better"),
        CaseKind.CRITICISM: _("something that you did not find good"),
        CaseKind.COMPLAINT: _("something that went wrong and should be put right"),
        CaseKind.PRAISE: _("thanks to the people of the office"),
        CaseKind.QUESTION: _("a question that a person of the office answers"),
        CaseKind.OUTAGE: _("a website or system that does not work"),
        CaseKind.CREDIT_CLAIM: _("if the service was not what the agreement promises"),
    }
    return meanings[kind]


def kind_prompt(kind: CaseKind, words: Words) -> str:
    """Ask for the words of a case of this kind."""
    _ = words.gettext
    prompts = {
        CaseKind.SUGGESTION: _("Please write your suggestion: what could be better, and how?"),
        CaseKind.CRITICISM: _("Please write what was not good, and what you had expected."),
        CaseKind.COMPLAINT: _(
            "I am sorry that you had trouble. Please write what happened and when, and what you "
            "wish for now."
        ),
        CaseKind.PRAISE: _(
            "How kind of you 🌷 Please write what pleased you; the people of the office read it."
        ),
        CaseKind.QUESTION: _("Please write your question; a person of the office answers it."),
        CaseKind.OUTAGE: _(
            "Which website or system is it, since when, and what do you see? A short line is "
            "enough."
        ),
        CaseKind.CREDIT_CLAIM: _(
            "By the agreement you have a right to credit where the promised level of service is "
            "not reached (KN-07). It names no amount, formula or deadline: people of the office "
            "look into each claim and answer with their reasons, so I can promise no amount.\n\n"
            "Please write what was promised, what you got, and when."
        ),
    }
    return prompts[kind]


def state_name(case: Case, words: Words) -> str:
    """Say where a case stands, in the citizen's terms."""
    _ = words.gettext
    if case.ending is not None and case.is_over:
        endings = {
            Ending.DONE: _("done"),
            Ending.ANSWERED: _("answered"),
            Ending.CANNOT_BE_DONE: _("could not be done"),
            Ending.WITHDRAWN: _("withdrawn"),
            Ending.MERGED: _("joined with another case"),
        }
        return endings[case.ending]
    is_taken = case.assignee_id is not None
    states = {
        CaseState.OPEN: _("under review") if is_taken else _("waiting for its turn"),
        CaseState.WAITING: _("waiting for your reply"),
        CaseState.ANSWERED: _("answered"),
        CaseState.CLOSED: _("closed"),
    }
    return states[case.state]


def state_icon(case: Case) -> str:
    """A picture for where a case stands."""
    if case.ending is Ending.CANNOT_BE_DONE and case.is_over:
        return "⛔️"
    icons = {
        CaseState.OPEN: "⏳",
        CaseState.WAITING: "✋",
        CaseState.ANSWERED: "✅",
        CaseState.CLOSED: "🗄",
    }
    return icons[case.state]


def shown_code(case: Case) -> str:
    """Show the tracking code so that a tap copies it."""
    return code(tracking.shown(case.tracking_code))


def head(words: Words, case: Case) -> str:
    """The first line of everything that is said about a case."""
    return f"{kind_icon(case.kind)} <b>{kind_name(case.kind, words)}</b> · {shown_code(case)}"


def about(words: Words, published: OfficeCatalogue, service: Service | None) -> str:
    """Name the office that a case is for, and the service that it is about, if one is known."""
    office = said(published.office.short_name, words)
    return f"🏛 {office}" if service is None else f"🏛 {office}: {said(service.title, words)}"


def promised(moment: datetime, words: Words) -> str:
    """Say until when, and that the target is the office's own: no agreement has one (MZ-29)."""
    _ = words.gettext
    return _("{moment} (the office's internal target)").format(
        moment=jalali_moment(moment, words.language)
    )


def promise_line(words: Words, kind: ClockKind, moment: datetime) -> str:
    """Say what is promised until when."""
    _ = words.gettext
    by = {
        ClockKind.FIRST_RESPONSE: _("⏰ First answer by: {moment}"),
        ClockKind.NEXT_RESPONSE: _("⏰ Next answer by: {moment}"),
        ClockKind.RESOLUTION: _("⏰ To be settled by: {moment}"),
    }
    return by[kind].format(moment=promised(moment, words))


def may_object(words: Words, until: str) -> str:
    """Say until when one can object to what cannot be done."""
    _ = words.gettext
    return _(
        "If you do not think this is right, you can object until {day}; it is then checked again."
    ).format(day=until)


def case_button(label: str, case: Case, verb: CaseVerb) -> Button:
    """A button that does something with a case."""
    payload = CaseActPressed(case.tracking_code, verb.value)
    return Button(label, payload, is_own=not case.is_anonymous)


def open_button(words: Words, case: Case) -> Button:
    """Open the page of a case below a message that is worth keeping."""
    _ = words.gettext
    return case_button(_("📂 Open"), case, CaseVerb.OPEN)


def back_button(words: Words, case: Case) -> Button:
    """Lead back to the page of a case."""
    _ = words.gettext
    return case_button(_("↩️ Back"), case, CaseVerb.SHOW)


def words_button(words: Words, case: Case) -> Button:
    """Let the citizen add to a case."""
    _ = words.gettext
    return case_button(_("✍️ Add a message"), case, CaseVerb.WORDS)
