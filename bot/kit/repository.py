"""Queries that belong to no room: of the clock, of keys and what they sealed, of guards."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, bindparam, column, delete, func, insert, select, table, tuple_, update

from bot.kit.database import insert_new, insert_or_replace
from bot.kit.tables import firing, key_check, sealed_column

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Table

    from bot.kit.database import Transaction
    from bot.kit.tables import SealedColumn

_TURNS: Final = 0x4D697A62 << 32  # added to the number of a turn, it is that of its lock
_LAST_GUARD: Final = {"sqlite": "replace", "postgresql": "truncate"}

_master = table("sqlite_master", column("type"), column("name"))
_sequence = table("sqlite_sequence", column("name"), column("seq"))
_trigger = table("pg_trigger", column("tgname"), column("tgenabled"), column("tgrelid"))
_visible = func.pg_table_is_visible(_trigger.c.tgrelid)


def is_file(tx: Transaction) -> bool:
    """True where the database is a file and not a server; the two keep what they are apart."""
    return tx.dialect.name == "sqlite"


async def missing_guards(tx: Transaction, guarded: Iterable[str]) -> list[str]:
    """Name the triggers that should stand before tables and do not, or were told to do nothing."""
    verbs = ("update", "delete", _LAST_GUARD[tx.dialect.name])
    expected = {f"{name}_refuses_{verb}" for name in guarded for verb in verbs}
    if is_file(tx):
        query = select(_master.c.name).where(_master.c.type == "trigger")
    else:
        is_at_work = _trigger.c.tgenabled.in_(["O", "A"])
        query = select(_trigger.c.tgname).where(is_at_work, _visible)
    return sorted(expected - set(await tx.scalars(query)))


async def numbers_gone(tx: Transaction, kept: Table) -> int:
    """Count the rows of a table in a file that were there and no longer are.

    SQLite gives one number after the other and takes back what was undone: each gap is a row that
    is gone, and so is each number given after the last one that is there. On PostgreSQL what was
    undone leaves gaps too, so nobody asks this there.
    """
    assert is_file(tx)
    counted = (await tx.execute(select(func.count(), func.max(kept.c.id)))).one()
    given = select(_sequence.c.seq).where(_sequence.c.name == kept.name)
    last = (await tx.scalar(given)) or 0
    return max(last, counted[1] or 0) - int(counted[0])


class Turn(IntEnum):
    """What is done by one replica at a time, though two may believe that it is theirs to do."""

    ROUNDS = 1
    KEYS = 2


async def take_turn(tx: Transaction, turn: Turn) -> None:
    """Let no other transaction have this turn until the end of this one; so it is on a file."""
    if not is_file(tx):
        await tx.execute(select(func.pg_advisory_xact_lock(_TURNS + turn)))


class FiringRepository:
    """The last slot of each job of the clock."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def last(self) -> dict[str, int]:
        """Say which slot each job had last."""
        query = select(firing.c.job, func.max(firing.c.slot).label("slot"))
        rows = await self._tx.execute(query.group_by(firing.c.job))
        return {row.job: row.slot for row in rows}

    async def add(self, slots: Mapping[str, int], now: datetime) -> None:
        """Give these slots to these jobs, each in the place of the one before."""
        rows = [{"job": job, "slot": slots[job], "fired_at": now} for job in sorted(slots)]
        await self._tx.execute(delete(firing).where(firing.c.job.in_(slots)))
        await self._tx.execute(insert(firing), rows)

    async def is_last(self, job: str, slot: int) -> bool:
        """Say whether this slot of a job is the one that it had last."""
        query = select(firing.c.slot).where(firing.c.job == job)
        return set(await self._tx.scalars(query)) == {slot}

    async def doubled(self) -> list[str]:
        """Name the jobs that stand in more than one slot."""
        query = select(firing.c.job).group_by(firing.c.job).having(func.count() > 1)
        return sorted(await self._tx.scalars(query))


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """A known word as a key sealed it, and as the key of the index digested it."""

    key_id: int
    sealed: bytes
    index_digest: bytes


class KeyCheckRepository:
    """The rows of key_check, one for each key that sealed anything."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def all(self) -> list[KeyCheck]:
        """List the checks by the numbers of their keys."""
        rows = await self._tx.execute(select(key_check).order_by(key_check.c.key_id))
        return [KeyCheck(row.key_id, row.sealed, row.index_digest) for row in rows]

    async def add_new(self, check: KeyCheck) -> None:
        """Keep the check of a key, unless there is one."""
        await self._tx.execute(insert_new(key_check), asdict(check))

    async def remove(self, key_ids: Collection[int]) -> None:
        """Forget the checks of keys that are no more."""
        await self._tx.execute(delete(key_check).where(key_check.c.key_id.in_(key_ids)))


@dataclass(frozen=True, slots=True)
class Stored:
    """What stands in a sealed column of a row, and what names the row."""

    key: tuple[object, ...]
    bound_to: tuple[object, ...]
    value: bytes | str


class SealedRepository:
    """The rows of sealed columns, whatever they are about, and how far the sealing of them is."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def page(
        self, one: SealedColumn, after: tuple[object, ...] | None, limit: int
    ) -> list[Stored]:
        """List what stands in a column after a row, in the order of the rows' keys."""
        keys = tuple(one.column.table.primary_key)
        query = select(*keys, *one.bound_to, one.column).where(one.column.is_not(None))
        if after is not None:
            is_later = keys[0] > after[0] if len(keys) == 1 else tuple_(*keys) > tuple_(*after)
            query = query.where(is_later)
        rows = await self._tx.execute(query.order_by(*keys).limit(limit))
        count = len(keys)
        return [Stored(tuple(row[:count]), tuple(row[count:-1]), row[-1]) for row in rows]

    async def replace(self, one: SealedColumn, sealed: Sequence[tuple[Stored, bytes]]) -> None:
        """Put values in the place of those that were read, unless others stand there by now."""
        keys = tuple(one.column.table.primary_key)
        is_row = and_(*(key == bindparam(f"key_{place}") for place, key in enumerate(keys)))
        is_unchanged = one.column == bindparam("value_before", type_=one.column.type)
        query = (
            update(one.column.table)
            .where(is_row, is_unchanged)
            .values({one.column.name: bindparam("value_after", type_=one.column.type)})
        )
        changes = [
            {
                **{f"key_{place}": part for place, part in enumerate(stored.key)},
                "value_before": stored.value,
                "value_after": value,
            }
            for stored, value in sealed
        ]
        if changes:
            await self._tx.execute(query, changes)

    async def marks(self) -> dict[str, int]:
        """Say of the columns that hold nothing readable with which key they are sealed."""
        rows = await self._tx.execute(select(sealed_column))
        return {row.name: row.key_id for row in rows}

    async def mark(self, name: str, key_id: int) -> None:
        """Note that every row of a column is sealed with a key."""
        row = {"name": name, "key_id": key_id}
        await self._tx.execute(insert_or_replace(sealed_column), row)
