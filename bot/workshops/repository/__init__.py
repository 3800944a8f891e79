"""Every query about workshops."""

from bot.workshops.repository.auditing import AuditRepository
from bot.workshops.repository.browsing import BrowsingRepository, SubscriptionRepository
from bot.workshops.repository.events import EventRepository
from bot.workshops.repository.figures import FiguresRepository
from bot.workshops.repository.notices import NoticeRepository
from bot.workshops.repository.registrations import RegistrationRepository
from bot.workshops.repository.sessions import SessionRepository
from bot.workshops.repository.sheets import SheetRepository
from bot.workshops.repository.waiting import WaitingRepository
from bot.workshops.repository.workshops import WorkshopRepository

__all__ = [
    "AuditRepository",
    "BrowsingRepository",
    "EventRepository",
    "FiguresRepository",
    "NoticeRepository",
    "RegistrationRepository",
    "SessionRepository",
    "SheetRepository",
    "SubscriptionRepository",
    "WaitingRepository",
    "WorkshopRepository",
]
