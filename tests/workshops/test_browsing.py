"""Looking around among workshops: what is listed, what passes a filter, and who is told of it."""

from datetime import timedelta

import pytest

from bot.citizens.model import CitizenId
from bot.kit.database import Database, Transaction
from bot.workshops import use_cases as workshops
from bot.workshops.errors import TooManySubscriptions
from bot.workshops.model import (
    DEFAULT_POLICY,
    SUBSCRIPTIONS_MAX,
    Listing,
    Sieve,
    Subscription,
    SubscriptionId,
    Workshop,
    WorkshopId,
    WorkshopState,
)
from bot.workshops.rules.browsing import page_of, passes, sift
from tests.refusing import refused
from tests.workshops.given import (
    family,
    found,
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
    MINA,
    NOW,
    OFFICE,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    details,
    workshop,
)

LATER = ("1405/08/24 17:00", "1405/08/30 17:00", "1405/09/07 17:00", "1405/09/14 17:00")
SOONER = ("1405/08/23 15:00", *LATER[1:])


@pytest.mark.parametrize(
    ("sieve", "does_pass"),
    [
        (Sieve(), True),
        (Sieve(age=6), False),
        (Sieve(age=7), True),
        (Sieve(age=12), True),
        (Sieve(age=13), False),
        (Sieve(province="گیلان"), True),
        (Sieve(province="گيلان"), True),
        (Sieve(province="یزد"), False),
        (Sieve(subject="نقاشی"), True),
        (Sieve(subject="سفال"), False),
        (Sieve(fee_rial_max=499_999), False),
        (Sieve(fee_rial_max=500_000), True),
        (Sieve(fee_rial_max=0), False),
        (Sieve(age=8, province="گیلان", subject="نقاشی", fee_rial_max=10**9), True),
    ],
)
def test_a_workshop_passes_what_it_fits(sieve: Sieve, *, does_pass: bool) -> None:
    said = details(age_min=7, age_max=12, province="گیلان", subject="نقاشی", fee_rial=500_000)
    assert passes(said, sieve) is does_pass


def test_what_is_not_said_keeps_nobody_out_but_names_no_subject() -> None:
    open_to_all = details(age_min=None, age_max=None, province=None, subject=None)
    assert passes(open_to_all, Sieve(age=80, province="گیلان"))
    assert not passes(open_to_all, Sieve(subject="نقاشی"))


def test_free_places_count_only_where_nobody_waits_for_them() -> None:
    full = Listing(workshop(id=WorkshopId(1), taken_count=3), FIRST)
    free = Listing(workshop(id=WorkshopId(2), taken_count=2), FIRST)
    waited_for = Listing(workshop(id=WorkshopId(3), taken_count=2), FIRST, waiting_count=1)
    all_of_them = [full, free, waited_for]
    assert sift(all_of_them, Sieve(is_room_wanted=True)) == [free]
    assert sift(all_of_them, Sieve()) == all_of_them
    assert page_of(all_of_them, WorkshopId(1)) == [free, waited_for]
    assert page_of(all_of_them, WorkshopId(9)) == all_of_them


