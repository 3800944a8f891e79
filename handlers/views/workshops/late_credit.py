"""Service credit for a make-up class that is overdue: what staff decide and families hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.wallet.model import ProposalState
from handlers.callback_data.late_credit import (
    LateCreditApproved,
    LateCreditRejected,
)
from handlers.reply import Button, Reply
from handlers.views.common import money, quoted, tell_button
from handlers.views.desk.desk_words import colleague
from handlers.views.workshops.registering_words import mine_button, moment_said, title_said
from handlers.views.workshops.workshop_alerts import card_button, late_credit_button
from handlers.views.workshops.workshop_notices import head, opened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.citizens.model import CitizenId
    from bot.kit.words import Words
    from bot.wallet.model import CreditProposal
    from bot.workshops.model import MakeUp, Session, Workshop
    from handlers.views.workshops.workshop_notices import Told


def prompt(words: Words, workshop: Workshop, missed: Session) -> Reply:
    """Ask for an amount, which the office has not decided, and a reason."""
    _ = words.gettext
    text = _(
        "🧾 {title}, the make-up class for session {number}: reply to this message with the "
        "amount in rials for each place and the reason, in one line, such as "
        "<code>{example}</code>. A manager other than you decides; the families read the reason "
        "once it is approved."
    ).format(
        title=title_said(workshop, words),
        number=number(missed.number, words.language),
        example=_("200000 the make-up class is late"),
    )
    return Reply(text + "\n" + _("To cancel, simply do not reply."))


def usual_reason(words: Words, missed: Session) -> str:
    """Write the reason where the office has decided the amount; the ledger keeps it."""
    _ = words.gettext
    return _("The make-up class for the session of {moment} is late").format(
        moment=jalali_moment(missed.slot.starts_at, words.language)
    )


def card(
    words: Words,
    workshop: Workshop,
    missed: Session,
    owed: MakeUp,
    proposals: Sequence[CreditProposal],
    *,
    names: Mapping[CitizenId, str],
    is_page: bool,
) -> Reply:
    """Show what is proposed and by whom, and let a manager decide."""
    _ = words.gettext
    first = proposals[0]
    text = _("🧾 Proposed service credit: <b>{amount}</b> for each of {count} places").format(
        amount=money(first.amount_rial, words), count=number(len(proposals), words.language)
    )
    parts = [
        _("{title}: the make-up class for session {number} is late.").format(
            title=title_said(workshop, words), number=number(missed.number, words.language)
        ),
        f"{text}\n{quoted(first.reason)}",
        _("Proposed by: {name}").format(name=colleague(names, first.proposed_by, words)),
        _standing(words, proposals, names),
    ]
    rows = [[card_button(words, workshop)]]
    if first.state is ProposalState.PROPOSED:
        decide = [
            Button(_("✅ Approve"), LateCreditApproved.on(owed.id, proposals)),
            Button(_("✖️ Reject"), LateCreditRejected.on(owed.id, proposals)),
        ]
        rows.insert(0, decide)
    elif all(one.state is ProposalState.REJECTED for one in proposals):
        rows.insert(0, [late_credit_button(words, owed)])
    return Reply("\n\n".join(parts), rows, is_page=is_page)


def _standing(
    words: Words, proposals: Sequence[CreditProposal], names: Mapping[CitizenId, str]
) -> str:
    _ = words.gettext
    by = proposals[0].decided_by
    if by is None:
        return _("A manager other than the proposer decides. No family knows the amount yet.")
    name = colleague(names, by, words)
    given = [one for one in proposals if one.state is ProposalState.APPROVED]
    if not given:
        return _("✖️ Rejected by {name}.").format(name=name)
    return _(
        "✅ Approved by {name}: {count} places have it in their families' wallets, and the "
        "families were told. The class stays owed."
    ).format(name=name, count=number(len(given), words.language))


def rejection_prompt(words: Words, workshop: Workshop, missed: Session) -> Reply:
    """Ask a manager why; the families read it."""
    _ = words.gettext
    text = _(
        "✖️ {title}, the make-up class for session {number}: reply to this message and say why "
        "no credit is given for the delay. The families read the reason as you write it."
    ).format(title=title_said(workshop, words), number=number(missed.number, words.language))
    return Reply(text + "\n" + _("To cancel, simply do not reply."))


def granted(told: Told, missed: Session, given_rial: int, reason: str) -> Reply:
    """Tell a family of credit for which it did not have to ask."""
    words = told.words
    _ = words.gettext
    parts = [
        _(
            "🧾 {amount} of service credit is in your wallet at this desk: /wallet\nIt is for the "
            "fees of workshops and is not withdrawable. You did not have to ask for it: the "
            "make-up class for the session of {missed} is late. The class stays owed to you."
        ).format(
            amount=money(given_rial, words), missed=moment_said(missed.slot.starts_at, words)
        ),
        head(told),
        _("Reason:") + "\n" + quoted(reason),
    ]
    return Reply("\n\n".join(parts), [[opened(told)], [mine_button(words, below=True)]])


def refused(told: Told, missed: Session, reason: str) -> Reply:
    """Tell a family that no credit is given for the delay, and why."""
    words = told.words
    _ = words.gettext
    parts = [
        _(
            "🧾 The office has decided to give no service credit for the delay of the make-up "
            "class for the session of {missed}. If you see it otherwise, you can tell the office."
        ).format(missed=moment_said(missed.slot.starts_at, words)),
        head(told),
        _("Reason:") + "\n" + quoted(reason),
    ]
    rows = [
        [tell_button(words, told.workshop.office_id)],
        [opened(told)],
        [mine_button(words, below=True)],
    ]
    return Reply("\n\n".join(parts), rows)
