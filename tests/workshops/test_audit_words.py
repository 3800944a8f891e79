"""What the audit of workshops finds is said so that a person knows where, and what ought to be."""

import re

import pytest

from bot.kit.database import Database
from tests.wallet.by_hand import is_file, tamper
from tests.workshops.test_audit import TAMPERED, findings, given_workshops
from tests.worlds import settled

LED = "expected where its last step led, found elsewhere."
ELSE = "found something else."
# What is found after some of the deeds that the audit's own tests do.
FOUND: dict[str, list[str]] = {
    "a place is dropped and its money stays": [
        (
            "I13 fee back once: registration 1: expected given back once, for it is dropped, "
            "found 0 of 2 transfers reversed."
        ),
        "I8 escrow whole: in escrow:1:cash@kanoon: expected 0, found 300000.",
        "I8 escrow whole: in escrow:1:credit@kanoon: expected 0, found 200000.",
        "I12 places fair: places taken in workshop 1: expected 1, found 2.",
        f"I18 states told: registration 1: {LED}",
    ],
    "a fee that went back is said to be earned": [
        (
            "I13 fee back once: registration 7: expected given back never, for it is completed, "
            "found 1 of 1 transfers reversed."
        ),
        f"I18 states told: registration 7: {LED}",
    ],
    "somebody else paid": [
        (
            "I8 escrow whole: registration 1: expected its fee, from who pays for it to its "
            "workshop, found journal CODE."
        ),
    ],
    "the journal is not there": [
        "I8 escrow whole: registration 1: expected a journal that paid for it, found none.",
        "I8 escrow whole: in escrow:1:cash@kanoon: expected 0, found 300000.",
        "I8 escrow whole: in escrow:1:credit@kanoon: expected 0, found 200000.",
    ],
    "a workshop that fell short keeps a place": [
        (
            "I13 fee back once: registration 7: expected given back never, for it is confirmed, "
            "found 1 of 1 transfers reversed."
        ),
        "I8 escrow whole: in escrow:2:credit@kanoon: expected 500000, found 0.",
        "I12 places fair: places taken in workshop 2: expected 1, found 0.",
        (
            "I8 escrow whole: registration 7: expected no confirmed place in a workshop that is "
            f"over, {ELSE}"
        ),
        f"I18 states told: registration 7: {LED}",
    ],
    "more places are taken than there are": [
        "I12 places fair: places taken in workshop 1: expected at most 1, found 2.",
    ],
    "there are more places and who waits is not asked": [
        "I12 places fair: turn 3: expected asked, for there is room, found waiting.",
    ],
    "somebody waits where registration is over": [
        f"I12 places fair: turn 2: expected over, for nobody can register any more, {ELSE}",
        f"I12 places fair: turn 3: expected over, for nobody can register any more, {ELSE}",
        f"I18 states told: workshop 1: {LED}",
    ],
    "a turn is for more than wait in it": [
        f"I12 places fair: turn 3: expected as many registrations as it is for, {ELSE}",
    ],
    "one is asked who came later than one who waits": [
        f"I12 places fair: turn 3: expected asked before whoever came later, {ELSE}",
    ],
    "a learner has two places": [
        (
            "I12 places fair: learner 1 in workshop 1: expected one registration that has not "
            "ended, found several."
        ),
    ],
    "terms were never accepted": [
        (
            "I15 consented: registration 1: expected a version of the terms that was accepted, "
            f"{ELSE}"
        ),
    ],
    "a turn is ended": [f"I18 states told: waiting entry 3: {LED}"],
    "the last line of the history is removed": [
        "I4 append only: lines removed from histories: expected 0, found 1.",
        f"I18 states told: registration 9: {LED}",
    ],
}


@pytest.mark.parametrize("name", FOUND)
async def test_what_is_found_says_where_and_what_ought_to_be(
    database: Database, database_url: str, name: str
) -> None:
    async def make() -> None:
        async with database.transaction() as tx:
            await given_workshops(tx)

    await settled(database_url, "workshops that are audited", make)
    await tamper(database_url, *TAMPERED[name].against(database_url))
    said = [
        re.sub(r"journal [0-9A-Z]{10}\.", "journal CODE.", str(one))
        for one in await findings(database)
    ]
    expected = FOUND[name]
    if not is_file(database_url):  # What was undone leaves gaps there too.
        expected = [line for line in expected if "removed from histories" not in line]
    assert said == expected
