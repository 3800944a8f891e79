"""Messages about workshops that are open, answered before the catalogue is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchWorkshop
from bot.workshops.model import WorkshopId
from bot.workshops.rules.searching import Finding, search
from handlers.views.workshops import workshop_answers as views
from handlers.workshops.browsing import TOPIC, showcase, speak_of_workshop

if TYPE_CHECKING:
    from bot.catalogue.search import WorkshopQuestion
    from bot.workshops.model import Listing
    from bot.workshops.rules.searching import Found
    from handlers.context import DeskContext
    from handlers.reply import Reply


async def answer(context: DeskContext, text: str) -> Reply | None:
    """Answer a message for which the workshops that are open are the answer; None if not."""
    reader = context.unit.desk.intents.workshops
    question = reader.read(text)
    spoken_of = _spoken_of(context)
    if question is None or not (question.says_anything or spoken_of):
        return None
    listings = await _listings(context)
    found = search(question, listings, reader, is_spoken_of=spoken_of is not None)
    if question.left and (found is None or found.finding is Finding.NOTHING):
        begun = await _begun(context, question)
        if begun is not None:
            return begun
    if found is None:
        return None
    if found.finding is Finding.SPOKEN_OF:
        assert spoken_of is not None
        return await _facts_told(context, spoken_of, found)
    is_nothing = found.finding is Finding.NOTHING
    if not listings or (is_nothing and context.unit.desk.answerer.is_written(text)):
        return None  # no office of this person has any, or one answers these very words
    return await _told(context, question, found, listings)


def _spoken_of(context: DeskContext) -> WorkshopId | None:
    """Find the workshop that was spoken of a moment ago."""
    spoken_of = context.unit.citizen.spoke_of(context.unit.now)
    if spoken_of is None or not spoken_of[1].startswith(TOPIC):
        return None
    return WorkshopId(int(spoken_of[1].removeprefix(TOPIC)))


async def _begun(context: DeskContext, question: WorkshopQuestion) -> Reply | None:
    """Tell of a workshop that is named although one can register for it no more."""
    unit, ids = context.unit, _offices(context)
    if ids not in unit.going_on:
        unit.going_on[ids] = await workshops.going_on(unit.tx, office_ids=ids)
    reader = unit.desk.intents.workshops
    found = search(question, unit.going_on[ids], reader, is_spoken_of=False)
    if found is None or not found.listings:
        return None
    first = found.listings[: views.TOLD_MAX]
    shown = [await showcase(context, one.workshop.id) for one in first]
    return views.going_on(context.words, shown, found.facts, found.sieve)


async def _listings(context: DeskContext) -> list[Listing]:
    """List what can be registered for at the chosen office, or anywhere if none was chosen."""
    unit, ids = context.unit, _offices(context)
    if ids not in unit.upcoming:
        unit.upcoming[ids] = await workshops.upcoming(unit.tx, office_ids=ids, now=unit.now)
    return unit.upcoming[ids]


def _offices(context: DeskContext) -> tuple[str, ...]:
    """The chosen office, or all of them."""
    ids = tuple(one.office.id for one in context.unit.desk.catalogue.offices)
    chosen = context.unit.citizen.office_id
    return (chosen,) if chosen in ids else ids


async def _facts_told(context: DeskContext, workshop_id: WorkshopId, found: Found) -> Reply | None:
    try:
        shown = await showcase(context, workshop_id)
    except NoSuchWorkshop:
        return None
    speak_of_workshop(context, shown.workshop)
    return views.spoken_of(context.words, shown, found.facts)


async def _told(
    context: DeskContext,
    question: WorkshopQuestion,
    found: Found,
    listings: list[Listing],
) -> Reply:
    if found.finding is Finding.NOTHING:
        office_id = context.unit.citizen.office_id or listings[0].workshop.office_id
        published = context.unit.desk.catalogue.published_by(office_id)
        topic = " ".join(question.words)
        return views.nothing(context.words, published, topic, found.sieve)
    first = found.listings[: views.TOLD_MAX]
    told = [views.Told(one, await showcase(context, one.workshop.id)) for one in first]
    if len(told) == 1:
        speak_of_workshop(context, told[0].shown.workshop)
    return views.answered(context.words, told, found.facts, found.sieve, count=len(found.listings))
