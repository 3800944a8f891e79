"""A payout as finance and managers see it (KN-17): never a name, never a whole account number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from bot.citizens.model import CitizenId
from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.wallet.model import PayoutState
from handlers.callback_data.payouts import (
    ExportAsked,
    PayoutCountsPressed,
    PayoutDeskPressed,
    PayoutVerb,
)
from handlers.reply import Button, Reply
from handlers.views.common import code, in_pairs, said, shielded
from handlers.views.desk.desk_words import colleague
from handlers.views.wallet.payout_words import account_line, head, icon, list_name
from handlers.views.wallet.wallet_words import amount_line, at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.wallet.model import Payout, PayoutEvent

_EVENTS_SHOWN_MAX = 10
_REASON_UNITS_MAX = 200
_STAFF = "staff:"
_AGAIN = {(PayoutState.APPROVED, PayoutState.REVIEW)}
_CORRECTED = {(PayoutState.PAID, PayoutState.PAID)}
_SECOND = {(PayoutState.SECONDING, PayoutState.APPROVED)}


class Headline(Enum):
    """Why the card of a payout is shown below, where everybody reads it."""

    REQUESTED = auto()
    WITHDRAWN = auto()
    FOR_MANAGER = auto()


@dataclass(frozen=True)
class Sheet:
    """A payout with what happened to it, and how many others have asked for the same account."""

    payout: Payout
    events: tuple[PayoutEvent, ...]
    sharers_count: int


def about(payout: Payout) -> str:
    """What messages about a payout are about; a reply to one goes to no citizen."""
    return f"payout:{payout.code}"


def card(
    words: Words,
    published: OfficeCatalogue,
    sheet: Sheet,
    *,
    names: Mapping[CitizenId, str],
    headline: Headline | None,
    is_page: bool = False,
) -> Reply:
    """Show a payout as it stands, what was done to it and by whom, and what can be done now."""
    payout = sheet.payout
    facts = [
        f"{head(words, payout)} · {said(published.office.short_name, words)}",
        amount_line(words, payout.amount_rial),
        account_line(words, payout.masked_iban),
        _standing(words, payout),
        *_references(words, payout),
    ]
    parts = ["\n".join(facts)]
    if headline is not None:
        parts.insert(0, _headlines(words)[headline])
    if sheet.sharers_count:
        parts.append(_shared(words, sheet.sharers_count))
    parts.append(_history(words, sheet.events, names))
    rows = [*in_pairs(_acts(words, payout)), _ways_on(words, payout)]
    return Reply("\n\n".join(parts), rows, is_page=is_page)


def _headlines(words: Words) -> dict[Headline, str]:
    _ = words.gettext
    return {
        Headline.REQUESTED: _("📬 New payout request"),
        Headline.WITHDRAWN: _("🗑 The citizen withdrew a payout request"),
        Headline.FOR_MANAGER: _("👔 A payout needs a second approval, by a manager"),
    }


def waits_for(words: Words, payout: Payout) -> str:
    """Say for whom it waits; what is over waits for nobody."""
    _ = words.gettext
    review = _("waits for the approval of finance")
    if payout.needs_second:
        review = _("waits for the approval of finance, then of a manager")
    names = {
        PayoutState.REQUESTED: _("waits for finance to look at it"),
        PayoutState.REVIEW: review,
        PayoutState.SECONDING: _("waits for the second approval, by a manager"),
        PayoutState.APPROVED: _("approved; waits to go to the bank in a file"),
        PayoutState.SENT: _("sent; waits for the answer of the bank"),
        PayoutState.PAID: _("paid"),
        PayoutState.RETURNED: _("returned by the bank; the money is in the wallet"),
        PayoutState.RETURNED_LATE: _("paid, then returned; the money is in the wallet again"),
        PayoutState.REJECTED: _("rejected; the money is free in the wallet"),
        PayoutState.WITHDRAWN: _("withdrawn by the citizen; nothing is to be done"),
    }
    return names[payout.state]


def _standing(words: Words, payout: Payout) -> str:
    _ = words.gettext
    return _("{icon} Status: {state}, since {moment}").format(
        icon=icon(payout.state),
        state=waits_for(words, payout),
        moment=at(payout.changed_at, words),
    )


def _references(words: Words, payout: Payout) -> list[str]:
    """The bank's own numbers, by which finance finds it there."""
    _ = words.gettext
    lines = []
    if payout.bank_reference is not None:
        lines.append(
            _("🏛 Bank reference: {reference}").format(reference=code(payout.bank_reference))
        )
    if payout.return_reference is not None:
        lines.append(
            _("↩️ Reference of the return: {reference}").format(
                reference=code(payout.return_reference)
            )
        )
    return lines


