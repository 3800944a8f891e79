"""What happens to a message between the wish to say it and its end."""

from collections.abc import Collection, Sequence
from datetime import datetime

import orjson

from bot.kit.database import Transaction
from bot.outbox import rules
from bot.outbox.model import Claimed, OutgoingMessage, Packed, Priority, Results
from bot.outbox.repository import OutboxRepository


def pack(dedupe_prefix: str, messages: Sequence[OutgoingMessage]) -> list[Packed]:
    """Write messages out as they will be kept, the n-th under the key "prefix:n"."""
    return [
        Packed(
            dedupe_key=f"{dedupe_prefix}:{number}"
            if message.once is None
            else f"{message.chat_id}:{message.once}",
            chat_id=message.chat_id,
            method=message.method,
            params=orjson.dumps(message.params),
            priority=message.priority,
        )
        for number, message in enumerate(messages)
    ]


async def queue(
    tx: Transaction, dedupe_prefix: str, messages: Sequence[OutgoingMessage], now: datetime
) -> None:
    """Queue messages; a prefix that was used before changes nothing."""
    await queue_packed(tx, pack(dedupe_prefix, messages), now)


async def queue_packed(tx: Transaction, packed: Sequence[Packed], now: datetime) -> None:
    """Queue messages of many chats in one statement.

    The order inside a chat is kept, so a notice that stands before an answer is given the
    answer's priority: nobody waits in front of the screen behind a broadcast.
    """
    if not packed:
        return
    outbox = OutboxRepository(tx)
    await outbox.add_new(packed, now)
    answered = {message.chat_id for message in packed if message.priority is Priority.ANSWER}
    if answered:
        await outbox.promote(answered)


async def claim(
    tx: Transaction, now: datetime, limit: int, *, lowest: Priority = Priority.NOTICE
) -> list[Claimed]:
    """Take messages to send them: of every chat the first that waits, answers before notices.

    A message that is not accounted for within the lease may be claimed again.
    """
    assert limit > 0
    return await OutboxRepository(tx).claim(now, now + rules.LEASE, limit, lowest=lowest)


async def record(tx: Transaction, results: Results, now: datetime) -> None:
    """Write down what became of claimed messages, unless it was written down before."""
    outbox = OutboxRepository(tx)
    back = await outbox.chats_back(results.dead) if results.unreachable else set()
    if results.sent:
        await outbox.mark_sent(results.sent, now)
    if results.dead:
        await outbox.bury(results.dead, now)
    if results.retry_at:
        await outbox.postpone(results.retry_at)
    for chat_id, reason in results.unreachable.items():
        if chat_id in back:
            continue  # The refusal is older than what the person said.
        await outbox.note_standing(chat_id, now, unreachable=reason)
    for old_chat_id, new_chat_id in results.moved.items():
        await outbox.note_standing(old_chat_id, now, moved_to=new_chat_id)
        await outbox.readdress(old_chat_id, new_chat_id)


async def take_over(tx: Transaction, now: datetime) -> None:
    """Begin as the only sender: what the last one held waits no longer for its lease to end."""
    await OutboxRepository(tx).end_leases(now)


async def next_run_at(tx: Transaction) -> datetime | None:
    """Say when the next message may be claimed, if any waits."""
    return await OutboxRepository(tx).next_run_at()


async def heard_from(tx: Transaction, chat_ids: Collection[int]) -> None:
    """Take chats that have just spoken for reachable again."""
    if chat_ids:
        await OutboxRepository(tx).forget_unreachable(chat_ids)


async def purge(tx: Transaction, now: datetime) -> int:
    """Forget the messages that ended long ago."""
    return await OutboxRepository(tx).purge(now - rules.KEPT_FOR)
