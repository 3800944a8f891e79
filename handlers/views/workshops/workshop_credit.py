"""Asking for a fee instead of make-up classes: the citizen's side, and the manager's card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens.rules import age_on
from bot.kit.digits import number
from bot.kit.jalali import tehran_day
from bot.kit.tracking import shown
from bot.workshops.model import RegistrationState
from handlers.callback_data.my_workshops import CreditAsked
from handlers.callback_data.registering import SURELY
from handlers.callback_data.workshop_credit import FeeBackAgreed, FeeBackRefused
from handlers.reply import Button, Reply
from handlers.views.common import code, quoted, said, tell_button, way_back
from handlers.views.wallet.payout_words import payout_button
from handlers.views.workshops.registering_words import (
    code_said,
    fee_said,
    learners_said,
    mine_button,
    others_button,
    registration_button,
    title_said,
)
from handlers.views.workshops.workshop_words import of_managers, registration_state

if TYPE_CHECKING:
    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Learner
    from bot.kit.words import Words
    from bot.wallet.model import JournalId
    from bot.workshops.model import Registration, Workshop
    from handlers.views.workshops.registering_words import Sheet

_REASON_UNITS_MAX: Final = 1500


def asked(sheet: Sheet) -> Reply:
    """Ask once before a manager is asked for the fee."""
    words = sheet.words
    _ = words.gettext
    text = _(
        "💸 Shall I ask a manager of the office to give back {fee} for {workshop} ({learners})?"
        "\n\nIf they agree, the fee comes back to your wallet and no make-up class is owed to "
        "you any more. Until they decide, all stays as it is."
    ).format(
        fee=fee_said(sheet.workshop, sheet.first.fee_rial, words),
        workshop=title_said(sheet.workshop, words),
        learners=learners_said(sheet),
    )
    rows = [
        [Button(_("Yes, ask for the fee"), CreditAsked(str(sheet.first.id), SURELY))],
        [registration_button(words, sheet.first, _("No, I wait for the make-up class"))],
        way_back(words),
    ]
    return Reply(text, rows, is_page=True)


def sent(sheet: Sheet) -> Reply:
    """Say that a manager was asked."""
    words = sheet.words
    _ = words.gettext
    text = _(
        "✅ The office was asked ({code}). A manager decides, and I tell you the outcome here. "
        "Until then the make-up class stays owed to you."
    ).format(code=code_said(sheet.first.id, words))
    return Reply(text, [[registration_button(words, sheet.first)], way_back(words)], is_page=True)


def nobody_asked(sheet: Sheet) -> Reply:
    """Say that the office cannot be reached by the desk, and which way there is."""
    words = sheet.words
    _ = words.gettext
    text = _(
        "I cannot reach the managers of this office right now. Please tell the office in your own "
        "words, with the number {code}; that is followed up."
    ).format(code=code_said(sheet.first.id, words))
    rows = [
        [tell_button(words, sheet.workshop.office_id)],
        [registration_button(words, sheet.first)],
        way_back(words),
    ]
    return Reply(text, rows, is_page=True)


def card(
    words: Words,
    published: OfficeCatalogue,
    workshop: Workshop,
    one: Registration,
    learner: Learner | None,
    *,
    is_page: bool = False,
) -> Reply:
    """Show a manager what is asked for; of the learner no more than is needed to know who."""
    _ = words.gettext
    lines = [
        _("💸 <b>Fee instead of a make-up class</b> · {office}").format(
            office=said(published.office.short_name, words)
        ),
        f"🎓 {title_said(workshop, words)}",
        f"🎫 <b>{code_said(one.id, words)}</b> · {_masked(words, one, learner)}",
        _("💰 Fee: {fee}").format(fee=fee_said(workshop, one.fee_rial, words)),
    ]
    rows = []
    if one.state is RegistrationState.CONFIRMED:
        lines.append(
            _(
                "A citizen asks for the fee back. If you agree, it goes back to the wallet, to "
                "where it came from, and nothing is owed to them any more."
            )
        )
        own = str(one.id)
        rows.append(
            [
                Button(of_managers(_("✅ Give it back"), words), FeeBackAgreed(own)),
                Button(of_managers(_("✖️ Refuse"), words), FeeBackRefused(own)),
            ]
        )
    else:
        state = registration_state(one.state, words)
        lines.append(_("📌 Registration: {state}").format(state=state))
    return Reply("\n".join(lines), rows, is_page=is_page)


def _masked(words: Words, one: Registration, learner: Learner | None) -> str:
    _ = words.gettext
    if learner is None:
        return _("a learner taken out of the list")
    age = age_on(learner.born_on, tehran_day(one.made_at))
    return _("{initial}…, {age} years").format(
        initial=learner.given_name[0], age=number(max(age, 0), words.language)
    )


def refusal_prompt(words: Words, workshop: Workshop, one: Registration) -> Reply:
    """Ask a manager why; the citizen reads it."""
    _ = words.gettext
    text = _(
        "✖️ Refuse the fee of {code} ({workshop}): reply to this message with the reason. The "
        "citizen reads it as you write it; the make-up class stays owed to them."
    ).format(code=code_said(one.id, words), workshop=title_said(workshop, words))
    return Reply(text + "\n" + _("To cancel, simply do not reply."))


def refused_done(words: Words, one: Registration) -> Reply:
    """Confirm to the manager that the citizen was told."""
    _ = words.gettext
    return Reply(
        _("✅ {code}: refused, and the citizen was told the reason.").format(
            code=code_said(one.id, words)
        )
    )


def refused_notice(words: Words, workshop: Workshop, one: Registration, reason: str) -> Reply:
    """Tell the citizen that the fee does not come back, why, and what they can do."""
    _ = words.gettext
    parts = [
        _(
            "The office does not give back the fee of {workshop} ({code}). The make-up class "
            "stays owed to you. The reason:"
        ).format(workshop=title_said(workshop, words), code=code_said(one.id, words)),
        quoted(reason, units_max=_REASON_UNITS_MAX),
        _("If you do not think this is right, you can tell the office."),
    ]
    rows = [
        [registration_button(words, one, below=True)],
        [tell_button(words, workshop.office_id)],
        way_back(words),
    ]
    return Reply("\n\n".join(parts), rows)


def agreed_notice(
    words: Words, workshop: Workshop, one: Registration, journal_id: JournalId | None
) -> Reply:
    """Tell the citizen that the fee is back."""
    _ = words.gettext
    lines = [
        _("✅ The office agreed: {fee} for {workshop} ({code}) is back in your wallet.").format(
            fee=fee_said(workshop, one.fee_rial, words),
            workshop=title_said(workshop, words),
            code=code_said(one.id, words),
        )
    ]
    if journal_id is not None:
        lines.append(_("Reference: {code}").format(code=code(shown(journal_id))))
    rows = [
        [payout_button(words, workshop.office_id)],
        [others_button(words, workshop.office_id), mine_button(words, below=True)],
        way_back(words),
    ]
    return Reply("\n".join(lines), rows)
