"""What staff do to workshops is in the audit of their office: once, and with the states."""

from collections.abc import Sequence

import pytest

from bot.citizens import use_cases as citizens
from bot.citizens.model import AuditEntry
from bot.kit.database import Database, Transaction
from bot.workshops import use_cases as workshops
from bot.workshops.errors import StepRefused
from bot.workshops.model import DEFAULT_POLICY, Actor, CancelReason, Workshop
from tests.workshops.given import confirmed, given_draft, given_open
from tests.workshops.support import CALENDAR, MANAGER, OFFICE, OFFICER, OPENS, SARA, learner

WHY = "بیماری مربی، تلفن 09123456789"


async def recorded(tx: Transaction, workshop: Workshop) -> Sequence[AuditEntry]:
    found = await citizens.audit_of(
        tx, office_id=OFFICE, limit=50, subjects=[f"workshop:{workshop.id}"]
    )
    return found[::-1]


async def test_each_step_up_to_a_pause_is_recorded_with_the_states(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        await workshops.pause(tx, workshop_id=opened.id, actor=OFFICER, reason=WHY, now=OPENS)
        entries = await recorded(tx, opened)
    assert [one.action.removeprefix("workshop.") for one in entries] == [
        "draft",
        "set_terms",
        "set_sessions",
        "publish",
        "pause",
    ], "what the clock did is not the staff's"
    assert (entries[0].before, entries[0].after) == (None, "draft")
    assert (entries[-1].before, entries[-1].after) == ("open", "paused")
    assert {(one.actor_id, one.actor_name) for one in entries} == {(OFFICER.id, OFFICER.name)}


async def test_of_a_cancelled_workshop_the_deed_alone_is_recorded(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        for child in (learner(1), learner(2)):
            await confirmed(tx, opened, child)
        count = len(await recorded(tx, opened))
        _, owed = await workshops.cancel(
            tx,
            workshop_id=opened.id,
            actor=MANAGER,
            reason=WHY,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        entries = (await recorded(tx, opened))[count:]
        history = await workshops.history_of_workshop(tx, workshop_id=opened.id, limit=50)
    assert len(owed) > 1
    (entry,) = entries
    assert (entry.action, entry.after) == ("workshop.cancel", "cancelled_by_office")
    kept = [one.reason for one in history if one.reason]
    assert len(kept) > len(owed), "the history has all that followed"
    for said in [entry.note or "", *kept]:
        assert said.startswith("بیماری مربی")
        assert "0912" not in said


async def test_a_session_and_a_place_are_recorded_by_their_numbers(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await confirmed(tx, opened)
        session = (await workshops.sessions(tx, workshop_id=opened.id))[0]
        count = len(await recorded(tx, opened))
        await workshops.cancel_session(
            tx,
            session_id=session.id,
            why=CancelReason.TEACHER_ABSENT,
            actor=OFFICER,
            reason=WHY,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        await workshops.remove(
            tx,
            registration_id=place.id,
            actor=Actor.staff(MANAGER),
            reason=WHY,
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        off, away = (await recorded(tx, opened))[count:]
    assert (off.action, off.before, off.after) == (
        "session.cancel",
        "planned",
        "cancelled_by_office",
    )
    assert (away.action, away.before, away.after) == (
        "registration.remove",
        "confirmed",
        "removed",
    )
    assert (off.note or "").startswith(f"#{session.id} بیماری")
    assert (away.note or "").startswith(f"#{place.id} بیماری")
    assert "0912" not in f"{off.note}{away.note}"


async def test_what_a_citizen_does_is_recorded_of_nobody(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        count = len(await recorded(tx, opened))
        (place,) = await confirmed(tx, opened)
        await workshops.drop(
            tx,
            registration_id=place.id,
            actor=Actor.citizen(SARA),
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        assert len(await recorded(tx, opened)) == count


async def test_what_was_refused_leaves_no_entry(database: Database) -> None:
    async with database.transaction() as tx:
        made = await given_draft(tx)
        count = len(await recorded(tx, made))
        with pytest.raises(StepRefused):
            await workshops.pause(tx, workshop_id=made.id, actor=OFFICER, reason=WHY, now=OPENS)
        assert len(await recorded(tx, made)) == count
