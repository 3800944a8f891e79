"""What is not kept for ever beside workshops: marks, sheets, how people got ready, and IDs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.keeping import KEPT_FOR, Kind
from bot.workshops.repository import (
    NoticeRepository,
    RegistrationRepository,
    SheetRepository,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Transaction


async def forget_old(tx: Transaction, *, now: datetime) -> tuple[int, int, int]:
    """Delete what was told, which sheets were opened, and national IDs; later what people said.

    Says how many marks, things said of getting ready, and national IDs there were.
    """
    notices, marked_before = NoticeRepository(tx), now - KEPT_FOR[Kind.WORKSHOP_MARK]
    marks = await notices.forget_told(marked_before)
    marks += await SheetRepository(tx).forget_opened(marked_before)
    checks = await notices.forget_checks(now - KEPT_FOR[Kind.PREPARATION])
    numbers = RegistrationRepository(tx)
    national_ids = await numbers.forget_national_ids(now - KEPT_FOR[Kind.NATIONAL_ID])
    return marks, checks, national_ids
