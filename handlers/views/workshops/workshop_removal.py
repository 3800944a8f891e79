"""A manager takes a place away: what they are asked, what was done, and what the family reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.tracking import shown
from handlers.reply import Reply
from handlers.views.common import code, quoted, said, tell_button, way_back
from handlers.views.wallet.payout_words import payout_button
from handlers.views.workshops.registering_words import code_said, fee_said, mine_button, title_said
from handlers.views.workshops.workshop_alerts import card_button
from handlers.views.workshops.workshop_notices import head, opened

if TYPE_CHECKING:
    from bot.kit.words import Words
    from bot.wallet.model import JournalId
    from bot.workshops.model import Registration, Workshop
    from handlers.views.workshops.workshop_notices import Told

_REASON_UNITS_MAX: Final = 1500


def prompt(words: Words, workshop: Workshop, one: Registration, learner: str) -> Reply:
    """Ask a manager why, and say what it leads to."""
    _ = words.gettext
    parts = [
        _(
            "🚫 {workshop}: take the place of {code} ({learner}) away? Reply to this message with "
            "the reason. The family reads it as you write it, and the place goes to the next in "
            "line at once."
        ).format(
            workshop=title_said(workshop, words), code=code_said(one.id, words), learner=learner
        )
    ]
    if one.fee_rial:
        parts.append(
            _("💰 The fee, {fee}, goes back to their wallet, to where it came from.").format(
                fee=fee_said(workshop, one.fee_rial, words)
            )
        )
    parts.append(_("To cancel, simply do not reply."))
    return Reply("\n\n".join(parts))


def done(words: Words, workshop: Workshop, one: Registration) -> Reply:
    """Confirm to the manager that the place is taken away, and that the family was told."""
    _ = words.gettext
    parts = [
        _("✅ {workshop}: {code} is taken away, and the family was told the reason.").format(
            workshop=title_said(workshop, words), code=code_said(one.id, words)
        )
    ]
    if one.fee_rial:
        parts.append(
            _("💰 The fee, {fee}, is back in their wallet.").format(
                fee=fee_said(workshop, one.fee_rial, words)
            )
        )
    return Reply("\n".join(parts), [[card_button(words, workshop)]])


def notice(told: Told, reason: str, journal_id: JournalId | None) -> Reply:
    """Tell the family that a place was taken away, why, and that the fee is back."""
    words = told.words
    _ = words.gettext
    office = said(told.published.office.short_name, words)
    parts = [
        _("🚫 {office} has taken this place in the workshop away.").format(office=office),
        head(told),
        _("Reason:") + "\n" + quoted(reason, units_max=_REASON_UNITS_MAX),
    ]
    rows = [[opened(told)], [tell_button(words, told.workshop.office_id)]]
    if journal_id is not None:
        parts.append(
            _("💰 <b>{amount}</b> is back in your wallet.\nReference: {code}").format(
                amount=fee_said(told.workshop, told.fee_rial, words), code=code(shown(journal_id))
            )
        )
        rows.append([payout_button(words, told.workshop.office_id)])
    parts.append(_("If you do not think this is right, you can tell the office."))
    rows += [[mine_button(words, below=True)], way_back(words)]
    return Reply("\n\n".join(parts), rows)
