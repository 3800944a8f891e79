"""What a citizen has said so far on the way to paying in, kept in the row of their dialogue."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from bot.wallet.model import TopUpWay

if TYPE_CHECKING:
    from bot.citizens.model import Dialogue

FLOW: Final = "topup"


class Step(StrEnum):
    """What is waited for, in the order of asking."""

    WAY = "way"
    AMOUNT = "amount"
    REFERENCE = "reference"
    REVIEW = "review"


@dataclass(frozen=True)
class Draft:
    """A top-up before it is begun."""

    office_id: str
    way: TopUpWay | None = None
    amount_rial: int | None = None
    bare: int | None = None  # a number of which it is asked what it counts
    reference: str | None = None

    @classmethod
    def of(cls, dialogue: Dialogue) -> Draft:
        """Read what the dialogue keeps."""
        kept: dict[str, Any] = dialogue.draft
        way = next((way for way in TopUpWay if way == kept["way"]), None)
        return cls(kept["office_id"], way, kept["amount_rial"], kept["bare"], kept["reference"])

    def as_values(self) -> dict[str, object]:
        """Write the draft as JSON values."""
        return asdict(self)

    @property
    def next_step(self) -> Step:
        """What is to be asked next; a bill needs no reference and is a last look itself."""
        if self.way is None:
            return Step.WAY
        if self.amount_rial is None:
            return Step.AMOUNT
        if self.way is TopUpWay.BANK and self.reference is None:
            return Step.REFERENCE
        return Step.REVIEW

    def without(self, what: str) -> Draft | None:
        """Have something asked again; None for what is not asked."""
        changed = {
            Step.AMOUNT.value: replace(self, amount_rial=None, bare=None),
            Step.REFERENCE.value: replace(self, reference=None),
        }
        return changed.get(what)
