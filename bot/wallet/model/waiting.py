"""What of an office's money waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MoneyWaiting:
    """How many things wait for finance or a manager; all zero where nobody has to do anything."""

    proposals: int = 0  # of service credit, for a manager
    top_ups: int = 0  # for finance: a reference to be verified, or money that nobody claimed
    payouts: int = 0  # asked for or being looked at, for finance
    seconding: int = 0  # for a manager
    approved: int = 0  # to go into a file for the bank
    sent: int = 0  # at the bank

    @property
    def is_anything(self) -> bool:
        """True where somebody has something to do."""
        return any((self.proposals, self.top_ups, self.payouts, self.seconding, self.approved))
