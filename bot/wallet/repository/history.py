"""What only the database itself can say: whether its guards stand, and whether a row is missing.

The two databases keep this in different places, and not as much of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import column, func, select, table

from bot.wallet.tables import transfer

if TYPE_CHECKING:
    from bot.kit.database import Transaction

_GUARDED: Final = (
    *("account", "hold", "transfer", "operation"),
    *("payout", "payout_event", "payout_batch"),
)
_LAST_GUARD: Final = {"sqlite": "replace", "postgresql": "truncate"}

_master = table("sqlite_master", column("type"), column("name"))
_sequence = table("sqlite_sequence", column("name"), column("seq"))
_trigger = table("pg_trigger", column("tgname"), column("tgenabled"), column("tgrelid"))
_visible = func.pg_table_is_visible(_trigger.c.tgrelid)


class HistoryRepository:
    """What an auditor asks of the database; nothing here changes anything."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._dialect = tx.dialect.name

    async def missing_guards(self) -> list[str]:
        """Name the triggers that should stand and do not, or were told to do nothing."""
        verbs = ("update", "delete", _LAST_GUARD[self._dialect])
        expected = {f"{name}_refuses_{verb}" for name in _GUARDED for verb in verbs}
        if self._dialect == "sqlite":
            query = select(_master.c.name).where(_master.c.type == "trigger")
        else:
            is_at_work = _trigger.c.tgenabled.in_(["O", "A"])
            query = select(_trigger.c.tgname).where(is_at_work, _visible)
        return sorted(expected - set(await self._tx.scalars(query)))

    async def missing_transfers(self) -> int:
        """Count the transfers that were there and no longer are, as far as their numbers tell.

        SQLite gives one number after the other and takes back what was undone: each gap is a
        transfer that is gone, and so is each number given after the last one that is there. On
        PostgreSQL what was undone leaves gaps too. There the numbers within each journal tell,
        which begin at one; that a whole journal is gone is told by its key, which answers with
        it, and by the sums of its accounts.
        """
        return await (self._ungiven() if self._dialect == "sqlite" else self._left_out())

    async def _ungiven(self) -> int:
        counted = (await self._tx.execute(select(func.count(), func.max(transfer.c.id)))).one()
        given = select(_sequence.c.seq).where(_sequence.c.name == transfer.name)
        last = (await self._tx.scalar(given)) or 0
        return max(last, counted[1] or 0) - int(counted[0])

    async def _left_out(self) -> int:
        gaps = func.max(transfer.c.seq) - func.count()
        journals = select(gaps.label("gaps")).group_by(transfer.c.journal_id).subquery()
        return int(await self._tx.scalar(select(func.coalesce(func.sum(journals.c.gaps), 0))) or 0)
