"""What must be true of the whole desk after any fault: the one oracle of the tests in this folder.

The numbers are those of docs/faults.md. I4, the order within a chat, is looked at where a test
knows what was said in which order; all else is read from the records, the messenger and the log.
"""

import re
from collections.abc import Iterator

from bot.catalogue.model import Catalogue
from bot.kit.clock import now
from bot.kit.database import Database
from bot.simulator import Simulator
from handlers.jobs.audits import audit
from tests.window import Window

_SECRET = re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}|demo-token")
_PERSONAL = re.compile(r"(?<!\d)(?:09\d{9}|IR\d{24})(?!\d)")


async def faults_of(
    window: Window,
    simulator: Simulator,
    catalogue: Catalogue,
    *,
    pushed: set[int],
    log: str = "",
) -> list[str]:
    """Name every promise that is broken, I1 to I6; none should be."""
    database = Database.open(window.url)
    try:
        async with database.reading() as tx:
            found = [f"I2 {one}" for one in await audit(tx, catalogue, now=now())]
    finally:
        await database.close()
    return [
        *_updates(window, pushed),
        *found,
        *money(window),
        *_messages(window, simulator),
        *storage(window),
        *(f"I6 logged: {one}" for one in leaks(log)),
    ]


def _updates(window: Window, pushed: set[int]) -> Iterator[str]:
    states = dict(window.ask("SELECT update_id, state FROM inbox"))
    for update_id in sorted(pushed):
        if states.get(update_id) not in {"done", "dead"}:
            yield f"I1 update {update_id} is {states.get(update_id, 'lost')}"


def money(window: Window) -> Iterator[str]:
    """Book every transfer once more by hand: nothing comes from nowhere, nobody owes."""
    standing = {
        account: [code, cash]
        for account, code, cash in window.ask("SELECT id, code, 0 FROM account")
    }
    query = "SELECT debit_id, credit_id, amount_rial FROM transfer"
    for debit, credit, rials in window.ask(query):
        standing[debit][1] -= rials
        standing[credit][1] += rials
    if sum(rials for _, rials in standing.values()):
        yield "I2 the ledger does not add up"
    for code, rials in standing.values():
        if rials < 0 and code.startswith(("wallet", "escrow")):
            yield f"I2 {code} owes {-rials}"
    twice = "SELECT key, count(*) FROM operation GROUP BY key HAVING count(*) > 1"
    yield from (f"I2 {key} was done {times} times" for key, times in window.ask(twice))


def _messages(window: Window, simulator: Simulator) -> Iterator[str]:
    query = (
        "SELECT id, state FROM outbox WHERE state = 'queued' OR params IS NOT NULL"
        " OR (state = 'dead' AND reason IS NULL)"
    )
    yield from (f"I3 message {id_} is {state}" for id_, state in window.ask(query))
    ((tried, sent, deleted),) = window.ask(
        "SELECT coalesce(sum(attempts) FILTER (WHERE method LIKE 'send%'), 0),"
        " count(*) FILTER (WHERE method LIKE 'send%' AND state = 'sent'),"
        " count(*) FILTER (WHERE method = 'deleteMessage') FROM outbox"
    )
    heard = sum(
        bool(message.get("from", {}).get("is_bot"))
        for chat in simulator.world.chats
        for message in simulator.messages(chat)
    )
    if heard > tried:
        yield f"I3 {heard} messages were heard, of {tried} that were ever tried"
    if heard < sent - deleted:
        yield f"I3 {heard} messages were heard, and {sent} are noted as sent"


def storage(window: Window) -> list[str]:
    """I5: the file is whole, and no row belongs to nothing."""
    return [f"I5 {fault}" for fault in window.faults()]


def leaks(log: str) -> list[str]:
    """I6: what looks like a token, a telephone or an account number in a log."""
    return _SECRET.findall(log) + _PERSONAL.findall(log)
