"""A program that moves money until it is killed; the number of each thing done is printed.

Run as `python -m tests.wallet.mortal URL SEED FIRST`. What is done under a number follows from the
seed alone, so that a later life can repeat what an earlier one may or may not have done.
"""

import asyncio
import random
import sys
from contextlib import suppress
from functools import partial
from typing import Any

from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from bot.wallet import use_cases as wallet
from bot.wallet.model import Hold, Journal, TransferCode
from tests.wallet.support import (
    OFFICE,
    REZA,
    SARA,
    at,
    grant,
    hold,
    pay,
    reverse,
    said,
    top_up,
)

COUNT = 400


def deed(seed: int, number: int) -> tuple[str, int, int, int]:
    """Say what is done under a number: its kind, an amount, for whom, and about what earlier."""
    chance = random.Random(f"{seed}:{number}")
    kind = chance.choice(("top_up", "grant", "pay", "hold", "post", "void", "reverse", "pay"))
    return kind, chance.randint(1, 400), chance.choice((SARA, REZA)), chance.randrange(number + 1)


async def done(tx: Transaction, seed: int, number: int) -> Journal | Hold | None:
    """Do it, or give again what was done; None where it was refused or there is nothing to do."""
    kind, amount, citizen, earlier = deed(seed, number)
    key = partial(said, key=f"n:{number}", reference=f"n:{number}")
    plain: dict[str, Any] = {"top_up": top_up, "grant": grant, "pay": pay, "hold": hold}
    if kind in plain:
        return await plain[kind](tx, amount, citizen, **key())
    found = await _earlier(tx, earlier)
    if kind == "reverse" and isinstance(found, Journal):
        return await reverse(tx, found, **key())
    if isinstance(found, Hold):
        values = key()
        del values["reference"]
        if kind == "void":
            return await wallet.void_hold(tx, hold_id=found.id, **values)
        return await wallet.post_hold(
            tx,
            hold_id=found.id,
            amount_rial=found.amount_rial,
            to_code=at("bank"),
            code=TransferCode.PAYOUT,
            **values,
        )
    return None


async def _earlier(tx: Transaction, number: int) -> Journal | Hold | None:
    """Find what was done under an earlier number."""
    journals = await wallet.journals_about(tx, reference=f"n:{number}", limit=1)
    if journals:
        return journals[0]
    for citizen in (SARA, REZA):
        for one in await wallet.open_holds(tx, office_id=OFFICE, citizen_id=citizen, limit=50):
            if one.note.reference == f"n:{number}":
                return one
    return None


async def live(url: str, seed: int, first: int) -> None:
    """Do one thing after the other, each in a transaction of its own."""
    database = Database.open(url)
    for number in range(first, COUNT):
        async with database.transaction() as tx:
            with suppress(DeskError):  # a refusal is an answer, and is kept
                await done(tx, seed, number)
        print(number, flush=True)  # noqa: T201 - it is how the killer hears of it
    await database.close()


if __name__ == "__main__":
    asyncio.run(live(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
