"""A person who talks with the desk, and a person who acts for an office."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NewType

from bot.kit.keeping import KEPT_FOR, Kind

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.kit.words import Language

CitizenId = NewType("CitizenId", int)  # the messenger's user id
LearnerId = NewType("LearnerId", int)


TOPIC_KEPT_FOR = KEPT_FOR[Kind.TOPIC]


@dataclass(frozen=True)
class Topic:
    """The service that was just spoken of, so that "and what does it cost?" has a meaning."""

    office_id: str
    service_id: str
    at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """True for half an hour; whoever comes back later starts anew."""
        return now - self.at < TOPIC_KEPT_FOR


class Notice(StrEnum):
    """What people are told unasked and can do without; the rest concerns what they began."""

    SURVEYS = "surveys"
    REMINDERS = "reminders"


@dataclass(frozen=True)
class Citizen:
    """What the desk remembers of a person: nothing, until they choose or read something."""

    id: CitizenId
    language: Language | None = None
    office_id: str | None = None
    topic: Topic | None = None
    muted: frozenset[Notice] = frozenset()

    def spoke_of(self, now: datetime) -> tuple[str, str] | None:
        """Name the service that was just spoken of, after its office; an old topic is over."""
        if self.topic is None or not self.topic.is_fresh(now):
            return None
        return (self.topic.office_id, self.topic.service_id)

    def speaking_of(self, office_id: str, service_id: str, now: datetime) -> Citizen:
        """Turn to a service; the same person where that was done a short while ago."""
        topic = self.topic
        if (
            topic is not None
            and (topic.office_id, topic.service_id) == (office_id, service_id)
            and now - topic.at < TOPIC_KEPT_FOR / 2
        ):
            return self
        return replace(self, topic=Topic(office_id, service_id, now))


@dataclass(frozen=True, slots=True)
class Learner:
    """Who takes part in a workshop: the citizen, or a child in their care (KN-24).

    What is told of a child is the child's own; messages about it go to the guardian.
    """

    id: LearnerId
    guardian_id: CitizenId
    given_name: str = field(repr=False)
    born_on: date
    is_self: bool


class Role(StrEnum):
    """What a member of staff may do in one office."""

    OFFICER = "officer"  # answers, runs workshops
    FINANCE = "finance"  # payouts
    MANAGER = "manager"  # approves, settings; may do all that an officer may


@dataclass(frozen=True, slots=True)
class Staff:
    """A person acting for an office, in one role of theirs. `name` is shown to colleagues only."""

    id: CitizenId
    office_id: str
    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Where a person is in a flow of several messages; kept in the same transaction as all else.

    `draft` is what they said so far, as JSON values. A flow that is left alone is over at
    `expires_at`; `token` names this run of it, so that a button of an earlier run is known as old.
    """

    chat_id: int
    citizen_id: CitizenId
    name: str
    step: str
    draft: dict[str, object]
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One staff action: who, in which role, what, about what (such as "case:12"), and why."""

    at: datetime
    office_id: str
    actor_id: CitizenId
    role: Role
    action: str
    subject: str
    note: str | None = None
    actor_name: str = ""  # as it was then
    id: int = 0  # the order in which things were done
    before: str | None = None  # a state, a number, a day: never what somebody wrote
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The place of an entry in the chain of the audit, and the digest of it and all before it."""

    number: int
    audit_id: int
    digest: bytes


NO_LINK: Final = Link(0, 0, bytes(32))
"""Before the first."""


class Invariant(StrEnum):
    """What an audit of the audit looks at; the names go on where those of the places end."""

    CHAINED = "I19"


@dataclass(frozen=True, slots=True)
class Consent:
    """That a person agreed to what is kept of them: to which text, in which language, and when."""

    citizen_id: CitizenId
    version: int
    language: str
    sha256: str  # of the text as it was shown
    given_at: datetime


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """A link that nobody has used yet."""

    role: Role
    made_by: CitizenId | None  # None: from the command line
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Ban:
    """Who may not write to an office until when, and for which reason, which they are told."""

    citizen_id: CitizenId
    office_id: str
    reason: str = field(repr=False)
    banned_by: CitizenId
    banned_at: datetime
    until: datetime
