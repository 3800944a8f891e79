"""Whether enough people came together, once registration is over (KN-16)."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What the count at the deadline says."""

    MET = "met"
    OPEN = "open"  # places are held whose money is still on its way
    SHORT = "short"


def outcome(quorum: int, *, confirmed_count: int, held_count: int) -> Outcome:
    """Count those who take part, paid or free; who holds a place or waits is not among them."""
    assert quorum >= 0
    assert confirmed_count >= 0
    assert held_count >= 0
    if confirmed_count >= quorum:
        return Outcome.MET
    return Outcome.OPEN if confirmed_count + held_count >= quorum else Outcome.SHORT
