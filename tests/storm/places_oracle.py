"""What must be true after a rush on places, counted from the bare rows by rules of its own.

Nothing here asks the program: places, fees, wallets and lines are added up again in plain Python.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bot.kit.database import Database, Transaction

_HAS_PLACE, _ACTIVE = ("held", "confirmed"), ("draft", "held", "confirmed")
_MOVED_MONEY = {
    "confirmed": {"fee": 1},
    "dropped": {"fee": 1, "reversal": 1},
    "moved": {"fee": 1, "reversal": 1},
}


class Rows(NamedTuple):
    """All that a rush leaves behind."""

    workshops: list[Any]
    registrations: list[Any]
    turns: list[Any]
    promotions: list[Any]
    transfers: list[Any]


async def rows_after(database: Database) -> Rows:
    """Read all of it in one moment."""
    async with database.reading() as tx:
        return Rows(
            await _rows(tx, "SELECT id, office_id, places, taken_count FROM workshop ORDER BY id"),
            await _rows(
                tx,
                "SELECT id, workshop_id, learner_id, payer_id, state, fee_rial, waiting_entry_id"
                " FROM registration ORDER BY id",
            ),
            await _rows(tx, "SELECT id, workshop_id, state, size FROM waiting_entry ORDER BY id"),
            await _rows(
                tx,
                "SELECT workshop_id, entity_id FROM workshop_event WHERE entity = 'waiting_entry'"
                " AND act IN ('offer', 'auto_accept') ORDER BY id",
            ),
            await _rows(
                tx,
                "SELECT transfer.reference, transfer.code, amount_rial, d.code AS debit,"
                " c.code AS credit FROM transfer JOIN account d ON d.id = debit_id"
                " JOIN account c ON c.id = credit_id ORDER BY transfer.id",
            ),
        )


def faults(rows: Rows, means: Mapping[int, int]) -> list[str]:
    """Name whatever is not as it must be; `means` is what each person came with."""
    return [*_oversold(rows), *_unfair(rows), *_lost(rows, means)]


def _oversold(rows: Rows) -> Iterator[str]:
    for one in rows.workshops:
        here = [reg for reg in rows.registrations if reg.workshop_id == one.id]
        taken = sum(reg.state in _HAS_PLACE for reg in here)
        if not taken == one.taken_count <= one.places:
            yield f"workshop {one.id}: {taken} of {one.places} taken, {one.taken_count} counted"
        learners = Counter(reg.learner_id for reg in here if reg.state in _ACTIVE)
        yield from (f"learner {who} registered {n} times" for who, n in learners.items() if n > 1)


def _unfair(rows: Rows) -> Iterator[str]:
    wanted = {"waiting": "draft", "offered": "held", "accepted": "confirmed"}
    companions = defaultdict(list)
    for reg in rows.registrations:
        companions[reg.waiting_entry_id].append(reg.state)
    for turn in rows.turns:
        # Who was accepted may have dropped or moved since, one at a time.
        together = companions[turn.id].count(wanted.get(turn.state, ""))
        is_apart = turn.state in ("waiting", "offered") and together != turn.size
        if len(companions[turn.id]) != turn.size or is_apart:
            yield f"turn {turn.id} for {turn.size} is {turn.state} with {companions[turn.id]}"
    for one in rows.workshops:
        order = [row.entity_id for row in rows.promotions if row.workshop_id == one.id]
        waiting = [
            turn for turn in rows.turns if turn.workshop_id == one.id and turn.state == "waiting"
        ]
        if order != sorted(set(order)):
            yield f"workshop {one.id}: promoted in the order {order}"
        if waiting and waiting[0].size <= one.places - one.taken_count:
            yield f"workshop {one.id}: turn {waiting[0].id} waits beside free places"
        if waiting and order and max(order) > waiting[0].id:
            yield f"workshop {one.id}: turn {waiting[0].id} was passed over"


def _lost(rows: Rows, means: Mapping[int, int]) -> Iterator[str]:
    standing, about = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for moved in rows.transfers:
        standing[moved.debit] -= moved.amount_rial
        standing[moved.credit] += moved.amount_rial
        about[moved.reference][moved.code] += 1
    for reg in rows.registrations:
        found = dict(about[f"registration:{reg.id}"])
        if found != _MOVED_MONEY.get(reg.state, {}):
            yield f"registration {reg.id} is {reg.state}, and its money moved {found}"
    paid, spent = Counter[int](), Counter[int]()
    for reg in rows.registrations:
        if reg.state == "confirmed":
            paid[reg.workshop_id] += reg.fee_rial
            spent[reg.payer_id] += reg.fee_rial
    for one in rows.workshops:
        escrow = standing[f"escrow:{one.id}:cash@{one.office_id}"]
        if escrow != paid[one.id]:
            yield f"workshop {one.id}: {escrow} wait, {paid[one.id]} were paid"
    yield from _purses(rows, means, standing, spent)


def _purses(
    rows: Rows, means: Mapping[int, int], standing: Counter[str], spent: Counter[int]
) -> Iterator[str]:
    offices = {one.office_id for one in rows.workshops}
    for who, had in means.items():
        left = sum(standing[f"wallet:{who}:cash@{office}"] for office in offices)
        if left != had - spent[who]:
            yield f"person {who} had {had}, paid {spent[who]} and has {left}"


async def _rows(tx: Transaction, query: str) -> list[Any]:
    return list(await tx.exec_driver_sql(query))
