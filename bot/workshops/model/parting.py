"""What is kept of a person's places besides the registrations themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.workshops.model.notices import Check
    from bot.workshops.model.registration import Consent, RegistrationId, WaitingEntry
    from bot.workshops.model.session import Attendance, SessionId


@dataclass(frozen=True, slots=True)
class Owed:
    """A session in the place of one that fell out, which somebody is or was entitled to."""

    session_id: SessionId  # the one that fell out
    registration_id: RegistrationId
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptBesides:
    """Turns in lines, terms that were accepted, and what was noted of being there and ready."""

    turns: Sequence[WaitingEntry]
    terms: Sequence[Consent]
    presences: Sequence[Attendance]
    checks: Sequence[Check]
    owed: Sequence[Owed]
