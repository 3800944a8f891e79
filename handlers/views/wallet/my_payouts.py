"""One's own payouts: the list, the page of each, and what a citizen is told on the way (KN-17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.jalali import jalali_month_day, tehran_day
from bot.kit.text import ltr
from bot.kit.tracking import shown
from bot.wallet.model import PayoutState
from handlers.callback_data.payouts import MyPayoutPressed, MyPayoutsPressed, MyPayoutVerb
from handlers.reply import Button, Reply
from handlers.views.common import code, money, quoted, said, way_back
from handlers.views.wallet.payout_words import (
    account_line,
    head,
    icon,
    my_payouts_button,
    payout_button,
    shown_code,
    state_name,
)
from handlers.views.wallet.payouts import no_time
from handlers.views.wallet.wallet import wallet_button
from handlers.views.wallet.wallet_words import amount_line, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.wallet.model import Payout, PayoutEvent

PAYOUTS_ON_A_PAGE: Final = 6
_REASON_UNITS_MAX: Final = 400
TOLD: Final = frozenset(PayoutState) - {
    PayoutState.REQUESTED,
    PayoutState.SECONDING,
    PayoutState.WITHDRAWN,
}
"""What a citizen is told of once it is reached; the others are their own acts, or half a step."""


def list_page(
    words: Words, published: OfficeCatalogue, payouts: Sequence[Payout], page: int
) -> Reply:
    """List a person's payouts at an office, the newest first."""
    _ = words.gettext
    office_id = published.office.id
    ways = [[payout_button(words, office_id)], [wallet_button(words, office_id)]]
    if not payouts:
        text = _("📄 You have asked for no payout here yet.")
        return Reply(text, [*ways, way_back(words)], is_page=True)
    last = (len(payouts) - 1) // PAYOUTS_ON_A_PAGE
    page = min(page, last)
    listed = payouts[page * PAYOUTS_ON_A_PAGE : (page + 1) * PAYOUTS_ON_A_PAGE]
    rows = [[_line_button(words, payout)] for payout in listed]
    turns = []
    if page > 0:
        turns.append(Button(_("Newer"), MyPayoutsPressed(office_id, str(page - 1))))
    if page < last:
        turns.append(Button(_("Older"), MyPayoutsPressed(office_id, str(page + 1))))
    heading = _("📄 <b>My payouts</b> · {office}").format(
        office=said(published.office.short_name, words)
    )
    text = "\n\n".join([heading, *(_line(words, payout) for payout in listed)])
    return Reply(text, [*rows, turns, *ways, way_back(words)], is_page=True)


def _line(words: Words, payout: Payout) -> str:
    day = jalali_month_day(tehran_day(payout.requested_at), words.language)
    return "\n".join(
        [
            f"{icon(payout.state)} {shown_code(payout)} · {day}",
            money(payout.amount_rial, words),
            state_name(payout.state, words),
        ]
    )


def _line_button(words: Words, payout: Payout) -> Button:
    day = jalali_month_day(tehran_day(payout.requested_at), words.language)
    label = f"{icon(payout.state)} {ltr(shown(payout.code))} · {day}"
    return Button(label, MyPayoutPressed.on(payout, MyPayoutVerb.SHOW))


def page(
    words: Words,
    published: OfficeCatalogue,
    payout: Payout,
    events: Sequence[PayoutEvent],
    *,
    is_page: bool,
) -> Reply:
    """Show where a payout stands, every step it took with its moment, and what comes next."""
    _ = words.gettext
    facts = [
        head(words, payout),
        "🏛 " + said(published.office.short_name, words),
        amount_line(words, payout.amount_rial),
        account_line(words, payout.masked_iban),
    ]
    steps = [
        f"{icon(event.to_state)} {at(event.at, words)}: {_step_name(words, event)}"
        for event in events
    ]
    parts = ["\n".join(facts), "\n".join(steps), *_outcome(words, payout)]
    rows = []
    if payout.state.is_withdrawable:
        withdraw = MyPayoutPressed.on(payout, MyPayoutVerb.WITHDRAW)
        rows.append([Button(_("🗑 Withdraw the request"), withdraw)])
    if payout.state.is_open:
        rows.append([Button(_("🔄 As it is now"), MyPayoutPressed.on(payout, MyPayoutVerb.SHOW))])
    rows += [
        [my_payouts_button(words, payout.office_id)],
        [wallet_button(words, payout.office_id)],
        way_back(words),
    ]
    return Reply("\n\n".join(parts), rows, is_page=is_page)


def _step_name(words: Words, event: PayoutEvent) -> str:
    _ = words.gettext
    if event.from_state is event.to_state:
        return _("the office corrected the bank reference")
    return state_name(event.to_state, words)


def reference_corrected(words: Words, published: OfficeCatalogue, payout: Payout) -> Reply:
    """Tell somebody the right reference of what was paid to them, in the place of a wrong one."""
    _ = words.gettext
    assert payout.bank_reference is not None
    parts = [
        head(words, payout) + "\n🏛 " + said(published.office.short_name, words),
        _(
            "✏️ I am sorry: the bank reference that I told you for this payout was wrong. The "
            "office has corrected it; the payment itself is unchanged."
        ),
        _reference(words, payout.bank_reference),
    ]
    rows = [[my_payouts_button(words, payout.office_id)], way_back(words)]
    return Reply("\n\n".join(parts), rows)


