"""How the desk refuses a person as such: who they are, not what they ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.kit.errors import Conflict, InvalidInput, NotAllowed, NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import Role


@dataclass(eq=False)
class StaffOnly(NotAllowed):
    """Only staff of the office with one of these roles may do that."""

    roles: tuple[Role, ...]


@dataclass(eq=False)
class NotInDeskChat(NotAllowed):
    """It is done in the admin chat of the office, and this is not it."""


@dataclass(eq=False)
class AnonymousAdmin(NotAllowed):
    """A group spoke, not a person: nobody can be held to account for it."""


@dataclass(eq=False)
class InvitationGone(NotFound):
    """The invitation was used, has expired, or never was."""


@dataclass(eq=False)
class NotStaff(NotFound):
    """This person has no such role in the office."""


@dataclass(eq=False)
class LastManager(Conflict):
    """An office keeps at least one manager."""


@dataclass(eq=False)
class ChatTaken(Conflict):
    """The chat serves another office already, and staff of the one must not see the other's."""


@dataclass(eq=False)
class NoSuchOffice(InvalidInput):
    """There is no office of this name here."""

    typed: str


@dataclass(eq=False)
class NoSuchLearner(NotFound):
    """The person has registered no such learner; another's is as good as none."""


@dataclass(eq=False)
class TooManyLearners(Conflict):
    """A person registers no more learners than a family has."""

    count_max: int


@dataclass(eq=False)
class AlreadyLearner(Conflict):
    """The person is a learner here already."""


@dataclass(eq=False)
class NameUnreadable(InvalidInput):
    """What was typed is no given name: too short, too long, or not of letters."""


@dataclass(eq=False)
class BirthDateUnreadable(InvalidInput):
    """What was typed is no Jalali day on which somebody alive can have been born."""


@dataclass(eq=False)
class GuardianNeeded(NotAllowed):
    """Who is under eighteen is registered by a guardian, not by themselves."""

    age_min: int


@dataclass(eq=False)
class SlowDown(Conflict):
    """The person did this too often; it can be done again at `again_at`."""

    again_at: datetime


@dataclass(eq=False)
class Banned(NotAllowed):
    """The office takes nothing new from this person until then; what is theirs stays theirs."""

    office_id: str
    until: datetime
    reason: str


@dataclass(eq=False)
class NotToBeBanned(Conflict):
    """Colleagues are dismissed, not banned, and nobody bans themselves."""


@dataclass(eq=False)
class NobodyToBan(NotFound):
    """Nobody is there to ban: the case is anonymous, or the person has been forgotten."""


@dataclass(eq=False)
class NotBanned(NotFound):
    """The person is not banned here, or not any more."""


@dataclass(eq=False)
class BanUnreadable(InvalidInput):
    """A ban is written with a number of days and a reason that the person can read."""

    days_max: int


@dataclass(eq=False)
class NothingToAudit(InvalidInput):
    """What was typed is no code of a case, a payout or a person, and no number of a workshop."""
