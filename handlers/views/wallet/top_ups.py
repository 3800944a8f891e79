"""The way to paying in: how, how much, which reference, a last look, and the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.wallet.model import TopUpWay
from handlers.callback_data.top_ups import TopUpBegins, TopUpDialoguePressed, TopUpPress
from handlers.reply import Button, Invoice, Reply
from handlers.views.common import code, money, said, text_only, way_back
from handlers.views.wallet.top_up_draft import Step
from handlers.views.wallet.top_up_words import (
    head,
    is_withdrawable,
    my_top_ups_button,
    reference_line,
    state_name,
    top_up_button,
    withdraw_button,
)
from handlers.views.wallet.wallet import wallet_button
from handlers.views.wallet.wallet_words import amount_line, at, office_rows, unit_asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue, WalletPolicy
    from bot.citizens.model import Dialogue
    from bot.kit.words import Words
    from bot.wallet.model import TopUp
    from handlers.views.wallet.top_up_draft import Draft

LISTED_MAX: Final = 6
_COMMON_RIAL: Final = (500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000)


def keepers(words: Words, offices: Sequence[OfficeCatalogue], *, is_page: bool) -> Reply:
    """Ask into which office's wallet, where several keep one; say so where none does."""
    _ = words.gettext
    text = _("💰 Into the wallet at which office?") if offices else not_taken(words)
    rows = office_rows(words, offices, TopUpBegins)
    return Reply(text, [*rows, way_back(words)], is_page=is_page)


def not_taken(words: Words) -> str:
    """Say that nothing can be paid in here."""
    _ = words.gettext
    return _("💰 Nothing can be paid in here yet.")


def nothing_taken(words: Words) -> Reply:
    """Say so where a wallet is kept all the same."""
    return Reply(not_taken(words), [[wallet_button(words)], way_back(words)])


@dataclass(frozen=True)
class Asking:
    """What a step is drawn from."""

    words: Words
    published: OfficeCatalogue
    policy: WalletPolicy
    dialogue: Dialogue
    draft: Draft

    def button(self, label: str, press: TopUpPress, value: str | int = "") -> Button:
        """A button of this run of the flow."""
        return Button(label, TopUpDialoguePressed(self.dialogue.token, press.value, str(value)))

    @property
    def cancel(self) -> Button:
        """The button that leaves the flow."""
        _ = self.words.gettext
        return self.button(_("✖️ Cancel"), TopUpPress.CANCEL)


def step_page(asking: Asking, *, notes: Sequence[str], is_page: bool) -> Reply:
    """Ask what is missing, below what is to be said before."""
    step = asking.draft.next_step
    if step is Step.WAY:
        text, rows = _way(asking)
    elif step is Step.AMOUNT:
        text, rows = _amount(asking) if asking.draft.bare is None else _unit(asking)
    elif step is Step.REFERENCE:
        text, rows = _reference(asking)
    else:
        text, rows = _review(asking)
    return Reply("\n\n".join([*notes, text]), [*rows, [asking.cancel]], is_page=is_page)


def _way(asking: Asking) -> tuple[str, list[list[Button]]]:
    _ = asking.words.gettext
    text = _("💰 <b>Top up your wallet</b>\n\nHow would you like to pay?")
    bill = asking.button(_("💳 Here in the chat"), TopUpPress.WAY, TopUpWay.INVOICE.value)
    bank = asking.button(
        _("🏦 I paid at the bank; I have a reference"), TopUpPress.WAY, TopUpWay.BANK.value
    )
    return text, [[bill], [bank]]


def _amount(asking: Asking) -> tuple[str, list[list[Button]]]:
    words, policy = asking.words, asking.policy
    _ = words.gettext
    if asking.draft.way is TopUpWay.BANK:
        question = _("How much did you pay, or will you pay, at the bank?")
    else:
        question = _("How much shall it be?")
    text = _(
        "💰 <b>Top up your wallet</b>\n\n"
        "At least {least} and at most {most} at once{sample}.\n\n"
        "{question} Please choose, or write the amount with its unit, such as “500,000 tomans”."
    ).format(
        least=money(policy.top_up_rial_min, words),
        most=money(policy.top_up_rial_max, words),
        sample=_(" (sample amounts)") if policy.is_sample else "",
        question=question,
    )
    offered = (
        one for one in _COMMON_RIAL if policy.top_up_rial_min <= one <= policy.top_up_rial_max
    )
    return text, [[asking.button(money(one, words), TopUpPress.AMOUNT, one)] for one in offered]


def _unit(asking: Asking) -> tuple[str, list[list[Button]]]:
    """Ask what a number counts."""
    assert asking.draft.bare is not None
    least_rial = asking.policy.top_up_rial_min
    text, names = unit_asked(asking.words, asking.draft.bare, least_rial)
    return text, [
        [asking.button(name, TopUpPress.UNIT, unit.value) for unit, name in names.items()]
    ]


def _reference(asking: Asking) -> tuple[str, list[list[Button]]]:
    words, draft, policy = asking.words, asking.draft, asking.policy
    _ = words.gettext
    assert draft.amount_rial is not None
    assert policy.bank_reference is not None
    text = _(
        "🏦 {how}\n\n"
        "{amount}\n\n"
        "Then write the bank's reference of the payment (tracking number) here, as text. No "
        "picture of a receipt is needed or taken."
    ).format(how=said(policy.bank_reference, words), amount=amount_line(words, draft.amount_rial))
    return text, [[_change(asking, Step.AMOUNT)]]


