"""The way to a payout (KN-17): how much, to which account, whose, a last look, and the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.text import isolate
from handlers.callback_data.payouts import (
    MyPayoutPressed,
    MyPayoutVerb,
    PayoutBegins,
    PayoutConfirmed,
    PayoutDialoguePressed,
    PayoutPress,
)
from handlers.reply import Button, Reply
from handlers.views.common import in_pairs, money, said, text_only, way_back
from handlers.views.wallet.payout_draft import IBAN_DIGITS, IbanFault, Step, digits_in, fault_of
from handlers.views.wallet.payout_words import (
    account_line,
    my_payouts_button,
    shown_code,
)
from handlers.views.wallet.wallet import wallet_button
from handlers.views.wallet.wallet_words import amount_line, office_rows, unit_asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue, WalletPolicy
    from bot.citizens.model import Dialogue
    from bot.kit.words import Words
    from bot.wallet.model import Payout
    from handlers.views.wallet.payout_draft import Draft


def keepers(words: Words, offices: Sequence[OfficeCatalogue], *, is_page: bool) -> Reply:
    """Ask from which office's wallet, where several keep one; say so where none does."""
    _ = words.gettext
    if offices:
        text = _("🏦 From the wallet at which office?")
    else:
        text = _("🏦 No office keeps a wallet here, so there is nothing to pay out.")
    rows = office_rows(words, offices, PayoutBegins)
    return Reply(text, [*rows, way_back(words)], is_page=is_page)


def too_little(
    words: Words, published: OfficeCatalogue, withdrawable_rial: int, least_rial: int
) -> Reply:
    """Say that there is too little for a payout, and what there is."""
    _ = words.gettext
    text = _(
        "🏦 {amount} of your wallet can be paid out, and the office pays out at least {least}. "
        "Your money stays yours. Service credit is for fees and is never paid out."
    ).format(amount=money(withdrawable_rial, words), least=money(least_rial, words))
    office_id = published.office.id
    rows = [[wallet_button(words, office_id)], [my_payouts_button(words, office_id)]]
    return Reply(text, [*rows, way_back(words)])


@dataclass(frozen=True)
class Asking:
    """What a step is drawn from."""

    words: Words
    published: OfficeCatalogue
    policy: WalletPolicy
    dialogue: Dialogue
    draft: Draft
    withdrawable_rial: int
    takes_two: bool = False  # to approve it, as far as that is known yet

    def button(self, label: str, press: PayoutPress, value: str = "") -> Button:
        """A button of this run of the flow."""
        return Button(label, PayoutDialoguePressed(self.dialogue.token, press.value, value))


def step_page(asking: Asking, *, notes: Sequence[str] = (), is_page: bool = False) -> Reply:
    """Ask what is missing, below what is to be said before."""
    _ = asking.words.gettext
    draft = asking.draft
    step = draft.next_step
    rows: list[list[Button]] = []
    if step is Step.AMOUNT and draft.bare is not None:
        text, rows = _unit(asking)
    elif step is Step.AMOUNT:
        text, rows = _amount(asking)
    elif step is Step.IBAN:
        text = _iban(asking.words)
    elif step is Step.OWNER:
        text = _owner(asking.words, draft)
    else:
        text, rows = _review(asking)
    cancel = asking.button(_("✖️ Cancel"), PayoutPress.CANCEL)
    return Reply("\n\n".join([*notes, text]), [*rows, [cancel]], is_page=is_page)


def _amount(asking: Asking) -> tuple[str, list[list[Button]]]:
    words = asking.words
    _ = words.gettext
    text = _(
        "🏦 <b>Payout to your bank account</b>\n\n"
        "Up to {most} can be paid out, and at least {least}{sample}.\n\n"
        "How much shall it be? Please write the amount with its unit, such as “500,000 tomans”, "
        "or choose all of it."
    ).format(
        most=money(asking.withdrawable_rial, words),
        least=money(asking.policy.payout_rial_min, words),
        sample=_(" (sample amount)") if asking.policy.is_sample else "",
    )
    everything = _("All of it: {amount} rials").format(
        amount=number(asking.withdrawable_rial, words.language)
    )
    return text, [[asking.button(everything, PayoutPress.ALL)]]


def _unit(asking: Asking) -> tuple[str, list[list[Button]]]:
    """Ask what a number counts."""
    assert asking.draft.bare is not None
    least_rial = asking.policy.payout_rial_min
    text, names = unit_asked(asking.words, asking.draft.bare, least_rial)
    return text, [
        [asking.button(name, PayoutPress.UNIT, unit.value) for unit, name in names.items()]
    ]


def _iban(words: Words) -> str:
    _ = words.gettext
    return _(
        "💳 Please write the number of your bank account in its sheba form: IR and 24 digits. "
        "Persian digits and gaps are fine, and IR may be left out.\n\n"
        "I read it, delete your message from this chat at once, and keep the number encrypted. "
        "From then on only its last four digits are shown. It must be your own account."
    )


