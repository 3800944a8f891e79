"""Who has no national ID takes part once staff of the office have vouched for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.errors import DeskError
from bot.kit.keeping import KEPT_FOR, Kind
from bot.workshops import use_cases as workshops
from bot.workshops.errors import AlreadyRegistered, NoSuchRegistration, PartUnfit
from bot.workshops.errors.identifying import NationalIdNeeded, NobodyToVouchFor, OwnLearner
from bot.workshops.model import DEFAULT_POLICY, Entity
from tests.workshops.given import begun, given_open, rows_of
from tests.workshops.support import DAY, OFFICER, OPENS, REZA, SARA, learner
from tests.workshops.test_identifying import KEYS, STRICT, give, row_of, take
from tests.workshops.test_rush import OTHER_DATES, rush

if TYPE_CHECKING:
    from bot.kit.database import Database, Transaction
    from bot.workshops.model import Registration, RegistrationId

REASON = "passport shown at the counter, 09123456789"
STRANGER = Staff(CitizenId(90), "mazandaran", Role.OFFICER, "Stranger")


async def vouch(tx: Transaction, id_: RegistrationId, **wanted: Any) -> Registration:
    words = {"actor": OFFICER, "reason": REASON, "policy": STRICT, "now": OPENS, **wanted}
    return await workshops.vouch_for(tx, registration_id=id_, **words)


async def test_who_is_vouched_for_takes_a_place_without_a_number(database: Database) -> None:
    async with database.transaction() as tx:
        ids = await begun(tx, await given_open(tx, places=9))
        with pytest.raises(NationalIdNeeded):
            await take(tx, ids)
        assert (await vouch(tx, ids[0])).is_vouched
        (placed,) = await take(tx, ids)
        assert placed.has_place
        (event,) = [
            one
            for one in await workshops.history(tx, entity=Entity.REGISTRATION, entity_id=ids[0])
            if one.act == "vouch_for"
        ]
        (entry,) = await citizens.audit_of(tx, office_id=OFFICER.office_id, limit=1)
    assert event.reason == entry.note.partition(" ")[2]
    assert "passport" in event.reason
    assert "09123456789" not in event.reason
    assert (entry.action, entry.before, entry.after) == (
        "registration.vouch_for",
        "draft",
        "draft",
    )


async def test_a_learner_has_one_place_all_the_same(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        ids = await begun(tx, opened)
        await vouch(tx, ids[0])
        await take(tx, ids)
        with pytest.raises(AlreadyRegistered):
            await begun(tx, opened)


async def test_it_holds_for_the_next_registration_of_the_same_learner_alone(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        ids = await begun(tx, await given_open(tx, places=9))
        await vouch(tx, ids[0])
        for who, number, is_known in ((SARA, 1, True), (SARA, 2, False), (REZA, 1, False)):
            later = await given_open(tx, OTHER_DATES, places=9)
            drafts = await workshops.begin(
                tx,
                workshop_id=later.id,
                learners=[learner(number, who)],
                payer_id=who,
                policy=STRICT,
                now=OPENS,
            )
            (found,) = await workshops.recall_national_ids(
                tx, begun=drafts, payer_id=who, policy=STRICT, keyring=KEYS
            )
            assert found.is_vouched is is_known


async def test_what_cannot_be_vouched_for_is_refused_without_a_trace(database: Database) -> None:
    own = replace(OFFICER, id=SARA)
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        (mine,) = await begun(tx, opened)
        (numbered,) = await begun(tx, opened, learner(2))
        await give(tx, numbered)
        (vouched,) = await begun(tx, opened, learner(3))
        await vouch(tx, vouched)
    before = await rows_of(database)
    acts: list[tuple[type[DeskError], dict[str, Any]]] = [
        (NoSuchRegistration, {"id_": mine, "actor": STRANGER}),
        (NoSuchRegistration, {"id_": 9_999}),
        (OwnLearner, {"id_": mine, "actor": own}),
        (NobodyToVouchFor, {"id_": mine, "policy": DEFAULT_POLICY}),
        (NobodyToVouchFor, {"id_": numbered}),
        (NobodyToVouchFor, {"id_": vouched}),
        (PartUnfit, {"id_": mine, "reason": " "}),
    ]
    for refusal, act in acts:
        async with database.transaction() as tx:
            with pytest.raises(refusal):
                await vouch(tx, **act)
        assert await rows_of(database) == before, refusal


async def test_of_two_who_vouch_at_once_one_does(database: Database) -> None:
    async with database.transaction() as tx:
        (id_,) = await begun(tx, await given_open(tx, places=9))
    answers = await rush(database, [lambda tx: vouch(tx, id_)] * 6)
    assert [type(one) for one in answers if isinstance(one, DeskError)] == [NobodyToVouchFor] * 5


async def test_only_what_waits_at_the_office_is_found_for_a_case(database: Database) -> None:
    async with database.transaction() as tx:
        (waits,) = await begun(tx, await given_open(tx, places=9))
        (known,) = await begun(tx, await given_open(tx, OTHER_DATES, places=9), learner(2))
        await vouch(tx, known)
        asked = {"payer_id": SARA, "office_id": OFFICER.office_id, "policy": STRICT}
        assert [one.id for one in await workshops.to_vouch_for(tx, **asked)] == [waits]
        for other in (
            {"payer_id": REZA},
            {"office_id": STRANGER.office_id},
            {"policy": DEFAULT_POLICY},
        ):
            assert await workshops.to_vouch_for(tx, **{**asked, **other}) == []


async def test_it_is_forgotten_like_a_number(database: Database) -> None:
    month = KEPT_FOR[Kind.NATIONAL_ID]
    async with database.transaction() as tx:
        opened = await given_open(tx, places=9)
        placed = await begun(tx, opened)
        (left,) = await begun(tx, opened, learner(50, REZA), payer_id=REZA)
        for id_ in (*placed, left):
            await vouch(tx, id_)
        await take(tx, placed)
        await workshops.forget_old(tx, now=OPENS + month + DAY)
        assert (await row_of(tx, placed[0])).is_vouched
        assert not (await row_of(tx, left)).is_vouched