def _shared(words: Words, count: int) -> str:
    _ = words.gettext
    return _(
        "⚠️ {count} others have asked for payouts to this account as well. Please look closely: "
        "it should be the citizen's own."
    ).format(count=number(count, words.language))


def _history(words: Words, events: tuple[PayoutEvent, ...], names: Mapping[CitizenId, str]) -> str:
    _ = words.gettext
    lines = [_event(words, event, names) for event in events[-_EVENTS_SHOWN_MAX:]]
    return "\n".join([_("🕘 What happened:"), *lines])


def _event(words: Words, event: PayoutEvent, names: Mapping[CitizenId, str]) -> str:
    moment = jalali_moment(event.at, words.language, with_weekday=False)
    who = actor_name(words, event.actor, names)
    line = f"• {moment} · {who}: {icon(event.to_state)} {done_name(words, event)}"
    if event.reason:
        line += f"\n  «{shielded(event.reason, units_max=_REASON_UNITS_MAX)}»"
    return line


def done_name(words: Words, event: PayoutEvent) -> str:
    """Name what somebody did, by where it led, and for some acts from where."""
    _ = words.gettext
    if (event.from_state, event.to_state) in _AGAIN:
        return _("recalled it to look at it again")
    if (event.from_state, event.to_state) in _SECOND:
        return _("gave the second approval")
    if (event.from_state, event.to_state) in _CORRECTED:
        return _("corrected the bank reference")
    names = {
        PayoutState.REQUESTED: _("asked for it"),
        PayoutState.REVIEW: _("began to look at it"),
        PayoutState.SECONDING: _("approved it; a manager approves it too"),
        PayoutState.APPROVED: _("approved it"),
        PayoutState.SENT: _("sent it to the bank"),
        PayoutState.PAID: _("marked it as paid"),
        PayoutState.RETURNED: _("marked it as returned by the bank"),
        PayoutState.RETURNED_LATE: _("marked it as returned after it was paid"),
        PayoutState.REJECTED: _("rejected it"),
        PayoutState.WITHDRAWN: _("withdrew it"),
    }
    return names[event.to_state]


def actor_name(words: Words, actor: str, names: Mapping[CitizenId, str]) -> str:
    """Name who did something: a colleague by name, the citizen never."""
    _ = words.gettext
    if not actor.startswith(_STAFF):
        return _("the citizen")
    return colleague(names, CitizenId(int(actor.removeprefix(_STAFF))), words)


