"""What of workshops is found by whom: one's own, an office's own, and never another's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.calendar.rules import with_closure
from bot.citizens import use_cases as citizens
from bot.citizens.model import Citizen, CitizenId
from bot.kit.crypto import Keyring
from bot.kit.database import Database, Transaction
from bot.kit.keeping import KEPT_FOR, Kind
from bot.workshops import use_cases as workshops
from bot.workshops.errors import Lack, NoSuchRegistration, NoSuchSession, NoSuchTurn
from bot.workshops.model import (
    CLOCK,
    DEFAULT_POLICY,
    Actor,
    CancelReason,
    CheckItem,
    MakeUp,
    MakeUpId,
    Presence,
    RegistrationId,
    RegistrationState,
    SessionId,
    SheetId,
    WaitingEntryId,
    WaitingState,
    Workshop,
    WorkshopState,
)
from tests.calendar.support import closed
from tests.refusing import refused
from tests.workshops.given import (
    TERMS,
    begun,
    confirmed,
    family,
    given_draft,
    given_open,
    given_published,
    held,
    waits,
)
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    FIRST,
    HOUR,
    MANAGER,
    MINA,
    NOW,
    OFFICE,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    details,
    learner,
)

ELSEWHERE = "mazandaran"
STAFF, STRANGER = Actor.staff(OFFICER), Actor.staff(replace(MANAGER, office_id=ELSEWHERE))
STATES, MINUTE = RegistrationState, timedelta(minutes=1)


async def cancel_first(tx: Transaction, workshop: Workshop) -> MakeUp:
    first, *_ = await workshops.sessions(tx, workshop_id=workshop.id)
    _, (owed,) = await workshops.cancel_session(
        tx,
        session_id=first.id,
        why=CancelReason.TEACHER_ABSENT,
        actor=OFFICER,
        reason="بیماری",
        policy=DEFAULT_POLICY,
        now=OPENS,
    )
    return owed


async def test_sessions_and_debts_are_found_with_their_workshop_by_its_own_office(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await given_draft(tx)
        opened = await given_open(tx)
        await confirmed(tx, opened)
        _, second, *_ = await workshops.sessions(tx, workshop_id=opened.id)
        owed = await cancel_first(tx, opened)
        of, found = await workshops.session(tx, session_id=second.id, actor=STAFF)
        assert (of.id, found) == (opened.id, second)
        of, found_owed = await workshops.make_up(tx, make_up_id=owed.id, actor=STAFF)
        assert (of.id, found_owed) == (opened.id, owed)
        nothing = SessionId(second.id + 99), MakeUpId(owed.id + 99)
        for session_id, make_up_id, actor in (
            (second.id, owed.id, STRANGER),
            (*nothing, STAFF),
        ):
            with refused(NoSuchSession()):
                await workshops.session(tx, session_id=session_id, actor=actor)
            with refused(NoSuchSession()):
                await workshops.make_up(tx, make_up_id=make_up_id, actor=actor)


async def test_registrations_are_found_by_who_pays_and_by_the_office(database: Database) -> None:
    async with database.transaction() as tx:
        await given_draft(tx)
        opened = await given_open(tx)
        (place,) = await confirmed(tx, opened)
        for actor in (Actor.citizen(SARA), STAFF, CLOCK):
            of, found = await workshops.registration(tx, registration_id=place.id, actor=actor)
            assert (of.id, found) == (opened.id, place)
        for number, actor in (
            (place.id, Actor.citizen(REZA)),
            (place.id, STRANGER),
            (RegistrationId(place.id + 1), Actor.citizen(SARA)),
        ):
            with refused(NoSuchRegistration()):
                await workshops.registration(tx, registration_id=number, actor=actor)


async def test_what_somebody_registered_is_turned_over_latest_first(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        held_ = await held(tx, opened, *family(3))
        (paid,) = await confirmed(tx, opened, learner(20))
        await held(tx, opened, learner(30, REZA), payer_id=REZA)
        page = await workshops.registrations_of(tx, payer_id=SARA, limit=2)
        assert page == [paid, held_[2]]
        rest = await workshops.registrations_of(tx, payer_id=SARA, before=page[-1].id, limit=100)
        assert rest == [held_[1], held_[0]]
        only = await workshops.registrations_of(
            tx, payer_id=SARA, states=[STATES.CONFIRMED], limit=1
        )
        assert only == [paid]
        in_it = await workshops.registrations_in(
            tx, workshop_id=opened.id, states=[STATES.CONFIRMED]
        )
        assert in_it == [paid]
        counted = await workshops.counts(tx, workshop_id=opened.id)
        assert counted == {STATES.HELD: 4, STATES.CONFIRMED: 1}


async def test_money_is_awaited_for_one_place_of_each_workshop_of_an_office(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        one, other = await given_open(tx), await given_open(tx)
        first = await held(tx, one, *family(2))
        (second,) = await held(tx, other, learner(20))
        await confirmed(tx, await given_open(tx), learner(21))
        await held(tx, one, learner(30, REZA), payer_id=REZA)
        kept = await workshops.kept_for(tx, payer_id=SARA, office_id=OFFICE)
        assert [(place.id, of.id) for place, of in kept] == [
            (second.id, other.id),
            (first[0].id, one.id),
        ]
        assert await workshops.kept_for(tx, payer_id=SARA, office_id=ELSEWHERE) == []
        named = await workshops.workshops_named(tx, ids={one.id, other.id})
        assert {id_: of.id for id_, of in named.items()} == {one.id: one.id, other.id: other.id}


async def test_an_office_sees_its_own_workshops_by_where_they_stand(database: Database) -> None:
    async with database.transaction() as tx:
        draft, shown, opened = [
            await make(tx) for make in (given_draft, given_published, given_open)
        ]
        states = [WorkshopState.DRAFT, WorkshopState.OPEN]
        listed = await workshops.workshops(tx, office_id=OFFICE, states=states, limit=100)
        # Opening what was due opened both that were shown.
        assert [one.id for one in listed] == [opened.id, shown.id, draft.id]
        assert await workshops.count(tx, office_id=OFFICE, states=states) == 3
        assert await workshops.count(tx, office_id=OFFICE) == 2
        assert await workshops.count(tx, office_id=ELSEWHERE) == 0
        assert await workshops.workshops(tx, office_id=ELSEWHERE, limit=1) == []


async def test_what_a_draft_lacks_is_said_and_a_shown_one_lacks_nothing(
    database: Database,
) -> None:
    async def lacks(of: Workshop, now: object = NOW, **closures: object) -> tuple[Lack, ...]:
        calendar = with_closure(CALENDAR, closed("1405/08/30")) if closures else CALENDAR
        return await workshops.lacks_of(tx, of=of, calendar=calendar, now=now)  # type: ignore[arg-type]

    async with database.transaction() as tx:
        mere = await workshops.draft(
            tx, details=details(description="", session_count=None), actor=OFFICER, now=NOW
        )
        assert set(await lacks(mere)) == {Lack.DESCRIPTION, Lack.SESSION_COUNT, Lack.TERMS}
        ready = await given_draft(tx)
        assert await lacks(ready) == ()
        assert await lacks(ready, snow=True) == (Lack.SESSIONS,)
        assert Lack.WINDOW_PAST in await lacks(ready, now=CLOSES)
        shown = await given_published(tx)
        assert await lacks(shown, now=CLOSES, snow=True) == ()


async def test_a_turn_is_seen_while_it_lasts(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=1, quorum=1)
        (place,) = await confirmed(tx, opened)
        (first,) = await waits(tx, opened, learner(7, REZA), payer_id=REZA, now=OPENS)
        (second,) = await waits(tx, opened, learner(8, MINA), payer_id=MINA, now=OPENS + HOUR)
        assert await workshops.turn_of(tx, registration=place) is None
        line = await workshops.waiting_line(tx, workshop_id=opened.id)
        assert [(one.payer_id, one.state) for one in line] == [
            (REZA, WaitingState.WAITING),
            (MINA, WaitingState.WAITING),
        ]
        for actor in (Actor.citizen(REZA), STAFF, CLOCK):
            of, entry, where = await workshops.explain_standing(
                tx, entry_id=line[0].id, actor=actor
            )
            assert (of.id, entry, where.position) == (opened.id, line[0], 1)
        for number, actor in (
            (line[0].id, Actor.citizen(MINA)),
            (line[0].id, STRANGER),
            (WaitingEntryId(line[1].id + 1), STAFF),
        ):
            with refused(NoSuchTurn()):
                await workshops.explain_standing(tx, entry_id=number, actor=actor)
        await workshops.drop(
            tx,
            registration_id=place.id,
            actor=Actor.citizen(SARA),
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS + HOUR,
        )
        offered, waiting = await workshops.waiting_line(tx, workshop_id=opened.id)
        assert (offered.state, waiting.state) == (WaitingState.OFFERED, WaitingState.WAITING)
        assert await workshops.waiting_count(tx, workshop_id=opened.id) == 1
        assert await workshops.turn_of(tx, registration=first) == offered
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        assert await workshops.turn_of(tx, registration=second) is None


async def test_terms_are_known_by_their_version_and_since_when_they_hold(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        mere = await workshops.draft(tx, details=details(), actor=OFFICER, now=NOW)
        assert await workshops.terms(tx, of=mere) is None
        assert await workshops.dated_terms(tx, of=mere) is None
        made = await given_open(tx)
        (place,) = await begun(tx, made)
        anew = await workshops.set_terms(
            tx, workshop_id=made.id, text="شرط تازه", actor=OFFICER, now=OPENS + HOUR
        )
        for of, version, text, moment in (
            (made, 1, TERMS, NOW),
            (anew, 2, "شرط تازه", OPENS + HOUR),
        ):
            dated = await workshops.dated_terms(tx, of=of)
            assert dated is not None
            assert (dated[0].version, dated[0].text, dated[1]) == (version, text, moment)
        _, found = await workshops.registration(tx, registration_id=place, actor=STAFF)
        assert await workshops.consent(tx, of=found, version=1) is not None
        assert await workshops.consent(tx, of=found, version=2) is None


async def test_what_goes_on_is_listed_once_nobody_can_register_any_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as tx:
        for number, title in enumerate(("سفال", "نجوم")):
            await confirmed(tx, await given_open(tx, title=title, quorum=1), learner(number))
        assert await workshops.going_on(tx, office_ids=[OFFICE]) == []
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        going = await workshops.going_on(tx, office_ids=[OFFICE])
        assert [one.workshop.details.title for one in going] == ["سفال", "نجوم"]
        assert {one.first_session_at for one in going} == {FIRST}
        assert await workshops.going_on(tx, office_ids=[ELSEWHERE]) == []
        monkeypatch.setattr("bot.workshops.use_cases.browsing.LISTED_MAX", 1)
        assert await workshops.going_on(tx, office_ids=[OFFICE]) == going[:1]


async def test_lists_end_somewhere(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with database.transaction() as tx:
        one, _other = [await given_open(tx, subject=name) for name in ("سفال", "نجوم")]
        places = await held(tx, one, *family(3))
        for name in ("LISTED_MAX", "_SAID_MAX", "_OWN_MAX"):
            monkeypatch.setattr(f"bot.workshops.use_cases.browsing.{name}", 1)
        assert len(await workshops.upcoming(tx, office_ids=[OFFICE], now=OPENS)) == 1
        assert await workshops.sides(tx, office_id=OFFICE) == ([], ["سفال"])
        own = await workshops.own_in(tx, workshop_id=one.id, citizen_id=SARA)
        assert own == [places[-1]]


async def test_a_sheet_is_received_opened_once_and_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as tx:
        for number in (1, 2):
            await workshops.receive_sheet(
                tx,
                office_id=OFFICE,
                file_id=f"file-{number}",
                sent_by=CitizenId(9_001),
                chat_id=-100,
                message_id=number,
                now=NOW,
            )
        first, second = await workshops.received_sheets(tx)
        assert (first.office_id, first.file_id, first.sent_by) == (OFFICE, "file-1", 9_001)
        assert (first.chat_id, first.message_id, first.received_at) == (-100, 1, NOW)
        monkeypatch.setattr("bot.workshops.use_cases.sheets._AT_ONCE", 1)
        assert await workshops.received_sheets(tx) == [first]
        assert await workshops.finish_sheet(tx, sheet_id=first.id, now=NOW + HOUR)
        assert not await workshops.finish_sheet(tx, sheet_id=first.id, now=NOW + 2 * HOUR)
        assert not await workshops.finish_sheet(tx, sheet_id=SheetId(second.id + 1), now=NOW)
        assert await workshops.received_sheets(tx) == [second]
        kept = "SELECT count(*) FROM workshop_sheet"
        for now, count in ((NOW + HOUR, 2), (NOW + HOUR + MINUTE, 1)):
            await workshops.forget_old(tx, now=now + KEPT_FOR[Kind.WORKSHOP_MARK])
            assert (await tx.exec_driver_sql(kept)).scalar_one() == count


async def test_marks_are_forgotten_after_a_month_and_what_people_said_after_a_year(
    database: Database,
) -> None:
    async def count(table: str) -> int:
        found = await tx.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608 - one of two
        return int(found.scalar_one())

    async with database.transaction() as tx:
        opened = await given_open(tx, quorum=1)
        (place,) = await confirmed(tx, opened)
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES)
        first, *_ = await workshops.sessions(tx, workshop_id=opened.id)
        when = FIRST - HOUR
        assert await workshops.reminders_due(tx, office_id=OFFICE, now=when)
        of, session, said = await workshops.note_check(
            tx,
            session_id=first.id,
            registration_id=place.id,
            item=CheckItem.CAMERA,
            is_ready=True,
            payer_id=SARA,
            now=when,
        )
        assert (of.id, session.id) == (opened.id, first.id)
        assert [(one.item, one.is_ready, one.noted_at) for one in said] == [
            (CheckItem.CAMERA, True, when)
        ]
        for forget, table in (
            (KEPT_FOR[Kind.WORKSHOP_MARK], "workshop_told"),
            (KEPT_FOR[Kind.PREPARATION], "session_check"),
        ):
            before = await count(table)
            await workshops.forget_old(tx, now=when + forget)
            assert await count(table) == before > 0
            await workshops.forget_old(tx, now=when + forget + MINUTE)
            assert await count(table) == 0


async def test_who_was_there_is_found_by_who_it_was(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (one,) = await confirmed(tx, opened)
        (other,) = await confirmed(tx, opened, learner(7, REZA), payer_id=REZA)
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES)
        first, *_ = await workshops.sessions(tx, workshop_id=opened.id)
        await workshops.start_due(tx, office_id=OFFICE, now=FIRST)
        seen = {one.id: Presence.LATE, other.id: Presence.ABSENT}
        await workshops.note_attendance(
            tx, session_id=first.id, presences=seen, actor=OFFICER, now=FIRST + HOUR
        )
        assert await workshops.presences_of(tx, of=one) == {first.id: Presence.LATE}
        listed = await workshops.attendance(tx, session_id=first.id)
        assert [(of.registration_id, of.presence, of.noted_by, of.noted_at) for of in listed] == [
            (one.id, Presence.LATE, f"staff:{OFFICER.id}", FIRST + HOUR),
            (other.id, Presence.ABSENT, f"staff:{OFFICER.id}", FIRST + HOUR),
        ]


async def test_each_is_told_in_their_own_language_of_their_own_learners(
    database: Database,
) -> None:
    keyring = Keyring.drawn()
    async with database.transaction() as tx:
        opened = await given_open(tx)
        await citizens.choose_language(tx, citizen=Citizen(SARA), language="en", now=NOW)
        nika = await citizens.add_learner(
            tx,
            guardian_id=SARA,
            given_name="نیکا",
            born_on=learner().born_on,
            is_self=False,
            keyring=keyring,
            now=NOW,
        )
        mine = await confirmed(tx, opened, nika)
        theirs = await confirmed(tx, opened, learner(77, REZA), payer_id=REZA)
        sara, reza = await workshops.parties(tx, registrations=[*mine, *theirs], keyring=keyring)
        assert (sara.language, reza.language) == ("en", None)
        assert {one.id: one.given_name for one in sara.learners.values()} == {nika.id: "نیکا"}
        assert reza.learners == {}
