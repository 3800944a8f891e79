"""What happens to a message between the wish to say it and its end."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

import orjson

from bot.kit.auditing import Finding, finding
from bot.kit.database import Transaction
from bot.kit.keeping import KEPT_FOR, Kind
from bot.outbox import rules
from bot.outbox.model import (
    Choice,
    Claimed,
    Invariant,
    OutboxId,
    OutgoingMessage,
    Packed,
    Priority,
    Results,
    Said,
    Undelivered,
)
from bot.outbox.repository import (
    OfferRepository,
    OutboxAuditRepository,
    OutboxRepository,
    SubjectRepository,
)

_FINDINGS_MAX: Final = 100
_GRACE: Final = timedelta(days=1)  # a desk that was down for that long gives up after its start


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
            about=_checked(message.about),
            choices=_choices(message),
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

    A person is told everything in order, so a notice that stands before an answer is given the
    answer's priority: nobody waits in front of the screen behind a broadcast. In a group, which
    may be spoken to every three seconds, an answer passes the notices that wait.
    """
    if not packed:
        return
    outbox = OutboxRepository(tx)
    await outbox.add_new(packed, now)
    offers = {message.chat_id: message.choices for message in packed if message.choices}
    if offers:
        await OfferRepository(tx).note(offers, now)
    answered = {
        message.chat_id
        for message in packed
        if message.priority is Priority.ANSWER and not rules.is_group(message.chat_id)
    }
    if answered:
        await outbox.promote(answered)


async def offered_to(tx: Transaction, *, chat_ids: Collection[int]) -> dict[int, list[Choice]]:
    """Read the buttons that people were shown last, in the order in which they stand."""
    found = await OfferRepository(tx).of_chats(chat_ids)
    return {
        chat_id: [Choice(*choice) for choice in orjson.loads(offer)]
        for chat_id, offer in found.items()
    }


async def forget_old_offers(tx: Transaction, now: datetime) -> int:
    """Forget buttons of yesterday: what is written now does not mean them."""
    return await OfferRepository(tx).forget_before(now - KEPT_FOR[Kind.OFFER])


async def claim(
    tx: Transaction, now: datetime, limit: int, *, lowest: Priority = Priority.NOTICE
) -> list[Claimed]:
    """Take messages to send them: of every chat the first that is due, answers before notices.

    A message that is not accounted for within the lease may be claimed again.
    """
    assert limit > 0
    return await OutboxRepository(tx).claim(now, now + rules.LEASE, limit, lowest=lowest)


async def record(tx: Transaction, results: Results, now: datetime) -> None:
    """Write down what became of claimed messages, unless it was written down before."""
    outbox = OutboxRepository(tx)
    unreachable = results.unreachable
    back = await outbox.chats_back(results.dead, unreachable) if unreachable else set()
    if results.sent:
        await outbox.mark_sent(results.sent, now)
    if results.said:
        await SubjectRepository(tx).note(results.said, now)
    if results.dead:
        await outbox.bury(results.dead, now)
    if results.retry_at:
        await outbox.postpone(results.retry_at)
    for chat_id, reason in unreachable.items():
        if chat_id in back:
            continue  # The refusal is older than what the person said.
        await outbox.note_standing(chat_id, now, unreachable=reason)
    for old_chat_id, new_chat_id in results.moved.items():
        await follow_move(tx, old_chat_id=old_chat_id, new_chat_id=new_chat_id, now=now)


async def follow_move(
    tx: Transaction, *, old_chat_id: int, new_chat_id: int, now: datetime
) -> None:
    """Say what waits for a group, and whatever is still queued for it, where it has moved to."""
    outbox = OutboxRepository(tx)
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
    return await OutboxRepository(tx).purge(now - KEPT_FOR[Kind.MESSAGE])


async def note_subject(
    tx: Transaction, *, chat_id: int, message_id: int, about: str, now: datetime
) -> None:
    """Remember what a message is about that somebody else has written."""
    said = Said(chat_id, message_id, _needed(about))
    await SubjectRepository(tx).note([said], now)


