"""What an office applies is in force by one row, whoever is faster, and can be taken back."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bot.catalogue import use_cases
from bot.catalogue.errors import CatalogueMoved, NothingToUndo, VersionDecided, VersionGone
from bot.catalogue.loader import load_catalogue
from bot.catalogue.model import Catalogue, OfficeCatalogue, SentBook
from bot.catalogue.rules.checking import checked
from bot.catalogue.rules.completeness import meters, percent_of
from bot.catalogue.rules.differences import How, Thing, differences
from bot.catalogue.rules.links import link_faults
from bot.catalogue.rules.storing import StoredBroken, laid_over, packed, plain
from bot.catalogue.tables import catalogue_change, catalogue_version
from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role, Staff
from bot.citizens.tables import audit

if TYPE_CHECKING:
    from bot.catalogue.model import VersionId
    from bot.kit.database import Database

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
MANAGER = Staff(CitizenId(12), "kanoon", Role.MANAGER, "B")
OFFICER = Staff(CitizenId(11), "kanoon", Role.OFFICER, "A")
STRANGER = Staff(CitizenId(13), "mazandaran", Role.MANAGER, "C")


@cache
def shipped() -> Catalogue:
    return load_catalogue(Path(__file__).parents[2] / "data" / "catalogue")


def kanoon() -> OfficeCatalogue:
    return shipped().published_by("kanoon")


def changed(**parts: Any) -> OfficeCatalogue:
    """Kanoon with other values in some fields of its first service, or of a part."""
    values = plain(kanoon())
    values["services"][0] |= parts.pop("service", {})
    for name, more in parts.items():
        values[name] |= more
    found = checked({**values, "desk": {**values["desk"], "wallet": None}}, "kanoon")
    assert not found.flaws
    assert found.published is not None
    return found.published


async def proposed(database: Database, content: bytes | None = None) -> VersionId:
    async with database.transaction() as tx:
        return await use_cases.propose_by_hand(
            tx,
            office_id="kanoon",
            content=content or packed(kanoon()),
            shipped_digest="",
            reason="why",
            now=NOW,
        )


async def apply(database: Database, version_id: int, actor: Staff = MANAGER) -> int | None:
    async with database.transaction() as tx:
        change = await use_cases.apply_version(
            tx, version_id=version_id, office_id="kanoon", actor=actor, now=NOW
        )
    return change.number


async def back(database: Database, number: int | None, seen: int) -> int:
    async with database.transaction() as tx:
        change = await use_cases.go_back(
            tx, office_id="kanoon", number=number, seen=seen, actor=MANAGER, reason="x", now=NOW
        )
    return change.id


async def rows(database: Database) -> tuple[int, list[str], int]:
    async with database.reading() as tx:
        changes = len((await tx.execute(select(catalogue_change.c.id))).all())
        states = sorted(await tx.scalars(select(catalogue_version.c.state)))
        noted = len((await tx.execute(select(audit.c.id))).all())
    return changes, states, noted


async def test_of_several_previews_applied_at_once_one_holds_and_the_others_leave_no_trace(
    database: Database,
) -> None:
    ids = [await proposed(database) for _ in range(4)]
    tries = (apply(database, one) for one in [*ids, *ids])
    results = await asyncio.gather(*tries, return_exceptions=True)
    refused = [one for one in results if isinstance(one, CatalogueMoved | VersionDecided)]
    assert [one for one in results if not isinstance(one, BaseException)] == [1]
    assert len(refused) == len(results) - 1
    assert await rows(database) == (1, ["applied", "proposed", "proposed", "proposed"], 1)


async def test_the_edition_grows_with_every_change_and_names_nothing_before_one(
    database: Database,
) -> None:
    editions = []
    for step in (None, "apply", "back"):
        if step == "apply":
            await apply(database, await proposed(database))
        elif step == "back":
            await back(database, None, 1)
        async with database.reading() as tx:
            editions.append(await use_cases.catalogue_edition(tx))
    assert editions == [0, 1, 2]


async def test_going_back_is_a_change_like_any_other_and_needs_what_was_seen_last(
    database: Database,
) -> None:
    for _ in range(2):
        await apply(database, await proposed(database))
    assert await back(database, 1, 2) == 3
    for number, seen, refusal in (
        (2, 2, CatalogueMoved),
        (9, 3, VersionGone),
        (1, 3, NothingToUndo),
    ):
        with pytest.raises(refusal):
            await back(database, number, seen)
    async with database.reading() as tx:
        changes = await use_cases.changes_of(tx, office_id="kanoon", limit=9)
    assert [change.number for change in changes] == [1, 2, 1]


@pytest.mark.parametrize("actor", [OFFICER, STRANGER])
async def test_only_a_manager_of_the_office_applies_and_a_refusal_leaves_no_trace(
    database: Database, actor: Staff
) -> None:
    version_id = await proposed(database)
    with pytest.raises(StaffOnly):
        await apply(database, version_id, actor)
    assert await rows(database) == (0, ["proposed"], 0)
    book = SentBook("f", -1, 1)
    with pytest.raises(StaffOnly):
        async with database.transaction() as tx:
            await use_cases.receive_book(
                tx, office_id="kanoon", book=book, reason="", actor=actor, now=NOW
            )
    assert await rows(database) == (0, ["proposed"], 0)


async def test_of_a_number_that_names_a_person_nothing_is_left_in_the_reason(
    database: Database,
) -> None:
    await apply(database, await proposed(database))
    async with database.transaction() as tx:
        change = await use_cases.go_back(
            tx,
            office_id="kanoon",
            number=None,
            seen=1,
            actor=MANAGER,
            reason="خانم ۰۹۱۲۱۲۳۴۵۶۷ گفت",
            now=NOW,
        )
    assert "۴۵۶۷" not in change.reason
    assert "گفت" in change.reason


async def test_another_office_does_not_learn_of_a_version(database: Database) -> None:
    version_id = await proposed(database)
    with pytest.raises(VersionGone):
        async with database.reading() as tx:
            await use_cases.catalogue_version(tx, version_id=version_id, office_id="mazandaran")


def test_what_is_stored_comes_back_and_money_stays_with_whoever_runs_the_desk() -> None:
    stored = packed(changed(service={"in_person_visits": 0}))
    found = laid_over(kanoon(), stored)
    assert found.services[0].in_person_visits == 0
    assert found.desk.wallet == kanoon().desk.wallet
    assert b"top_up" not in stored
    assert laid_over(kanoon(), packed(kanoon())) == kanoon()


@pytest.mark.parametrize("content", [b"", b"broken", packed(shipped().offices[1])[:50]])
def test_what_is_stored_and_broken_is_told_and_never_taken(content: bytes) -> None:
    with pytest.raises(StoredBroken):
        laid_over(kanoon(), content)
    with pytest.raises(StoredBroken):
        laid_over(kanoon(), packed(shipped().published_by("mazandaran")))


def test_differences_name_what_was_added_taken_out_and_changed() -> None:
    fee = {"title": {"fa": "شهریه", "en": "Fee"}, "amount_rial": 5, "account_number": "12-34"}
    after = changed(service={"fees": [fee]})
    (found,) = differences(kanoon(), after)
    assert (found.thing, found.how, found.id) == (Thing.SERVICE, How.CHANGED, "indirect-education")
    assert [field.name for field in found.fields] == ["fees"]
    assert found.is_warned  # it says to whom people pay
    values = plain(kanoon())
    del values["faq"][0]
    gone = checked(values, "kanoon").published
    assert gone is not None
    (removed,) = differences(kanoon(), gone)
    assert (removed.thing, removed.how) == (Thing.QUESTION, How.REMOVED)
    (added,) = differences(gone, kanoon())
    assert added.how is How.ADDED
    assert not added.is_warned
    assert differences(kanoon(), changed()) == []


def test_the_meter_counts_what_is_said_and_names_first_what_is_asked_most() -> None:
    today = date(2026, 11, 22)
    before = meters(kanoon(), today)
    card = next(one for one in before if one.id == "indirect-education")
    assert card.missing[0] == "fees"
    better = meters(changed(service={"fees": []}), today)
    assert percent_of(better) > percent_of(before)
    asked = {facet: 9 for facet in kanoon().services[0].questions if facet.value == "laws"}
    assert asked
    first = next(one for one in meters(kanoon(), today, asked) if one.id == card.id)
    assert first.missing[0] == "laws"


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("https://kpf", "no name of a site"),
        ("https://user@kpf.ir", "a user or a port"),
        ("https://kpf.ir:8080/x", "a user or a port"),
        ("http://[::1", "is no address"),
        ("https://kpf.ir/lms", "more than once"),
        ("http://kpf.ir/other", "is not https"),
        ("https://t.me/bot?start=svc_kanoon_gone", "a service that is not here: gone"),
        ("https://ble.ir/bot?start=svc_gone_x", "an office that is not here: gone"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(address: str, complaint: str) -> None:
    label = {"fa": "ن", "en": "n"}
    urls = plain(kanoon())["office"]["urls"]
    new = {"id": "new", "address": address, "label": label, "kind": "page"}
    published = changed(office={"urls": [*urls, new]})
    told = [str(one.complaint) for one in link_faults(Catalogue((published,), ""))]
    assert [one for one in told if complaint in one], told
    assert link_faults(shipped()) == []
