"""Citizens on their way to a case, step by step, whatever the language of the buttons."""

from functools import cache
from typing import Any

from sqlalchemy import Select, select

from bot.calendar import use_cases as calendars
from bot.cases import use_cases as cases
from bot.cases.model import Case, Dossier, Ending, QueueItem
from bot.cases.tables import metadata
from bot.citizens.model import CitizenId, Consent, Dialogue, Role, Staff
from bot.citizens.use_cases import agree as agree_to
from bot.citizens.use_cases import dialogue_of
from bot.kit.jalali import tehran_day
from handlers.views.cases.case_draft import Press
from handlers.views.rights.consent import VERSION
from tests.handlers.support import DeskUnderTest, Said, Visitor, faults_of

OFFICER = Staff(CitizenId(2001), "kanoon", Role.OFFICER, "Officer")
WORDS = "کلاس دو بار قطع شد و کسی پاسخ نداد."


def payload(said: Said, *parts: str) -> str:
    """Find what the button carries that has all these parts."""
    found = [data for data in said.presses if set(parts) <= set(data.split(":"))]
    assert found, (parts, said.presses)
    return found[0]


async def tap(person: Visitor, said: Said, *parts: str) -> Said:
    """Press the button that carries these parts, and see that the answer is sound."""
    (answer,) = await person.press_data(payload(said, *parts), message_id=said.message_id or 77)
    assert not faults_of(answer), answer.text
    return answer


async def write(person: Visitor, text: str) -> Said:
    """Write something, and see that the answer is sound."""
    answer = await person.say(text)
    assert not faults_of(answer), answer.text
    return answer


async def up_to_text(
    person: Visitor,
    office_id: str = "kanoon",
    service_id: str = "virtual-workshops",
    kind: str = "complaint",
) -> Said:
    """Choose everything, so that only the text is waited for."""
    page = await write(person, "/case")
    if any(f":{Press.OFFICE}:" in data for data in page.presses):
        page = await tap(person, page, Press.OFFICE, office_id)
    page = await tap(person, page, Press.SERVICE, service_id)
    return await tap(person, page, Press.KIND, kind)


async def up_to_review(person: Visitor, text: str = WORDS, **choices: str) -> Said:
    """Choose everything and write the text."""
    await up_to_text(person, **choices)
    return await write(person, text)


async def register(
    person: Visitor, text: str = WORDS, *, is_anonymous: bool = False, **choices: str
) -> Said:
    """Go all the way to the receipt."""
    page = await up_to_review(person, text, **choices)
    if is_anonymous:
        page = await tap(person, page, Press.HIDE)
    return await tap(person, page, Press.SEND)


def code_on(said: Said) -> str:
    """Read the code of the case that the buttons of a message are about."""
    return next(data.split(":")[1] for data in said.presses if data.startswith("ka:"))


async def kept_case(desk: DeskUnderTest, said: Said) -> Dossier:
    """Read the case that a message is about, as staff do."""
    async with desk.database.reading() as tx:
        sight = await cases.sight(tx, code=code_on(said), citizen_id=CitizenId(0))
        return await cases.dossier(tx, case_id=sight.dossier.case.id)


async def cases_of(desk: DeskUnderTest, person: Visitor) -> list[QueueItem]:
    async with desk.database.reading() as tx:
        return await cases.cases_of(tx, citizen_id=CitizenId(person.id))


async def talk_of(desk: DeskUnderTest, person: Visitor) -> Dialogue | None:
    """Say where a person is in a flow."""
    async with desk.database.reading() as tx:
        return await dialogue_of(
            tx, chat_id=person.id, citizen_id=CitizenId(person.id), now=desk.now
        )


async def answer(desk: DeskUnderTest, case: Case, text: str) -> None:
    """Answer a case as an officer does."""
    async with desk.database.transaction() as tx:
        calendar = await calendars.calendar_of(
            tx,
            office_id=case.office_id,
            hours=desk.shared.catalogue.published_by(case.office_id).hours,
            today=tehran_day(desk.now),
        )
        await cases.reply(
            tx, case_id=case.id, actor=OFFICER, text=text, calendar=calendar, now=desk.now
        )


async def ask(desk: DeskUnderTest, case: Case, text: str) -> None:
    """Ask the citizen something as an officer does."""
    async with desk.database.transaction() as tx:
        await cases.ask(tx, case_id=case.id, actor=OFFICER, text=text, now=desk.now)


async def end(desk: DeskUnderTest, case: Case, ending: Ending, reason: str | None = None) -> None:
    """End a case as an officer does."""
    async with desk.database.transaction() as tx:
        await cases.end(
            tx, case_id=case.id, actor=OFFICER, ending=ending, reason=reason, now=desk.now
        )


async def agree(desk: DeskUnderTest, *person_ids: int) -> None:
    """Let people have agreed before to what is kept of them."""
    async with desk.database.transaction() as tx:
        for person_id in person_ids:
            given = Consent(CitizenId(person_id), VERSION, "fa", "0" * 64, desk.now)
            await agree_to(tx, given=given)


async def everything_kept(desk: DeskUnderTest) -> dict[str, list[str]]:
    """All that stands in every table, as text."""
    found = {}
    async with desk.database.reading() as tx:
        for name, every_row in _tables():
            found[name] = [repr(tuple(row)) for row in await tx.execute(every_row)]
    return found


@cache
def _tables() -> list[tuple[str, Select[Any]]]:
    return [(table.name, select(table)) for table in metadata.sorted_tables]
