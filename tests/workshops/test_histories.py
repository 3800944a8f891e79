"""What a history says afterwards: what was done to what, by whom, when, and why."""

from datetime import datetime, timedelta

from bot.calendar.rules import with_closure
from bot.citizens.model import CitizenId
from bot.kit.database import Database, Transaction
from bot.workshops import use_cases as workshops
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    CancelReason,
    Event,
    MakeUpId,
    NewDate,
    RegistrationId,
    Slot,
    Workshop,
)
from tests.calendar.support import at, closed
from tests.workshops.given import begun, confirmed, family, given_money, given_open, held, waits
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    DAY,
    FEE,
    HOUR,
    MANAGER,
    MINA,
    OFFICE,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    learner,
)

NEDA = CitizenId(41_000_002)
ONE_DATE, TWO_DATES = ("1405/08/23 17:00",), ("1405/08/23 17:00", "1405/08/30 17:00")
BY = {"calendar": CALENDAR, "policy": DEFAULT_POLICY}
ROUND = {"office_id": OFFICE, "policy": DEFAULT_POLICY}


def line(event: Event) -> str:
    states = f"{event.state_from or 'nothing'} > {event.state_to}"
    said = [f"{event.entity} {event.entity_id} {event.act}: {states}", f"by {event.actor}"]
    minutes = (event.at - OPENS) // timedelta(minutes=1)
    said += [f"at {minutes // 1440}d {minutes // 60 % 24}:{minutes % 60:02}"] if minutes else []
    said += [f"because {event.reason}"] if event.reason else []
    return ", ".join(said + ([f"under {event.key}"] if event.key else []))


async def told(tx: Transaction, workshop: Workshop, since: datetime) -> list[str]:
    found = await workshops.history_of_workshop(tx, workshop_id=workshop.id, limit=100)
    return [line(one) for one in reversed(found) if one.at >= since]


async def test_the_line_moves_up_as_far_as_there_are_places(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=2, quorum=1)
        pair = await confirmed(tx, opened, *family(2, REZA), payer_id=REZA)
        (asked, _) = await waits(tx, opened, *family(2, first=20), now=OPENS + HOUR)
        await waits(
            tx, opened, learner(30, MINA), payer_id=MINA, now=OPENS + HOUR, is_auto_accept=True
        )
        (last,) = await waits(tx, opened, learner(31, NEDA), payer_id=NEDA, now=OPENS + HOUR)
        await given_money(tx, FEE, MINA)
        for number, one in enumerate(pair):
            await workshops.drop(
                tx,
                registration_id=one.id,
                actor=Actor.citizen(REZA),
                reason="سفر",
                key=f"press:{number}",
                now=OPENS + 2 * HOUR,
                **BY,  # type: ignore[arg-type]
            )
        offered = await workshops.turn_of(tx, registration=asked)
        assert offered is not None
        assert offered.expires_at is not None
        over = offered.expires_at
        (freed,) = await workshops.lapse_offers(tx, calendar=CALENDAR, now=over, **ROUND)  # type: ignore[arg-type]
        assert len(freed.registrations) == len(freed.promotions) == 2
        waiting = await workshops.turn_of(tx, registration=last)
        assert waiting is not None
        await workshops.decline_offer(
            tx,
            entry_id=waiting.id,
            actor=Actor.citizen(NEDA),
            now=over + HOUR,
            **BY,  # type: ignore[arg-type]
        )
        assert await told(tx, opened, OPENS + HOUR) == [
            "registration 3 begin: nothing > draft, by citizen, at 0d 1:00",
            "registration 4 begin: nothing > draft, by citizen, at 0d 1:00",
            "registration 3 accept_terms: draft > draft, by citizen, at 0d 1:00",
            "registration 4 accept_terms: draft > draft, by citizen, at 0d 1:00",
            "waiting_entry 1 join: nothing > waiting, by citizen, at 0d 1:00",
            "registration 5 begin: nothing > draft, by citizen, at 0d 1:00",
            "registration 5 accept_terms: draft > draft, by citizen, at 0d 1:00",
            "waiting_entry 2 join: nothing > waiting, by citizen, at 0d 1:00",
            "registration 6 begin: nothing > draft, by citizen, at 0d 1:00",
            "registration 6 accept_terms: draft > draft, by citizen, at 0d 1:00",
            "waiting_entry 3 join: nothing > waiting, by citizen, at 0d 1:00",
            (
                "registration 1 drop: confirmed > dropped, by citizen, at 0d 2:00, because سفر, "
                "under press:0"
            ),
            (
                "registration 2 drop: confirmed > dropped, by citizen, at 0d 2:00, because سفر, "
                "under press:1"
            ),
            "registration 3 hold: draft > held, by clock, at 0d 2:00",
            "registration 4 hold: draft > held, by clock, at 0d 2:00",
            "waiting_entry 1 offer: waiting > offered, by clock, at 0d 2:00",
            "waiting_entry 1 lapse: offered > lapsed, by clock, at 2d 1:00",
            "registration 3 expire: held > expired, by clock, at 2d 1:00",
            "registration 4 expire: held > expired, by clock, at 2d 1:00",
            "registration 5 hold: draft > held, by clock, at 2d 1:00",
            "waiting_entry 2 auto_accept: waiting > accepted, by clock, at 2d 1:00",
            "registration 5 pay: held > confirmed, by clock, at 2d 1:00",
            "registration 6 hold: draft > held, by clock, at 2d 1:00",
            "waiting_entry 3 offer: waiting > offered, by clock, at 2d 1:00",
            "waiting_entry 3 decline: offered > declined, by citizen, at 2d 2:00",
            "registration 6 abandon: held > abandoned, by citizen, at 2d 2:00",
        ]


