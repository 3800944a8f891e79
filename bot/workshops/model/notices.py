"""Whom to tell of what, and the steps by which somebody gets ready for a session (KN-28..36)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.citizens.model import CitizenId, Learner, LearnerId
    from bot.kit.words import Language
    from bot.workshops.model.registration import Registration, RegistrationId
    from bot.workshops.model.session import Session, SessionId
    from bot.workshops.model.workshop import Workshop


class CheckItem(StrEnum):
    """What is looked at before an online session, in the order in which it is asked."""

    BROWSER = "browser"  # KN-28
    CONNECTION = "connection"  # KN-31
    CAMERA = "camera"  # KN-32
    BACKGROUND = "background"  # KN-34, KN-35
    HEADSET = "headset"  # KN-36


class ReminderKind(StrEnum):
    """How long before a session somebody is reminded of it (KN-14)."""

    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A session of which its people are to be reminded now."""

    kind: ReminderKind
    workshop: Workshop
    session: Session


@dataclass(frozen=True, slots=True)
class Check:
    """What somebody said of one step before a session, or that they need help with it."""

    session_id: SessionId
    registration_id: RegistrationId
    item: CheckItem
    is_ready: bool
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who is told, with all of theirs that it is about.

    `language` is None where they never chose one; a learner who was taken out is missing.
    """

    payer_id: CitizenId
    language: Language | None
    registrations: tuple[Registration, ...]
    learners: Mapping[LearnerId, Learner]
