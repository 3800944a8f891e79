"""What a citizen reads before a place is taken: the terms, page by page, in one version."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from handlers.callback_data.registering import (
    SURELY,
    AbandonPressed,
    RegistrationTermsPressed,
    TermsAccepted,
    written,
)
from handlers.reply import Button, Reply, utf16_units
from handlers.views.common import shielded, way_back
from handlers.views.workshops import identifying
from handlers.views.workshops.registering_words import (
    deadline_line,
    fee_said,
    learners_said,
    sessions_line,
    title_said,
)
from handlers.views.workshops.workshop_words import deadline_said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.kit.words import Words
    from bot.workshops.model import Terms
    from handlers.callback_data import Payload
    from handlers.views.workshops.registering_words import Sheet

_TERMS_UNITS_MAX: Final = 2600


def terms_pages(terms: Terms) -> list[str]:
    """Part the terms into pages that fit one message each, whatever signs are in them."""
    pages, left = [], terms.text.strip()
    while left:
        page = _first_page(left)
        pages.append(page.strip())
        left = left[len(page) :].strip()
    return pages


def _first_page(text: str) -> str:
    """Take as much as fits, up to the end of a paragraph or of a word where there is one."""
    length = len(text)
    while utf16_units(escape(text[:length], quote=False)) > _TERMS_UNITS_MAX:
        length = length * 3 // 4
    if length == len(text):
        return text
    for end in ("\n", " "):
        at = text.rfind(end, length // 2, length)
        if at > 0:
            return text[:at]
    return text[:length]


def terms_page(sheet: Sheet, terms: Terms, page: int = 0, *, note: str = "") -> Reply:
    """Show what a registration accepts (KN-23): it can be accepted where its end is read."""
    words = sheet.words
    _ = words.gettext
    pages = terms_pages(terms)
    page = min(page, len(pages) - 1)
    ids = written(sheet.ids)
    parts = [note, _facts(sheet)] if page == 0 else [_facts_short(sheet)]
    parts.append(terms_part(words, terms, pages, page))
    rows = []
    turn = terms_turn(
        words, page, len(pages), lambda other: RegistrationTermsPressed(ids, str(other))
    )
    if page == len(pages) - 1:
        accept = TermsAccepted(ids, str(terms.version))
        rows.append([Button(_("✅ I have read this and accept it"), accept)])
    rows += identifying.rows(sheet)
    rows += [turn, [Button(_("✖️ Do not register"), AbandonPressed(ids, SURELY))], way_back(words)]
    return Reply("\n\n".join(part for part in parts if part), rows, is_page=True)


def terms_part(words: Words, terms: Terms, pages: Sequence[str], page: int) -> str:
    """Say a page of the terms, and which version they are."""
    _ = words.gettext
    head = _("📜 <b>Terms, version {version}</b>").format(
        version=number(terms.version, words.language)
    )
    if len(pages) > 1:
        head = _("{head} (page {page} of {count})").format(
            head=head,
            page=number(page + 1, words.language),
            count=number(len(pages), words.language),
        )
    return f"{head}\n<blockquote>{shielded(pages[page], units_max=_TERMS_UNITS_MAX)}</blockquote>"


def terms_turn(
    words: Words,
    page: int,
    count: int,
    to: Callable[[int], Payload],
) -> list[Button]:
    """Lead to the pages before and after one."""
    _ = words.gettext
    turn = []
    if page > 0:
        turn.append(Button(_("◀️ Back"), to(page - 1)))
    if page < count - 1:
        turn.append(Button(_("Go on reading ▶️"), to(page + 1)))
    return turn


def _facts(sheet: Sheet) -> str:
    words, workshop = sheet.words, sheet.workshop
    _ = words.gettext
    lines = [
        f"🎓 {title_said(workshop, words)}",
        _("👤 For: {learners}").format(learners=learners_said(sheet)),
        *identifying.lines(sheet),
        sessions_line(sheet.sessions, words),
        _("💰 Fee: {fee}").format(fee=fee_said(workshop, sheet.fee_rial, words)),
        _("⏳ Registration ends: {moment}").format(
            moment=deadline_said(workshop.closes_at, words)
        ),
        deadline_line(workshop, words),
        _("Please check that the learner's details are right."),
    ]
    if sheet.fee_rial:
        lines.append(_("Nothing is paid yet."))
    return "\n".join(lines)


def _facts_short(sheet: Sheet) -> str:
    return f"🎓 {title_said(sheet.workshop, sheet.words)}"


def terms_changed(words: Words) -> str:
    """Say that other terms hold by now than the ones that were shown."""
    _ = words.gettext
    return _(
        "⚠️ The terms have changed meanwhile. Please read the new ones; having accepted the "
        "earlier ones does not suffice. Nothing was paid."
    )
