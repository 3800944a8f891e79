"""Names of what workshops are made of and of where things stand, as all pages say them."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from bot.kit.clock import TEHRAN
from bot.kit.jalali import jalali_day, jalali_moment
from bot.workshops.model import (
    By,
    ClosedWhy,
    Entity,
    MakeUpState,
    RegistrationState,
    SessionState,
    WaitingState,
    WorkshopState,
)
from handlers.views.common import shielded

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.words import Words
    from bot.workshops.model import ClosedDay

_OCCASION_UNITS_MAX = 120


def workshop_state(state: WorkshopState, words: Words) -> str:
    """Say where a workshop stands."""
    _ = words.gettext
    return {
        WorkshopState.DRAFT: _("a draft"),
        WorkshopState.DELETED: _("deleted"),
        WorkshopState.PUBLISHED: _("announced, registration not open yet"),
        WorkshopState.OPEN: _("open for registration"),
        WorkshopState.PAUSED: _("registration paused"),
        WorkshopState.CLOSED: _("registration over"),
        WorkshopState.QUORUM_FAILED_PENDING: _("below the quorum, being decided"),
        WorkshopState.QUORUM_FAILED: _("not held: the quorum was not reached"),
        WorkshopState.CONFIRMED: _("certain to take place"),
        WorkshopState.RUNNING: _("running"),
        WorkshopState.COMPLETED: _("completed"),
        WorkshopState.CANCELLED_BY_OFFICE: _("cancelled by the office"),
    }[state]


def registration_state(state: RegistrationState, words: Words) -> str:
    """Say where a registration stands."""
    _ = words.gettext
    return {
        RegistrationState.DRAFT: _("begun, without a place yet"),
        RegistrationState.HELD: _("a place is kept, not paid for yet"),
        RegistrationState.CONFIRMED: _("registered"),
        RegistrationState.EXPIRED: _("over: it was not paid for in time"),
        RegistrationState.ABANDONED: _("left before it was paid for"),
        RegistrationState.DROPPED: _("dropped, the fee given back"),
        RegistrationState.MOVED: _("moved to another workshop"),
        RegistrationState.WITHDRAWN_LATE: _("given up late, without the fee"),
        RegistrationState.REMOVED: _("taken away by the office"),
        RegistrationState.CREDITED: _("the fee given back by the office"),
        RegistrationState.COMPLETED: _("completed"),
    }[state]


def waiting_state(state: WaitingState, words: Words) -> str:
    """Say where a turn in a waiting list stands."""
    _ = words.gettext
    return {
        WaitingState.WAITING: _("in the waiting list"),
        WaitingState.OFFERED: _("a place is offered"),
        WaitingState.ACCEPTED: _("accepted"),
        WaitingState.DECLINED: _("declined"),
        WaitingState.LAPSED: _("the offer is over"),
        WaitingState.LEFT: _("out of the waiting list"),
        WaitingState.CLOSED: _("the waiting list is closed"),
    }[state]


def session_state(state: SessionState, words: Words) -> str:
    """Say where a session stands."""
    _ = words.gettext
    return {
        SessionState.PLANNED: _("planned"),
        SessionState.DISPLACED: _("its day is closed, a new date comes"),
        SessionState.LIVE: _("going on now"),
        SessionState.HELD: _("held"),
        SessionState.SETTLED: _("held"),
        SessionState.CANCELLED_BY_OFFICE: _("cancelled by the office"),
    }[state]


def make_up_state(state: MakeUpState, words: Words) -> str:
    """Say where a make-up stands."""
    _ = words.gettext
    return {
        MakeUpState.OWED: _("owed, without a date yet"),
        MakeUpState.OVERDUE: _("owed and overdue"),
        MakeUpState.SCHEDULED: _("has a date"),
        MakeUpState.NOTIFIED: _("has a date"),
        MakeUpState.HELD: _("made up for"),
        MakeUpState.CREDITED: _("the fee given back instead"),
    }[state]


def state_of(entity: Entity, state: str, words: Words) -> str:
    """Say where something stands that is known by its kind and the name of its state."""
    match entity:
        case Entity.WORKSHOP:
            return workshop_state(WorkshopState(state), words)
        case Entity.SESSION:
            return session_state(SessionState(state), words)
        case Entity.REGISTRATION:
            return registration_state(RegistrationState(state), words)
        case Entity.WAITING_ENTRY:
            return waiting_state(WaitingState(state), words)
        case Entity.MAKE_UP:
            return make_up_state(MakeUpState(state), words)


def entity_name(entity: Entity, words: Words) -> str:
    """Name what has states."""
    _ = words.gettext
    return {
        Entity.WORKSHOP: _("this workshop"),
        Entity.SESSION: _("this session"),
        Entity.REGISTRATION: _("this registration"),
        Entity.WAITING_ENTRY: _("this turn in the waiting list"),
        Entity.MAKE_UP: _("this make-up class"),
    }[entity]


def part_name(by: By, words: Words) -> str:
    """Name in which part somebody acts."""
    _ = words.gettext
    return {
        By.CITIZEN: _("the citizen"),
        By.OFFICER: _("an officer"),
        By.MANAGER: _("a manager"),
        By.CLOCK: _("the desk itself, when the time comes"),
    }[by]


def of_managers(label: str, words: Words) -> str:
    """Say on a button that it is for managers alone, before somebody else presses it."""
    _ = words.gettext
    return _("{act} (manager)").format(act=label)


def deadline_said(at: datetime, words: Words) -> str:
    """Say a moment that is too late itself; midnight is the end of the day before it."""
    _ = words.gettext
    local = at.astimezone(TEHRAN)
    if local.time() != time():
        return jalali_moment(at, words.language)
    last = jalali_day(local.date() - timedelta(days=1), words.language, with_weekday=True)
    return _("the end of {day}").format(day=last)


def closed_day(closed: ClosedDay, words: Words) -> str:
    """Say of a day why no session takes place on it."""
    _ = words.gettext
    why = (
        _(", ").join(
            shielded(occasion, units_max=_OCCASION_UNITS_MAX) for occasion in closed.occasions
        )
        or {
            ClosedWhy.HOLIDAY: _("an official holiday"),
            ClosedWhy.CLOSURE: _("the office is closed"),
            ClosedWhy.DAY_OFF: _("not a working day"),
        }[closed.why]
    )
    if closed.is_estimated:
        why = _("{occasion} (estimated)").format(occasion=why)
    return _("{day}: closed ({why})").format(
        day=jalali_day(closed.day, words.language, with_weekday=True), why=why
    )
