"""What a citizen sees before and after a place is dropped, given up or moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.tracking import shown
from handlers.callback_data.my_workshops import (
    DropPressed,
    WithdrawPressed,
)
from handlers.reply import Button, Reply
from handlers.views.common import code, way_back
from handlers.views.wallet.payout_words import payout_button
from handlers.views.workshops.my_registration import buckets_of, parts_said
from handlers.views.workshops.registering_words import (
    code_said,
    fee_said,
    learners_said,
    mine_button,
    others_button,
    registration_button,
    title_said,
)
from handlers.views.workshops.workshop_words import deadline_said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.kit.words import Words
    from bot.wallet.model import Journal
    from handlers.views.workshops.registering_words import Sheet


def drop_asked(sheet: Sheet, journal: Journal | None, operation: str) -> Reply:
    """Say what comes back and where, and ask once more."""
    words, workshop = sheet.words, sheet.workshop
    _ = words.gettext
    lines = [
        _("↩️ Shall I drop {workshop} for {learners}?").format(
            workshop=title_said(workshop, words), learners=learners_said(sheet)
        ),
        _back(sheet, journal),
        _("The place goes to somebody else at once, and cannot be taken back."),
    ]
    own = str(sheet.first.id)
    rows = [
        [Button(_("Yes, drop it"), DropPressed(own, operation))],
        [registration_button(words, sheet.first)],
        way_back(words),
    ]
    return Reply("\n\n".join(lines), rows, is_page=True)


def _back(sheet: Sheet, journal: Journal | None) -> str:
    """Say what comes back, to the parts of the wallet that it came from."""
    words = sheet.words
    _ = words.gettext
    if journal is None:
        return _("It is free, so no money moves.")
    head = _("{fee} comes back to your wallet at once, to where it came from:").format(
        fee=fee_said(sheet.workshop, sheet.first.fee_rial, words)
    )
    return "\n".join([head, *parts_said(buckets_of(journal), words)])


def dropped(sheet: Sheet, journals: Sequence[Journal]) -> Reply:
    """Confirm that a place was given back, and the money with it."""
    words = sheet.words
    _ = words.gettext
    parts = [
        _("✅ Dropped: {workshop} ({code}).").format(
            workshop=title_said(sheet.workshop, words), code=code_said(sheet.first.id, words)
        )
    ]
    if len(journals) > 1:
        parts.append(
            _("{amount} is back in your wallet.\nReference: {code}").format(
                amount=fee_said(sheet.workshop, journals[-1].amount_rial, words),
                code=code(shown(journals[-1].id)),
            )
        )
    rows = [[others_button(words, sheet.workshop.office_id)]]
    if sheet.keeps_wallet and sheet.balance.withdrawable_rial:
        rows.append([payout_button(words, sheet.workshop.office_id)])
    rows += [[mine_button(words, below=True)], way_back(words)]
    return Reply("\n\n".join(parts), rows, is_page=True)


def withdraw_asked(sheet: Sheet, operation: str) -> Reply:
    """Say before it happens that no money comes back, and ask once more."""
    words, workshop = sheet.words, sheet.workshop
    _ = words.gettext
    assert workshop.drop_until is not None
    if sheet.first.fee_rial:
        text = _(
            "✖️ Shall I give up the place of {learners} in {workshop}?\n\n❗️ The last moment to "
            "get the fee back was {moment}. {fee} does <b>not</b> come back."
        )
        label = _("Yes, without the fee")
    else:
        text = _("✖️ Shall I give up the place of {learners} in {workshop}?")
        label = _("Yes, give it up")
    said = text.format(
        workshop=title_said(workshop, words),
        learners=learners_said(sheet),
        moment=deadline_said(workshop.drop_until, words),
        fee=fee_said(workshop, sheet.first.fee_rial, words),
    )
    own = str(sheet.first.id)
    rows = [
        [Button(label, WithdrawPressed(own, operation))],
        [registration_button(words, sheet.first)],
        way_back(words),
    ]
    return Reply(said, rows, is_page=True)


def withdrawn(sheet: Sheet) -> Reply:
    """Confirm that a place was given up."""
    words = sheet.words
    _ = words.gettext
    text = _("The place in {workshop} ({code}) is given up.").format(
        workshop=title_said(sheet.workshop, words), code=code_said(sheet.first.id, words)
    )
    rows = [
        [others_button(words, sheet.workshop.office_id)],
        [mine_button(words, below=True)],
        way_back(words),
    ]
    return Reply(text, rows, is_page=True)


def not_there_any_more(words: Words) -> str:
    """Say that what was asked about is as good as done, or cannot be done any more."""
    _ = words.gettext
    return _("This was done before, or is no longer possible. As it stands:")
