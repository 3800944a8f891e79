"""What a button carries: typed on the way out, untrusted on the way in.

Buttons live for years and anybody can forge one, so a payload holds public ids only, and whoever
unpacks it looks everything up again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, dataclass_transform

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


@dataclass_transform(frozen_default=True)
class Payload:
    """A button's meaning: a prefix that names it, and its fields, declared as in a dataclass.

    They are none: there are nearly two hundred, and to write the methods of each takes a
    twentieth of the start.
    """

    prefix: ClassVar[str]
    parts: ClassVar[tuple[str, ...]] = ()  # the names of the fields, in their order

    def __init_subclass__(cls) -> None:
        """Take the fields of the class above, and the own ones."""
        super().__init_subclass__()
        cls.parts = (*cls.parts, *vars(cls).get("__annotations__", ()))

    def __init__(self, *values: str, **named: str) -> None:
        """Fill the fields in their order or by their names; the types have checked which."""
        vars(self).update(zip(self.parts, values, strict=False), **named)
        assert len(values) <= len(self.parts), values
        assert all(hasattr(self, part) for part in self.parts), self.parts

    def __eq__(self, other: object) -> bool:
        """Compare what is said, not which object says it."""
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        """Be found wherever an equal one is."""
        return hash((self.prefix, *self._values()))

    def _values(self) -> tuple[str, ...]:
        return tuple(str(getattr(self, part)) for part in self.parts)

    def pack(self) -> str:
        """Write the payload as callback data, at most 64 bytes."""
        parts = (self.prefix, *self._values())
        packed = _SEPARATOR.join(parts)
        assert len(parts) == packed.count(_SEPARATOR) + 1, packed
        assert len(packed.encode()) <= CALLBACK_BYTES_MAX, packed
        return packed

    def in_words(self) -> Payload | None:
        """What is kept of it for a day, for whoever writes the words of the button instead.

        None where nothing may lead from a chat to what it names.
        """
        return self

    @classmethod
    def unpack(cls, packed: str) -> Self:
        """Read a payload; raise StaleButton for one that is not of this shape."""
        prefix, *values = packed.split(_SEPARATOR)
        if prefix != cls.prefix or len(values) != len(cls.parts):
            raise StaleButton
        return cls(*values)

    @classmethod
    def is_in(cls, packed: object) -> bool:
        """Say to the messenger edge whether a press is of this kind, whatever its fields are.

        A regular expression for each of them would take a hundredth of the start.
        """
        return isinstance(packed, str) and packed.partition(_SEPARATOR)[0] == cls.prefix


class HomePressed(Payload):
    """Show the first page."""

    prefix = "home"


class OfficePressed(Payload):
    """Show an office, and look there first from now on."""

    prefix = "o"
    office_id: str


class OfficePagePressed(Payload):
    """Show one page of an office: a facet that belongs to the office itself."""

    prefix = "p"
    office_id: str
    facet: str


class ServicePressed(Payload):
    """Show a service's identity card."""

    prefix = "s"
    office_id: str
    service_id: str


class FormPressed(Payload):
    """Show the whole identity form of a service."""

    prefix = "i"
    office_id: str
    service_id: str


class FacetPressed(Payload):
    """Show one side of a service."""

    prefix = "f"
    office_id: str
    service_id: str
    facet: str


class SectionPressed(Payload):
    """Show a section of an agreement, from a page on."""

    prefix = "a"
    office_id: str
    section: str
    page: str


class MeantPressed(Payload):
    """Of the things offered, this one was meant."""

    prefix = "m"
    question_id: str
    entry_key: str

    def in_words(self) -> MeantPressed:
        """Leave out the question: nothing leads from it to who asked."""
        return MeantPressed("0", self.entry_key)


class MissedPressed(Payload):
    """The answer did not answer me."""

    prefix = "x"
    question_id: str

    def in_words(self) -> None:
        """Keep nothing: as above."""


class LanguagePressed(Payload):
    """Speak this language."""

    prefix = "l"
    language: str


class AffairsPressed(Payload):
    """Show all that a person has under way."""

    prefix = "my"


class PagePressed(Payload):
    """Show a page that belongs to no office: help, privacy, languages."""

    prefix = "g"
    page: str
