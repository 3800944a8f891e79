"""F9: the clock leaps by three hours and the machine sleeps; each thing comes, and comes once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from bot.kit.clock import TEHRAN
from tests.calendar.support import at
from tests.day_support import OFFICE, World, text_of, world_at
from tests.faults.play import begin
from tests.faults.scale import PATIENCE, chance, many
from tests.window import window_into

pytestmark = pytest.mark.timeout(PATIENCE)

WEDNESDAY = at("1405/08/20 10:00")  # the last day to register
THURSDAY, SUNDAY = at("1405/08/21 07:00"), at("1405/08/24 13:00")  # the first session: Saturday
DIGESTS = {date(2026, 11, 12), date(2026, 11, 14), date(2026, 11, 15)}  # Friday is free
REMINDED, OVER, LATE = "⏰ جلسه بعدی", "🏁 جلسه ۱", "🔴 دیر شد"
PICTURE = "📊"  # has no date, and comes with each digest
LEAP, SLEEP = timedelta(hours=3), timedelta(hours=13)


def moments(draw: Random) -> Iterator[datetime]:
    """Hours that pass, a clock that is set forward and back, and a machine that sleeps."""
    now = THURSDAY
    while now < SUNDAY:
        now += timedelta(minutes=draw.randint(60, 300))
        yield now
        match draw.randrange(4):
            case 0:
                yield now - LEAP
                yield now - LEAP + timedelta(minutes=5)
            case 1:
                yield now + LEAP
            case 2:
                now += draw.choice((timedelta(0), SLEEP))
    yield SUNDAY
    yield SUNDAY - LEAP
    yield SUNDAY


def told(world: World) -> Counter[tuple[int, str]]:
    """All that the desk said of itself, by chat."""
    return Counter(
        (chat, text_of(message)) for chat, heard in world.heard.items() for message in heard
    )


async def live(world: World, draw: Random) -> list[object]:
    """Let somebody wait for a workshop and for an answer meanwhile; name what went wrong."""
    morning = await begin(world)
    await morning.register()
    await world.person("sara").tells("complaint", "گواهی کارگاه نیامده است.")
    await world.pass_to(THURSDAY)
    before = told(world)
    for moment in moments(draw):
        world.now = moment
        await world.rounds()
    said = told(world) - before
    wrong: list[object] = [
        (text, times) for (_, text), times in said.items() if times > 1 and text[0] != PICTURE
    ]
    for sign in (REMINDED, OVER, LATE):
        wrong += [f"{sign} was never said"] * (not any(sign in text for _, text in said))
    days = days_told(world)  # whoever sleeps through a day is told of it by the next
    is_right = sorted({*days} & DIGESTS) == days and days[-1] == _day(SUNDAY)
    wrong += [days] * (not is_right)
    return [*wrong, *holes(world), *await morning.faults()]


def _day(moment: datetime) -> date:
    return moment.astimezone(TEHRAN).date()


def _rows(world: World) -> list[tuple[datetime, datetime]]:
    rows = world.ask(
        "SELECT covered_since, covered_until FROM digest"
        " WHERE office_id = ? AND kind = 'daily' ORDER BY id",
        OFFICE,
    )
    since, until = (
        [datetime.fromisoformat(row[n]).replace(tzinfo=UTC) for row in rows] for n in (0, 1)
    )
    return list(zip(since, until, strict=True))


def days_told(world: World) -> list[date]:
    """The days on which the daily digest of the office came, since the clock began to leap."""
    days = [_day(until) for _, until in _rows(world)]
    return [day for day in days if day >= _day(THURSDAY)]


def holes(world: World) -> list[object]:
    """What two digests after each other both cover, or neither does."""
    return [(one, next_) for one, next_ in pairwise(_rows(world)) if one[1] != next_[0]]


async def test_a_clock_that_leaps_and_a_machine_that_sleeps_skip_nothing_and_repeat_nothing(
    database_url: str,
) -> None:
    draw = chance()
    with window_into(database_url) as window:
        fresh = window.image()
        for _ in range(many(1, 40)):
            window.put_back(fresh)
            async with world_at(WEDNESDAY, database_url) as world:
                assert await live(world, draw) == []
