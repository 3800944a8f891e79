"""What can be done to what, in which state, by whom, and where it leads: one table for each.

Whatever is not in a table is refused, with the state in which the thing stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from bot.workshops.errors import NotTheirStep, StepRefused
from bot.workshops.model import (
    By,
    Entity,
    MakeUpAct,
    MakeUpState,
    RegistrationAct,
    RegistrationState,
    SessionAct,
    SessionState,
    WaitingAct,
    WaitingState,
    WorkshopAct,
    WorkshopState,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.workshops.model import Actor

State = TypeVar("State", bound=StrEnum)
Act = TypeVar("Act", bound=StrEnum)

_CLOCK: Final = frozenset({By.CLOCK})
_OFFICER: Final = frozenset({By.OFFICER, By.MANAGER})
_MANAGER: Final = frozenset({By.MANAGER})
_CITIZEN: Final = frozenset({By.CITIZEN})
_FOR_CITIZEN: Final = _CITIZEN | _OFFICER  # staff may do it on their behalf, with a reason


@dataclass(frozen=True, slots=True)
class Step(Generic[State]):
    """Where an act leads, and who may take it."""

    to: State
    by: frozenset[By]


@dataclass(frozen=True, slots=True)
class Machine(Generic[State, Act]):
    """All steps that a kind of thing can take."""

    entity: Entity
    steps: Mapping[tuple[State, Act], Step[State]]

    def after(self, state: State, act: Act, actor: Actor) -> State:
        """Say where it stands after an act; raises StepRefused and NotTheirStep."""
        step = self.steps.get((state, act))
        if step is None:
            raise StepRefused(self.entity, state, act)
        if actor.by not in step.by:
            raise NotTheirStep(act, tuple(sorted(step.by)))
        return step.to

    def can(self, state: State, act: Act) -> bool:
        """True where somebody may do this to it."""
        return (state, act) in self.steps


def _steps(
    *rows: tuple[Iterable[State], Act, State, frozenset[By]],
) -> dict[tuple[State, Act], Step[State]]:
    return {(state, act): Step(to, by) for states, act, to, by in rows for state in states}


_W, _WA = WorkshopState, WorkshopAct
WORKSHOP: Final = Machine(
    Entity.WORKSHOP,
    _steps(
        ([_W.DRAFT], _WA.PUBLISH, _W.PUBLISHED, _OFFICER),
        ([_W.DRAFT], _WA.DELETE, _W.DELETED, _OFFICER),
        ([_W.PUBLISHED], _WA.OPEN, _W.OPEN, _CLOCK),
        ([_W.OPEN], _WA.PAUSE, _W.PAUSED, _OFFICER),
        ([_W.PAUSED], _WA.RESUME, _W.OPEN, _OFFICER),
        ([_W.OPEN, _W.PAUSED], _WA.CLOSE, _W.CLOSED, _CLOCK),
        ([_W.CLOSED], _WA.CONFIRM, _W.CONFIRMED, _CLOCK),
        ([_W.CLOSED], _WA.FALL_SHORT, _W.QUORUM_FAILED_PENDING, _CLOCK),
        (
            [_W.QUORUM_FAILED_PENDING],
            _WA.FAIL,
            _W.QUORUM_FAILED,
            _MANAGER | _CLOCK,
        ),
        ([_W.QUORUM_FAILED_PENDING], _WA.EXTEND, _W.OPEN, _MANAGER),
        ([_W.QUORUM_FAILED_PENDING], _WA.RUN_ANYWAY, _W.CONFIRMED, _MANAGER),
        ([_W.CONFIRMED], _WA.START, _W.RUNNING, _CLOCK),
        ([_W.RUNNING], _WA.COMPLETE, _W.COMPLETED, _CLOCK),
        (
            [_W.PUBLISHED, _W.OPEN, _W.PAUSED, _W.CLOSED, _W.CONFIRMED, _W.RUNNING],
            _WA.CANCEL,
            _W.CANCELLED_BY_OFFICE,
            _MANAGER,
        ),
    ),
)

_S, _SA = SessionState, SessionAct
SESSION: Final = Machine(
    Entity.SESSION,
    _steps(
        ([_S.PLANNED], _SA.DISPLACE, _S.DISPLACED, _CLOCK),
        ([_S.DISPLACED], _SA.ACCEPT_DATE, _S.PLANNED, _OFFICER),
        ([_S.PLANNED], _SA.RESCHEDULE, _S.PLANNED, _OFFICER),
        ([_S.PLANNED], _SA.START, _S.LIVE, _CLOCK),
        ([_S.LIVE], _SA.END, _S.HELD, _CLOCK),
        ([_S.HELD], _SA.SETTLE, _S.SETTLED, _OFFICER),
        # By the clock where the whole workshop fails for want of a quorum.
        ([_S.PLANNED, _S.DISPLACED], _SA.CANCEL, _S.CANCELLED_BY_OFFICE, _OFFICER | _CLOCK),
        ([_S.LIVE], _SA.CANCEL, _S.CANCELLED_BY_OFFICE, _OFFICER),
        ([_S.LIVE], _SA.CUT_SHORT, _S.CANCELLED_BY_OFFICE, _OFFICER),
    ),
)

_R, _RA = RegistrationState, RegistrationAct
REGISTRATION: Final = Machine(
    Entity.REGISTRATION,
    _steps(
        ([_R.DRAFT], _RA.ACCEPT_TERMS, _R.DRAFT, _FOR_CITIZEN),
        ([_R.HELD], _RA.ACCEPT_TERMS, _R.HELD, _FOR_CITIZEN),  # They changed in between.
        ([_R.DRAFT], _RA.HOLD, _R.HELD, _FOR_CITIZEN | _CLOCK),
        ([_R.HELD], _RA.AWAIT_BANK, _R.HELD, _FOR_CITIZEN),
        ([_R.HELD], _RA.PAY, _R.CONFIRMED, _FOR_CITIZEN | _CLOCK),
        ([_R.HELD], _RA.EXPIRE, _R.EXPIRED, _CLOCK),
        ([_R.DRAFT, _R.HELD], _RA.ABANDON, _R.ABANDONED, _FOR_CITIZEN | _CLOCK),
        ([_R.CONFIRMED], _RA.DROP, _R.DROPPED, _FOR_CITIZEN),
        ([_R.CONFIRMED], _RA.MOVE, _R.MOVED, _FOR_CITIZEN),
        ([_R.CONFIRMED], _RA.WITHDRAW, _R.WITHDRAWN_LATE, _FOR_CITIZEN),
        ([_R.CONFIRMED], _RA.REMOVE, _R.REMOVED, _MANAGER),
        ([_R.CONFIRMED], _RA.CREDIT, _R.CREDITED, _MANAGER | _CLOCK),
        ([_R.CONFIRMED], _RA.COMPLETE, _R.COMPLETED, _CLOCK),
    ),
)

_T, _TA = WaitingState, WaitingAct
WAITING: Final = Machine(
    Entity.WAITING_ENTRY,
    _steps(
        ([_T.WAITING], _TA.OFFER, _T.OFFERED, _CLOCK),
        ([_T.WAITING], _TA.AUTO_ACCEPT, _T.ACCEPTED, _CLOCK),
        ([_T.OFFERED], _TA.ACCEPT, _T.ACCEPTED, _FOR_CITIZEN),
        ([_T.OFFERED], _TA.DECLINE, _T.DECLINED, _FOR_CITIZEN),
        ([_T.OFFERED], _TA.LAPSE, _T.LAPSED, _CLOCK),
        ([_T.WAITING, _T.OFFERED], _TA.LEAVE, _T.LEFT, _FOR_CITIZEN),
        ([_T.WAITING], _TA.SKIP, _T.CLOSED, _CLOCK),
        ([_T.WAITING, _T.OFFERED], _TA.CLOSE, _T.CLOSED, _CLOCK),
    ),
)

_M, _MA = MakeUpState, MakeUpAct
MAKE_UP: Final = Machine(
    Entity.MAKE_UP,
    _steps(
        ([_M.OWED, _M.OVERDUE], _MA.SCHEDULE, _M.SCHEDULED, _OFFICER),
        ([_M.SCHEDULED], _MA.NOTIFY, _M.NOTIFIED, _CLOCK),
        ([_M.SCHEDULED, _M.NOTIFIED], _MA.RESCHEDULE, _M.SCHEDULED, _OFFICER),
        ([_M.SCHEDULED, _M.NOTIFIED], _MA.LOSE_DATE, _M.OWED, _OFFICER),
        ([_M.SCHEDULED, _M.NOTIFIED], _MA.HOLD, _M.HELD, _CLOCK),
        # By the clock where all have left to whom it was owed.
        ([_M.OWED, _M.OVERDUE, _M.SCHEDULED], _MA.CREDIT, _M.CREDITED, _MANAGER | _CLOCK),
        ([_M.NOTIFIED], _MA.CREDIT, _M.CREDITED, _CLOCK),
        ([_M.OWED], _MA.FALL_DUE, _M.OVERDUE, _CLOCK),
    ),
)
