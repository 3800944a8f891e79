"""Small pieces of text that everything said about payouts is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit import tracking
from bot.kit.text import ltr
from bot.wallet.model import PayoutState
from handlers.callback_data.payouts import MyPayoutsPressed, PayoutBegins
from handlers.reply import Button
from handlers.views.common import code, led

if TYPE_CHECKING:
    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.wallet.model import Payout, PayoutBatch


def shown_code(payout: Payout) -> str:
    """Show the tracking code so that a tap copies it."""
    return code(tracking.shown(payout.code))


def head(words: Words, payout: Payout) -> str:
    """What everything that is said about a payout begins with.

    The code has a line of its own: a small phone would break it in two.
    """
    _ = words.gettext
    name = _("Payout to a bank account")
    return f"🏦 <b>{name}</b>\n🔖 {led(shown_code(payout), words)}"


def account_line(words: Words, masked_iban: str) -> str:
    """Name the account by what its owner knows it by."""
    _ = words.gettext
    return _("💳 Account (sheba): {iban}").format(iban=ltr(masked_iban))


def icon(state: PayoutState) -> str:
    """A picture for a state, so that a list is read at a glance."""
    icons = {
        PayoutState.REQUESTED: "📬",
        PayoutState.REVIEW: "🔍",
        PayoutState.SECONDING: "👔",
        PayoutState.APPROVED: "✅",
        PayoutState.SENT: "📤",
        PayoutState.PAID: "💰",
        PayoutState.RETURNED: "↩️",
        PayoutState.RETURNED_LATE: "↩️",
        PayoutState.REJECTED: "✖️",
        PayoutState.WITHDRAWN: "🗑",
    }
    return icons[state]


def state_name(state: PayoutState, words: Words) -> str:
    """Say where a payout stands, in the citizen's terms; staff read the same."""
    _ = words.gettext
    names = {
        PayoutState.REQUESTED: _("registered, waiting for its turn"),
        PayoutState.REVIEW: _("under review by finance"),
        PayoutState.SECONDING: _("approved by finance, waiting for a manager"),
        PayoutState.APPROVED: _("approved, waiting to go to the bank"),
        PayoutState.SENT: _("sent to the bank"),
        PayoutState.PAID: _("paid"),
        PayoutState.RETURNED: _("returned by the bank"),
        PayoutState.RETURNED_LATE: _("paid, then returned by the bank"),
        PayoutState.REJECTED: _("rejected"),
        PayoutState.WITHDRAWN: _("withdrawn"),
    }
    return names[state]


def list_name(state: PayoutState, words: Words) -> str:
    """Name the list of the payouts in a state, as a button does."""
    _ = words.gettext
    names = {
        PayoutState.REQUESTED: _("New"),
        PayoutState.REVIEW: _("Under review"),
        PayoutState.SECONDING: _("For the manager"),
        PayoutState.APPROVED: _("Approved"),
        PayoutState.SENT: _("Sent to the bank"),
        PayoutState.PAID: _("Paid"),
        PayoutState.RETURNED: _("Returned"),
        PayoutState.RETURNED_LATE: _("Returned late"),
        PayoutState.REJECTED: _("Rejected"),
        PayoutState.WITHDRAWN: _("Withdrawn"),
    }
    return f"{icon(state)} {names[state]}"


def payout_button(words: Words, office_id: str) -> Button:
    """Lead from the wallet to a payout."""
    _ = words.gettext
    return Button(_("🏦 Ask for a payout to my account"), PayoutBegins(office_id))


def my_payouts_button(words: Words, office_id: str) -> Button:
    """Lead to the payouts that a person has asked for."""
    _ = words.gettext
    return Button(_("📄 My payouts"), MyPayoutsPressed(office_id, "0"))


def file_title(words: Words, published: OfficeCatalogue, batch: PayoutBatch) -> str:
    """Name a file for the bank."""
    _ = words.gettext
    return _("Payouts {code} of {office}").format(
        code=tracking.shown(batch.code),
        office=published.office.short_name.in_language(words.language),
    )
