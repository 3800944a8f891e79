"""What is not kept for ever beside workshops: marks, sheets, how people got ready, and IDs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.kit.keeping import KEPT_FOR, Kind
from bot.workshops.repository import (
    NoticeRepository,
    RegistrationRepository,
    SheetRepository,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Transaction

MARKS_KEPT_FOR: Final = timedelta(days=30)  # whatever they keep from being told twice is over
CHECKS_KEPT_FOR: Final = timedelta(days=365)  # as long as a case: they are evidence for one


async def forget_old(tx: Transaction, *, now: datetime) -> None:
    """Delete what was told, which sheets were opened, and national IDs; later what people said."""
    notices = NoticeRepository(tx)
    await notices.forget_told(now - MARKS_KEPT_FOR)
    await notices.forget_checks(now - CHECKS_KEPT_FOR)
    await SheetRepository(tx).forget_opened(now - MARKS_KEPT_FOR)
    await RegistrationRepository(tx).forget_national_ids(now - KEPT_FOR[Kind.NATIONAL_ID])
