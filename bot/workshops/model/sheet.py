"""A sheet with workshops that an officer sent to the admin chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId

SheetId = NewType("SheetId", int)


@dataclass(frozen=True, slots=True)
class WorkshopSheet:
    """Where a sheet is with the messenger, who sent it, and where they are answered."""

    id: SheetId
    office_id: str
    file_id: str
    sent_by: CitizenId
    chat_id: int
    message_id: int
    received_at: datetime
