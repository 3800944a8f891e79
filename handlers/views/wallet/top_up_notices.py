"""What a citizen is told of their top-ups: each with its code, and with what can be done next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.wallet.model import TopUpState, TopUpWay
from handlers.reply import Reply
from handlers.views.common import money, quoted, tell_button, way_back
from handlers.views.wallet.top_up_words import (
    head,
    my_top_ups_button,
    reference_line,
    top_up_button,
)
from handlers.views.wallet.wallet import wallet_button
from handlers.views.wallet.wallet_words import amount_line
from handlers.views.workshops.registering_words import label_of, mine_button, registration_button

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.kit.words import Words
    from bot.wallet.model import TopUp
    from bot.workshops.model import Registration, Workshop
    from handlers.reply import Button

_KEPT_MAX: Final = 3


def paid(
    words: Words,
    top_up: TopUp,
    withdrawable_rial: int,
    kept: Sequence[tuple[Registration, Workshop]],
) -> Reply:
    """Confirm what is in the wallet now, and lead on to the places that wait for the money."""
    _ = words.gettext
    parts = [
        _("✅ Your wallet is topped up."),
        _facts(words, top_up),
        _("👛 Withdrawable cash now: {amount}").format(amount=money(withdrawable_rial, words)),
    ]
    rows = [
        *([_go_on(words, one, workshop)] for one, workshop in kept[:_KEPT_MAX]),
        [mine_button(words, below=True)],
        [wallet_button(words, top_up.office_id)],
        way_back(words),
    ]
    return Reply("\n\n".join(parts), rows)


def _go_on(words: Words, one: Registration, workshop: Workshop) -> Button:
    _ = words.gettext
    label = _("▶️ Go on: {workshop}").format(workshop=label_of(workshop, words))
    return registration_button(words, one, label, below=True)


def unplaced(words: Words, top_up: TopUp) -> Reply:
    """Say that money came in for which no bill of this person is known, and that it is safe."""
    _ = words.gettext
    parts = [
        head(words, top_up),
        _(
            "I received your payment but could not find the bill that it is for. It is not lost: "
            "the office has it written down under this code and looks into it. I tell you the "
            "outcome here."
        ),
    ]
    rows = [[my_top_ups_button(words)], [tell_button(words, top_up.office_id)], way_back(words)]
    return Reply("\n\n".join(parts), rows)


def ended(words: Words, top_up: TopUp) -> Reply:
    """Say that a top-up was rejected, taken back, or ran out, and what can be done."""
    _ = words.gettext
    said_so = {
        TopUpState.REJECTED: _("✖️ Finance could not confirm your top-up."),
        TopUpState.REVERSED: _("↩️ A top-up was taken back out of your wallet."),
        TopUpState.EXPIRED: _("⌛️ Your top-up was not confirmed in time."),
    }
    ways_on = {
        TopUpState.REJECTED: _(
            "If the number was mistyped, register it once more. If you think this is wrong, tell "
            "the office, with this code."
        ),
        TopUpState.REVERSED: _("If you think this is wrong, tell the office, with this code."),
        TopUpState.EXPIRED: _(
            "If you did pay, register it once more, or tell the office, with this code: what "
            "was paid is not lost."
        ),
    }
    parts = [said_so[top_up.state], _facts(words, top_up)]
    if top_up.reason is not None:
        parts.append(_("Reason:") + "\n" + quoted(top_up.reason))
    parts.append(ways_on[top_up.state])
    rows = [[tell_button(words, top_up.office_id)], [wallet_button(words, top_up.office_id)]]
    if top_up.state is not TopUpState.REVERSED:
        rows.insert(0, [top_up_button(words, top_up.office_id)])
    return Reply("\n\n".join(parts), [*rows, way_back(words)])


def _facts(words: Words, top_up: TopUp) -> str:
    lines = [head(words, top_up), amount_line(words, top_up.amount_rial)]
    if top_up.way is TopUpWay.BANK and top_up.reference is not None:
        lines.append(reference_line(words, top_up.reference))
    return "\n".join(lines)
