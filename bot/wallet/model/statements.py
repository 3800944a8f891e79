"""A statement over a stretch of time, as it is taken along in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from bot.wallet.model.ledger import Balance, Hold, Line

STATEMENT_LINES_MAX: Final = 5_000


@dataclass(frozen=True, slots=True)
class StatementSpan:
    """From when to when, both included; without a beginning, from the first line on."""

    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Statement:
    """What came and went, the oldest first, between what was there before and what is there after.

    Where there are more lines than fit, the latest are listed, `is_cut` says so, and what was
    there before is what was there before the first line that is listed.
    """

    span: StatementSpan
    opening_rial: int
    lines: tuple[Line, ...]
    closing: Balance
    holds: tuple[Hold, ...]
    is_cut: bool

    @property
    def closing_rial(self) -> int:
        """What was there at the end, held money included."""
        return self.closing.cash_rial + self.closing.credit_rial
