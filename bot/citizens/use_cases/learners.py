"""Who takes part in workshops: a person themselves, or the children in their care (KN-24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens import rules
from bot.citizens.errors import AlreadyLearner, NoSuchLearner, TooManyLearners
from bot.citizens.repository import LearnerRepository, births
from bot.kit.jalali import tehran_day

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from bot.citizens.model import CitizenId, Learner, LearnerId
    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction


async def add_learner(
    tx: Transaction,
    *,
    guardian_id: CitizenId,
    given_name: str,
    born_on: date,
    is_self: bool,
    keyring: Keyring,
    now: datetime,
) -> Learner:
    """Keep a learner: a given name, which is sealed, and a birth date, and nothing else.

    Raises NameUnreadable, GuardianNeeded where somebody under age registers themselves,
    AlreadyLearner, and TooManyLearners.
    """
    name = rules.given_name(given_name)
    if is_self:
        rules.ensure_of_age(born_on, tehran_day(now))
    learners = LearnerRepository(tx, keyring)
    known = await learners.of_guardian(guardian_id)
    if is_self and any(one.is_self for one in known):
        raise AlreadyLearner
    if len(known) >= rules.LEARNERS_MAX:
        raise TooManyLearners(rules.LEARNERS_MAX)
    learner_id = await learners.add(
        guardian_id=guardian_id, given_name=name, born_on=born_on, is_self=is_self, now=now
    )
    return (await learners.find_all([learner_id]))[learner_id]


async def learners_of(
    tx: Transaction, *, guardian_id: CitizenId, keyring: Keyring
) -> tuple[Learner, ...]:
    """List the learners of a guardian."""
    return await LearnerRepository(tx, keyring).of_guardian(guardian_id)


async def find_learner(
    tx: Transaction, *, learner_id: LearnerId, guardian_id: CitizenId, keyring: Keyring
) -> Learner:
    """Find a learner of this guardian. Raises NoSuchLearner."""
    found = (await LearnerRepository(tx, keyring).find_all([learner_id])).get(learner_id)
    if found is None or found.guardian_id != guardian_id:
        raise NoSuchLearner
    return found


async def find_learners(
    tx: Transaction, *, learner_ids: Collection[LearnerId], keyring: Keyring
) -> dict[LearnerId, Learner]:
    """Find learners for an office's own list; whoever was taken out is not among them."""
    return await LearnerRepository(tx, keyring).find_all(learner_ids)


async def births_of(
    tx: Transaction, *, learner_ids: Collection[LearnerId]
) -> dict[LearnerId, date]:
    """Say when learners were born, where an age counts and a name does not."""
    return await births(tx, learner_ids)


async def remove_learner(
    tx: Transaction,
    *,
    learner_id: LearnerId,
    guardian_id: CitizenId,
    keyring: Keyring,
    now: datetime,
) -> None:
    """Forget a learner of this guardian. Raises NoSuchLearner."""
    if not await LearnerRepository(tx, keyring).remove(learner_id, guardian_id, now):
        raise NoSuchLearner
