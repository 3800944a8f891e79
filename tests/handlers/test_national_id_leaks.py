"""Whatever happens on the way to a place, no table, no log and no button holds a national ID."""

import logging
from pathlib import Path

import pytest

from bot.workshops import use_cases as workshops
from bot.workshops.model import RegistrationState
from tests.handlers.registering_support import (
    SARA_ID,
    given_learner,
    given_money,
    given_workshop,
    press,
    registrations,
    sound,
    states,
    tap,
    up_to_terms,
)
from tests.handlers.support import DeskUnderTest, Visitor
from tests.handlers.test_crash_registering import OTHER_DATES
from tests.handlers.test_payout_leaks import cells, durable
from tests.handlers.workshop_support import decide
from tests.workshops.support import FEE

pytestmark = pytest.mark.about_a_file("looks into the bytes of the file")

__all__ = ["durable"]

SECRETS = ("0012345679", "۰۰۱۲۳۴۵۶۷۹", "1111111121", "0012345678", "001234567")


def found(path: Path) -> set[str]:
    """Name the tables in which a number stands, in whatever writing."""
    forms = [
        form
        for secret in SECRETS
        for form in (secret.encode(), secret.encode("utf-16-le"), secret.encode("unicode_escape"))
    ]
    return {name for name, cell in cells(path) for form in forms if form in cell}


async def write(person: Visitor, text: str) -> None:
    sound(await person.send(text=text))


async def test_the_whole_way_to_a_place_leaves_no_national_id(
    durable: DeskUnderTest,
    database_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    path = Path(database_url.partition("///")[2])
    desk = durable
    decide(desk, requires_national_id=True)
    workshop = await given_workshop(desk)
    other = await given_workshop(desk, dates=OTHER_DATES, title="سفال")
    both = [await given_learner(desk), await given_learner(desk, name="آراد")]
    sara = desk.person(SARA_ID)
    await write(sara, "کد ملی دخترم 0012345679 است")  # outside of any flow
    await up_to_terms(sara, workshop, *both)
    await write(sara, "0012345678")
    await write(sara, "۰۰۱۲۳۴۵۶۷۹")
    assert not found(path), "half way"
    await write(sara, "1111111121")
    assert not found(path), "before the place"
    await given_money(desk, cash=2 * FEE)
    first, second = await registrations(desk)
    page = await press(sara, f"wra:{first.id}-{second.id}:1")
    await tap(sara, page, "wrp")
    await tap(sara, await press(sara, f"wmt:{first.id}:{other.id}:0"), "wmv")
    await tap(sara, await press(sara, f"wmd:{second.id}:"), "wmd")
    assert await states(desk) == [
        RegistrationState.MOVED,
        RegistrationState.DROPPED,
        RegistrationState.CONFIRMED,
    ]
    assert not found(path)
    known = workshops.masked_national_ids(await registrations(desk), desk.shared.keyring)
    assert sorted(known.values()) == ["•••121", "•••679", "•••679"], "it is kept, sealed"
    said = [one.params for chat in desk.heard.values() for one in chat]
    for secret in SECRETS:
        assert secret not in caplog.text
        assert secret not in repr((await registrations(desk), said))


async def test_the_search_for_a_number_finds_one(
    durable: DeskUnderTest,
    database_url: str,
) -> None:
    path = Path(database_url.partition("///")[2])
    async with durable.database.transaction() as tx:
        await tx.exec_driver_sql(
            "INSERT INTO workshop_told (what, at) VALUES ('0012345679', '2026-11-22 00:00:00')"
        )
    assert found(path) == {"workshop_told"}
