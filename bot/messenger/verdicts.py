"""What a failed call means for the message that it was to carry. Pure: values in, verdict out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from bot.messenger.errors import CallFailed, Refused
from bot.messenger.markup import plain_text
from bot.outbox import rules
from bot.outbox.model import Claimed, Results, Said

_REASON_MAX: Final = 200
_FORBIDDEN: Final = 403
_BOT_REFUSED: Final = frozenset({401, 404, 409})
_PROSE: Final = ("text", "caption")

_UNCHANGED = re.compile(r"message is not modified", re.IGNORECASE)
_UNPARSED = re.compile(r"can't (parse|find end of)", re.IGNORECASE)
_EDIT_TARGET_GONE = re.compile(
    r"message to edit not found|message can't be edited|MESSAGE_ID_INVALID", re.IGNORECASE
)
_REPLY_TARGET_GONE = re.compile(
    r"(message to be replied|replied message) not found", re.IGNORECASE
)
_NOT_THERE = re.compile(r"message to delete not found|MESSAGE_ID_INVALID", re.IGNORECASE)
_CHAT_GONE = re.compile(
    r"chat not found|PEER_ID_INVALID|user not found|user is deactivated", re.IGNORECASE
)


class Kind(Enum):
    """What is to be done with the message."""

    SENT = auto()
    RETRY = auto()
    WAIT = auto()
    MOVED = auto()
    UNREACHABLE = auto()
    DEAD = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind, with what it needs to be carried out."""

    kind: Kind
    reason: str = ""
    wait_seconds: float = 0.0
    moved_to: int = 0
    message_id: int | None = None


SENT: Final = Verdict(Kind.SENT)
Judged = tuple[Claimed, Verdict]


def foreseen(message: Claimed, now: datetime) -> Verdict | None:
    """Say what becomes of a message without sending it, if that is known already."""
    if rules.is_too_old(message.created_at, now):
        return Verdict(Kind.DEAD, "expired")
    if message.moved_to is not None:
        return Verdict(Kind.MOVED, moved_to=message.moved_to)
    if message.unreachable is not None:
        return Verdict(Kind.DEAD, message.unreachable)
    return None


def sum_up(judged: Sequence[Judged], now: datetime) -> Results:
    """Write verdicts down as the outbox keeps them."""
    results = Results()
    for message, verdict in judged:
        match verdict.kind:
            case Kind.SENT:
                results.sent.append(message.id)
                results.said.extend(_said(message, verdict))
            case Kind.RETRY:
                results.retry_at[message.id] = now + rules.pause_after(message.attempts)
            case Kind.WAIT:
                results.retry_at[message.id] = now + timedelta(seconds=verdict.wait_seconds)
            case Kind.MOVED:
                results.moved[message.chat_id] = verdict.moved_to
                results.retry_at[message.id] = now
            case Kind.UNREACHABLE:
                results.dead[message.id] = verdict.reason
                results.unreachable[message.chat_id] = verdict.reason
            case Kind.DEAD:
                results.dead[message.id] = verdict.reason
    return results


def delivered(message: Claimed, result: object) -> Verdict:
    """Say of a message that was taken under which number, where that is of use."""
    if message.about is None or not isinstance(result, dict):
        return SENT
    message_id = result.get("message_id")
    return Verdict(Kind.SENT, message_id=message_id) if isinstance(message_id, int) else SENT


def judge(error: CallFailed, method: str = "sendMessage") -> Verdict:
    """Say what becomes of a message whose call failed with this."""
    if not isinstance(error, Refused):
        return Verdict(Kind.RETRY, str(error))
    if error.migrate_to_chat_id is not None:
        return Verdict(Kind.MOVED, moved_to=error.migrate_to_chat_id)
    if error.retry_after_seconds is not None:
        return Verdict(Kind.WAIT, wait_seconds=max(error.retry_after_seconds, 0.0))
    kind = _kind_of_deletion(error) if method == "deleteMessage" else _kind(error)
    return Verdict(kind, str(error)[:_REASON_MAX])


def another_way(
    error: CallFailed, method: str, params: dict[str, object]
) -> tuple[str, dict[str, object]] | None:
    """Say how else to bring a refused message over, if there is another way."""
    if not isinstance(error, Refused):
        return None
    if _UNPARSED.search(error.description) and "parse_mode" in params:
        return method, _plain(params)
    if _EDIT_TARGET_GONE.search(error.description) and method == "editMessageText":
        return "sendMessage", _without(params, "message_id", "inline_message_id")
    if _REPLY_TARGET_GONE.search(error.description) and "reply_parameters" in params:
        return method, _without(params, "reply_parameters")
    return None


def _said(message: Claimed, verdict: Verdict) -> list[Said]:
    if message.about is None or verdict.message_id is None:
        return []
    return [Said(message.chat_id, verdict.message_id, message.about)]


def _kind(refused: Refused) -> Kind:
    if _UNCHANGED.search(refused.description):
        return Kind.SENT
    if refused.code in _BOT_REFUSED:
        return Kind.RETRY  # The bot's fault or its operator's, not the message's.
    if refused.code == _FORBIDDEN or _CHAT_GONE.search(refused.description):
        return Kind.UNREACHABLE
    return Kind.DEAD


def _kind_of_deletion(refused: Refused) -> Kind:
    """A message that cannot be deleted says nothing about whether its chat can be reached."""
    if _NOT_THERE.search(refused.description):
        return Kind.SENT
    return Kind.RETRY if refused.code in _BOT_REFUSED else Kind.DEAD


def _plain(params: dict[str, object]) -> dict[str, object]:
    said = _without(params, "parse_mode")
    for name in _PROSE:
        written = said.get(name)
        if isinstance(written, str):
            said[name] = plain_text(written)
    return said


def _without(params: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in params.items() if name not in names}
