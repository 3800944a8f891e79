"""One's own wallet: what is in it, what came and went, paying in and out.

Money is nobody else's business: all of it happens in private alone, whatever a group's button
says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.wallet import (
    claim_withdrawal,
    looking,
    my_payouts,
    paying,
    payout,
    statement_files,
    top_up,
)

if TYPE_CHECKING:
    from handlers.adding import Application

show_wallet = looking.show_wallet


def add_payments(application: Application) -> None:
    """Add what the platform reports of payments; it goes before whatever a person may be in."""
    paying.add(application)


def add(application: Application) -> None:
    """Add every conversation about money of one's own."""
    looking.add(application)
    top_up.add(application)
    claim_withdrawal.add(application)
    statement_files.add(application)
    payout.add(application)
    my_payouts.add(application)