def _review(asking: Asking) -> tuple[str, list[list[Button]]]:
    words, draft = asking.words, asking.draft
    _ = words.gettext
    assert draft.amount_rial is not None
    facts = [
        _("💰 <b>Please check your top-up</b>"),
        "🏛 " + said(asking.published.office.short_name, words),
        amount_line(words, draft.amount_rial),
    ]
    if draft.way is TopUpWay.INVOICE:
        rows = [
            [asking.button(_("🧾 Make the bill"), TopUpPress.SEND)],
            [_change(asking, Step.AMOUNT)],
        ]
        return "\n".join(facts), rows
    assert draft.reference is not None
    facts.append(reference_line(words, draft.reference))
    what_next = _(
        "Finance looks for exactly this amount under this reference. Is everything right?"
    )
    rows = [
        [asking.button(_("✅ Register it"), TopUpPress.SEND)],
        [_change(asking, Step.AMOUNT), _change(asking, Step.REFERENCE)],
    ]
    return "\n".join(facts) + "\n\n" + what_next, rows


def _change(asking: Asking, what: Step) -> Button:
    _ = asking.words.gettext
    names = {Step.AMOUNT: _("✏️ Amount"), Step.REFERENCE: _("✏️ Reference")}
    return asking.button(names[what], TopUpPress.CHANGE, what.value)


def bill_made(words: Words, bill: TopUp, *, is_page: bool) -> Reply:
    """Say what follows the bill below."""
    _ = words.gettext
    parts = [
        f"{head(words, bill)}\n{amount_line(words, bill.amount_rial)}",
        _(
            "The bill is below; its button pays it. It is valid until {moment}. As soon as it is "
            "paid the money is in your wallet, and I tell you here."
        ).format(moment=at(bill.expires_at, words)),
    ]
    rows = [[my_top_ups_button(words)], [wallet_button(words, bill.office_id)]]
    return Reply("\n\n".join(parts), [*rows, way_back(words)], is_page=is_page)


def bill(words: Words, published: OfficeCatalogue, bill: TopUp) -> Reply:
    """The bill itself."""
    _ = words.gettext
    office = published.office.short_name.in_language(words.language)
    description = _("Top-up of your wallet at the desk of {office}. Tracking code: {code}").format(
        office=office, code=bill.shown_code
    )
    invoice = Invoice(_("Wallet top-up"), description, bill.subject, bill.amount_rial)
    return Reply(invoice=invoice)


def receipt(words: Words, claim: TopUp) -> Reply:
    """Confirm a claim, with the code by which it is known from now on."""
    _ = words.gettext
    assert claim.reference is not None
    parts = [
        _("✅ Your top-up is registered and waits for finance."),
        "\n".join(
            [
                _("🔖 Code of the top-up: {code}").format(code=code(claim.shown_code)),
                amount_line(words, claim.amount_rial),
                reference_line(words, claim.reference),
            ]
        ),
        _(
            "Finance looks for it in the account of the office; the time this takes is not stated "
            "in the agreement. I tell you the outcome here, with this code. If something in it is "
            "mistyped, take it back and register it anew."
        ),
    ]
    rows = [
        [withdraw_button(words, claim)],
        [my_top_ups_button(words)],
        [wallet_button(words, claim.office_id)],
    ]
    return Reply("\n\n".join(parts), [*rows, way_back(words)], is_page=True)


def listed(words: Words, top_ups: Sequence[TopUp], *, note: str) -> Reply:
    """Show a citizen's latest top-ups and where each stands."""
    _ = words.gettext
    parts = [_("📋 <b>Your latest top-ups</b>")]
    if note:
        parts.insert(0, note)
    if not top_ups:
        parts.append(_("There is none yet."))
    for one in top_ups:
        lines = [head(words, one)]
        if one.amount_rial:
            lines.append(amount_line(words, one.amount_rial))
        lines.append(f"{state_name(one, words)} · {at(one.created_at, words)}")
        parts.append("\n".join(lines))
    rows = [[withdraw_button(words, one)] for one in top_ups if is_withdrawable(one)]
    rows += [[top_up_button(words), wallet_button(words)], way_back(words)]
    return Reply("\n\n".join(parts), rows)


def step_over(words: Words) -> str:
    """Say that a button belongs to what is over."""
    _ = words.gettext
    return _("That step is over; nothing was done twice.")


def account_deleted(words: Words) -> str:
    """Say that an account's or a card's number is deleted, and what is needed instead."""
    _ = words.gettext
    return _(
        "That looks like the number of a card or an account, which I do not keep; I am deleting "
        "your message here. If you still see it in a minute, please delete it yourself. What I "
        "need is the bank's reference of the payment."
    )


def words_needed(asking: Asking) -> Reply:
    """Refuse what is not text, without opening it, and go on waiting (MZ-19, KN-21)."""
    _ = asking.words.gettext
    parts = [text_only(asking.words)]
    if asking.draft.next_step is Step.REFERENCE:
        parts.append(_("Of a receipt I need only the bank's reference, typed in."))
    parts.append(_("What you have chosen so far is kept."))
    return Reply(" ".join(parts), [[asking.cancel]])
