"""What a person has said so far on the way to a case, kept in the row of their dialogue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.cases.model import TEXT_UNITS_MAX, CaseKind
from bot.kit.identity import masked
from bot.kit.text import normalise, strip_bidi
from handlers.callback_data.cases import NOT_CHOSEN
from handlers.reply import utf16_units

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from bot.catalogue.model import Catalogue, OfficeCatalogue, Service
    from bot.citizens.model import Dialogue

FLOW = "case"
CREDIT_CLAUSE = "KN-07"
BELOW = "b"  # to go on below a message that is worth keeping


class Step(StrEnum):
    """What is waited for, in the order of asking."""

    OFFICE = "office"
    SERVICE = "service"
    KIND = "kind"
    TEXT = "text"
    REVIEW = "review"


class Press(StrEnum):
    """What a button of the flow does; short, because a button carries little."""

    OFFICE = "o"
    SERVICE = "s"
    KIND = "k"
    CHANGE = "c"
    KEEP = "t"  # the text as it was
    HIDE = "h"  # or no longer hide who writes
    SEND = "y"
    CANCEL = "x"
    USE = "u"  # what was written out of turn, as the text
    ASK = "a"  # it was a question


@dataclass(frozen=True)
class Piece:
    """A message that became part of the text, so that its later edit is found."""

    message_id: int  # 0 where the text came from a question, not from a message
    text: str

    def as_values(self) -> list[object]:
        """Write the piece as JSON values."""
        return [self.message_id, self.text]


@dataclass(frozen=True)
class Draft:
    """A case before it is registered. A service that is NOT_CHOSEN is the office itself."""

    office_id: str | None = None
    service_id: str | None = None
    kind: CaseKind | None = None
    pieces: tuple[Piece, ...] = ()
    offered: Piece | None = None  # the last text, where it may have been a question instead
    is_anonymous: bool = False
    is_masked: bool = False
    is_rewriting: bool = False  # the next text takes the place of the whole
    question_id: int | None = None

    @classmethod
    def of(cls, dialogue: Dialogue, catalogue: Catalogue) -> Draft:
        """Read what the dialogue keeps; an office or a service that has gone is asked again."""
        kept = dialogue.draft
        found = cls(
            office_id=_text(kept.get("office_id")),
            service_id=_text(kept.get("service_id")),
            kind=next((kind for kind in CaseKind if kind == kept.get("kind")), None),
            pieces=tuple(_pieces(kept.get("pieces"))),
            offered=next(iter(_pieces([kept.get("offered")])), None),
            is_anonymous=kept.get("is_anonymous") is True,
            is_masked=kept.get("is_masked") is True,
            is_rewriting=kept.get("is_rewriting") is True,
            question_id=_number(kept.get("question_id")),
        )
        return found.still_true(catalogue)

    def as_values(self) -> dict[str, object]:
        """Write the draft as JSON values."""
        return {
            "office_id": self.office_id,
            "service_id": self.service_id,
            "kind": None if self.kind is None else self.kind.value,
            "pieces": [piece.as_values() for piece in self.pieces],
            "offered": None if self.offered is None else self.offered.as_values(),
            "is_anonymous": self.is_anonymous,
            "is_masked": self.is_masked,
            "is_rewriting": self.is_rewriting,
            "question_id": self.question_id,
        }

    def still_true(self, catalogue: Catalogue) -> Draft:
        """Forget an office or a service that is not, or no longer, in the catalogue."""
        published = catalogue.find(self.office_id or "")
        if published is None:
            return replace(self, office_id=None, service_id=None)
        if self.service_id is None or self.service_id == NOT_CHOSEN:
            return self
        is_there = published.service(self.service_id) is not None
        return self if is_there else replace(self, service_id=None)

    @property
    def text(self) -> str:
        """The whole text, a paragraph for each message."""
        return "\n\n".join(piece.text for piece in self.pieces)

    @property
    def next_step(self) -> Step:
        """What is to be asked next."""
        if self.office_id is None:
            return Step.OFFICE
        if self.service_id is None:
            return Step.SERVICE
        if self.kind is None:
            return Step.KIND
        return Step.REVIEW if self.pieces and not self.is_rewriting else Step.TEXT

    def with_text(self, piece: Piece, *, known: AbstractSet[str] = frozenset()) -> Draft:
        """Add a message to the text, or put an edited one in place of what it said before."""
        shown = masked(piece.text, known=known)
        added = Piece(piece.message_id, shown)
        is_masked = self.is_masked or shown != piece.text
        if self.is_rewriting:
            pieces: tuple[Piece, ...] = (added,)
        elif self.holds(piece.message_id):
            pieces = tuple(
                added if old.message_id == piece.message_id else old for old in self.pieces
            )
        else:
            pieces = (*self.pieces, added)
        return replace(self, pieces=pieces, is_masked=is_masked, is_rewriting=False, offered=None)

    def without_offered(self) -> Draft:
        """Take out what was a question after all."""
        assert self.offered is not None
        pieces = tuple(
            piece for piece in self.pieces if piece.message_id != self.offered.message_id
        )
        return replace(self, pieces=pieces, offered=None)

    def holds(self, message_id: int) -> bool:
        """True for a message that is part of the text."""
        return any(piece.message_id == message_id for piece in self.pieces)

    @property
    def units(self) -> int:
        """How long the text is, as messengers count."""
        return utf16_units(self.text)

    @property
    def is_too_long(self) -> bool:
        """True for more than one message of a case may hold."""
        return self.units > TEXT_UNITS_MAX

    def chosen(self, press: Press, value: str, catalogue: Catalogue) -> Draft | None:
        """Follow a button; None for one that offers what is not, or no longer, there."""
        if press is Press.KEEP:
            return replace(self, is_rewriting=False, offered=None)
        if press is Press.OFFICE:
            return self._of_office(catalogue.find(value))
        published = catalogue.find(self.office_id or "")
        return None if published is None else self._chosen_of(published, press, value)

    def _chosen_of(self, published: OfficeCatalogue, press: Press, value: str) -> Draft | None:
        if press is Press.SERVICE:
            is_there = value == NOT_CHOSEN or published.service(value) is not None
            return replace(self, service_id=value) if is_there else None
        if press is Press.KIND:
            kind = kind_named(value, published)
            return None if kind is None else replace(self, kind=kind)
        if press is Press.CHANGE:
            return self._without(value)
        return replace(self, is_anonymous=not self.is_anonymous) if press is Press.HIDE else None

    def _of_office(self, published: OfficeCatalogue | None) -> Draft | None:
        if published is None:
            return None
        if published.office.id == self.office_id:
            return self
        kind = None if self.kind is None else kind_named(self.kind.value, published)
        return replace(self, office_id=published.office.id, service_id=None, kind=kind)

    def _without(self, what: str) -> Draft | None:
        """Have something asked again."""
        changed = {
            Step.OFFICE.value: replace(self, office_id=None, service_id=None),
            Step.SERVICE.value: replace(self, service_id=None),
            Step.KIND.value: replace(self, kind=None),
            Step.TEXT.value: replace(self, is_rewriting=True),
        }
        return changed.get(what)


def kind_named(name: str, published: OfficeCatalogue | None) -> CaseKind | None:
    """Find a kind of case by its name, if the office takes it."""
    kind = next((kind for kind in CaseKind if kind == name), None)
    if kind is CaseKind.CREDIT_CLAIM and published is not None and not offers_credit(published):
        return None
    return kind


def service_of(draft: Draft, published: OfficeCatalogue) -> Service | None:
    """Find the service that a draft is about, if it is about one."""
    return None if draft.service_id is None else published.service(draft.service_id)


def offers_credit(published: OfficeCatalogue) -> bool:
    """True where the office's agreement speaks of credit: only Kanoon's does (KN-07)."""
    return published.clause(CREDIT_CLAUSE) is not None


def cleaned(text: str) -> str:
    """Take out what no database, no eye and no line of text can bear; empty if nothing is left."""
    writable = text.encode(errors="replace").decode().replace("\0", "")
    return strip_bidi(writable).strip() if normalise(writable) else ""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _pieces(value: object) -> list[Piece]:
    listed = value if isinstance(value, list) else []
    return [Piece(int(entry[0]), str(entry[1])) for entry in listed if isinstance(entry, list)]
