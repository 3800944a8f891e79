"""What a citizen sees on the way from one workshop to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from handlers.callback_data.my_workshops import MoveChosen, MoveConfirmed, MovePressed
from handlers.callback_data.top_ups import TopUpNeeded
from handlers.reply import Button, Reply
from handlers.views.common import money, way_back
from handlers.views.workshops.registering_terms import terms_pages, terms_part, terms_turn
from handlers.views.workshops.registering_words import (
    code_said,
    deadline_line,
    fee_said,
    label_of,
    learners_said,
    registration_button,
    sessions_line,
    title_said,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.kit.words import Words
    from bot.workshops.model import Session, Terms, Workshop, WorkshopId
    from handlers.callback_data import Payload
    from handlers.views.workshops.registering_words import Sheet

ON_A_PAGE: Final = 6


@dataclass(frozen=True)
class Target:
    """The workshop to which somebody may move."""

    workshop: Workshop
    sessions: Sequence[Session]
    terms: Terms


def choices(sheet: Sheet, others: Sequence[Workshop], *, is_first: bool) -> Reply:
    """List the workshops to which a place can be moved, each with the difference of the fee."""
    words, own = sheet.words, str(sheet.first.id)
    _ = words.gettext
    listed = others[:ON_A_PAGE]
    rows = [[Button(_choice(sheet, one), MoveChosen(own, str(one.id)))] for one in listed]
    turn = []
    if not is_first:
        turn.append(Button(_("⏮ First"), MovePressed(own)))
    if len(others) > ON_A_PAGE:
        turn.append(Button(_("Next ▶️"), MovePressed(own, str(listed[-1].id))))
    parts = [
        _("🔀 Move {learners} from {workshop} to which workshop?").format(
            workshop=title_said(sheet.workshop, words), learners=learners_said(sheet)
        ),
        deadline_line(sheet.workshop, words),
    ]
    if not listed:
        parts.append(_("No other workshop of this office is open with a free place now."))
    rows += [turn, [registration_button(words, sheet.first)], way_back(words)]
    return Reply("\n\n".join(parts), rows, is_page=True)


def _choice(sheet: Sheet, one: Workshop) -> str:
    return f"{label_of(one, sheet.words)} · {_difference_short(sheet, one)}"


def _difference_short(sheet: Sheet, one: Workshop) -> str:
    _ = sheet.words.gettext
    difference = one.fee_rial - sheet.first.fee_rial
    if not difference:
        return _("same fee")
    template = _("{tomans} tomans more") if difference > 0 else _("{tomans} tomans back")
    return template.format(tomans=number(abs(difference) // 10, sheet.words.language))


def terms_page(old: Sheet, new: Target, page: int, operation: str) -> Reply:
    """Show what a move means: the difference of the fee, and the terms that are accepted by it."""
    words = old.words
    _ = words.gettext
    pages = terms_pages(new.terms)
    page = min(page, len(pages) - 1)
    own, other = str(old.first.id), str(new.workshop.id)
    parts = [_facts(old, new)] if page == 0 else []
    parts.append(terms_part(words, new.terms, pages, page))
    rows = [terms_turn(words, page, len(pages), lambda at: MoveChosen(own, other, str(at)))]
    if page == len(pages) - 1:
        confirm = MoveConfirmed(own, other, str(new.terms.version), operation)
        rows.append([Button(_("✅ I accept the terms; move"), confirm)])
    rows += [
        [Button(_("↩️ Another one"), MovePressed(own))],
        [registration_button(words, old.first)],
        way_back(words),
    ]
    return Reply("\n\n".join(parts), rows, is_page=True)


def _facts(old: Sheet, new: Target) -> str:
    """Say from where to where, what it costs, and until when it can be changed again."""
    words = old.words
    _ = words.gettext
    difference = new.workshop.fee_rial - old.first.fee_rial
    if difference > 0:
        money_line = _("💰 {amount} more is paid from your wallet.").format(
            amount=money(difference, words)
        )
    elif difference < 0:
        money_line = _("💰 {amount} comes back to your wallet.").format(
            amount=money(-difference, words)
        )
    else:
        money_line = _("💰 The fee is the same.")
    return "\n".join(
        [
            _("🔀 From: {workshop}").format(workshop=title_said(old.workshop, words)),
            _("➡️ To: {workshop}").format(workshop=title_said(new.workshop, words)),
            _("👤 For: {learners}").format(learners=learners_said(old)),
            _("💰 Fee: {fee}").format(fee=fee_said(new.workshop, new.workshop.fee_rial, words)),
            money_line,
            sessions_line(new.sessions, words),
            deadline_line(new.workshop, words),
            _("The old place is given up in the same moment; it is both or neither."),
        ]
    )


def refused(old: Sheet, why: str, missing_rial: int = 0, to: WorkshopId | None = None) -> Reply:
    """Say why a move was not made, and that the old place is as it was.

    Where only money is missing, a button leads on to the same workshop.
    """
    words = old.words
    _ = words.gettext
    rows: list[list[Button]] = []
    if missing_rial > 0:
        label = _("➕ Pay {amount} in").format(amount=money(missing_rial, words))  # noqa: RUF001 - a plus sign for the eye
        rows.append([Button(label, TopUpNeeded(old.workshop.office_id, str(missing_rial)))])
    if to is not None:
        again = MoveChosen(str(old.first.id), str(to))
        rows.append([Button(_("🔄 I have paid in, go on"), again)])
    rows += [
        [Button(_("↩️ Another one"), MovePressed(str(old.first.id)))],
        [registration_button(words, old.first)],
        way_back(words),
    ]
    kept = _("Your place in {workshop} is as it was.").format(
        workshop=title_said(old.workshop, words)
    )
    return Reply(f"{why}\n\n{kept}", rows, is_page=True)


def terms_changed(words: Words) -> str:
    """Say over the chat that other terms hold by now than the ones that were shown."""
    _ = words.gettext
    return _("⚠️ The terms have changed meanwhile. Please read the ones that hold now.")


def clash(old: Sheet, why: str, payload: Payload) -> Reply:
    """Warn that a learner is elsewhere at one of the times; it is theirs to decide."""
    words = old.words
    _ = words.gettext
    rows = [
        [Button(_("Move all the same"), payload)],
        [Button(_("↩️ Another one"), MovePressed(str(old.first.id)))],
        [registration_button(words, old.first)],
        way_back(words),
    ]
    return Reply(f"⚠️ {why}", rows, is_page=True)


def moved_note(words: Words, old: Sheet) -> str:
    """Say at the head of the new receipt from where somebody moved."""
    _ = words.gettext
    return _("🔀 Moved from {workshop} ({code}).").format(
        workshop=title_said(old.workshop, words), code=code_said(old.first.id, words)
    )