async def test_what_a_deadline_ends_was_ended_by_the_clock(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, ONE_DATE, session_count=1, quorum=3)
        await confirmed(tx, opened)
        late, soon = CLOSES - HOUR / 6, CLOSES + HOUR / 6
        await held(tx, opened, learner(2), now=late)
        (kept,) = await held(tx, opened, learner(3), now=late)
        await waits(tx, opened, learner(30, MINA), payer_id=MINA, now=late)
        await begun(tx, opened, learner(4), now=late)
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        await workshops.abandon(
            tx,
            registration_id=kept.id,
            actor=Actor.citizen(SARA),
            now=soon,
            **BY,  # type: ignore[arg-type]
        )
        await workshops.check_quorums(tx, now=soon, **ROUND)  # type: ignore[arg-type]
        await workshops.extend(
            tx, workshop_id=opened.id, closes_at=CLOSES + DAY, actor=MANAGER, now=CLOSES + HOUR / 5
        )
        await workshops.expire_holds(tx, calendar=CALENDAR, now=CLOSES + HOUR, **ROUND)  # type: ignore[arg-type]
        await held(tx, opened, learner(5), now=late + DAY)
        await begun(tx, opened, learner(6), now=late + DAY)
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES + DAY)
        await workshops.check_quorums(tx, now=CLOSES + DAY, **ROUND)  # type: ignore[arg-type]
        await workshops.fail_quorum(tx, workshop_id=opened.id, actor=MANAGER, now=soon + DAY)
        assert await told(tx, opened, CLOSES) == [
            "workshop 1 close: open > closed, by clock, at 18d 10:00",
            "waiting_entry 1 close: waiting > closed, by clock, at 18d 10:00",
            "registration 4 abandon: draft > abandoned, by clock, at 18d 10:00",
            "registration 5 abandon: draft > abandoned, by clock, at 18d 10:00",
            "registration 3 abandon: held > abandoned, by citizen, at 18d 10:10",
            "workshop 1 fall_short: closed > quorum_failed_pending, by clock, at 18d 10:10",
            "workshop 1 extend: quorum_failed_pending > open, by staff:9002, at 18d 10:12",
            "registration 2 expire: held > expired, by clock, at 18d 11:00",
            "registration 6 begin: nothing > draft, by citizen, at 19d 9:50",
            "registration 6 accept_terms: draft > draft, by citizen, at 19d 9:50",
            "registration 6 hold: draft > held, by citizen, at 19d 9:50",
            "registration 7 begin: nothing > draft, by citizen, at 19d 9:50",
            "registration 7 accept_terms: draft > draft, by citizen, at 19d 9:50",
            "workshop 1 close: open > closed, by clock, at 19d 10:00",
            "registration 7 abandon: draft > abandoned, by clock, at 19d 10:00",
            "workshop 1 fall_short: closed > quorum_failed_pending, by clock, at 19d 10:00",
            "workshop 1 fail: quorum_failed_pending > quorum_failed, by staff:9002, at 19d 10:10",
            "registration 6 expire: held > expired, by clock, at 19d 10:10",
            "session 1 cancel: planned > cancelled_by_office, by staff:9002, at 19d 10:10",
            "registration 1 credit: confirmed > credited, by clock, at 19d 10:10",
        ]


