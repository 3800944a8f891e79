"""Run the desk of the pictures: with a week behind it, and at the same moment on any day.

The week of week.yaml is written with the desk's own use cases. Only the clock is set.
"""  # noqa: INP001 - a program beside the documentation, in no package

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.__main__ import main as run
from bot.calendar import use_cases as calendars
from bot.cases import use_cases as cases
from bot.cases.model import Case, CaseKind, Ending, Policy
from bot.catalogue import use_cases as questions
from bot.catalogue.loader import load_catalogue
from bot.catalogue.model import OfficeCatalogue
from bot.catalogue.search import Answerer, load_lexicon
from bot.citizens.model import CitizenId, Role, Staff
from bot.kit import clock
from bot.kit.database import Database, Transaction
from bot.kit.database_file import prepare_database
from bot.kit.resealing import take_up_keys
from bot.settings import load_settings

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "data"
WEEK = yaml.safe_load((HERE / "week.yaml").read_text())
MOMENT: datetime = datetime.fromisoformat(WEEK["moment"])
OFFICER = Staff(CitizenId(2001), WEEK["office"], Role.OFFICER, "?")
AUTHORS = (CitizenId(1002), CitizenId(1003))
DAY = timedelta(days=1)


def main(url: str) -> int:
    """Write the week into a new database, and run the desk until it is told to stop."""
    asyncio.run(write_week(url))
    set_clock()
    return run(["demo"])


def set_clock() -> None:
    """Let it be MOMENT now, and let time go on from there; whoever reads the clock comes later."""
    real_now, real_time = clock.now, time.time
    shift = MOMENT - real_now()
    clock.now = lambda: real_now() + shift
    time.time = lambda: real_time() + shift.total_seconds()


async def write_week(url: str) -> None:
    """Write what came and what ended, and what was asked in vain."""
    prepare_database(url)
    catalogue = load_catalogue(DATA / "catalogue")
    answerer = Answerer(catalogue, load_lexicon(DATA / "lexicon"))
    database = Database.open(url)
    try:
        database.keyring = await take_up_keys(database, load_settings().keyring_file)
        async with database.transaction() as tx:
            await calendars.seed_holidays(tx, today=MOMENT.date())
            for number, line in enumerate(WEEK["cases"]):
                await write_case(tx, catalogue.published_by(WEEK["office"]), number, line)
            for text in WEEK["questions"]:
                question, _answer = await questions.ask(
                    answerer=answerer,
                    text=text,
                    office_id=WEEK["office"],
                    recent=None,
                    published_codes=catalogue.codes,
                    today=MOMENT.date() - DAY,
                )
                await questions.keep_questions(tx, [question])
    finally:
        await database.close()


async def write_case(
    tx: Transaction, published: OfficeCatalogue, number: int, line: dict[str, Any]
) -> None:
    """Write one case, and its end if it has one."""
    at = datetime.strptime(line["at"], "%H:%M").replace(tzinfo=clock.TEHRAN).timetz()
    moment = datetime.combine(MOMENT.date() - line["ago"] * DAY, at)
    case = await register(tx, published, number, line, moment)
    if "ended" in line:
        ended_at = moment + line["later"] * DAY + timedelta(hours=1)
        ending = Ending(line["ended"])
        await cases.end(tx, case_id=case.id, actor=OFFICER, ending=ending, now=ended_at)


async def register(
    tx: Transaction, published: OfficeCatalogue, number: int, line: dict[str, Any], now: datetime
) -> Case:
    """Register a case as a citizen would have done."""
    target = published.desk.target(line["kind"])
    return await cases.register(
        tx,
        key=f"picture-{number}",
        office_id=published.office.id,
        service_id=WEEK["service"],
        service_version=1,
        kind=CaseKind(line["kind"]),
        text=line["words"],
        author_id=AUTHORS[number % 2],
        is_anonymous=False,
        language="fa",
        policy=Policy(
            first_response_minutes=target.first_response_minutes,
            next_response_minutes=target.next_response_minutes,
            resolution_minutes=target.resolution_minutes,
            warn_minutes=target.warn_minutes,
        ),
        calendar=await calendars.calendar_of(
            tx, office_id=published.office.id, hours=published.hours, today=now.date()
        ),
        now=now.astimezone(UTC),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
