"""Whatever is asked for under a key is done once, and the key has one answer for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bot.kit.errors import DeskError
from bot.wallet import rules
from bot.wallet.errors import KeyReused
from bot.wallet.model import Done, Hold, Journal
from bot.wallet.repository import OperationRepository

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.kit.database import Transaction
    from bot.wallet.model import Answer, Note, Operation

Result = TypeVar("Result", Journal, Hold)


async def once(
    tx: Transaction,
    *,
    key: str,
    op: Operation,
    asked: tuple[object, ...],
    note: Note,
    kind: type[Result],
    unit: Callable[[], Awaitable[Result]],
) -> Result:
    """Do something under a key, or give again what was answered when it was done.

    A refusal is an answer too: it is kept, and then raised. Whoever wants it to be remembered
    commits, so they catch it inside the transaction; where the refusal undoes the transaction,
    the key has no answer yet. Raises KeyReused where the key was used for something else.

    Of two who come with one key at the same moment, the second waits for the end of the first,
    undoes what it did itself, and gives the first one's answer.
    """
    rules.ensure_sayable(key, note)
    operations = OperationRepository(tx)
    print_of_it = rules.fingerprint(op, *asked, note.reference)
    done = await operations.find(key)
    if done is None:
        done = await _first_done(
            tx, unit, lambda answer: Done(key, op, print_of_it, answer, note.at)
        )
    if done.fingerprint != print_of_it:
        raise KeyReused(key)
    if isinstance(done.answer, DeskError):
        raise done.answer
    assert isinstance(done.answer, kind)
    return done.answer


async def _first_done(
    tx: Transaction, unit: Callable[[], Awaitable[Result]], noted: Callable[[Answer], Done]
) -> Done:
    """Do it whole, or not at all and say why not; undo it where somebody was done before us."""
    operations = OperationRepository(tx)
    try:
        async with tx.begin_nested() as effect:
            done = noted(await unit())
            is_first = await operations.add(done)
            if not is_first:
                await effect.rollback()
    except DeskError as refusal:
        done = noted(refusal)
        is_first = await operations.add(done)
    if is_first:
        return done
    theirs = await operations.find(done.key)
    assert theirs is not None
    return theirs
