"""Taking back a top-up by bank that was mistyped: asked about once, then confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.callback_data.top_ups import ClaimWithdrawn, MyTopUpsPressed
from handlers.reply import Button, Reply
from handlers.views.common import way_back
from handlers.views.wallet.top_up_words import (
    head,
    my_top_ups_button,
    reference_line,
    top_up_button,
)
from handlers.views.wallet.wallet_words import amount_line

if TYPE_CHECKING:
    from bot.kit.words import Words
    from bot.wallet.model import TopUp

SURELY = "y"


def asked(words: Words, claim: TopUp) -> Reply:
    """Ask whether a claim is to be taken back, and say what becomes of money that was sent."""
    _ = words.gettext
    text = _(
        "🗑 Take this top-up back? Finance then looks for it no longer. Money that you sent is not "
        "lost by it: register it anew, with the right reference and amount."
    )
    rows = [
        [Button(_("Yes, take it back"), ClaimWithdrawn(claim.code, SURELY))],
        [Button(_("No, leave it"), MyTopUpsPressed())],
    ]
    return Reply(f"{_facts(words, claim)}\n\n{text}", rows)


def done(words: Words, claim: TopUp) -> Reply:
    """Confirm it, and lead to the right one."""
    _ = words.gettext
    text = _(
        "🗑 This top-up is taken back; nothing was paid and nothing was taken. If you did send the "
        "money, please register it anew."
    )
    rows = [[top_up_button(words, claim.office_id)], [my_top_ups_button(words)], way_back(words)]
    return Reply(f"{_facts(words, claim)}\n\n{text}", rows, is_page=True)


def _facts(words: Words, claim: TopUp) -> str:
    assert claim.reference is not None
    lines = [
        head(words, claim),
        amount_line(words, claim.amount_rial),
        reference_line(words, claim.reference),
    ]
    return "\n".join(lines)
