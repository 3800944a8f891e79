"""What a person can choose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.citizens.model import TOPIC_KEPT_FOR, Citizen, CitizenId
from bot.citizens.repository import CitizenRepository

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.citizens.model import Notice
    from bot.kit.database import Transaction
    from bot.kit.words import Language


async def recall(tx: Transaction, *, citizen_id: CitizenId) -> Citizen:
    """Recall a person; somebody who never chose anything leaves no row behind."""
    return (await recall_all(tx, citizen_ids=[citizen_id]))[citizen_id]


async def recall_all(
    tx: Transaction, *, citizen_ids: Collection[CitizenId]
) -> dict[CitizenId, Citizen]:
    """Recall several people in one statement, known or not."""
    known = await CitizenRepository(tx).find_all(citizen_ids) if citizen_ids else {}
    return {id_: known.get(id_) or Citizen(id_) for id_ in citizen_ids}


async def choose_language(
    tx: Transaction, *, citizen: Citizen, language: Language, now: datetime
) -> Citizen:
    """Speak this language with the person from now on."""
    chosen = replace(citizen, language=language)
    await CitizenRepository(tx).save(chosen, now)
    return chosen


async def choose_office(
    tx: Transaction, *, citizen: Citizen, office_id: str | None, now: datetime
) -> Citizen:
    """Look for the person's answers in this office first; None means in all alike."""
    chosen = replace(citizen, office_id=office_id)
    if chosen != citizen:
        await CitizenRepository(tx).save(chosen, now)
    return chosen


async def mute(
    tx: Transaction, *, citizen: Citizen, notice: Notice, is_wanted: bool, now: datetime
) -> Citizen:
    """Tell the person such a thing no more, or again."""
    muted = citizen.muted - {notice} if is_wanted else citizen.muted | {notice}
    chosen = replace(citizen, muted=muted)
    if chosen != citizen:
        await CitizenRepository(tx).save(chosen, now)
    return chosen


async def who_want(
    tx: Transaction, *, citizen_ids: Collection[CitizenId], notice: Notice
) -> set[CitizenId]:
    """Of these people those who have not asked to be told such a thing no more."""
    known = await recall_all(tx, citizen_ids=citizen_ids)
    return {id_ for id_, person in known.items() if notice not in person.muted}


async def remember_topics(tx: Transaction, *, people: Sequence[Citizen], now: datetime) -> None:
    """Remember for half an hour which services people have just spoken of (`speaking_of`)."""
    if people:
        await CitizenRepository(tx).save_topics(people, now)


async def forget_topics(tx: Transaction, *, now: datetime) -> int:
    """Forget the topics that are over, and the people of whom nothing else is remembered.

    Says how many topics there were.
    """
    return await CitizenRepository(tx).forget_topics(now - TOPIC_KEPT_FOR)
