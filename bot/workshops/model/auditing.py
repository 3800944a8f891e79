"""What must always be true of workshops, registrations and lines; the ledger has its own list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.citizens.model import CitizenId
    from bot.wallet.model import JournalId
    from bot.workshops.model.registration import RegistrationId, RegistrationState
    from bot.workshops.model.workshop import WorkshopId


class Invariant(StrEnum):
    """What an audit looks at; the names go on where those of the ledger end (ADR 0004)."""

    APPEND_ONLY = "I4"
    ESCROW_WHOLE = "I8"
    PLACES_FAIR = "I12"
    FEE_BACK_ONCE = "I13"
    ON_OPEN_DAYS = "I14"
    CONSENTED = "I15"
    STATES_TOLD = "I18"


@dataclass(frozen=True, slots=True)
class PaidPlace:
    """A registration for which a fee was paid, as an audit reads it."""

    id: RegistrationId
    office_id: str
    workshop_id: WorkshopId
    payer_id: CitizenId
    state: RegistrationState
    fee_rial: int
    journal_id: JournalId