async def test_what_can_be_registered_for_is_listed_by_its_first_session(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        later = await given_open(tx, LATER)
        sooner = await given_open(tx, SOONER)
        announced = await given_published(tx, opens_at=OPENS + HOUR)
        await given_draft(tx)
        listed = await workshops.upcoming(tx, office_ids=[OFFICE], now=OPENS)
        assert [one.workshop.id for one in listed] == [sooner.id, announced.id, later.id]
        assert await workshops.upcoming(tx, office_ids=["mazandaran"], now=OPENS) == []
        assert await workshops.upcoming(tx, office_ids=[OFFICE], now=CLOSES) == []
        await workshops.pause(
            tx, workshop_id=later.id, actor=OFFICER, reason="تغییر سالن", now=OPENS
        )
        states = [one.workshop.state for one in await _upcoming(tx)]
        assert states == [WorkshopState.OPEN, WorkshopState.PUBLISHED, WorkshopState.PAUSED]


async def test_the_list_says_how_many_wait(database: Database) -> None:
    async with database.transaction() as tx:
        made = await given_open(tx, places=2, quorum=1)
        (listed,) = await _upcoming(tx)
        assert (listed.room_count, listed.waiting_count) == (2, 0)
        await _fill(tx, made)
        await waits(tx, made, payer_id=MINA)
        (listed,) = await _upcoming(tx)
        assert (listed.room_count, listed.waiting_count) == (0, 1)


async def test_a_wish_is_kept_once_and_ends_for_its_owner_alone(database: Database) -> None:
    wanted = Sieve(age=8, subject="نقاشی")
    async with database.transaction() as tx:
        wish, is_new = await _subscribe(tx, SARA, wanted)
        again, is_new_again = await _subscribe(tx, SARA, wanted)
        assert (wish, is_new, is_new_again) == (again, True, False)
        assert not await workshops.unsubscribe(tx, citizen_id=REZA, subscription_id=wish.id)
        assert not await workshops.unsubscribe(
            tx, citizen_id=SARA, subscription_id=SubscriptionId(wish.id + 1)
        )
        assert await workshops.subscriptions_of(tx, citizen_id=SARA) == [wish]
        assert await workshops.unsubscribe(tx, citizen_id=SARA, subscription_id=wish.id)
        assert await workshops.subscriptions_of(tx, citizen_id=SARA) == []


async def test_one_person_has_so_many_wishes_and_can_end_all(database: Database) -> None:
    async with database.transaction() as tx:
        for age in range(SUBSCRIPTIONS_MAX):
            await _subscribe(tx, SARA, Sieve(age=age))
        with refused(TooManySubscriptions(SUBSCRIPTIONS_MAX)):
            await _subscribe(tx, SARA, Sieve(age=90))
        await _subscribe(tx, REZA, Sieve())
        assert await workshops.unsubscribe(tx, citizen_id=SARA)
        assert await workshops.subscriptions_of(tx, citizen_id=SARA) == []
        assert len(await workshops.subscriptions_of(tx, citizen_id=REZA)) == 1


async def test_each_who_wished_before_is_told_of_a_workshop_once(database: Database) -> None:
    async with database.transaction() as tx:
        first, _ = await _subscribe(tx, SARA, Sieve(age=8))
        await _subscribe(tx, SARA, Sieve())  # it would fit as well: she is told once
        await _subscribe(tx, REZA, Sieve(age=30))
        mina, _ = await _subscribe(tx, MINA, Sieve(subject="نقاشی"))
        await _subscribe(tx, MINA, Sieve(subject="سفال"))
        elsewhere = CitizenId(8)
        await workshops.subscribe(
            tx, citizen_id=elsewhere, office_id="mazandaran", sieve=Sieve(), now=NOW
        )
        made = await given_open(tx, subject="نقاشی")
        late = CitizenId(9)
        await workshops.subscribe(
            tx, citizen_id=late, office_id=OFFICE, sieve=Sieve(), now=OPENS + HOUR
        )
    for limit in (2, 1):
        told = await _told(database, limit=limit)
        expected = [(made.id, first.id), (made.id, mina.id)] if limit == 2 else []
        assert told == expected, "in portions, and a repeat tells nobody"


async def test_a_portion_that_is_undone_is_told_again(database: Database) -> None:
    async with database.transaction() as tx:
        wish, _ = await _subscribe(tx, SARA, Sieve())
        made = await given_open(tx)
    async with database.transaction() as tx:
        undone = await tx.begin_nested()
        assert await workshops.next_to_tell(tx, office_id=OFFICE, now=OPENS, limit=5)
        await undone.rollback()
    assert await _told(database, limit=5) == [(made.id, wish.id)]


async def test_nobody_is_told_of_what_is_not_open(database: Database) -> None:
    async with database.transaction() as tx:
        await _subscribe(tx, SARA, Sieve())
        await given_draft(tx)
        await given_published(tx, opens_at=OPENS + HOUR)
        paused = await given_open(tx)
        await workshops.pause(
            tx, workshop_id=paused.id, actor=OFFICER, reason="تغییر سالن", now=OPENS
        )
    assert await _told(database, limit=5) == []
    async with database.transaction() as tx:
        await workshops.resume(
            tx,
            workshop_id=paused.id,
            actor=OFFICER,
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS + HOUR,
        )
        assert (await found(tx, paused.id)).state is WorkshopState.OPEN
    assert len(await _told(database, limit=5)) == 1
    async with database.transaction() as tx:
        closed = CLOSES + timedelta(seconds=1)
        assert await workshops.next_to_tell(tx, office_id=OFFICE, now=closed, limit=5) is None


async def _told(database: Database, *, limit: int) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    while True:
        async with database.transaction() as tx:
            portion = await workshops.next_to_tell(tx, office_id=OFFICE, now=OPENS, limit=limit)
        if portion is None:
            return told
        told += [(portion[0].id, wish.id) for wish in portion[1]]


async def _subscribe(
    tx: Transaction, citizen_id: CitizenId, sieve: Sieve
) -> tuple[Subscription, bool]:
    return await workshops.subscribe(
        tx, citizen_id=citizen_id, office_id=OFFICE, sieve=sieve, now=NOW
    )


async def _upcoming(tx: Transaction) -> list[Listing]:
    return await workshops.upcoming(tx, office_ids=[OFFICE], now=OPENS)


async def _fill(tx: Transaction, made: Workshop) -> None:
    await held(tx, made, *family(2, REZA, first=50), payer_id=REZA)