def _owner(words: Words, draft: Draft) -> str:
    _ = words.gettext
    return "\n\n".join(
        [
            account_line(words, draft.masked_iban),
            _(
                "👤 In whose name is this account? Please write first name and surname as the "
                "bank has them. They are kept encrypted too; only the bank and finance read them."
            ),
        ]
    )


def deleted(words: Words) -> str:
    """Say what becomes of the message with the account number."""
    _ = words.gettext
    return _(
        "🧹 I have read your message and am deleting it here. If you still see it in a minute, "
        "please delete it yourself: your messenger did not let me."
    )


def _review(asking: Asking) -> tuple[str, list[list[Button]]]:
    words, draft = asking.words, asking.draft
    _ = words.gettext
    assert draft.amount_rial is not None
    facts = [
        _("🏦 <b>Please check your payout</b>"),
        "🏛 " + said(asking.published.office.short_name, words),
        amount_line(words, draft.amount_rial),
        account_line(words, draft.masked_iban),
        _("👤 Account owner: {name}").format(name=isolate(draft.owner_hint)),
    ]
    change = [
        asking.button(_("✏️ Amount"), PayoutPress.CHANGE, Step.AMOUNT.value),
        asking.button(_("✏️ Account"), PayoutPress.CHANGE, Step.IBAN.value),
        asking.button(_("✏️ Owner"), PayoutPress.CHANGE, Step.OWNER.value),
    ]
    confirm = Button(_("✅ Register the request"), PayoutConfirmed(draft.operation))
    text = "\n".join(facts) + "\n\n" + what_happens(words, needs_second=asking.takes_two)
    return text, [[confirm], *in_pairs(change)]


def what_happens(words: Words, *, needs_second: bool) -> str:
    """Say what follows, and that nobody has promised when."""
    _ = words.gettext
    decides = (
        _("Finance looks at it, and as the amount within a day is large a manager does too.")
        if needs_second
        else _("Finance looks at it.")
    )
    return "\n".join(
        [
            _("What happens next:"),
            "• " + _("The amount is set aside in your wallet; it stays yours until it is paid."),
            "• " + decides + " " + _("Until it is approved you can withdraw it with one button."),
            "• " + _("Then it goes to the bank. I tell you of every step here."),
            "• " + no_time(words),
        ]
    )


def no_time(words: Words) -> str:
    """Say that the source states no time (KN-17)."""
    _ = words.gettext
    return _("The time of the payment is not stated in the agreement.")


def receipt(words: Words, payout: Payout) -> Reply:
    """Confirm the request, with the code by which it is known from now on."""
    _ = words.gettext
    parts = [
        _("✅ Your payout request is registered."),
        "\n".join(
            [
                _("🔖 Tracking code: {code}").format(code=shown_code(payout)),
                amount_line(words, payout.amount_rial),
                account_line(words, payout.masked_iban),
            ]
        ),
        what_happens(words, needs_second=payout.needs_second),
    ]
    rows = [[_see(words, payout)], [wallet_button(words, payout.office_id)], way_back(words)]
    return Reply("\n\n".join(parts), rows, is_page=True)


def _see(words: Words, payout: Payout) -> Button:
    _ = words.gettext
    return Button(_("📂 Where it stands"), MyPayoutPressed.on(payout, MyPayoutVerb.OPEN))


def registered_before(words: Words) -> str:
    """Say over the chat that the request is registered already, and once."""
    _ = words.gettext
    return _("This request is registered already, once; a second press changes nothing.")


def iban_fault(words: Words, typed: str) -> str:
    """Say kindly what is wrong with an account number, without repeating it."""
    _ = words.gettext
    count = number(digits_in(typed), words.language)
    said_so = {
        IbanFault.NO_NUMBER: _("I could not read a number in that."),
        IbanFault.FOREIGN: _(
            "That is an account abroad; only Iranian ones, with IR, can be paid."
        ),
        IbanFault.CARD: _(
            "That looks like the number of a card, with 16 digits. The bank needs the sheba of "
            "the account; you find it in your bank's app, beside the card."
        ),
        IbanFault.LENGTH: _("A sheba has {most} digits after IR; I read {count}.").format(
            most=number(IBAN_DIGITS, words.language), count=count
        ),
        IbanFault.DIGITS: _(
            "It has 24 digits, but they do not fit one another: one may be mistyped, or two "
            "swapped. Please look at it once more."
        ),
    }
    return said_so[fault_of(typed)]


def words_needed(asking: Asking) -> Reply:
    """Refuse what is not text, without opening it, and go on waiting (MZ-19, KN-21)."""
    _ = asking.words.gettext
    cancel = asking.button(_("✖️ Cancel"), PayoutPress.CANCEL)
    return Reply(text_only(asking.words), [[cancel]])
