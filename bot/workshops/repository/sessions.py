"""Queries about sessions, make-ups and who was there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, insert, or_, select, update

from bot.kit.database import insert_or_replace
from bot.workshops.model import MakeUpState, RegistrationId, RegistrationState, SessionState
from bot.workshops.repository.rows import attendance_of, change, make_up_of, one_or_all, session_of
from bot.workshops.tables import (
    attendance,
    make_up,
    make_up_entitlement,
    registration,
    workshop,
    workshop_session,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from bot.citizens.model import LearnerId
    from bot.kit.database import Transaction
    from bot.workshops.model import (
        Attendance,
        MakeUp,
        MakeUpId,
        Presence,
        Session,
        SessionId,
        Slot,
        WorkshopId,
    )

_WITH_A_PLACE = (RegistrationState.HELD, RegistrationState.CONFIRMED)
_TO_COME = (SessionState.PLANNED, SessionState.LIVE)

# What is asked for in a rush is built once: that takes longer than to run it.
_IN_TIME: Final = select(workshop_session).order_by(
    workshop_session.c.starts_at, workshop_session.c.id
)
_OF_ONE: Final = _IN_TIME.where(workshop_session.c.workshop_id == bindparam("id"))
_OF_ALL: Final = _IN_TIME.where(workshop_session.c.workshop_id.in_(bindparam("ids")))
_OF_LEARNERS: Final = _IN_TIME.join(
    registration, registration.c.workshop_id == workshop_session.c.workshop_id
).where(
    registration.c.learner_id.in_(bindparam("learner_ids")),
    or_(*(registration.c.state == state for state in _WITH_A_PLACE)),
    registration.c.workshop_id.not_in(bindparam("besides")),
    or_(*(workshop_session.c.state == state for state in _TO_COME)),
)


class SessionRepository:
    """The sessions of workshops, and what is owed for some."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, workshop_id: WorkshopId, number: int, slot: Slot) -> Session:
        """Plan a session."""
        values = {
            "workshop_id": workshop_id,
            "number": number,
            "starts_at": slot.starts_at,
            "minutes": slot.minutes,
            "state": SessionState.PLANNED,
            "revision": 0,
        }
        query = insert(workshop_session).values(values).returning(workshop_session)
        return session_of((await self._tx.execute(query)).one())

    async def clear(self, workshop_id: WorkshopId) -> None:
        """Take back all sessions of a draft."""
        of_draft = workshop_session.c.workshop_id == workshop_id
        await self._tx.execute(delete(workshop_session).where(of_draft))

    async def find(self, session_id: SessionId) -> Session | None:
        """Find a session."""
        query = select(workshop_session).where(workshop_session.c.id == session_id)
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else session_of(row)

    async def of(self, workshop_id: WorkshopId) -> list[Session]:
        """List the sessions of a workshop in the order of time."""
        return (await self.of_all([workshop_id])).get(workshop_id, [])

    async def of_all(self, ids: Collection[WorkshopId]) -> dict[WorkshopId, list[Session]]:
        """List the sessions of several workshops, each in the order of time."""
        found: dict[WorkshopId, list[Session]] = {}
        query, asked = one_or_all(_OF_ONE, _OF_ALL, ids)
        for row in await self._tx.execute(query, asked):
            found.setdefault(row.workshop_id, []).append(session_of(row))
        return found

    async def change(self, old: Session, **values: Any) -> Session | None:  # noqa: ANN401 - any column of a session
        """Change a session if it still stands where it was read; None if not."""
        row = await change(self._tx, workshop_session, old, values)
        return None if row is None else session_of(row)

    async def number(self, numbers: Iterable[tuple[SessionId, int]]) -> None:
        """Number sessions anew."""
        for session_id, number in numbers:
            await self._tx.execute(
                update(workshop_session)
                .where(workshop_session.c.id == session_id, workshop_session.c.number != number)
                .values(number=number)
            )

    async def of_learners(
        self, learner_ids: Collection[LearnerId], *, besides: Collection[WorkshopId]
    ) -> list[Session]:
        """List the sessions ahead of all workshops in which one of these learners has a place."""
        asked = {"learner_ids": learner_ids, "besides": besides}
        return [session_of(row) for row in await self._tx.execute(_OF_LEARNERS, asked)]

    async def beginning(
        self, office_id: str, states: Collection[SessionState], until: datetime
    ) -> list[Session]:
        """List the sessions of an office in some states that begin by a moment."""
        query = (
            select(workshop_session)
            .join(workshop, workshop.c.id == workshop_session.c.workshop_id)
            .where(
                workshop.c.office_id == office_id,
                workshop_session.c.state.in_(states),
                workshop_session.c.starts_at <= until,
            )
            .order_by(workshop_session.c.starts_at, workshop_session.c.id)
        )
        return [session_of(row) for row in await self._tx.execute(query)]

    async def owe(
        self,
        session: Session,
        entitled: Collection[RegistrationId],
        *,
        owed_at: datetime,
        due_at: datetime,
    ) -> MakeUp:
        """Note that a session is owed, to whom, and until when."""
        values = {
            "workshop_id": session.workshop_id,
            "session_id": session.id,
            "state": MakeUpState.OWED,
            "owed_at": owed_at,
            "due_at": due_at,
        }
        added = await self._tx.execute(insert(make_up).values(values).returning(make_up))
        owed = make_up_of(added.one())
        rows = [{"make_up_id": owed.id, "registration_id": one} for one in entitled]
        if rows:
            await self._tx.execute(insert(make_up_entitlement), rows)
        return owed

    async def make_up(self, make_up_id: MakeUpId) -> MakeUp | None:
        """Find what is owed."""
        query = select(make_up).where(make_up.c.id == make_up_id)
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else make_up_of(row)

    async def make_ups(self, workshop_id: WorkshopId) -> list[MakeUp]:
        """List what is or was owed for the sessions of a workshop."""
        query = select(make_up).where(make_up.c.workshop_id == workshop_id).order_by(make_up.c.id)
        return [make_up_of(row) for row in await self._tx.execute(query)]

    async def change_make_up(self, old: MakeUp, **values: Any) -> MakeUp | None:  # noqa: ANN401 - any column of a make-up
        """Change a make-up if it still stands where it was read; None if not."""
        row = await change(self._tx, make_up, old, values)
        return None if row is None else make_up_of(row)

    async def entitled(self, make_up_id: MakeUpId) -> list[RegistrationId]:
        """List the registrations to which a session is still owed."""
        of_make_up = make_up_entitlement.c.make_up_id == make_up_id
        query = (
            select(make_up_entitlement.c.registration_id)
            .where(of_make_up, make_up_entitlement.c.ended_at.is_(None))
            .order_by(make_up_entitlement.c.registration_id)
        )
        return [RegistrationId(one) for one in await self._tx.scalars(query)]

    async def ever_entitled(self, workshop_id: WorkshopId) -> set[RegistrationId]:
        """Name the registrations to which a session of a workshop is owed, or ever was."""
        query = (
            select(make_up_entitlement.c.registration_id)
            .join(make_up, make_up.c.id == make_up_entitlement.c.make_up_id)
            .where(make_up.c.workshop_id == workshop_id)
        )
        return {RegistrationId(one) for one in await self._tx.scalars(query)}

    async def end_entitlements(
        self, registration_ids: Collection[RegistrationId], now: datetime
    ) -> None:
        """Note that nothing is owed to some registrations any more."""
        of_them = make_up_entitlement.c.registration_id.in_(registration_ids)
        await self._tx.execute(
            update(make_up_entitlement)
            .where(of_them, make_up_entitlement.c.ended_at.is_(None))
            .values(ended_at=now)
        )

    async def end_entitlements_of(self, make_up_id: MakeUpId, now: datetime) -> None:
        """Note that a make-up is owed to nobody any more: it took place, or was waived."""
        of_it = make_up_entitlement.c.make_up_id == make_up_id
        await self._tx.execute(
            update(make_up_entitlement)
            .where(of_it, make_up_entitlement.c.ended_at.is_(None))
            .values(ended_at=now)
        )

    async def made_up_in(self, session_id: SessionId) -> MakeUp | None:
        """Find what a session makes up for, if it does."""
        query = select(make_up).where(make_up.c.new_session_id == session_id)
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else make_up_of(row)

    async def overdue(self, office_id: str, now: datetime, *, limit: int) -> list[MakeUp]:
        """List what is owed past its time and has no date."""
        query = (
            select(make_up)
            .join(workshop, workshop.c.id == make_up.c.workshop_id)
            .where(
                workshop.c.office_id == office_id,
                make_up.c.state == MakeUpState.OWED,
                make_up.c.due_at <= now,
            )
            .order_by(make_up.c.due_at, make_up.c.id)
            .limit(limit)
        )
        return [make_up_of(row) for row in await self._tx.execute(query)]

    async def presences(self, session_id: SessionId) -> list[Attendance]:
        """List what was written down about a session."""
        query = (
            select(attendance)
            .where(attendance.c.session_id == session_id)
            .order_by(attendance.c.registration_id)
        )
        return [attendance_of(row) for row in await self._tx.execute(query)]

    async def presences_of(self, registration_id: RegistrationId) -> dict[SessionId, Presence]:
        """Say what was written down about one registration, by session."""
        of_it = attendance.c.registration_id == registration_id
        rows = await self._tx.execute(select(attendance).where(of_it))
        return {one.session_id: one.presence for one in map(attendance_of, rows)}

    async def note(self, noted: Attendance) -> None:
        """Write down whether somebody was there, in the place of what stood there."""
        row = {
            "session_id": noted.session_id,
            "registration_id": noted.registration_id,
            "presence": noted.presence,
            "noted_by": noted.noted_by,
            "noted_at": noted.noted_at,
        }
        await self._tx.execute(insert_or_replace(attendance).values(row))
