"""What happens to an update between its arrival and its end."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.inbox import rules
from bot.inbox.model import Letter, LetterId, Owner, Received
from bot.inbox.repository import InboxRepository
from bot.kit.database import Transaction
from bot.kit.errors import StartRefused
from bot.kit.keeping import KEPT_FOR, Kind


async def settle(tx: Transaction, ours: Owner, now: datetime) -> None:
    """Give the database to this bot at its first start; raise StartRefused if it is another's."""
    inbox = InboxRepository(tx)
    await inbox.settle(ours, now)
    owner = await inbox.owner()
    if owner != ours:
        whose = f"bot {owner.bot_id} on {owner.platform}"
        fault = f"this database belongs to {whose}; set MIZBAN_DATABASE_URL to another file."
        raise StartRefused([f"database: {fault}"])


async def receive(tx: Transaction, updates: Sequence[Received], now: datetime) -> None:
    """Keep updates; those that came before, known by their exact ids, change nothing."""
    if updates:
        await InboxRepository(tx).add_new(updates, now)


async def heads(
    tx: Transaction, now: datetime, limit: int, *, of: Collection[int] | None = None
) -> list[Letter]:
    """List what may be worked on: of every chat the first unanswered update, if its time came.

    Only of certain chats, if some are named.
    """
    assert limit > 0
    return await InboxRepository(tx).heads(now, limit, of)


async def take(
    tx: Transaction, now: datetime, limit: int, *, of: Collection[int] | None = None
) -> list[Letter]:
    """List what may be worked on in this transaction, and keep every other one away from it.

    Nobody else is given an update of these chats before the transaction ends.
    """
    assert limit > 0
    return await InboxRepository(tx).take(now, limit, of)


async def waiting_of(tx: Transaction, chat_keys: Collection[int]) -> dict[int, int]:
    """Count how many updates of some chats wait for an answer."""
    return await InboxRepository(tx).waiting_of(chat_keys) if chat_keys else {}


async def has_more_than(tx: Transaction, count: int) -> bool:
    """True when more updates than that wait for an answer."""
    return await InboxRepository(tx).has_more_than(count)


async def next_run_at(tx: Transaction) -> datetime | None:
    """Say when the next update may be worked on, if any waits."""
    return await InboxRepository(tx).next_run_at()


async def finish(tx: Transaction, ids: Sequence[LetterId], now: datetime) -> bool:
    """Mark updates as done and blank them; False when somebody else had done one already."""
    assert ids
    return await InboxRepository(tx).mark_done(ids, now) == len(ids)


async def fail(
    tx: Transaction, letter: Letter, error: str, now: datetime, *, is_hopeless: bool = False
) -> bool:
    """Write down that an update could not be worked off; True when it is given up.

    A hopeless one is given up at once: trying again would only keep its chat waiting.
    """
    attempts = letter.attempts + 1
    inbox = InboxRepository(tx)
    if is_hopeless or rules.is_given_up(attempts):
        await inbox.bury(letter.id, attempts, error, now)
        return True
    await inbox.postpone(letter.id, attempts, now + rules.pause_after(attempts), error)
    return False


async def forget_chat(tx: Transaction, *, chat_key: int) -> None:
    """Forget what somebody wrote that could not be answered."""
    await InboxRepository(tx).forget_chat(chat_key)


async def forget_old(tx: Transaction, now: datetime) -> tuple[int, int]:
    """Forget updates done, and later those that were given up, and count both.

    Ids are kept longer than any platform repeats itself.
    """
    inbox = InboxRepository(tx)
    done = await inbox.forget_before(now - KEPT_FOR[Kind.UPDATE], is_dead=False)
    failed = await inbox.forget_before(now - KEPT_FOR[Kind.FAILED_UPDATE], is_dead=True)
    return done, failed


async def purge(tx: Transaction, now: datetime) -> int:
    """Forget both, and say how many there were."""
    return sum(await forget_old(tx, now))