async def given_certain(tx: Transaction) -> Workshop:
    """A workshop of two sessions that takes place for one learner."""
    opened = await given_open(tx, TWO_DATES, session_count=2, quorum=1)
    await confirmed(tx, opened)
    await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
    await workshops.check_quorums(tx, now=CLOSES, **ROUND)  # type: ignore[arg-type]
    return opened


async def test_a_term_is_told_by_its_sessions_and_its_debts(database: Database) -> None:
    async with database.transaction() as tx:
        made = await given_certain(tx)
        first, second = await workshops.sessions(tx, workshop_id=made.id)
        snow = with_closure(CALENDAR, closed("1405/08/30"))
        when = CLOSES + HOUR
        await workshops.displace_closed(tx, office_id=OFFICE, calendar=snow, now=when)
        staff = {"actor": OFFICER, "policy": DEFAULT_POLICY, "now": when}
        await workshops.accept_dates(
            tx,
            workshop_id=made.id,
            dates=[NewDate(second.id, Slot(at("1405/09/07 17:00"), 90))],
            calendar=snow,
            **staff,  # type: ignore[arg-type]
        )
        _, (owed,) = await workshops.cancel_session(
            tx,
            session_id=first.id,
            why=CancelReason.TEACHER_ABSENT,
            reason="بیماری",
            **staff,  # type: ignore[arg-type]
        )
        _, added = await workshops.schedule_make_up(
            tx,
            make_up_id=owed.id,
            slot=Slot(at("1405/09/08 17:00"), 90),
            calendar=CALENDAR,
            **staff,  # type: ignore[arg-type]
        )
        await workshops.mark_told(tx, make_up_id=owed.id, now=when)
        await workshops.reschedule(
            tx,
            session_id=added.id,
            slot=Slot(at("1405/09/09 17:00"), 90),
            reason="سفر",
            calendar=CALENDAR,
            **staff,  # type: ignore[arg-type]
        )
        await workshops.mark_told(tx, make_up_id=owed.id, now=when)
        for start, end in (("09/07 17:00", "09/07 18:30"), ("09/09 17:00", "09/09 18:30")):
            await workshops.start_due(tx, office_id=OFFICE, now=at(f"1405/{start}"))
            await workshops.end_due(tx, office_id=OFFICE, now=at(f"1405/{end}"))
        await workshops.settle_session(
            tx, session_id=second.id, actor=OFFICER, now=at("1405/09/09 20:00")
        )
        await workshops.complete_due(tx, office_id=OFFICE, now=at("1405/09/10 08:00"))
        assert await told(tx, made, when) == [
            "session 2 displace: planned > displaced, by clock, at 18d 11:00, because سرمای شدید",
            "session 2 accept_date: displaced > planned, by staff:9001, at 18d 11:00",
            (
                "session 1 cancel: planned > cancelled_by_office, by staff:9001, at 18d 11:00, "
                "because بیماری"
            ),
            "make_up 1 owe: nothing > owed, by staff:9001, at 18d 11:00, because بیماری",
            "make_up 1 schedule: owed > scheduled, by staff:9001, at 18d 11:00",
            "make_up 1 notify: scheduled > notified, by clock, at 18d 11:00",
            "session 3 reschedule: planned > planned, by staff:9001, at 18d 11:00, because سفر",
            "make_up 1 reschedule: notified > scheduled, by staff:9001, at 18d 11:00, because سفر",
            "make_up 1 notify: scheduled > notified, by clock, at 18d 11:00",
            "workshop 1 start: confirmed > running, by clock, at 35d 9:00",
            "session 2 start: planned > live, by clock, at 35d 9:00",
            "session 2 end: live > held, by clock, at 35d 10:30",
            "session 3 start: planned > live, by clock, at 37d 9:00",
            "session 3 end: live > held, by clock, at 37d 10:30",
            "make_up 1 hold: notified > held, by clock, at 37d 10:30",
            "session 2 settle: held > settled, by staff:9001, at 37d 12:00",
            "workshop 1 complete: running > completed, by clock, at 38d 0:00",
            "registration 1 complete: confirmed > completed, by clock, at 38d 0:00",
        ]


