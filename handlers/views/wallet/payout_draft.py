"""What a citizen has said so far on the way to a payout, kept in the row of their dialogue.

Whose account and which is kept sealed there; open, they are nowhere in the records.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.kit.digits import latin_digits
from bot.kit.identity import read_iban
from bot.kit.text import strip_bidi

if TYPE_CHECKING:
    from bot.citizens.model import Dialogue

FLOW: Final = "payout"
IBAN_DIGITS: Final = 24
CARD_DIGITS: Final = 16
_ACCOUNT_DIGITS_MIN: Final = CARD_DIGITS  # so many are a card's or an account's, never a sum
_DIGITS_KEPT_FROM_EYES: Final = 8
_FOREIGN: Final = re.compile(r"\s*(?!IR)[A-Z]{2}[\s\-]*[0-9]", re.IGNORECASE)


class Step(StrEnum):
    """What is waited for, in the order of asking."""

    AMOUNT = "amount"
    IBAN = "iban"
    OWNER = "owner"
    REVIEW = "review"


class IbanFault(StrEnum):
    """What is wrong with an account number that was typed."""

    NO_NUMBER = "no_number"
    FOREIGN = "foreign"
    CARD = "card"
    LENGTH = "length"
    DIGITS = "digits"  # they do not fit one another


@dataclass(frozen=True)
class Draft:
    """A payout before it is asked for; `iban` and `owner` are sealed, their tails are for the eye.

    `operation` names what was last shown for a last look, and changes whenever that does.
    """

    office_id: str
    amount_rial: int | None = None
    bare: int | None = None  # a number of which it is asked what it counts
    iban: str | None = None
    iban_tail: str = ""
    owner: str | None = None
    owner_hint: str = ""
    operation: str = ""

    @classmethod
    def of(cls, dialogue: Dialogue) -> Draft:
        """Read what the dialogue keeps."""
        kept = dialogue.draft
        return cls(
            office_id=_text(kept.get("office_id")) or "",
            amount_rial=_number(kept.get("amount_rial")),
            bare=_number(kept.get("bare")),
            iban=_text(kept.get("iban")),
            iban_tail=_text(kept.get("iban_tail")) or "",
            owner=_text(kept.get("owner")),
            owner_hint=_text(kept.get("owner_hint")) or "",
            operation=_text(kept.get("operation")) or "",
        )

    def as_values(self) -> dict[str, object]:
        """Write the draft as JSON values."""
        return asdict(self)

    @property
    def next_step(self) -> Step:
        """What is to be asked next."""
        if self.amount_rial is None:
            return Step.AMOUNT
        if self.iban is None:
            return Step.IBAN
        return Step.OWNER if self.owner is None else Step.REVIEW

    @property
    def masked_iban(self) -> str:
        """Show of the account what its owner knows it by."""
        return f"IR\u2022\u2022 \u2026 {self.iban_tail}"

    def without(self, what: str) -> Draft | None:
        """Have something asked again; None for what is not asked."""
        changed = {
            Step.AMOUNT.value: replace(self, amount_rial=None, bare=None),
            Step.IBAN.value: replace(self, iban=None, iban_tail=""),
            Step.OWNER.value: replace(self, owner=None, owner_hint=""),
        }
        return changed.get(what)


def is_account(text: str) -> bool:
    """True for what can only be the number of an account or a card, however it is mistyped."""
    plain = _plain(text)
    return digits_in(text) >= _ACCOUNT_DIGITS_MIN or bool(re.match(r"\s*IR[\s\-]*[0-9]", plain))


def iban_in(text: str) -> str | None:
    """Read an account number, also with words around it; None where its digits do not add up."""
    if _FOREIGN.match(_plain(text)):
        return None
    digits = "".join(sign for sign in latin_digits(text) if sign.isdecimal())
    return read_iban(text) or read_iban(digits)


def is_telling(text: str) -> bool:
    """True for a text that should not stand in a chat: it may be a part of an account number."""
    return digits_in(text) >= _DIGITS_KEPT_FROM_EYES


def fault_of(text: str) -> IbanFault:
    """Say what is wrong with a number that is not an account's."""
    count = digits_in(text)
    if not count:
        return IbanFault.NO_NUMBER
    if _FOREIGN.match(_plain(text)):
        return IbanFault.FOREIGN
    if count == CARD_DIGITS:
        return IbanFault.CARD
    return IbanFault.DIGITS if count == IBAN_DIGITS else IbanFault.LENGTH


def digits_in(text: str) -> int:
    """Count the digits of a text, of any script."""
    return sum(sign.isdecimal() for sign in text)


def hint_of(owner: str) -> str:
    """Show of a name the first letter of each word, by which who gave it knows it again."""
    return " ".join(f"{word[0]}\u2022\u2022\u2022" for word in owner.split())


def _plain(text: str) -> str:
    return latin_digits(strip_bidi(text)).upper()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
