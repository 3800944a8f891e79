"""A server made for another language: what people see does not differ, nor what is right."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Role
from bot.kit.database import Database
from bot.kit.migrating import migrate
from tests.day_support import world_at
from tests.faults.play import MORNING, begin
from tests.postgres_support import Server, execute

LANGUAGES = {
    "fa": "LOCALE_PROVIDER icu ICU_LOCALE 'fa'",
    "backwards": "LOCALE_PROVIDER icu ICU_LOCALE 'en-u-kf-upper-kr-arab-latn-ks-level2'",
}
NAMES = ["Anna", "آذر", "الهام", "پروین", "ثریا", "چمن", "رضا", "ژاله", "کیوان", "گلی", "یاسمن"]
NO_ICU = "THIS SERVER KNOWS NO LANGUAGES (ICU): other collations are not tested in this run"


@pytest.fixture(params=LANGUAGES)
def foreign_url(server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """Records whose texts the server orders as another language does."""
    name = f"speaks_{request.param}"
    how = f"TEMPLATE template0 ENCODING 'UTF8' {LANGUAGES[request.param]}"
    try:
        asyncio.run(execute(server.url("postgres"), f"CREATE DATABASE {name} {how}"))
    except asyncpg.FeatureNotSupportedError:
        pytest.skip(NO_ICU)
    migrate(server.url(name))
    yield server.url(name)
    asyncio.run(execute(server.url("postgres"), f"DROP DATABASE {name} WITH (FORCE)"))


async def listed(url: str) -> list[str]:
    database = Database.open(url)
    async with database.transaction() as tx:
        for number, name in enumerate(reversed(NAMES)):
            await citizens.grant(
                tx,
                citizen_id=CitizenId(number + 1),
                office_id="kanoon",
                role=Role.OFFICER,
                name=name,
                now=MORNING,
            )
        found = await citizens.staff_of_office(tx, office_id="kanoon")
    await database.close()
    return [one.name for one in found]


async def test_people_stand_in_the_order_of_the_persian_alphabet(database_url: str) -> None:
    assert await listed(database_url) == NAMES


async def test_people_stand_in_that_order_whatever_the_server_was_made_for(
    foreign_url: str,
) -> None:
    assert urlsplit(foreign_url).path.startswith("/speaks_")
    assert await listed(foreign_url) == NAMES


async def test_a_morning_goes_as_on_any_other_server(foreign_url: str) -> None:
    async with world_at(MORNING, foreign_url) as world:
        morning = await begin(world)
        await morning.whole()
        assert await morning.faults() == []