async def test_what_is_owed_too_long_and_then_waived_says_so(database: Database) -> None:
    async with database.transaction() as tx:
        made = await given_certain(tx)
        first, *_ = await workshops.sessions(tx, workshop_id=made.id)
        when = CLOSES + HOUR
        staff = {"policy": DEFAULT_POLICY, "now": when}
        _, (owed,) = await workshops.cancel_session(
            tx,
            session_id=first.id,
            why=CancelReason.TEACHER_ABSENT,
            actor=OFFICER,
            reason="بیماری",
            **staff,  # type: ignore[arg-type]
        )
        _, added = await workshops.schedule_make_up(
            tx,
            make_up_id=owed.id,
            slot=Slot(at("1405/09/08 17:00"), 90),
            calendar=CALENDAR,
            actor=OFFICER,
            **staff,  # type: ignore[arg-type]
        )
        await workshops.cancel_session(
            tx,
            session_id=added.id,
            why=CancelReason.OTHER,
            actor=OFFICER,
            reason="برف",
            **staff,  # type: ignore[arg-type]
        )
        due = owed.due_at
        assert due == when + timedelta(days=DEFAULT_POLICY.make_up_within_days)
        await workshops.fall_due(tx, office_id=OFFICE, now=due + HOUR)
        await workshops.schedule_make_up(
            tx,
            make_up_id=owed.id,
            slot=Slot(at("1405/12/22 17:00"), 90),
            calendar=CALENDAR,
            actor=OFFICER,
            policy=DEFAULT_POLICY,
            now=due + 2 * HOUR,
        )
        await workshops.waive_make_up(
            tx, make_up_id=MakeUpId(owed.id), actor=MANAGER, reason="توافق", now=due + 3 * HOUR
        )
        assert await told(tx, made, when) == [
            (
                "session 1 cancel: planned > cancelled_by_office, by staff:9001, at 18d 11:00, "
                "because بیماری"
            ),
            "make_up 1 owe: nothing > owed, by staff:9001, at 18d 11:00, because بیماری",
            "make_up 1 schedule: owed > scheduled, by staff:9001, at 18d 11:00",
            "make_up 1 lose_date: scheduled > owed, by staff:9001, at 18d 11:00, because برف",
            (
                "session 3 cancel: planned > cancelled_by_office, by staff:9001, at 18d 11:00, "
                "because برف"
            ),
            "make_up 1 fall_due: owed > overdue, by clock, at 48d 12:00",
            "make_up 1 schedule: overdue > scheduled, by staff:9001, at 48d 13:00",
            "make_up 1 credit: scheduled > credited, by staff:9002, at 48d 14:00, because توافق",
            (
                "session 4 cancel: planned > cancelled_by_office, by staff:9002, at 48d 14:00, "
                "because توافق"
            ),
        ]


async def test_a_workshop_that_the_office_cancels_tells_what_became_of_everybody(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, TWO_DATES, session_count=2, quorum=1)
        (one,) = await confirmed(tx, opened)
        (other,) = await confirmed(tx, opened, learner(7, REZA), payer_id=REZA)
        await held(tx, opened, learner(8, REZA), payer_id=REZA)
        await waits(tx, opened, learner(30, MINA), payer_id=MINA)
        when = OPENS + HOUR / 6
        await begun(tx, opened, learner(31, MINA), payer_id=MINA, now=when)
        await workshops.cancel(
            tx,
            workshop_id=opened.id,
            actor=MANAGER,
            reason="نبود مربی",
            policy=DEFAULT_POLICY,
            now=OPENS + HOUR,
        )
        await workshops.credit(
            tx, registration_id=one.id, actor=MANAGER, reason="خواست خانواده", now=OPENS + 2 * HOUR
        )
        await workshops.remove(
            tx,
            registration_id=other.id,
            actor=Actor.staff(MANAGER),
            reason="رفتار",
            now=OPENS + 3 * HOUR,
            **BY,  # type: ignore[arg-type]
        )
        assert await told(tx, opened, OPENS + HOUR) == [
            (
                "workshop 1 cancel: open > cancelled_by_office, by staff:9002, at 0d 1:00, "
                "because نبود مربی"
            ),
            "waiting_entry 1 close: waiting > closed, by clock, at 0d 1:00",
            "registration 4 abandon: draft > abandoned, by clock, at 0d 1:00",
            "registration 5 abandon: draft > abandoned, by clock, at 0d 1:00",
            "registration 3 expire: held > expired, by clock, at 0d 1:00",
            (
                "session 1 cancel: planned > cancelled_by_office, by staff:9002, at 0d 1:00, "
                "because نبود مربی"
            ),
            "make_up 1 owe: nothing > owed, by staff:9002, at 0d 1:00, because نبود مربی",
            (
                "session 2 cancel: planned > cancelled_by_office, by staff:9002, at 0d 1:00, "
                "because نبود مربی"
            ),
            "make_up 2 owe: nothing > owed, by staff:9002, at 0d 1:00, because نبود مربی",
            (
                "registration 1 credit: confirmed > credited, by staff:9002, at 0d 2:00, "
                "because خواست خانواده"
            ),
            "registration 2 remove: confirmed > removed, by staff:9002, at 0d 3:00, because رفتار",
            "make_up 1 credit: owed > credited, by clock, at 0d 3:00",
            "make_up 2 credit: owed > credited, by clock, at 0d 3:00",
        ]


