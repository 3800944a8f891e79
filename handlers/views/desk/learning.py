"""What staff see of the questions without an answer, and of the answers they write to them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.catalogue.model import LearntState, learnt_faq
from bot.kit.digits import number
from bot.kit.text import cut, isolate
from handlers.callback_data.learning import (
    ApprovePressed,
    DismissQuestionsPressed,
    DraftsPressed,
    RejectPressed,
    RetirePressed,
    RewritePressed,
    UnansweredPressed,
    WriteAnswerPressed,
)
from handlers.reply import TEXT_UNITS_MAX, Button, Reply, utf16_units
from handlers.views.cases.case_words import head, open_button
from handlers.views.catalogue.ask import faq_text
from handlers.views.common import said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.cases.model import Case
    from bot.catalogue.model import LearntAnswer, OfficeCatalogue, QuestionGroup
    from bot.kit.words import Words

GROUPS_OF_A_PAGE = 5
_LINE_UNITS_MAX = 160
_WORDING_UNITS_MAX = 60
_WORDINGS_SHOWN = 5


def unanswered(
    words: Words,
    published: OfficeCatalogue,
    groups: Sequence[QuestionGroup],
    *,
    start: int,
    draft_count: int,
    others: Sequence[OfficeCatalogue],
    is_page: bool,
) -> Reply:
    """List groups of questions without an answer, the most frequent first."""
    _ = words.gettext
    office = said(published.office.short_name, words)
    shown = groups[start : start + GROUPS_OF_A_PAGE]
    lines = [
        _("{position}. «{question}»: asked {count} times").format(
            position=number(position, words.language),
            question=_shielded(group.text, _LINE_UNITS_MAX),
            count=number(group.count, words.language),
        )
        for position, group in enumerate(shown, start=start + 1)
    ]
    title = _("🔎 <b>Questions without an answer, {office}</b>").format(office=office)
    about = _("Of the last thirty days, like ones together. Nobody is named.")
    if not lines:
        about = _("There is none that waits for an answer.")
    rows = [
        _group_row(words, published, group, position)
        for position, group in enumerate(shown, start=start + 1)
    ]
    if draft_count:
        label = _("📝 Waiting for approval: {count}")
        count = number(draft_count, words.language)
        rows.append([Button(label.format(count=count), DraftsPressed(published.office.id))])
    rows.append(_turns(words, published, start, len(groups)))
    rows.append(
        [
            Button(
                other.office.short_name.in_language(words.language),
                UnansweredPressed(other.office.id, "0"),
            )
            for other in others
        ]
    )
    return Reply("\n\n".join([title, about, *lines]), [row for row in rows if row], is_page)


def _group_row(
    words: Words, published: OfficeCatalogue, group: QuestionGroup, position: int
) -> list[Button]:
    _ = words.gettext
    which = {"position": number(position, words.language)}
    question = (published.office.id, str(group.questions[0].id))
    return [
        Button(_("✍️ Answer {position}").format(**which), WriteAnswerPressed(*question)),
        Button(
            _("🚫 {position} is not for us").format(**which), DismissQuestionsPressed(*question)
        ),
    ]


def _turns(words: Words, published: OfficeCatalogue, start: int, count: int) -> list[Button]:
    _ = words.gettext
    row = []
    if start > 0:
        before = str(max(0, start - GROUPS_OF_A_PAGE))
        row.append(Button(_("◀️ Before"), UnansweredPressed(published.office.id, before)))
    if start + GROUPS_OF_A_PAGE < count:
        after = str(start + GROUPS_OF_A_PAGE)
        row.append(Button(_("Next ▶️"), UnansweredPressed(published.office.id, after)))
    return row


def answer_prompt(words: Words, question: str, units_max: int) -> Reply:
    """Ask for an answer in the officer's words."""
    _ = words.gettext
    text = _(
        "✍️ Please reply to this message with the answer to:\n\n«{question}»\n\n"
        "Citizens will read it as you write it: at most {most} characters, and nothing that "
        "names a person. A manager approves it first."
    )
    question = _shielded(question, _LINE_UNITS_MAX)
    return Reply(text.format(question=question, most=number(units_max, words.language)))


