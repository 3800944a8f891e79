"""What a digest says of money that waits for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number

if TYPE_CHECKING:
    from bot.kit.words import Words
    from bot.wallet.model import MoneyWaiting


def money_section(words: Words, money: MoneyWaiting) -> str:
    """Name what waits, for whom, and the command that leads to it; nothing where nothing does."""
    _ = words.gettext
    if not money.is_anything:
        return ""
    parts = (
        (money.proposals, _("{count} proposals of service credit, for a manager")),
        (money.top_ups, _("{count} payments to verify: /topups")),
        (money.payouts, _("{count} payouts to look at: /payouts")),
        (money.seconding, _("{count} payouts for a manager's approval: /payouts")),
        (money.approved, _("{count} approved payouts to send to the bank: /payouts")),
        (money.sent, _("{count} payouts at the bank")),
    )
    lines = [
        "• " + text.format(count=number(count, words.language)) for count, text in parts if count
    ]
    return "\n".join([_("💰 <b>Money that waits</b>"), *lines])