async def test_who_moves_and_who_gives_up_late_say_so_in_both_workshops(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened, other = [
            await given_open(tx, ONE_DATE, session_count=1, fee_rial=fee) for fee in (FEE, 0)
        ]
        (one,) = await confirmed(tx, opened)
        (stays,) = await held(tx, opened, learner(7, REZA), payer_id=REZA)
        await workshops.await_bank(
            tx,
            registration_ids=[stays.id],
            payer_id=REZA,
            now=OPENS + HOUR / 6,
            **BY,  # type: ignore[arg-type]
        )
        await given_money(tx, FEE, REZA)
        await workshops.confirm(
            tx, registration_ids=[stays.id], payer_id=REZA, key="press:9", now=OPENS + HOUR / 3
        )
        (target,) = await begun(tx, other, now=OPENS + HOUR)
        await workshops.move(
            tx,
            registration_id=one.id,
            to_registration_id=RegistrationId(target),
            actor=Actor.citizen(SARA),
            key="press:10",
            now=OPENS + HOUR,
            **BY,  # type: ignore[arg-type]
        )
        await workshops.withdraw(
            tx,
            registration_id=stays.id,
            actor=Actor.staff(OFFICER),
            reason="تلفنی گفت",
            key="press:11",
            now=CLOSES - HOUR,
            **BY,  # type: ignore[arg-type]
        )
        assert await told(tx, opened, OPENS + HOUR / 6) == [
            "registration 2 await_bank: held > held, by citizen, at 0d 0:10",
            "registration 2 pay: held > confirmed, by citizen, at 0d 0:20, under press:9",
            "registration 1 move: confirmed > moved, by citizen, at 0d 1:00, under press:10",
            (
                "registration 2 withdraw: confirmed > withdrawn_late, by staff:9001, at 18d 9:00, "
                "because تلفنی گفت, under press:11"
            ),
        ]
        assert await told(tx, other, OPENS + HOUR) == [
            "registration 3 begin: nothing > draft, by citizen, at 0d 1:00",
            "registration 3 accept_terms: draft > draft, by citizen, at 0d 1:00",
            "registration 3 hold: draft > held, by citizen, at 0d 1:00",
            "registration 3 pay: held > confirmed, by citizen, at 0d 1:00",
        ]


async def test_what_staff_do_to_a_workshop_bears_their_number(database: Database) -> None:
    async with database.transaction() as tx:
        made = await given_open(tx, ONE_DATE, session_count=1)
        await workshops.set_details(
            tx, workshop_id=made.id, details=made.details, actor=OFFICER, now=OPENS + HOUR
        )
        await workshops.set_terms(
            tx, workshop_id=made.id, text="شرط تازه", actor=MANAGER, now=OPENS + 2 * HOUR
        )
        await workshops.pause(
            tx, workshop_id=made.id, actor=OFFICER, reason="سالن", now=OPENS + 3 * HOUR
        )
        await workshops.resume(tx, workshop_id=made.id, actor=MANAGER, now=OPENS + 4 * HOUR, **BY)  # type: ignore[arg-type]
        assert await told(tx, made, OPENS.replace(year=2000)) == [
            "workshop 1 draft: nothing > draft, by staff:9001, at -1d 1:00",
            "workshop 1 set_terms: draft > draft, by staff:9001, at -1d 1:00",
            "workshop 1 set_sessions: draft > draft, by staff:9001, at -1d 1:00",
            "workshop 1 publish: draft > published, by staff:9001, at -1d 1:00",
            "workshop 1 open: published > open, by clock",
            "workshop 1 set_details: open > open, by staff:9001, at 0d 1:00",
            "workshop 1 set_terms: open > open, by staff:9002, at 0d 2:00",
            "workshop 1 pause: open > paused, by staff:9001, at 0d 3:00, because سالن",
            "workshop 1 resume: paused > open, by staff:9002, at 0d 4:00",
        ]
