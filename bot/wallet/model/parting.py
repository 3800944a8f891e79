"""What of a person's money keeps them from being forgotten, or is lost when they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unfinished(StrEnum):
    """What has to come to its end first: nobody could be told of it, or paid, afterwards."""

    CASH = "cash"  # as much as can be paid out
    DEBT = "debt"
    PAYOUT = "payout"
    TOP_UP = "top_up"
    CREDIT = "credit"  # proposed by staff, and not decided


@dataclass(frozen=True, slots=True)
class MoneyLeft:
    """How an office's wallet stands as somebody leaves.

    What is too little to be paid out, and service credit, which never is, are given up.
    """

    office_id: str
    cash_rial: int
    credit_rial: int
    debt_rial: int
    unfinished: frozenset[Unfinished]
