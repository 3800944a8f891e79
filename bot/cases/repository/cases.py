"""Queries about one case: found, changed from the state in which it was read, added to."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from bot.cases.errors import WrongState
from bot.cases.model import CaseId, CaseMessage, CaseState, ClockKind, Dossier, MessageId
from bot.cases.repository.rows import case_of, clock_of, event_of, message_of
from bot.cases.tables import (
    case_clock,
    case_event,
    case_message,
    case_message_version,
    desk_case,
    ending_reasons,
    event_notes,
    replaced_words,
    said_words,
)
from bot.kit.database import insert_new, keyring_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bot.cases.model import Case, Clock, Event, MessageKind
    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction

_KEY_COLUMN = "desk_case.registration_key"
_GOING_ON = (CaseState.OPEN, CaseState.WAITING)
_MOVING = ("due_at", "breached_at", "warned_at", "new_due_at", "extended_at", "late_count")
_SAVE_CLOCK = (
    update(case_clock)
    .where(case_clock.c.id == bindparam("clock"), case_clock.c.met_at.is_(None))
    .values({name: bindparam(name) for name in _MOVING})
)


class CaseRepository:
    """Cases with what belongs to them."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._keyring = keyring_of(tx)

    async def add(self, case: Case, digest: str) -> Case | None:
        """Keep a new case under the digest of its key, and give it its number.

        None where the key or the tracking code has one already, perhaps since a moment ago.
        """
        values = asdict(case)
        del values["id"]
        policy = values.pop("policy")
        assert case.ending_reason is None, "it is sealed for the number of the case"
        row = {"registration_key": self._keyed(digest), **values, **policy}
        statement = insert_new(desk_case).values(row).returning(desk_case.c.id)
        added = (await self._tx.execute(statement)).scalar_one_or_none()
        return None if added is None else replace(case, id=CaseId(added))

    async def by_key(self, digest: str) -> Case | None:
        """Find the case that was registered under a key; earlier ones have its bare digest."""
        return await self._one(desk_case.c.registration_key.in_([self._keyed(digest), digest]))

    def _keyed(self, digest: str) -> str:
        """Digest it anew under the key of the index: a copy of the file leads to no author."""
        return self._keyring.index(digest, column=_KEY_COLUMN).hex()

    async def by_code(self, code: str) -> Case | None:
        """Find the case with a tracking code."""
        return await self._one(desk_case.c.tracking_code == code)

    async def by_id(self, case_id: CaseId) -> Case | None:
        """Find a case by its number."""
        return await self._one(desk_case.c.id == case_id)

    async def lock(self, *case_ids: CaseId) -> Case | None:
        """Find a case, the first of these, and let nobody else change any of them meanwhile.

        All lock in the same order, so that none wait in a ring.
        """
        query = select(desk_case).where(desk_case.c.id.in_(case_ids)).order_by(desk_case.c.id)
        rows = {row.id: row for row in await self._tx.execute(query.with_for_update())}
        found = rows.get(case_ids[0])
        return None if found is None else case_of(found, self._keyring)

    async def lock_by_code(self, code: str) -> Case | None:
        """Find a case by its tracking code as `lock` does."""
        row = await self._tx.execute(
            select(desk_case).where(desk_case.c.tracking_code == code).with_for_update()
        )
        found = row.one_or_none()
        return None if found is None else case_of(found, self._keyring)

    async def of_questions(self, question_ids: Collection[int]) -> list[Case]:
        """List the cases that grew from some asked questions."""
        query = (
            select(desk_case)
            .where(desk_case.c.question_id.in_(question_ids))
            .order_by(desk_case.c.id)
        )
        return [case_of(row, self._keyring) for row in await self._tx.execute(query)]

    async def merged_into(self, case_id: CaseId) -> list[Case]:
        """List the cases that go on in this one."""
        query = (
            select(desk_case).where(desk_case.c.merged_into == case_id).order_by(desk_case.c.id)
        )
        return [case_of(row, self._keyring) for row in await self._tx.execute(query)]

    async def change(self, case: Case, **values: Any) -> Case:  # noqa: ANN401 - any column of a case
        """Change a case, if it still stands where it was read; raises WrongState if not."""
        changed = await self._tx.execute(
            update(desk_case)
            .where(
                desk_case.c.id == case.id,
                desk_case.c.state == case.state,
                desk_case.c.assignee_id.is_not_distinct_from(case.assignee_id),
            )
            .values(self._written(case.id, values))
        )
        if changed.rowcount != 1:
            raise WrongState(case.state)
        return replace(case, **values)

    async def count_going_on(self, author_id: CitizenId) -> int:
        """Count the cases of a person that have not ended."""
        query = select(func.count()).where(
            desk_case.c.author_id == author_id, desk_case.c.state.in_(_GOING_ON)
        )
        return await self._tx.scalar(query) or 0

    async def dossier(self, case: Case) -> Dossier:
        """Read all that belongs to a case, in the order in which it came."""
        messages = await self._tx.execute(
            select(case_message)
            .where(case_message.c.case_id == case.id)
            .order_by(case_message.c.id)
        )
        return Dossier(
            case,
            tuple(message_of(row, self._keyring) for row in messages),
            tuple(await self.clocks(case.id)),
            tuple(await self.events(case.id)),
        )

    async def clocks(self, case_id: CaseId) -> list[Clock]:
        """List the promises made in a case."""
        query = select(case_clock).where(case_clock.c.case_id == case_id).order_by(case_clock.c.id)
        return [clock_of(row) for row in await self._tx.execute(query)]

    async def events(self, case_id: CaseId) -> list[Event]:
        """Tell the history of a case."""
        query = select(case_event).where(case_event.c.case_id == case_id).order_by(case_event.c.id)
        return [event_of(row, self._keyring) for row in await self._tx.execute(query)]

    async def add_events(self, events: Iterable[Event]) -> None:
        """Add lines to histories."""
        rows = [
            {
                **asdict(event),
                "note": event_notes.seal_any(
                    self._keyring, event.note, event.case_id, event.at, event.action.value
                ),
            }
            for event in events
        ]
        if rows:
            await self._tx.execute(insert(case_event), rows)

    async def add_message(
        self,
        case_id: CaseId,
        kind: MessageKind,
        text: str,
        *,
        author_id: CitizenId | None,
        source: tuple[int, int] | None,
        now: datetime,
    ) -> CaseMessage:
        """Keep what was said, and where, so that an edit of it is known for what it is."""
        chat_id, message_id = source or (None, None)
        values = {
            "case_id": case_id,
            "kind": kind,
            "author_id": author_id,
            "text": b"",
            "said_at": now,
            "version": 1,
        }
        row = {**values, "source_chat_id": chat_id, "source_message_id": message_id}
        added = await self._tx.execute(
            insert(case_message).values(row).returning(case_message.c.id)
        )
        new_id = MessageId(added.scalar_one())
        sealed = said_words.seal(self._keyring, text, new_id)  # for a number that is known now
        is_new = case_message.c.id == new_id
        await self._tx.execute(update(case_message).where(is_new).values(text=sealed))
        return CaseMessage(new_id, case_id, kind, author_id, text, now)

    async def message_said_at(self, source: tuple[int, int]) -> CaseMessage | None:
        """Find what was said in a message of the messenger."""
        chat_id, message_id = source
        query = select(case_message).where(
            case_message.c.source_chat_id == chat_id,
            case_message.c.source_message_id == message_id,
        )
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else message_of(row, self._keyring)

    async def revise(self, message: CaseMessage, text: str, now: datetime) -> CaseMessage:
        """Put a new version in the place of a message, and keep the one before."""
        earlier = {
            "message_id": message.id,
            "version": message.version,
            "text": replaced_words.seal(self._keyring, message.text, message.id, message.version),
            "said_at": message.said_at,
            "replaced_at": now,
        }
        await self._tx.execute(insert(case_message_version).values(earlier))
        revised = replace(message, text=text, version=message.version + 1, said_at=now)
        await self._tx.execute(
            update(case_message)
            .where(case_message.c.id == message.id, case_message.c.version == message.version)
            .values(
                text=said_words.seal(self._keyring, text, message.id),
                version=revised.version,
                said_at=now,
            )
        )
        return revised

    async def earlier_versions(self, message: CaseMessage) -> list[CaseMessage]:
        """List what a message said before it was edited, oldest first."""
        earlier = case_message_version
        query = (
            select(earlier.c.text, earlier.c.said_at, earlier.c.version)
            .where(earlier.c.message_id == message.id)
            .order_by(earlier.c.version)
        )
        return [
            replace(
                message,
                text=replaced_words.open(self._keyring, row.text, message.id, row.version),
                said_at=row.said_at,
                version=row.version,
            )
            for row in await self._tx.execute(query)
        ]

    async def start_clock(
        self, case_id: CaseId, kind: ClockKind, due_at: datetime, now: datetime
    ) -> None:
        """Make a promise."""
        values = {"case_id": case_id, "kind": kind, "started_at": now, "due_at": due_at}
        await self._tx.execute(insert(case_clock).values({**values, "late_count": 0}))

    async def meet_clocks(
        self, case_id: CaseId, now: datetime, kinds: Collection[ClockKind] = tuple(ClockKind)
    ) -> None:
        """Mark the running promises of these kinds as kept, or overtaken."""
        is_met = case_clock.c.met_at.is_(None) & case_clock.c.kind.in_(kinds)
        await self._tx.execute(
            update(case_clock).where(case_clock.c.case_id == case_id, is_met).values(met_at=now)
        )

    async def save_clocks(self, clocks: Iterable[Clock]) -> None:
        """Keep what changed in promises that still run."""
        rows = [
            {"clock": clock.id, **{name: getattr(clock, name) for name in _MOVING}}
            for clock in clocks
        ]
        if rows:
            await self._tx.execute(_SAVE_CLOCK, rows)

    def _written(self, case_id: CaseId, values: Mapping[str, Any]) -> dict[str, Any]:
        """Seal what is to be written of a case."""
        if "ending_reason" not in values:
            return dict(values)
        reason = ending_reasons.seal_any(self._keyring, values["ending_reason"], case_id)
        return {**values, "ending_reason": reason}

    async def _one(self, condition: ColumnElement[bool]) -> Case | None:
        row = (await self._tx.execute(select(desk_case).where(condition))).one_or_none()
        return None if row is None else case_of(row, self._keyring)
