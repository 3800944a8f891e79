"""Every query about people, staff, flows and limits."""

from bot.citizens.repository.audit import AuditRepository
from bot.citizens.repository.bans import BanRepository
from bot.citizens.repository.dialogues import DialogueRepository, LimitRepository
from bot.citizens.repository.learners import LearnerRepository, births
from bot.citizens.repository.people import CitizenRepository
from bot.citizens.repository.staff import StaffRepository

__all__ = [
    "AuditRepository",
    "BanRepository",
    "CitizenRepository",
    "DialogueRepository",
    "LearnerRepository",
    "LimitRepository",
    "StaffRepository",
    "births",
]
