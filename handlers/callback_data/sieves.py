"""A filter of workshops in the few letters that a button has room for.

A province or a subject is written as a mark of its words, which is read among the words that are
known: a button carries nobody's text.
"""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.kit.text import normalise
from bot.workshops.model import Sieve
from handlers.callback_data import StaleButton, number_in

if TYPE_CHECKING:
    from collections.abc import Iterable

FEE_STEP_RIAL: Final = 10_000
AGE_MAX: Final = 120
_FEE_STEPS_MAX: Final = 999
_MARK_LENGTH: Final = 5
_BETWEEN: Final = "."


@dataclass(frozen=True)
class Known:
    """The words that marks stand for."""

    provinces: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


def mark_of(text: str) -> str:
    """Mark a word, however it is spelled."""
    digest = sha256(normalise(text).encode()).digest()
    return b32encode(digest)[:_MARK_LENGTH].decode().lower()


def written(sieve: Sieve) -> str:
    """Write a filter for a button; nothing where everything passes."""
    parts = []
    if sieve.age is not None:
        parts.append(f"a{sieve.age}")
    if sieve.province is not None:
        parts.append(f"p{mark_of(sieve.province)}")
    if sieve.subject is not None:
        parts.append(f"s{mark_of(sieve.subject)}")
    if sieve.is_room_wanted:
        parts.append("r")
    if sieve.fee_rial_max is not None:
        parts.append(f"f{min(sieve.fee_rial_max // FEE_STEP_RIAL, _FEE_STEPS_MAX)}")
    return _BETWEEN.join(parts)


def read(text: str, known: Known) -> Sieve:
    """Read a filter from a button; raise StaleButton for anything else."""
    parts = [part for part in text.split(_BETWEEN) if part]
    found = {part[0]: part[1:] for part in parts}
    if len(found) < len(parts) or not found.keys() <= set("apsrf") or found.get("r", ""):
        raise StaleButton
    return Sieve(
        age=_age(found["a"]) if "a" in found else None,
        province=_word(found["p"], known.provinces) if "p" in found else None,
        subject=_word(found["s"], known.subjects) if "s" in found else None,
        is_room_wanted="r" in found,
        fee_rial_max=_fee(found["f"]) if "f" in found else None,
    )


def _age(text: str) -> int:
    age = number_in(text)
    if age > AGE_MAX:
        raise StaleButton
    return age


def _fee(text: str) -> int:
    steps = number_in(text)
    if steps > _FEE_STEPS_MAX:
        raise StaleButton
    return steps * FEE_STEP_RIAL


def _word(mark: str, known: Iterable[str]) -> str:
    found = next((word for word in known if mark_of(word) == mark), None)
    if found is None:
        raise StaleButton
    return found
