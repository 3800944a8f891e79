"""Buttons of workshops in the admin chat; each is looked up anew and asks for its role."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum

from bot.workshops.model import Plan, SessionId, WorkshopId
from handlers.callback_data import Payload, StaleButton, number_in

_WEEKDAY_SETS = 2**7
_DAY_DIGITS = 8
_MINUTES_OF_A_DAY = 24 * 60


class DeskAct(StrEnum):
    """What a button under the card of a workshop does."""

    CARD = "c"
    EDIT = "e"
    TERMS = "t"
    PLAN = "p"
    PUBLISH = "P"
    DELETE = "d"
    PAUSE = "h"
    RESUME = "r"
    EXTEND = "x"
    RUN_ANYWAY = "a"
    FAIL = "f"
    CANCEL = "k"
    SESSIONS = "s"
    LEARNERS = "l"
    ANNOUNCE = "n"
    HISTORY = "y"
    MORE = "m"


class DeskWorkshopsPressed(Payload):
    """List the workshops of an office, the latest first; 0 begins."""

    prefix = "dw"
    office_id: str = ""
    before: str = "0"

    @property
    def before_id(self) -> int:
        """The last workshop shown, as untrusted as the button."""
        return number_in(self.before)


class NewWorkshopPressed(Payload):
    """Ask for the form of a new workshop."""

    prefix = "dwn"
    office_id: str


class SheetAsked(Payload):
    """Send the sheet in which several workshops are filled in."""

    prefix = "dwx"
    office_id: str


class DeskWorkshopPressed(Payload):
    """Do something to a workshop; `step` is "y" where somebody was asked and is sure."""

    prefix = "dwa"
    workshop_id: str
    act: str = DeskAct.CARD.value
    step: str = ""

    @property
    def workshop(self) -> WorkshopId:
        """The workshop, as untrusted as the button."""
        return WorkshopId(number_in(self.workshop_id))


class PlanAccepted(Payload):
    """Take the dates that were proposed; `mark` says which they were."""

    prefix = "dwp"
    workshop_id: str
    first_on: str
    weekdays: str
    starts: str
    minutes: str
    count: str
    mark: str

    @classmethod
    def of(cls, workshop_id: WorkshopId, plan: Plan, mark: str) -> PlanAccepted:
        """Write a plan so short that a button has room for it."""
        return cls(
            str(workshop_id),
            f"{plan.first_on:%Y%m%d}",
            str(sum(1 << weekday for weekday in plan.weekdays)),
            str(plan.starts.hour * 60 + plan.starts.minute),
            str(plan.minutes),
            str(plan.session_count),
            mark,
        )

    @property
    def workshop(self) -> WorkshopId:
        """The workshop, as untrusted as the button."""
        return WorkshopId(number_in(self.workshop_id))

    @property
    def plan(self) -> Plan:
        """The plan, as untrusted as the button."""
        bits, starts = number_in(self.weekdays), number_in(self.starts)
        if bits >= _WEEKDAY_SETS or starts >= _MINUTES_OF_A_DAY:
            raise StaleButton
        if len(self.first_on) != _DAY_DIGITS:
            raise StaleButton
        number_in(self.first_on)
        try:
            first_on = date.fromisoformat(self.first_on)
        except ValueError:
            raise StaleButton from None
        return Plan(
            first_on=first_on,
            weekdays=frozenset(day for day in range(7) if bits >> day & 1),
            starts=time(*divmod(starts, 60)),
            minutes=number_in(self.minutes),
            session_count=number_in(self.count),
        )


class DeskSessionPressed(Payload):
    """Do something to a session of a workshop."""

    prefix = "dws"
    session_id: str
    act: str
    step: str = ""

    @property
    def session(self) -> SessionId:
        """The session, as untrusted as the button."""
        return SessionId(number_in(self.session_id))
