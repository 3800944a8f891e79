"""The national ID of a learner: asked only where the office requires it, and one place each."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.citizens.model import CitizenId, Learner
from bot.kit.crypto import Keyring
from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from bot.kit.identity import is_national_id
from bot.kit.keeping import KEPT_FOR, Kind
from bot.workshops import use_cases as workshops
from bot.workshops.errors import (
    NoSuchRegistration,
    StepRefused,
)
from bot.workshops.errors.identifying import (
    NationalIdNeeded,
    NationalIdTaken,
    NationalIdUnreadable,
)
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    Entity,
    Registration,
    RegistrationId,
    RegistrationState,
    Workshop,
)
from bot.workshops.rules import identifying
from bot.workshops.tables import registration as table
from tests.refusing import refused
from tests.workshops.given import begun, confirmed, family, given_money, given_open, held, rows_of
from tests.workshops.support import (
    CALENDAR,
    DAY,
    FEE,
    MINA,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    learner,
    registration,
)
from tests.workshops.test_rush import OTHER_DATES, rush

STRICT = replace(DEFAULT_POLICY, requires_national_id=True)
KEYS = Keyring({1: b"k" * 32}, 1, b"i" * 32)
ONE, OTHER = "0012345679", "1111111121"


def national_id(number: int) -> str:
    """The ten digits that begin with this number."""
    return next(
        found for last in range(10) if is_national_id(found := f"{number:09}{last}") or last == 9
    )


async def give(
    tx: Transaction, id_: RegistrationId, typed: str = ONE, payer_id: CitizenId = SARA, **more: Any
) -> Registration:
    words = {"policy": STRICT, "keyring": KEYS, "now": OPENS, **more}
    return await workshops.give_national_id(
        tx, registration_id=id_, payer_id=payer_id, typed=typed, **words
    )


async def take(
    tx: Transaction,
    ids: list[RegistrationId],
    payer_id: CitizenId = SARA,
    now: datetime = OPENS,
    **more: Any,
) -> tuple[Registration, ...]:
    words = {"policy": STRICT, **more}
    return await workshops.take_places(
        tx, registration_ids=ids, payer_id=payer_id, now=now, is_clash_accepted=True, **words
    )


async def named(
    tx: Transaction, workshop: Workshop, typed: str, who: CitizenId, number: int
) -> list[RegistrationId]:
    """A draft with accepted terms and a national ID."""
    ids = await begun(tx, workshop, learner(number, who), payer_id=who)
    await give(tx, ids[0], typed, who)
    return ids


async def row_of(tx: Transaction, id_: RegistrationId) -> Any:
    return (await tx.execute(select(table).where(table.c.id == id_))).one()


@pytest.mark.parametrize(
    "typed",
    [ONE, "۰۰۱۲۳۴۵۶۷۹", "٠٠١٢٣٤٥٦٧٩", "001-234567-9", " کد ملی دخترم: ۰۰۱۲۳۴۵۶۷۹ "],
)
def test_it_is_read_however_its_digits_are_typed(typed: str) -> None:
    assert identifying.national_id_of(typed) == ONE


@pytest.mark.parametrize(
    ("typed", "digit_count"),
    [("نمی‌دانم", 0), ("12345679", 8), ("0012345678", 10), ("1111111111", 10), ("00123456791", 11)],
)
def test_what_is_none_is_refused_by_the_number_of_its_digits(typed: str, digit_count: int) -> None:
    with pytest.raises(NationalIdUnreadable) as told:
        identifying.national_id_of(typed)
    assert told.value.digit_count == digit_count
    assert typed not in repr(told.value)


def test_nobody_is_asked_where_the_office_does_not_require_it() -> None:
    bare = [registration(), registration(national_id=b"x", national_id_index=b"x")]
    assert identifying.unidentified(bare, DEFAULT_POLICY) == []
    identifying.ensure_identified(bare, DEFAULT_POLICY)
    assert identifying.unidentified(bare, STRICT) == bare[:1]


@pytest.mark.parametrize(
    ("wanted", "can"),
    [
        ({}, True),
        ({"national_id": b"x"}, True),
        ({"state": RegistrationState.CONFIRMED}, True),
        ({"state": RegistrationState.CONFIRMED, "national_id": b"x"}, False),
        ({"waiting_entry_id": 3, "national_id": b"x"}, False),
        ({"waiting_entry_id": 3}, True),
        ({"state": RegistrationState.DROPPED}, False),
        ({"state": RegistrationState.ABANDONED}, False),
    ],
)
def test_it_is_changed_in_a_mere_draft_and_later_only_given(
    wanted: dict[str, Any], *, can: bool
) -> None:
    assert identifying.can_be_given(registration(**wanted)) is can


@pytest.mark.parametrize(
    ("wanted", "had", "does"),
    [
        ({}, b"x", True),
        ({}, None, False),
        ({"national_id_index": b"another"}, b"x", False),
        ({"state": RegistrationState.HELD}, b"x", False),
        ({"waiting_entry_id": 3}, b"x", False),
    ],
)
def test_only_a_mere_draft_gives_way_and_only_to_a_correction(
    wanted: dict[str, Any], had: bytes | None, *, does: bool
) -> None:
    one = registration(**{"id": RegistrationId(8), "national_id_index": b"same", **wanted})
    to = registration(id=RegistrationId(9), national_id=had)
    assert identifying.gives_way(one, to, b"same") is does
    assert not identifying.gives_way(one, replace(to, id=one.id), b"same")


async def test_an_office_that_does_not_require_it_keeps_nothing_of_it(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (id_,) = await begun(tx, opened)
        kept = await give(tx, id_, policy=DEFAULT_POLICY)
        assert kept.national_id is None
        (place,) = await take(tx, [id_], policy=DEFAULT_POLICY)
        assert place.state is RegistrationState.HELD
        row = await row_of(tx, id_)
    assert (row.national_id, row.national_id_index) == (None, None)


async def test_a_place_takes_the_number_of_each_learner_where_it_is_required(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        ids = await begun(tx, opened, *family(2))
        for missing in ids:
            with pytest.raises(NationalIdNeeded) as told:
                await take(tx, ids)
            assert told.value.registration_id == missing
            await give(tx, missing, national_id(missing))
        places = await take(tx, ids)
    assert [one.state for one in places] == [RegistrationState.HELD] * 2


async def test_a_turn_in_the_line_takes_it_and_an_offer_asks_for_nothing_more(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=1, quorum=1)
        (before,) = await confirmed(tx, opened, learner(9, REZA), payer_id=REZA)
        ids = await begun(tx, opened)
        words = {"registration_ids": ids, "payer_id": SARA, "policy": STRICT, "now": OPENS}
        with pytest.raises(NationalIdNeeded):
            await workshops.join_line(tx, **words, is_auto_accept=False)  # type: ignore[arg-type]
        await give(tx, ids[0])
        await workshops.join_line(tx, **words, is_auto_accept=False)  # type: ignore[arg-type]
        with refused(StepRefused(Entity.REGISTRATION, RegistrationState.DRAFT, "identify")):
            await give(tx, ids[0], OTHER)
        freed = await workshops.drop(
            tx,
            registration_id=before.id,
            actor=Actor.citizen(REZA),
            calendar=CALENDAR,
            policy=STRICT,
            now=OPENS,
        )
        (promotion,) = freed.promotions
        assert promotion.registrations[0].state is RegistrationState.HELD
        await given_money(tx, FEE)
        (paid,) = await workshops.confirm(tx, registration_ids=ids, payer_id=SARA, now=OPENS)
    assert workshops.masked_national_ids([paid], KEYS) == {paid.id: "•••679"}


async def test_it_is_sealed_for_its_row_and_shown_by_its_last_digits(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        one, other = await begun(tx, opened, *family(2))
        first = await give(tx, one, "۰۰۱۲۳۴۵۶۷۹")
        second = await give(tx, other, OTHER)
        row = await row_of(tx, one)
    assert ONE.encode() not in row.national_id
    assert ONE not in repr(first)
    assert workshops.masked_national_ids([first, second, registration()], KEYS) == {
        one: "•••679",
        other: "•••121",
    }
    assert first.national_id is not None
    with pytest.raises(Exception, match=r"registration\.national_id:"):
        workshops.masked_national_ids([replace(second, national_id=first.national_id)], KEYS)


async def test_a_person_has_one_place_whoever_registers_them(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        elsewhere = await given_open(tx, OTHER_DATES, places=9)
        await take(tx, await named(tx, opened, ONE, REZA, 50), REZA)
        (mine,) = await begun(tx, opened, learner(1))
        with pytest.raises(NationalIdTaken) as told:
            await give(tx, mine)
        assert (told.value.registration_id, told.value.is_own) == (mine, False)
        assert (await row_of(tx, mine)).national_id is None
        await take(tx, await named(tx, elsewhere, ONE, SARA, 1))


async def test_a_draft_that_somebody_left_keeps_nobody_away(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        theirs = await named(tx, opened, ONE, REZA, 50)
        await take(tx, await named(tx, opened, ONE, SARA, 1))
        with pytest.raises(NationalIdTaken) as told:
            await take(tx, theirs, REZA)
        assert told.value.registration_id == theirs[0]


async def test_two_learners_of_one_person_have_two_numbers(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        one, other = await begun(tx, opened, *family(2))
        await give(tx, one)
        with pytest.raises(NationalIdTaken) as told:
            await give(tx, other)
        assert (told.value.registration_id, told.value.is_own) == (other, True)
        await give(tx, one, OTHER)
        await give(tx, other)


async def test_numbers_that_were_written_the_wrong_way_round_are_set_right(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        one, other = await begun(tx, opened, *family(2))
        await give(tx, one, OTHER)
        await give(tx, other, ONE)
        await give(tx, one, ONE)
        assert (await row_of(tx, other)).national_id is None
        with pytest.raises(NationalIdNeeded) as told:
            await take(tx, [one, other])
        assert told.value.registration_id == other
        await give(tx, other, OTHER)
        kept = await take(tx, [one, other])
    assert workshops.masked_national_ids(kept, KEYS) == {one: "•••679", other: "•••121"}


async def test_who_has_a_place_or_waits_keeps_the_number_that_another_is_corrected_to(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=1, quorum=1)
        placed, waits, draft = await begun(tx, opened, *family(3))
        await give(tx, placed)
        await take(tx, [placed])
        await give(tx, waits, OTHER)
        await workshops.join_line(
            tx,
            registration_ids=[waits],
            payer_id=SARA,
            is_auto_accept=False,
            policy=STRICT,
            now=OPENS,
        )
        third = national_id(111)
        await give(tx, draft, third)
        for typed in (ONE, OTHER):
            with pytest.raises(NationalIdTaken) as told:
                await give(tx, draft, typed)
            assert told.value.is_own
        rows = [await row_of(tx, id_) for id_ in (placed, waits, draft)]
    assert all(row.national_id for row in rows)


async def test_a_number_that_is_required_no_more_keeps_nobody_away(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=2)
        mine = await named(tx, opened, ONE, SARA, 1)
        theirs = await named(tx, opened, ONE, REZA, 50)
        third = await named(tx, opened, ONE, MINA, 51)
        await take(tx, mine)
        await take(tx, theirs, REZA, policy=DEFAULT_POLICY)
        await workshops.join_line(
            tx,
            registration_ids=third,
            payer_id=MINA,
            is_auto_accept=False,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        rows = [await row_of(tx, id_) for (id_,) in (theirs, third)]
    assert [(row.national_id, row.national_id_index) for row in rows] == [(None, None)] * 2


async def test_a_move_leaves_a_number_behind_that_is_required_no_more(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=2)
        elsewhere = await given_open(tx, OTHER_DATES, places=2)
        (old,) = await confirmed(tx, opened, learner(1))
        (draft,) = await named(tx, elsewhere, ONE, SARA, 1)
        await take(tx, await named(tx, elsewhere, ONE, REZA, 50), REZA)
        moved = await workshops.move(
            tx,
            registration_id=old.id,
            to_registration_id=draft,
            actor=Actor.citizen(SARA),
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        row = await row_of(tx, draft)
    assert moved.old.state is RegistrationState.MOVED
    assert (row.state, row.national_id) == (RegistrationState.CONFIRMED, None)


async def test_who_left_makes_room_for_the_same_person(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        ids = await named(tx, opened, ONE, REZA, 50)
        await take(tx, ids, REZA)
        await workshops.abandon(
            tx,
            registration_id=ids[0],
            actor=Actor.citizen(REZA),
            calendar=CALENDAR,
            policy=STRICT,
            now=OPENS,
        )
        await take(tx, await named(tx, opened, ONE, SARA, 1))


async def test_the_table_itself_takes_no_second_place_for_a_person(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        first = await take(tx, await named(tx, opened, ONE, REZA, 50), REZA)
        (second,) = await held(tx, opened, learner(1))
        digest = first[0].national_id_index
    with pytest.raises(IntegrityError):
        async with database.transaction() as tx:
            await tx.execute(
                table.update().where(table.c.id == second.id).values(national_id_index=digest)
            )


async def test_what_the_office_knows_already_is_not_asked_again(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        other = await given_open(tx, OTHER_DATES, places=9)
        await named(tx, opened, ONE, SARA, 1)

        async def recalled(
            there: Workshop, who: CitizenId, *learners: Learner
        ) -> tuple[Registration, ...]:
            drafts = await workshops.begin(
                tx,
                workshop_id=there.id,
                learners=learners,
                payer_id=who,
                policy=STRICT,
                now=OPENS,
            )
            return await workshops.recall_national_ids(
                tx, begun=drafts, payer_id=who, policy=STRICT, keyring=KEYS
            )

        known, new = await recalled(other, SARA, learner(1), learner(2))
        assert workshops.masked_national_ids([known, new], KEYS) == {known.id: "•••679"}
        third = await given_open(tx, OTHER_DATES, places=9)
        (theirs,) = await recalled(third, REZA, learner(1, REZA))
    assert theirs.national_id is None, "what one person wrote is not taken for another's"


async def test_nobody_writes_or_recalls_anothers(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (id_,) = await begun(tx, opened)
        (draft,) = await workshops.registrations_of(tx, payer_id=SARA, limit=1)
        with pytest.raises(NoSuchRegistration):
            await give(tx, id_, payer_id=REZA)
        with pytest.raises(NoSuchRegistration):
            await workshops.recall_national_ids(
                tx, begun=[draft], payer_id=REZA, policy=STRICT, keyring=KEYS
            )


async def test_a_refusal_leaves_no_trace(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        await take(tx, await named(tx, opened, ONE, REZA, 50), REZA)
        (paid,) = await confirmed(tx, opened, learner(60, MINA), payer_id=MINA)
        (mine,) = await begun(tx, opened)
    before = await rows_of(database)
    for refusal, act in (
        (NationalIdTaken, lambda tx: give(tx, mine)),
        (NationalIdUnreadable, lambda tx: give(tx, mine, "0012345678")),
        (NationalIdNeeded, lambda tx: take(tx, [mine])),
        (NoSuchRegistration, lambda tx: give(tx, mine, OTHER, MINA)),
        (NationalIdTaken, lambda tx: give(tx, paid.id, ONE, MINA)),
    ):
        async with database.transaction() as tx:
            with pytest.raises(refusal):
                await act(tx)
        assert await rows_of(database) == before, refusal


async def test_of_many_who_register_the_same_person_at_once_one_does(database: Database) -> None:
    people = 12
    async with database.transaction() as tx:
        opened = await given_open(tx, places=30)

    async def register(tx: Transaction, number: int) -> object:
        who = CitizenId(2_000 + number)
        return await take(tx, await named(tx, opened, ONE, who, 100 + number), who)

    answers = await rush(
        database,
        [lambda tx, n=number: register(tx, n) for number in range(people)],  # type: ignore[misc]
    )
    refused = [one for one in answers if isinstance(one, DeskError)]
    assert len(refused) == people - 1
    assert {type(one) for one in refused} == {NationalIdTaken}
    async with database.reading() as tx:
        found = await workshops.workshop(tx, workshop_id=opened.id, actor=Actor.staff(OFFICER))
    assert found.taken_count == 1


async def test_it_is_forgotten_a_while_after_the_end_and_not_before(database: Database) -> None:
    month = KEPT_FOR[Kind.NATIONAL_ID]
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        placed = await named(tx, opened, national_id(1), REZA, 50)
        await take(tx, placed, REZA)
        left = await named(tx, opened, national_id(2), MINA, 60)
        dropped = await named(tx, opened, national_id(3), SARA, 1)
        await workshops.abandon(
            tx,
            registration_id=dropped[0],
            actor=Actor.citizen(SARA),
            calendar=CALENDAR,
            policy=STRICT,
            now=OPENS + DAY,
        )
        for now, kept in (
            (OPENS + month, {*placed, *left, *dropped}),
            (OPENS + month + DAY / 2, {*placed, *dropped}),
            (OPENS + month + 2 * DAY, {*placed}),
        ):
            await workshops.forget_old(tx, now=now)
            rows = (await tx.execute(select(table))).all()
            assert {row.id for row in rows if row.national_id is not None} == kept, now
            assert {row.id for row in rows if row.national_id_index is not None} == kept, now


async def test_a_place_keeps_its_number_where_another_has_the_new_one(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        workshop = await given_open(tx, fee_rial=0)
        mine = await named(tx, workshop, ONE, SARA, 1)
        theirs = await named(tx, workshop, OTHER, REZA, 2)
        for ids, payer in ((mine, SARA), (theirs, REZA)):
            await take(tx, ids, payer)
        before = [await row_of(tx, id_) for id_ in (*mine, *theirs)]
        with pytest.raises(NationalIdTaken):
            await give(tx, mine[0], OTHER)
        assert [await row_of(tx, id_) for id_ in (*mine, *theirs)] == before
        assert workshop.drop_until is not None
        with pytest.raises(StepRefused):
            await give(tx, mine[0], national_id(7), now=workshop.drop_until)
        with pytest.raises(NoSuchRegistration):
            await give(tx, mine[0], national_id(7), payer_id=REZA)
        assert [await row_of(tx, id_) for id_ in (*mine, *theirs)] == before
        await give(tx, mine[0], national_id(7))
        assert (await row_of(tx, mine[0])).national_id_index != before[0].national_id_index
        await give(tx, theirs[0], ONE, payer_id=REZA)
