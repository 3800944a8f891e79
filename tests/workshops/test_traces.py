"""What is refused leaves no trace, and a failure between any two statements neither."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import event

from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from bot.wallet import use_cases as wallet
from bot.wallet.errors import InsufficientFunds
from bot.workshops import use_cases as workshops
from bot.workshops.errors import (
    NoSuchRegistration,
    NotTheirStep,
    NotYetLate,
    PlacesTaken,
    StepRefused,
    TooLateToDrop,
)
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    Registration,
    RegistrationId,
    Slot,
    Workshop,
    Written,
)
from tests.calendar.support import at
from tests.workshops.given import (
    begun,
    confirmed,
    family,
    given_money,
    given_open,
    held,
    rows_of,
    waits,
)
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    DAY,
    FEE,
    MANAGER,
    MINA,
    OFFICE,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    details,
    learner,
)

CUTOFF = at("1405/08/20 00:00")
_STATEMENTS_MAX = 250


@dataclass(frozen=True)
class Given:
    """Two workshops with a little of everything."""

    full: Workshop
    place: Registration  # Reza's, paid for, in the full one
    pair: tuple[Registration, ...]  # Sara's, held and to be paid for together
    line: Registration  # Mina's, who has the money and wants the place at once
    target: RegistrationId  # Reza's draft in the other one
    dear: RegistrationId  # Reza's draft where he cannot pay
    ended: Workshop  # fell short, with one paid place
    gone: Workshop  # cancelled, with one paid place
    owed: Registration
    seen: str  # of the full one, as a workbook found it


Act = Callable[[Transaction, Given], Awaitable[Any]]


async def prepare(tx: Transaction) -> Given:
    dates = ("1405/08/24 17:00", "1405/09/01 17:00", "1405/09/08 17:00", "1405/09/15 17:00")
    full = await given_open(tx, places=1, quorum=1)
    (place,) = await confirmed(tx, full, learner(90, REZA), payer_id=REZA, credit_rial=200_000)
    (line,) = await waits(tx, full, learner(7, MINA), payer_id=MINA, is_auto_accept=True)
    await given_money(tx, FEE, MINA)
    other = await given_open(tx, dates, places=9)
    pair = await held(tx, other, *family(2))
    await given_money(tx, 2 * FEE - 1)
    (target,) = await begun(tx, other, learner(90, REZA), payer_id=REZA)
    dear_one = await given_open(tx, dates, fee_rial=9 * FEE)
    (dear,) = await begun(tx, dear_one, learner(90, REZA), payer_id=REZA)
    # An earlier deadline, so that it falls short while the others go on.
    ended = await given_open(tx, dates, closes_at=CLOSES - 5 * DAY, quorum=3)
    await confirmed(tx, ended, learner(91, REZA), payer_id=REZA)
    await workshops.close_due(tx, office_id=OFFICE, now=CLOSES - 5 * DAY)
    await workshops.check_quorums(
        tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES - 5 * DAY
    )
    gone = await given_open(tx, dates)
    (owed,) = await confirmed(tx, gone, learner(92, REZA), payer_id=REZA)
    await workshops.cancel(
        tx,
        workshop_id=gone.id,
        actor=MANAGER,
        reason="نبود مربی",
        policy=DEFAULT_POLICY,
        now=OPENS,
    )
    seen = {one.workshop.id: one.digest for one in await workshops.offered(tx, office_id=OFFICE)}
    return Given(full, place, pair, line, target, dear, ended, gone, owed, seen[full.id])


def drop(tx: Transaction, given: Given, **wanted: Any) -> Awaitable[Any]:
    values = {"actor": Actor.citizen(REZA), "now": OPENS, **wanted}
    return workshops.drop(
        tx, registration_id=given.place.id, calendar=CALENDAR, policy=DEFAULT_POLICY, **values
    )


def withdraw(tx: Transaction, given: Given, now: Any = CUTOFF) -> Awaitable[Any]:
    return workshops.withdraw(
        tx,
        registration_id=given.place.id,
        actor=Actor.citizen(REZA),
        calendar=CALENDAR,
        policy=DEFAULT_POLICY,
        now=now,
    )


def move(tx: Transaction, given: Given, **wanted: Any) -> Awaitable[Any]:
    values = {"to_registration_id": given.target, **wanted}
    return workshops.move(
        tx,
        registration_id=given.place.id,
        actor=Actor.citizen(REZA),
        calendar=CALENDAR,
        policy=DEFAULT_POLICY,
        now=OPENS,
        **values,
    )


def confirm(tx: Transaction, given: Given) -> Awaitable[Any]:
    return workshops.confirm(
        tx, registration_ids=[one.id for one in given.pair], payer_id=SARA, now=OPENS
    )


async def confirm_with_means(tx: Transaction, given: Given) -> object:
    async with tx.begin_nested():
        await given_money(tx, 1)
        return await confirm(tx, given)


def fail(tx: Transaction, given: Given, actor: Any = MANAGER) -> Awaitable[Any]:
    return workshops.fail_quorum(tx, workshop_id=given.ended.id, actor=actor, now=CLOSES)


def cancel(tx: Transaction, given: Given) -> Awaitable[Any]:
    return workshops.cancel(
        tx,
        workshop_id=given.full.id,
        actor=MANAGER,
        reason="نبود مربی",
        policy=DEFAULT_POLICY,
        now=OPENS,
    )


def credit(tx: Transaction, given: Given) -> Awaitable[Any]:
    return workshops.credit(
        tx, registration_id=given.owed.id, actor=MANAGER, reason="خواست متقاضی", now=OPENS
    )


REFUSED: dict[str, tuple[type[DeskError], Act]] = {
    "poor": (InsufficientFunds, confirm),
    "poor_move": (
        InsufficientFunds,
        lambda tx, given: move(tx, given, to_registration_id=given.dear, is_clash_accepted=True),
    ),
    "late": (TooLateToDrop, lambda tx, given: drop(tx, given, now=CUTOFF)),
    "early": (NotYetLate, lambda tx, given: withdraw(tx, given, OPENS)),
    "anothers": (
        NoSuchRegistration,
        lambda tx, given: drop(tx, given, actor=Actor.citizen(SARA)),
    ),
    "not_a_manager": (NotTheirStep, lambda tx, given: fail(tx, given, OFFICER)),
    "not_cancelled": (
        StepRefused,
        lambda tx, given: workshops.credit(
            tx, registration_id=given.place.id, actor=MANAGER, reason="خواست", now=OPENS
        ),
    ),
}


async def test_a_refusal_leaves_no_trace_even_where_its_caller_goes_on(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        given = await prepare(tx)
    before = await rows_of(database)
    for name, (refusal, act) in REFUSED.items():
        async with database.transaction() as tx:
            with pytest.raises(refusal):
                await act(tx, given)
        assert await rows_of(database) == before, name


async def test_who_finds_no_place_keeps_only_the_draft(database: Database) -> None:
    async with database.transaction() as tx:
        given = await prepare(tx)
        ids = await begun(tx, given.full, learner(93, REZA), payer_id=REZA)
    before = await rows_of(database)
    async with database.transaction() as tx:
        with pytest.raises(PlacesTaken):
            await workshops.take_places(
                tx,
                registration_ids=ids,
                payer_id=REZA,
                policy=DEFAULT_POLICY,
                now=OPENS,
                is_clash_accepted=True,
            )
    assert await rows_of(database) == before


class Broken(Exception):  # noqa: N818 - what happened, not what it is
    """A defect."""


async def enter(tx: Transaction, given: Given) -> None:
    stand = await workshops.offered(tx, office_id=OFFICE)
    (old,) = [one for one in stand if one.workshop.id == given.full.id]
    slots = (Slot(at("1405/09/21 17:00"), 90),)
    moved = replace(old.workshop.details, venue="ساری")
    written = [
        Written(None, details(title="تازه"), "شرایط", slots),
        Written(old.workshop.id, moved, "شرایط", (), given.seen),
    ]
    drafts = await workshops.enter(
        tx, written=written, calendar=CALENDAR, actor=MANAGER, now=OPENS
    )
    if drafts is None:
        raise NoSuchRegistration  # somebody was faster


ACTS: dict[str, Act] = {
    "confirm": confirm_with_means,
    "drop_and_promote": drop,
    "withdraw": withdraw,
    "move_and_promote": move,
    "fail_quorum": fail,
    "cancel": cancel,
    "credit": credit,
    "enter": enter,
}


@asynccontextmanager
async def breaking(database: Database, length: int) -> AsyncIterator[None]:
    """Let the statement after so many fail."""
    count = 0

    def listen(*call: object) -> None:
        nonlocal count
        if str(call[2]).startswith(("RELEASE", "ROLLBACK")):
            return  # Where these fail, the whole transaction has.
        count += 1
        if count == length:
            raise Broken(str(call[2]))

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", listen)


async def fails(database: Database, act: Act, given: Given, length: int) -> bool:
    """Do it until it breaks, and go on in the same transaction as if nothing had been."""
    async with database.transaction() as tx:
        try:
            async with breaking(database, length):
                await act(tx, given)
        except Broken:
            return True
        await tx.rollback()
        return False


@pytest.mark.about_a_file("begins each time anew from a copy of the file")
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_a_failure_between_any_two_statements_leaves_no_trace_and_is_done_once_at_last(
    database: Database, act: Act
) -> None:
    async with database.transaction() as tx:
        given = await prepare(tx)
    before = await rows_of(database)
    # Every statement of the longest way, every third of the others, which are parts of it.
    step = 1 if act is move else 3
    for length in range(1, _STATEMENTS_MAX, step):
        if not await fails(database, act, given, length):
            assert length > 10
            break
        assert await rows_of(database) == before, length
    else:
        raise AssertionError("the sweep did not reach its end")
    async with database.transaction() as tx:
        await act(tx, given)
    after = await rows_of(database)
    async with database.reading() as tx:
        assert await wallet.audit(tx) == []
    async with database.transaction() as tx:
        with pytest.raises(DeskError):
            await act(tx, given)
    assert await rows_of(database) == after
