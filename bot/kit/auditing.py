"""What an audit says, whatever it looked at: one plain line for each thing that is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: what was looked at, what must stand there, and what does."""

    invariant: StrEnum
    subject: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Say it in one plain line, for an operator."""
        return (
            f"{self.invariant} {self.invariant.name.lower().replace('_', ' ')}: {self.subject}: "
            f"expected {self.expected}, found {self.found}."
        )


def finding(invariant: StrEnum, subject: str, expected: object, found: object) -> Finding:
    """Say what is wrong of whatever can be written."""
    return Finding(invariant, subject, str(expected), str(found))
