"""Flows of several messages: where a person is in one, kept with everything else they changed."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.citizens import rules
from bot.citizens.model import Dialogue
from bot.citizens.repository import DialogueRepository, LimitRepository, StaffRepository

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction

_TOKEN_BYTES = 9


async def dialogue_of(
    tx: Transaction, *, chat_id: int, citizen_id: CitizenId, now: datetime
) -> Dialogue | None:
    """Find the flow that a person is in, here; one that was left alone is over."""
    place = (chat_id, citizen_id)
    found = (await dialogues_of_all(tx, places=[place])).get(place)
    return found if found is not None and now < found.expires_at else None


async def dialogues_of_all(
    tx: Transaction, *, places: Collection[tuple[int, CitizenId]]
) -> dict[tuple[int, CitizenId], Dialogue]:
    """Find the flows of people in their chats in one statement, even those that are over."""
    if not places:
        return {}
    talks = await DialogueRepository(tx).of_all({citizen_id for _, citizen_id in places})
    found = {(talk.chat_id, talk.citizen_id): talk for talk in talks}
    return {place: found[place] for place in places if place in found}


async def all_dialogues_of(tx: Transaction, *, citizen_id: CitizenId) -> list[Dialogue]:
    """List the flows that a person is in, anywhere."""
    return await DialogueRepository(tx).of_all([citizen_id])


async def begin(
    tx: Transaction,
    *,
    chat_id: int,
    citizen_id: CitizenId,
    name: str,
    step: str,
    draft: Mapping[str, object],
    now: datetime,
) -> Dialogue:
    """Begin a flow, in place of any other that the person is in here; left alone it ends in a day.

    What is drafted must be JSON values, with texts that can be written as UTF-8.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    until = now + rules.DIALOGUE_LASTS
    talk = Dialogue(chat_id, citizen_id, name, step, dict(draft), token, until)
    await DialogueRepository(tx).save(talk)
    return talk


async def advance(
    tx: Transaction,
    *,
    dialogue: Dialogue,
    step: str,
    draft: Mapping[str, object],
    now: datetime,
) -> Dialogue:
    """Go on to a step with what was said so far; the day begins anew."""
    until = now + rules.DIALOGUE_LASTS
    further = replace(dialogue, step=step, draft=dict(draft), expires_at=until)
    await DialogueRepository(tx).save(further)
    return further


async def end(tx: Transaction, *, dialogue: Dialogue) -> None:
    """Leave a flow; one that was begun in its place meanwhile goes on."""
    await DialogueRepository(tx).remove(dialogue)


async def is_talking(tx: Transaction, *, citizen_id: CitizenId, now: datetime) -> bool:
    """True while a person is in a flow, here or elsewhere, that nothing should interrupt."""
    talks = await DialogueRepository(tx).of_all([citizen_id])
    return any(now < talk.expires_at for talk in talks)


async def forget_expired(tx: Transaction, *, now: datetime) -> tuple[int, int]:
    """Forget flows that were left alone, limits that are over, and invitations of long ago.

    Says how many flows and limits there were, and how many invitations.
    """
    flows = await DialogueRepository(tx).forget_expired(now)
    limits = await LimitRepository(tx).forget_over(now)
    old = now - rules.INVITATION_KEPT_FOR
    return flows + limits, await StaffRepository(tx).forget_invitations(old)
