"""What a look at something found: whether it is well, and if not, the way forward."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is, from nothing to a desk that does not start."""

    FINE = "ok"
    NOTE = "note"
    ILL = "ill"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Remark:
    """One line about one thing; never with a secret in it."""

    level: Level
    about: str
    said: str

    def __str__(self) -> str:
        return f"{self.about}: {self.said}"


def fine(about: str, said: str) -> Remark:
    """Say that something is as it should be."""
    return Remark(Level.FINE, about, said)


def note(about: str, said: str) -> Remark:
    """Say what is left to be done, or to be known, while nothing is wrong."""
    return Remark(Level.NOTE, about, said)


def ill(about: str, said: str) -> Remark:
    """Say what the desk starts with and should not have to live with."""
    return Remark(Level.ILL, about, said)
