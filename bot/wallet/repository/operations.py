"""Queries about what was answered to which key, and the form in which answers are kept."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import bindparam, select

from bot.kit.database import insert_new
from bot.wallet.errors import (
    AlreadyReversed,
    HoldResolved,
    InsufficientFunds,
    IsReversal,
    MoreThanHeld,
    NoSuchJournal,
    ReferenceHeld,
)
from bot.wallet.model import (
    Answer,
    Done,
    Hold,
    HoldId,
    HoldState,
    Journal,
    JournalId,
    Note,
    Operation,
    Transfer,
    TransferCode,
    TransferId,
)
from bot.wallet.tables import operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Row

    from bot.kit.database import Transaction
    from bot.kit.errors import DeskError

_REFUSALS: Final[Mapping[str, type[DeskError]]] = {
    kind.__name__: kind
    for kind in (
        AlreadyReversed,
        HoldResolved,
        InsufficientFunds,
        IsReversal,
        MoreThanHeld,
        NoSuchJournal,
        ReferenceHeld,
    )
}

# What every payment asks for is built once: that takes longer than to run it.
_FIND: Final = select(operation).where(operation.c.key == bindparam("key"))
_ADD: Final = insert_new(operation)


class OperationRepository:
    """Keys, each with the one answer it has."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, key: str) -> Done | None:
        """Find what was done under a key."""
        row = (await self._tx.execute(_FIND, {"key": key})).one_or_none()
        return None if row is None else done_of(row)

    async def add(self, done: Done) -> bool:
        """Keep the answer to a key, and say whether nobody gave one meanwhile.

        Whoever does the same at the same moment is waited for.
        """
        journal_id = done.answer.id if isinstance(done.answer, Journal) else None
        values = {
            "key": done.key,
            "op": done.op.value,
            "fingerprint": done.fingerprint,
            "journal_id": journal_id,
            "answer": written_answer(done.answer),
            "is_refusal": not isinstance(done.answer, Journal | Hold),
            "at": done.at,
        }
        return (await self._tx.execute(_ADD, values)).rowcount == 1


def done_of(row: Row[Any]) -> Done:
    """Read what was done under a key."""
    answer = read_answer(row.answer)
    return Done(row.key, Operation(row.op), row.fingerprint, answer, row.at)


def written_answer(answer: Answer) -> bytes:
    """Write an answer as JSON; the same answer is always the same bytes."""
    kind = type(answer).__name__
    values = vars(answer) if isinstance(answer, Exception) else asdict(answer)
    assert isinstance(answer, Journal | Hold) or kind in _REFUSALS, kind
    return orjson.dumps({"kind": kind, **values}, option=orjson.OPT_SORT_KEYS)


def read_answer(written: bytes) -> Answer:
    """Read an answer as it was written."""
    values = orjson.loads(written)
    kind = values.pop("kind")
    if kind == Journal.__name__:
        return _read_journal(values)
    if kind == Hold.__name__:
        return _read_hold(values)
    return _REFUSALS[kind](**values)


def _read_journal(values: dict[str, Any]) -> Journal:
    transfers = tuple(_read_transfer(one) for one in values["transfers"])
    return Journal(JournalId(values["id"]), _read_note(values["note"]), transfers)


def _read_transfer(values: dict[str, Any]) -> Transfer:
    reverses_id, hold_id = values.pop("reverses_id"), values.pop("hold_id")
    return Transfer(
        id=TransferId(values.pop("id")),
        code=TransferCode(values.pop("code")),
        reverses_id=None if reverses_id is None else TransferId(reverses_id),
        hold_id=None if hold_id is None else HoldId(hold_id),
        **values,
    )


def _read_hold(values: dict[str, Any]) -> Hold:
    resolved_at = values.pop("resolved_at")
    return Hold(
        id=HoldId(values.pop("id")),
        state=HoldState(values.pop("state")),
        note=_read_note(values.pop("note")),
        resolved_at=None if resolved_at is None else datetime.fromisoformat(resolved_at),
        **values,
    )


def _read_note(values: dict[str, Any]) -> Note:
    return Note(at=datetime.fromisoformat(values.pop("at")), **values)
