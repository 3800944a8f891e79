"""Small pieces of text that everything said about top-ups is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.text import ltr
from bot.wallet.model import TopUpState, TopUpWay
from handlers.callback_data.top_ups import ClaimWithdrawn, MyTopUpsPressed, TopUpBegins
from handlers.reply import Button
from handlers.views.common import code, led, money

if TYPE_CHECKING:
    from bot.kit.words import Words
    from bot.wallet.model import TopUp


def head(words: Words, top_up: TopUp) -> str:
    """What everything that is said about a top-up begins with.

    The code has a line of its own: a small phone would break it in two.
    """
    _ = words.gettext
    names = {
        TopUpWay.INVOICE: _("Top-up by a bill"),
        TopUpWay.BANK: _("Top-up by bank"),
    }
    return f"💰 <b>{names[top_up.way]}</b>\n🔖 {led(code(top_up.shown_code), words)}"


def reference_line(words: Words, reference: str) -> str:
    """Say under which number the bank knows the payment."""
    _ = words.gettext
    return _("🔢 Bank reference: {reference}").format(reference=code(reference))


def state_name(top_up: TopUp, words: Words) -> str:
    """Say where a top-up stands, in plain words."""
    is_unpaid = top_up.way is TopUpWay.INVOICE and top_up.state is TopUpState.PENDING
    return name_of(TopUpState.CREATED if is_unpaid else top_up.state, words)


def name_of(state: TopUpState, words: Words) -> str:
    """Name a state of top-ups."""
    _ = words.gettext
    return {
        TopUpState.CREATED: _("🧾 not paid yet"),
        TopUpState.PENDING: _("⏳ under review"),
        TopUpState.VERIFIED: _("✅ in the wallet"),
        TopUpState.REJECTED: _("✖️ rejected"),
        TopUpState.EXPIRED: _("⌛️ ran out"),
        TopUpState.REVERSED: _("↩️ taken back"),
        TopUpState.WITHDRAWN: _("🗑 withdrawn"),
        TopUpState.UNMATCHED: _("🔎 received; the office looks for its bill"),
    }[state]


def top_up_button(words: Words, office_id: str = "") -> Button:
    """Begin to pay in."""
    _ = words.gettext
    return Button(_("➕ Top up"), TopUpBegins(office_id))  # noqa: RUF001 - as people see it on a bill


def withdraw_button(words: Words, claim: TopUp) -> Button:
    """Take a mistyped claim back."""
    _ = words.gettext
    label = _("🗑 Take back {code}").format(code=ltr(claim.shown_code))
    return Button(label, ClaimWithdrawn(claim.code))


def is_withdrawable(top_up: TopUp) -> bool:
    """True for a claim that finance has not decided."""
    return top_up.way is TopUpWay.BANK and top_up.state is TopUpState.PENDING


def claimed_line(words: Words, claimed_rial: int) -> str:
    """Say how much of what somebody paid at the bank is still being looked for."""
    _ = words.gettext
    return _("⏳ Under review by finance, not in the wallet yet: {amount}").format(
        amount=money(claimed_rial, words)
    )


def my_top_ups_button(words: Words) -> Button:
    """Show what one has paid in, or tried to."""
    _ = words.gettext
    return Button(_("📋 My top-ups"), MyTopUpsPressed())
