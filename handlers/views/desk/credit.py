"""Proposed service credit (KN-07): how it is asked for, its card, and what a citizen is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet.model import ProposalState
from handlers.callback_data.wallet import CreditApproved, CreditRejected
from handlers.reply import Button, Reply
from handlers.views.cases.case_words import head
from handlers.views.common import money, quoted, said
from handlers.views.desk.case_menus import open_card
from handlers.views.desk.desk_words import colleague

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.cases.model import Case
    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId
    from bot.kit.words import Words
    from bot.wallet.model import CreditProposal


def proposal_card(
    words: Words,
    published: OfficeCatalogue,
    case: Case,
    proposal: CreditProposal,
    *,
    names: Mapping[CitizenId, str],
    is_page: bool,
) -> Reply:
    """Show what is proposed and by whom, and let a manager decide."""
    _ = words.gettext
    parts = [
        f"{head(words, case)} · {said(published.office.short_name, words)}",
        _("🧾 Proposed service credit: <b>{amount}</b>").format(
            amount=money(proposal.amount_rial, words)
        )
        + "\n"
        + quoted(proposal.reason),
        _("Proposed by: {name}").format(name=colleague(names, proposal.proposed_by, words)),
        _standing(words, proposal, names),
    ]
    rows = [[open_card(words, case)]]
    if proposal.state is ProposalState.PROPOSED:
        number = str(proposal.id)
        decide = [
            Button(_("✅ Approve"), CreditApproved(number)),
            Button(_("✖️ Reject"), CreditRejected(number)),
        ]
        rows.insert(0, decide)
    return Reply("\n\n".join(parts), rows, is_page=is_page)


def _standing(words: Words, proposal: CreditProposal, names: Mapping[CitizenId, str]) -> str:
    _ = words.gettext
    if proposal.decided_by is None:
        return _("A manager other than the proposer decides. The citizen knows nothing of it yet.")
    said_so = {
        ProposalState.APPROVED: _("✅ Approved by {name}: it is in the citizen's wallet."),
        ProposalState.REJECTED: _("✖️ Rejected by {name}."),
    }
    return said_so[proposal.state].format(name=colleague(names, proposal.decided_by, words))


def rejection_prompt(
    words: Words, published: OfficeCatalogue, case: Case, proposal: CreditProposal
) -> Reply:
    """Ask a manager why; the citizen reads it."""
    _ = words.gettext
    text = _(
        "✖️ Reject {amount}: reply to this message with the reason. The case ends as “cannot be "
        "done”; the citizen reads the reason as you write it, and may object once."
    ).format(amount=money(proposal.amount_rial, words))
    office = said(published.office.short_name, words)
    way_back = _("To cancel, simply do not reply.")
    whole = f"{head(words, case)} · {office}\n\n{text}\n{way_back}"
    return Reply(whole, [[open_card(words, case)]])


def granted(words: Words, proposal: CreditProposal) -> str:
    """Say to the citizen, as the outcome of their case, what they were given and why."""
    _ = words.gettext
    return _(
        "{amount} of service credit was approved. It is in your wallet at this desk: /wallet\n"
        "It is for the fees of workshops and is not withdrawable.\n"
        "Reason: {reason}"
    ).format(amount=money(proposal.amount_rial, words), reason=proposal.reason)
