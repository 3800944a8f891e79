"""What is not kept for ever beside workshops: marks, opened sheets, and how people got ready."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.workshops.repository import NoticeRepository, SheetRepository

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Transaction

MARKS_KEPT_FOR: Final = timedelta(days=30)  # whatever they keep from being told twice is over
CHECKS_KEPT_FOR: Final = timedelta(days=365)  # as long as a case: they are evidence for one


async def forget_old(tx: Transaction, *, now: datetime) -> None:
    """Delete that something was told and which sheets were opened, and later what people said."""
    notices = NoticeRepository(tx)
    await notices.forget_told(now - MARKS_KEPT_FOR)
    await notices.forget_checks(now - CHECKS_KEPT_FOR)
    await SheetRepository(tx).forget_opened(now - MARKS_KEPT_FOR)