async def subject_of(
    tx: Transaction, *, chat_id: int, message_id: int, reply_id: int | None = None
) -> str | None:
    """Say what a message is about, if that is known.

    A group that becomes a supergroup gets a new number and counts its messages from one again;
    what was said before keeps the numbers of the old group. A reply that names such a message is
    recognized by `reply_id`, its own number: within a supergroup it is always the higher one. The
    old numbers are looked up for it and for nothing else, lest a new message that is about
    nothing be taken for an old one of the same number, and a citizen told what is not theirs.
    """
    subjects = SubjectRepository(tx)
    about = await subjects.about(chat_id, message_id)
    if about is not None or reply_id is None or message_id < reply_id:
        return about
    return await subjects.about_before_move(chat_id, message_id)


async def forget_subjects(tx: Transaction, about: Collection[str]) -> None:
    """Forget which messages were about things that are themselves forgotten.

    What waits to be said of them is not said any more.
    """
    if about:
        await SubjectRepository(tx).forget(about)
        await OutboxRepository(tx).drop_about(about)


async def forget_chat(tx: Transaction, *, chat_id: int) -> None:
    """Forget a person's chat: what waits for it, what was about what there, how it stands.

    What is queued for it afterwards is said, and names nobody once that is done.
    """
    await OutboxRepository(tx).forget_chat(chat_id)
    await SubjectRepository(tx).forget_chat(chat_id)
    await OfferRepository(tx).forget_chat(chat_id)


async def said_before(
    tx: Transaction, *, about: str, before: datetime, limit: int
) -> list[tuple[int, int]]:
    """List the messages about something that were said before a moment: chat and message."""
    assert limit > 0
    return await SubjectRepository(tx).said_before(about, before, limit)


async def forget_messages(tx: Transaction, said: Sequence[tuple[int, int]]) -> None:
    """Forget what messages were about, each by its chat and its number."""
    await SubjectRepository(tx).forget_messages(said)


async def forget_standings(tx: Transaction, now: datetime) -> int:
    """Forget who could not be reached long ago: the next message finds it out anew."""
    before = now - KEPT_FOR[Kind.UNREACHABLE]
    return await OutboxRepository(tx).forget_unreachable_before(before)


async def forget_old_subjects(tx: Transaction, now: datetime) -> int:
    """Forget what messages of long ago were about."""
    return await SubjectRepository(tx).forget_before(now - KEPT_FOR[Kind.SUBJECT])


async def undelivered(tx: Transaction, *, since: datetime, limit: int) -> list[Undelivered]:
    """List the messages about something that were given up since then, the oldest first.

    Those that `note_told` was called for are left out.
    """
    assert limit > 0
    return await SubjectRepository(tx).undelivered(since, limit)


async def note_told(tx: Transaction, ids: Collection[OutboxId]) -> None:
    """Remember that somebody was told of these messages, which were not delivered."""
    await SubjectRepository(tx).forget_undelivered(ids)


async def audit(tx: Transaction, *, now: datetime) -> list[Finding]:
    """Look for messages that nobody will say, and for words that are kept after they were said.

    Read it in one moment of the database.
    """
    repository = OutboxAuditRepository(tx, limit=_FINDINGS_MAX)
    left = await repository.left_behind(now - rules.TRIED_FOR - _GRACE)
    odd = await repository.misshapen()
    return [
        *(_wrong(Invariant.SAID_OR_GIVEN_UP, id_, "an end", "a day of waiting") for id_ in left),
        *(_wrong(Invariant.SAID_ONCE, id_, "words while it waits", "the opposite") for id_ in odd),
    ]


def _wrong(invariant: Invariant, id_: OutboxId, expected: str, found: str) -> Finding:
    return finding(invariant, f"message {id_} of the outbox", expected, found)


def _choices(message: OutgoingMessage) -> bytes:
    """Write out what a person is offered; in a group nobody writes what is on a button."""
    if not message.choices or rules.is_group(message.chat_id):
        return b""
    offered = [(one.label, one.sends, one.address, one.number) for one in message.choices]
    return orjson.dumps(offered)


def _checked(about: str | None) -> str | None:
    return None if about is None else _needed(about)


def _needed(about: str) -> str:
    assert 0 < len(about) <= rules.ABOUT_MAX
    return about
