"""A registration of one learner, the line of those who wait, and what was accepted."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId, LearnerId
    from bot.wallet.model import JournalId
    from bot.workshops.model.workshop import WorkshopId

RegistrationId = NewType("RegistrationId", int)
WaitingEntryId = NewType("WaitingEntryId", int)


class RegistrationState(StrEnum):
    """Where a registration stands. A draft that waits in line has a waiting entry."""

    DRAFT = "draft"
    HELD = "held"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    ABANDONED = "abandoned"
    DROPPED = "dropped"
    MOVED = "moved"
    WITHDRAWN_LATE = "withdrawn_late"
    REMOVED = "removed"
    CREDITED = "credited"
    COMPLETED = "completed"


class RegistrationAct(StrEnum):
    """What can be done to a registration."""

    ACCEPT_TERMS = "accept_terms"
    HOLD = "hold"
    AWAIT_BANK = "await_bank"  # a transfer was announced: the place waits longer, once
    PAY = "pay"
    EXPIRE = "expire"
    ABANDON = "abandon"
    DROP = "drop"
    MOVE = "move"
    WITHDRAW = "withdraw"
    REMOVE = "remove"
    CREDIT = "credit"
    COMPLETE = "complete"


class WaitingState(StrEnum):
    """Where somebody stands who waits for places."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    LEFT = "left"
    CLOSED = "closed"


class WaitingAct(StrEnum):
    """What can be done about somebody who waits."""

    OFFER = "offer"
    AUTO_ACCEPT = "auto_accept"
    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    LEAVE = "leave"
    SKIP = "skip"  # a learner does not fit any more when the turn comes
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Consent:
    """That the terms were accepted: which version, by its digest, in which message (KN-23)."""

    registration_id: RegistrationId
    terms_version: int
    terms_sha256: str
    message_id: int | None
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class Registration:
    """One learner in one workshop. Who pays need not be who learns."""

    id: RegistrationId
    workshop_id: WorkshopId
    learner_id: LearnerId
    payer_id: CitizenId
    state: RegistrationState
    fee_rial: int  # what this place costs, as it was when it was begun
    made_at: datetime
    expires_at: datetime | None = None  # of a held place
    is_bank_awaited: bool = False
    journal_id: JournalId | None = None  # by which it was paid; None for a free one
    waiting_entry_id: WaitingEntryId | None = None
    moved_from_id: RegistrationId | None = None
    national_id: bytes | None = field(default=None, repr=False)  # sealed; where it is required
    national_id_index: bytes | None = field(default=None, repr=False)  # keyed, to find it by
    is_vouched: bool = False  # staff saw in another way who it is, where there is no such number

    @property
    def is_identified(self) -> bool:
        """True where the office knows who takes part."""
        return self.national_id is not None or self.is_vouched

    @property
    def has_place(self) -> bool:
        """True while a place is taken by it."""
        return self.state in (RegistrationState.HELD, RegistrationState.CONFIRMED)

    @property
    def is_active(self) -> bool:
        """True until it has ended in one way or another."""
        return self.state is RegistrationState.DRAFT or self.has_place


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """A turn in the line of a workshop; brothers and sisters wait together (size over 1)."""

    id: WaitingEntryId  # its order in the line
    workshop_id: WorkshopId
    payer_id: CitizenId
    state: WaitingState
    size: int
    is_auto_accept: bool
    joined_at: datetime
    expires_at: datetime | None = None  # of an offer

    @property
    def is_active(self) -> bool:
        """True while the turn is not over."""
        return self.state in (WaitingState.WAITING, WaitingState.OFFERED)


@dataclass(frozen=True, slots=True)
class Standing:
    """Why somebody is not promoted yet: how many turns and places come before theirs."""

    position: int  # from 1
    places_before: int  # wanted by those before them
    free_count: int
    size: int


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a freed place became for somebody in the line: an offer, theirs at once, or nothing."""

    entry: WaitingEntry
    registrations: tuple[Registration, ...]


@dataclass(frozen=True, slots=True)
class Freed:
    """What became of registrations that left, and of the line behind the places they had."""

    registrations: tuple[Registration, ...]
    promotions: tuple[Promotion, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A registration that moved: the old one, the new one, and who got the old place."""

    old: Registration
    new: Registration
    promotions: tuple[Promotion, ...] = ()
