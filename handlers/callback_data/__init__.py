"""What a button carries: typed on the way out, untrusted on the way in.

Buttons live for years and anybody can forge one, so a payload holds public ids only, and whoever
unpacks it looks everything up again.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import ClassVar, Self

from bot.kit.errors import NotFound

CALLBACK_BYTES_MAX = 64
_SEPARATOR = ":"
_NUMBER_MAX = 2**63 - 1  # what the database can compare
_NUMBER_DIGITS_MAX = len(str(_NUMBER_MAX))


@dataclass(eq=False)
class StaleButton(NotFound):
    """The button is of an older version of the desk, or was never one of its own."""


def number_in(text: str) -> int:
    """Read a number from a button; raise StaleButton for anything else."""
    is_short = len(text) <= _NUMBER_DIGITS_MAX
    if not (is_short and text.isascii() and text.isdecimal() and int(text) <= _NUMBER_MAX):
        raise StaleButton
    return int(text)


@dataclass(frozen=True)
class Payload:
    """A button's meaning: a prefix that names it, and its fields."""

    prefix: ClassVar[str]

    def pack(self) -> str:
        """Write the payload as callback data, at most 64 bytes."""
        parts = (self.prefix, *(str(value) for value in astuple(self)))
        packed = _SEPARATOR.join(parts)
        assert len(parts) == packed.count(_SEPARATOR) + 1, packed
        assert len(packed.encode()) <= CALLBACK_BYTES_MAX, packed
        return packed

    @classmethod
    def unpack(cls, packed: str) -> Self:
        """Read a payload; raise StaleButton for one that is not of this shape."""
        prefix, *values = packed.split(_SEPARATOR)
        if prefix != cls.prefix or len(values) != len(fields(cls)):
            raise StaleButton
        return cls(*values)

    @classmethod
    def pattern(cls) -> str:
        """The regular expression by which the messenger edge finds the conversation."""
        return rf"^{cls.prefix}({_SEPARATOR}|$)"


@dataclass(frozen=True)
class HomePressed(Payload):
    """Show the first page."""

    prefix = "home"


@dataclass(frozen=True)
class OfficePressed(Payload):
    """Show an office, and look there first from now on."""

    prefix = "o"
    office_id: str


@dataclass(frozen=True)
class OfficePagePressed(Payload):
    """Show one page of an office: a facet that belongs to the office itself."""

    prefix = "p"
    office_id: str
    facet: str


@dataclass(frozen=True)
class ServicePressed(Payload):
    """Show a service's identity card."""

    prefix = "s"
    office_id: str
    service_id: str


@dataclass(frozen=True)
class FormPressed(Payload):
    """Show the whole identity form of a service."""

    prefix = "i"
    office_id: str
    service_id: str


@dataclass(frozen=True)
class FacetPressed(Payload):
    """Show one side of a service."""

    prefix = "f"
    office_id: str
    service_id: str
    facet: str


@dataclass(frozen=True)
class SectionPressed(Payload):
    """Show a section of an agreement, from a page on."""

    prefix = "a"
    office_id: str
    section: str
    page: str


@dataclass(frozen=True)
class MeantPressed(Payload):
    """Of the things offered, this one was meant."""

    prefix = "m"
    question_id: str
    entry_key: str


@dataclass(frozen=True)
class MissedPressed(Payload):
    """The answer did not answer me."""

    prefix = "x"
    question_id: str


@dataclass(frozen=True)
class LanguagePressed(Payload):
    """Speak this language."""

    prefix = "l"
    language: str


@dataclass(frozen=True)
class PagePressed(Payload):
    """Show a page that belongs to no office: help, privacy, languages."""

    prefix = "g"
    page: str