def _outcome(words: Words, payout: Payout) -> list[str]:
    """Why it came to what it came to, and the next step."""
    parts = []
    if payout.reason and payout.state in _WITH_REASON:
        parts.append(_why(words, payout.reason))
    if payout.bank_reference and payout.state is PayoutState.PAID:
        parts.append(_reference(words, payout.bank_reference))
    return [*parts, next_step(words, payout)]


_WITH_REASON: Final = (PayoutState.REJECTED, PayoutState.RETURNED, PayoutState.RETURNED_LATE)


def _why(words: Words, reason: str) -> str:
    _ = words.gettext
    return _("The reason:") + "\n" + quoted(reason, units_max=_REASON_UNITS_MAX)


def _reference(words: Words, reference: str) -> str:
    _ = words.gettext
    return _("🏛 Reference number of the bank: {reference}").format(reference=code(reference))


def next_step(words: Words, payout: Payout) -> str:
    """Say what comes next, or what one can do."""
    _ = words.gettext
    waiting = _("Until it is approved you can withdraw it. {no_time}").format(
        no_time=no_time(words)
    )
    back = _(
        "The whole amount is free in your wallet again. You are welcome to ask for a payout anew, "
        "also to another account: /payout"
    )
    steps = {
        PayoutState.REQUESTED: waiting,
        PayoutState.REVIEW: waiting,
        PayoutState.SECONDING: waiting,
        PayoutState.APPROVED: _("Next it goes to the bank. {no_time}").format(
            no_time=no_time(words)
        ),
        PayoutState.SENT: _("Next the bank answers, and I tell you. {no_time}").format(
            no_time=no_time(words)
        ),
        PayoutState.PAID: _(
            "If it is not in your account, please ask your bank with that reference number, or "
            "tell the office with this tracking code: /case"
        ),
        PayoutState.RETURNED: back,
        PayoutState.RETURNED_LATE: back,
        PayoutState.REJECTED: _(
            "The whole amount is free in your wallet again. If you do not think this is right, "
            "tell the office with this tracking code: /case"
        ),
        PayoutState.WITHDRAWN: back,
    }
    return steps[payout.state]


def withdraw_asked(words: Words, payout: Payout) -> Reply:
    """Ask once whether a request shall really be withdrawn."""
    _ = words.gettext
    text = _(
        "🗑 Shall this request be withdrawn? The amount is then free in your wallet at once, and "
        "the office does nothing more about it."
    )
    rows = [
        [Button(_("🗑 Yes, withdraw it"), _on(payout, MyPayoutVerb.WITHDRAW_SURELY))],
        [Button(_("↩️ No, leave it"), _on(payout, MyPayoutVerb.SHOW))],
    ]
    whole = f"{head(words, payout)}\n{amount_line(words, payout.amount_rial)}\n\n{text}"
    return Reply(whole, rows, is_page=True)


def _on(payout: Payout, verb: MyPayoutVerb) -> MyPayoutPressed:
    return MyPayoutPressed.on(payout, verb)


def withdrawn(words: Words) -> str:
    """Say over the chat that the request was withdrawn."""
    _ = words.gettext
    return _("Withdrawn; the amount is free in your wallet.")


def moved(words: Words, state: PayoutState) -> str:
    """Say over the chat that it has moved on meanwhile."""
    _ = words.gettext
    return _("It has moved on meanwhile, so nothing was changed: {state}.").format(
        state=state_name(state, words)
    )


def news(words: Words, published: OfficeCatalogue, payout: Payout) -> Reply:
    """Tell a citizen that their payout came a step further, with its code and what comes next."""
    parts = [
        _told(words)[payout.state],
        "\n".join(
            [
                head(words, payout),
                "🏛 " + said(published.office.short_name, words),
                amount_line(words, payout.amount_rial),
                account_line(words, payout.masked_iban),
            ]
        ),
        *_outcome(words, payout),
    ]
    _ = words.gettext
    see = Button(_("📂 Where it stands"), _on(payout, MyPayoutVerb.OPEN))
    return Reply("\n\n".join(parts), [[see], [wallet_button(words, payout.office_id)]])


def _told(words: Words) -> dict[PayoutState, str]:
    _ = words.gettext
    return {
        PayoutState.REVIEW: _(
            "🔍 Your payout is being checked again before it goes to the bank. Nothing is lost."
        ),
        PayoutState.APPROVED: _("✅ Your payout is approved."),
        PayoutState.SENT: _("📤 Your payout is on its way: the bank has been told."),
        PayoutState.PAID: _("💰 Your payout is paid: the bank says that it is done."),
        PayoutState.RETURNED: _("↩️ The bank could not pay this, and returned it."),
        PayoutState.RETURNED_LATE: _(
            "↩️ The bank had paid this and then returned it. The money is in your wallet again."
        ),
        PayoutState.REJECTED: _("✖️ Your payout was not approved."),
    }