def reason_prompt(words: Words, learnt: LearntAnswer) -> Reply:
    """Ask why an answer is sent back or withdrawn."""
    _ = words.gettext
    if learnt.state is LearntState.APPROVED:
        text = _("Please reply to this message: why is this no longer answered?\n\n«{question}»")
    else:
        text = _(
            "Please reply to this message with what its author should change:\n\n«{question}»"
        )
    return Reply(text.format(question=_shielded(learnt.question, _LINE_UNITS_MAX)))


def answer_card(
    words: Words,
    published: OfficeCatalogue,
    learnt: LearntAnswer,
    today: date,
    *,
    author: str | None,
    told_count: int,
    is_page: bool,
) -> Reply:
    """Show an answer as citizens read it, where it stands, and what can be done with it."""
    _ = words.gettext
    parts = [
        _state_line(words, learnt, author),
        faq_text(words, published, learnt_faq(learnt), today),
    ]
    if told_count:
        told = _("📨 Told of it: {count} people whose case grew from this question.")
        parts.append(told.format(count=number(told_count, words.language)))
    text = "\n\n".join(parts)
    also = _also_for(words, learnt)
    if utf16_units(text) + utf16_units(also) < TEXT_UNITS_MAX:
        text += also
    return Reply(text, _answer_rows(words, learnt), is_page)


def _state_line(words: Words, learnt: LearntAnswer, author: str | None) -> str:
    _ = words.gettext
    lines = {
        LearntState.DRAFT: _(
            "📝 <b>An answer by {author} waits for approval</b>, by a manager who did not write "
            "it. Citizens would read:"
        ),
        LearntState.APPROVED: _("✅ <b>Approved: citizens are answered so.</b> By {author}."),
        LearntState.REJECTED: _("↩️ <b>Sent back to {author}:</b> {reason}"),
        LearntState.RETIRED: _("🗄 <b>No longer answered.</b> By {author}. {reason}"),
    }
    return lines[learnt.state].format(
        author=_shielded(author or _("a former colleague"), _WORDING_UNITS_MAX),
        reason=_shielded(learnt.reason or "", _LINE_UNITS_MAX) if learnt.reason else "",
    )


def _also_for(words: Words, learnt: LearntAnswer) -> str:
    """List the wordings that are kept with it, for whoever approves to see."""
    _ = words.gettext
    wordings = [one for one in dict.fromkeys(learnt.wordings) if one != learnt.question]
    if not wordings:
        return ""
    listed = "\n".join(
        f"• {_shielded(one, _WORDING_UNITS_MAX)}" for one in wordings[:_WORDINGS_SHOWN]
    )
    return "\n\n" + _("It also answers, and keeps:") + "\n" + listed


def _answer_rows(words: Words, learnt: LearntAnswer) -> list[list[Button]]:
    _ = words.gettext
    rewrite = Button(_("✏️ Rewrite"), RewritePressed.on(learnt))
    if learnt.state is LearntState.DRAFT:
        approve = Button(_("✅ Approve"), ApprovePressed.on(learnt))
        return [[approve], [Button(_("↩️ Send back"), RejectPressed.on(learnt)), rewrite]]
    if learnt.state is LearntState.APPROVED:
        return [[rewrite, Button(_("🗄 Answer it no longer"), RetirePressed.on(learnt))]]
    return [[rewrite]]


def no_drafts(words: Words, published: OfficeCatalogue) -> Reply:
    """Say that no answer waits for a manager."""
    _ = words.gettext
    back = Button(_("🔎 Questions without an answer"), UnansweredPressed(published.office.id, "0"))
    return Reply(_("No answer waits for approval."), [[back]], is_page=True)


def dismissed_note(words: Words) -> str:
    """Say that a group has left the list."""
    _ = words.gettext
    return _("It has left the list.")


def now_answered(
    words: Words, published: OfficeCatalogue, case: Case, learnt: LearntAnswer, today: date
) -> Reply:
    """Tell whoever handed this question over that the office has published an answer."""
    _ = words.gettext
    parts = [
        head(words, case),
        _("📗 The office has added an answer to the question you asked:"),
        faq_text(words, published, learnt_faq(learnt), today),
        _("Your case stays open until it is answered, too."),
    ]
    return Reply("\n\n".join(parts), [[open_button(words, case)]])


def _shielded(text: str, units: int) -> str:
    return isolate(escape(cut(" ".join(text.split()), units), quote=False))
