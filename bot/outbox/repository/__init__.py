"""Every query about messages to be said, and about what they are about."""

from bot.outbox.repository.auditing import OutboxAuditRepository
from bot.outbox.repository.messages import OutboxRepository
from bot.outbox.repository.offers import OfferRepository
from bot.outbox.repository.subjects import SubjectRepository

__all__ = ["OfferRepository", "OutboxAuditRepository", "OutboxRepository", "SubjectRepository"]
