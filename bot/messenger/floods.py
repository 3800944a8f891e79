"""How much a person or a chat may send us: whoever floods the desk waits, and nobody with them.

Buckets of tokens in memory, which fill by the platform's own clock: forty messages of an hour in
which the desk was down are forty messages of an hour, however late they are fetched. Pure but for
its memory; a batch counts once it is settled, so that one that is fetched again is judged alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bot.messenger.contract import PRE_CHECKOUT, RawUpdate

_SAID_EVERY_SECONDS: Final = 60.0
_BUCKETS_MAX: Final = 8192
_IDS_MAX: Final = 2**63
_OF_MONEY_OR_PLACE: Final = (
    "successful_payment",
    "refunded_payment",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
)
_NEVER_DROPPED: Final = (PRE_CHECKOUT, "my_chat_member", "chat_member")


class Pace(NamedTuple):
    """How much at once, and how much a second from then on."""

    burst: float
    per_second: float


OF_PERSON: Final = Pace(40.0, 1.0)
OF_GROUP: Final = Pace(160.0, 6.0)  # colleagues at work in an admin chat never come near it
WAITING_MAX: Final = 60  # of a chat that is in a hurry
WAITING_GROUP_MAX: Final = 240


class Bucket(NamedTuple):
    """Tokens left, and when that was."""

    tokens: float
    at: float


class Key(NamedTuple):
    """Whose bucket it is: a person's, wherever they are, or a group's."""

    id: int
    pace: Pace


@dataclass(slots=True)
class Sifted:
    """What is kept of a batch, who is told to slow down, and what the buckets hold then."""

    kept: list[object] = field(default_factory=list)
    told: list[RawUpdate] = field(default_factory=list)
    hasty: set[int] = field(default_factory=set)  # chats whose burst is more than half spent
    dropped_count: int = 0
    buckets: dict[Key, Bucket] = field(default_factory=dict)
    said_at: dict[int, float] = field(default_factory=dict)


class Floods:
    """Remembers how much everybody has sent lately."""

    def __init__(self) -> None:
        self._buckets: dict[Key, Bucket] = {}
        self._said_at: dict[int, float] = {}
        self.dropped_count = 0

    def sift(self, batch: Sequence[object], chats: Sequence[int], now: float) -> Sifted:
        """Say what of a batch is kept; `chats` names the chat of each of its updates."""
        sifted = Sifted()
        for update, chat in zip(batch, chats, strict=True):
            if not isinstance(update, dict) or self._may_pass(update, chat, now, sifted):
                sifted.kept.append(update)
            else:
                self.drop(update, chat, now, sifted)
        return sifted

    def drop(self, update: RawUpdate, chat: int, now: float, sifted: Sifted) -> None:
        """Leave an update out, and let its chat be told so once a minute."""
        sifted.dropped_count += 1
        said_at = sifted.said_at.get(chat, self._said_at.get(chat))
        if said_at is None or now - said_at >= _SAID_EVERY_SECONDS:
            sifted.said_at[chat] = now
            sifted.told.append(update)

    def settle(self, sifted: Sifted, now: float) -> None:
        """Let a batch count: what is kept of it is kept."""
        self.dropped_count += sifted.dropped_count
        self._buckets |= sifted.buckets
        self._said_at |= sifted.said_at
        if len(self._buckets) > _BUCKETS_MAX:
            self._buckets = {
                key: bucket
                for key, bucket in self._buckets.items()
                if _filled(key, bucket, now).tokens < key.pace.burst
            }
        if len(self._said_at) > _BUCKETS_MAX:
            self._said_at = {
                chat: at for chat, at in self._said_at.items() if now - at < _SAID_EVERY_SECONDS
            }

    def _may_pass(self, update: RawUpdate, chat: int, now: float, sifted: Sifted) -> bool:
        content = _content(update)
        if content is None:
            return True
        at, full = _written_at(content, now), []
        for key in _keys(content, chat):
            bucket = sifted.buckets.get(key) or self._buckets.get(key)
            bucket = Bucket(key.pace.burst, at) if bucket is None else _filled(key, bucket, at)
            if bucket.tokens < 1:
                return False
            if bucket.tokens < key.pace.burst / 2:
                sifted.hasty.add(chat)
            full.append((key, Bucket(bucket.tokens - 1, bucket.at)))
        sifted.buckets.update(full)
        return True


def is_spared(update: RawUpdate) -> bool:
    """True for what is never dropped: money, and where the desk belongs."""
    return _content(update) is None


def waiting_max(chat: int) -> int:
    """How many updates of a chat may wait for an answer while it is in a hurry."""
    return WAITING_GROUP_MAX if chat < 0 else WAITING_MAX


def _filled(key: Key, bucket: Bucket, at: float) -> Bucket:
    if at <= bucket.at:
        return bucket
    tokens = bucket.tokens + (at - bucket.at) * key.pace.per_second
    return Bucket(min(tokens, key.pace.burst), at)


def _content(update: RawUpdate) -> RawUpdate | None:
    """What is counted of an update; None for what is never dropped."""
    for kind, content in update.items():
        if kind in _NEVER_DROPPED:
            return None
        if isinstance(content, dict):
            return None if any(name in content for name in _OF_MONEY_OR_PLACE) else content
    return {}  # misshapen: it counts for the chat that nobody has


def _keys(content: RawUpdate, chat: int) -> list[Key]:
    """Whose tokens an update takes; a bot stands for many, as anonymous admins do."""
    keys = []
    author = content.get("from")
    id_ = author.get("id") if isinstance(author, dict) and not author.get("is_bot") else None
    if isinstance(id_, int) and abs(id_) < _IDS_MAX:
        keys.append(Key(id_, OF_PERSON))
    if chat != id_:
        keys.append(Key(chat, OF_GROUP))
    return keys


def _written_at(content: RawUpdate, now: float) -> float:
    """When the platform was given it; a press says nothing of that."""
    moment = content.get("edit_date", content.get("date"))
    return min(moment, now) if isinstance(moment, int) and moment > 0 else now
