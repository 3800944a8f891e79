"""Everything that is kept of workshops."""

from bot.workshops.tables.notices import session_check, workshop_told
from bot.workshops.tables.registrations import (
    is_active,
    is_in_line,
    is_offered,
    is_placed,
    is_waiting,
    registration,
    waiting_entry,
    workshop_consent,
)
from bot.workshops.tables.sessions import (
    attendance,
    make_up,
    make_up_entitlement,
    workshop_session,
)
from bot.workshops.tables.sheets import workshop_sheet
from bot.workshops.tables.subscriptions import workshop_subscription, workshop_telling
from bot.workshops.tables.workshops import event_reasons, workshop, workshop_event, workshop_terms

__all__ = [
    "attendance",
    "event_reasons",
    "is_active",
    "is_in_line",
    "is_offered",
    "is_placed",
    "is_waiting",
    "make_up",
    "make_up_entitlement",
    "registration",
    "session_check",
    "waiting_entry",
    "workshop",
    "workshop_consent",
    "workshop_event",
    "workshop_session",
    "workshop_sheet",
    "workshop_subscription",
    "workshop_telling",
    "workshop_terms",
    "workshop_told",
]
