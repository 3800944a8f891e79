"""A catalogue that an office applied in place of the shipped one, and how it came to that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId

VersionId = NewType("VersionId", int)
ChangeId = NewType("ChangeId", int)


class VersionState(StrEnum):
    """Where a workbook that was sent stands."""

    RECEIVED = "received"  # not opened yet
    REFUSED = "refused"  # something was wrong in it, or nothing of the catalogue was changed
    PROPOSED = "proposed"  # shown as a preview
    DISCARDED = "discarded"
    APPLIED = "applied"  # it was in force, or is


@dataclass(frozen=True, slots=True)
class SentBook:
    """Where a workbook is with the messenger, and where its sender is answered."""

    file_id: str
    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class CatalogueVersion:
    """What an office was to publish by a workbook; `number` is given when it is applied.

    `seen_change` is the change after which its preview was shown, 0 for none.
    """

    id: VersionId
    office_id: str
    state: VersionState
    number: int | None
    reason: str
    proposed_by: CitizenId | None  # None: whoever runs the desk, from a shell
    proposed_at: datetime
    seen_change: int
    shipped_digest: str
    book: SentBook | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a workbook would change: the catalogue, workshops, or both; one is there at least.

    What it says of workshops is theirs to read (`bot.workshops`), and kept until it is decided.
    """

    version: CatalogueVersion
    content: bytes | None
    workshops: bytes | None


@dataclass(frozen=True, slots=True)
class CatalogueChange:
    """That a version came into force for an office; None is what the files say."""

    id: ChangeId
    office_id: str
    version_id: VersionId | None
    number: int | None
    changed_by: CitizenId | None
    changed_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class StoredCatalogue:
    """A version in force and what is stored of it, to be laid over what the files say."""

    change: CatalogueChange
    content: bytes | None  # None: what the files say
    shipped_digest: str
