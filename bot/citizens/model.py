"""A person who talks with the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.words import Language

CitizenId = NewType("CitizenId", int)  # the messenger's user id


TOPIC_KEPT_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Topic:
    """The service that was just spoken of, so that "and what does it cost?" has a meaning."""

    office_id: str
    service_id: str
    at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """True for half an hour; whoever comes back later starts anew."""
        return now - self.at < TOPIC_KEPT_FOR


@dataclass(frozen=True)
class Citizen:
    """What the desk remembers of a person: nothing, until they choose or read something."""

    id: CitizenId
    language: Language | None = None
    office_id: str | None = None
    topic: Topic | None = None

    def spoke_of(self, now: datetime) -> tuple[str, str] | None:
        """Name the service that was just spoken of, after its office; an old topic is over."""
        if self.topic is None or not self.topic.is_fresh(now):
            return None
        return (self.topic.office_id, self.topic.service_id)