def _acts(words: Words, payout: Payout) -> list[Button]:
    """What can be done now, by whoever may; the others are told so."""
    _ = words.gettext
    take = Button(_("🔍 I look at it"), PayoutDeskPressed.on(payout, PayoutVerb.TAKE))
    approve = Button(_("✅ Approve"), PayoutDeskPressed.on(payout, PayoutVerb.APPROVE))
    second = Button(
        _("✅ Second approval (manager)"), PayoutDeskPressed.on(payout, PayoutVerb.SECOND)
    )
    reject = Button(_("✖️ Reject"), PayoutDeskPressed.on(payout, PayoutVerb.REJECT))
    recall = Button(_("⏪ Recall (manager)"), PayoutDeskPressed.on(payout, PayoutVerb.RECALL))
    paid = Button(_("💰 Paid"), PayoutDeskPressed.on(payout, PayoutVerb.PAID))
    returned = Button(_("↩️ Returned"), PayoutDeskPressed.on(payout, PayoutVerb.RETURNED))
    late = Button(_("↩️ Returned late"), PayoutDeskPressed.on(payout, PayoutVerb.LATE))
    correct = Button(
        _("✏️ Correct the reference (manager)"), PayoutDeskPressed.on(payout, PayoutVerb.CORRECT)
    )
    acts = {
        PayoutState.REQUESTED: [take, reject],
        PayoutState.REVIEW: [approve, reject],
        PayoutState.SECONDING: [second, reject],
        PayoutState.APPROVED: [
            Button(_("📤 To the bank…"), ExportAsked(payout.office_id)),
            recall,
        ],
        PayoutState.SENT: [paid, returned],
        PayoutState.PAID: [late, correct],
    }
    return acts.get(payout.state, [])


def _ways_on(words: Words, payout: Payout) -> list[Button]:
    _ = words.gettext
    return [
        Button(_("🔄 As it is now"), PayoutDeskPressed.on(payout, PayoutVerb.CARD)),
        Button(_("📋 All lists"), PayoutCountsPressed()),
    ]


def meanwhile(words: Words, state: PayoutState) -> str:
    """Say over the chat what has happened meanwhile, above the card as it is now."""
    _ = words.gettext
    return _("Nothing was done: meanwhile this payout is “{state}”. The card shows it.").format(
        state=list_name(state, words)
    )


def prompt(words: Words, published: OfficeCatalogue, payout: Payout, verb: PayoutVerb) -> Reply:
    """Ask for what an act needs, in a message that is replied to."""
    _ = words.gettext
    asked = {
        PayoutVerb.REJECT: _(
            "✖️ Reject: reply to this message with the reason. The citizen reads it as you write "
            "it, and the money is free in their wallet at once."
        ),
        PayoutVerb.RECALL: _(
            "⏪ Recall: reply to this message with the reason, for colleagues and the record. It "
            "goes back under review, and all approvals are given anew."
        ),
        PayoutVerb.PAID: _(
            "💰 Paid: reply to this message with the reference number of the bank. The amount "
            "leaves the wallet, and the citizen is told."
        ),
        PayoutVerb.RETURNED: _(
            "↩️ Returned: reply to this message with the reason that the bank gave. The money is "
            "free in the wallet again, and the citizen reads the reason."
        ),
        PayoutVerb.LATE: _(
            "↩️ Returned late: reply to this message with the reference number of the return, a "
            "space, and the reason, such as “4055123 account closed”. The money goes back into "
            "the wallet, and the citizen reads the reason."
        ),
        PayoutVerb.CORRECT: _(
            "✏️ Correct the reference: reply to this message with the right reference number of "
            "the bank, a space, and the reason, such as “4055123 a digit was mistyped”. The "
            "payout stays paid, both numbers stay in its history, and the citizen is told the "
            "right one."
        ),
    }
    office = said(published.office.short_name, words)
    parts = [
        f"{head(words, payout)} · {office}\n{amount_line(words, payout.amount_rial)}",
        asked[verb],
        _("To cancel, simply do not reply. Please write no name and no account number."),
    ]
    back = Button(_("📂 Card"), PayoutDeskPressed.on(payout, PayoutVerb.OPEN))
    return Reply("\n\n".join(parts), [[back]])


def unreached(words: Words, payout: Payout) -> Reply:
    """Report that news of a payout did not reach the citizen, and where they see it."""
    _ = words.gettext
    text = _(
        "📵 The news of this payout did not reach the citizen. They see it in their wallet when "
        "they come back; it changes nothing about the payout."
    )
    card_button = Button(_("📂 Card"), PayoutDeskPressed.on(payout, PayoutVerb.OPEN))
    return Reply(f"{head(words, payout)}\n\n{text}", [[card_button]])
