"""Workshops that are open, and a small phone in the hand of whoever looks at them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.kit.database import Transaction
from bot.workshops import use_cases as workshops
from bot.workshops.model import Slot, Workshop
from tests.calendar.support import at
from tests.handlers.support import DeskUnderTest, Said, Visitor, faults_of
from tests.workshops import given as seeds
from tests.workshops.support import CALENDAR, NOW, OFFICE, OFFICER, OPENS, details


async def given_open(desk: DeskUnderTest, **wanted: Any) -> Workshop:
    async with desk.database.transaction() as tx:
        return await seeds.given_open(tx, **wanted)


def sound(said: Sequence[Said]) -> Said:
    """The last thing said; see that none of it is broken, and that a small phone shows it."""
    assert not [fault for one in said for fault in faults_of(one)]
    for one in said:
        rows = one.params.get("reply_markup", {}).get("inline_keyboard", [])
        assert all(0 < len(row) <= 2 for row in rows)
        assert all(len(button["text"]) <= 48 for row in rows for button in row)
    return said[-1]


async def tap(person: Visitor, label: str, on: Said | None = None) -> Said:
    return sound([await person.press(label, on)])


async def given_elsewhere(tx: Transaction, office_id: str) -> Workshop:
    return await given_with(tx, None, office_id=office_id, title="جوشکاری")


async def given_sample(tx: Transaction) -> Workshop:
    return await given_with(tx, None, is_sample=True)


async def given_with(
    tx: Transaction,
    slots: list[Slot] | None,
    *,
    office_id: str = OFFICE,
    is_sample: bool = False,
    **wanted: Any,
) -> Workshop:
    actor = replace(OFFICER, office_id=office_id)
    slots = slots or [Slot(at(written), 90) for written in seeds.DATES]
    made = await workshops.draft(
        tx,
        details=details(**{"session_count": len(slots), **wanted}),
        actor=actor,
        now=NOW,
        is_sample=is_sample,
    )
    await workshops.set_terms(tx, workshop_id=made.id, text=seeds.TERMS, actor=actor, now=NOW)
    await workshops.set_sessions(
        tx, workshop_id=made.id, slots=slots, calendar=CALENDAR, actor=actor, now=NOW
    )
    await workshops.publish(tx, workshop_id=made.id, calendar=CALENDAR, actor=actor, now=NOW)
    await workshops.open_due(tx, office_id=office_id, now=OPENS)
    return made
