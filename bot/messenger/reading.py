"""What a body from the platform says, however it is written."""

import json
import re
from dataclasses import dataclass
from typing import Final

import orjson

from bot.messenger import bale
from bot.messenger.errors import CallFailed, Refused, Unreachable
from bot.messenger.platforms import Platform

_TOO_MANY: Final = 429
_NOT_FOUND: Final = 404
_BAD_REQUEST: Final = 400
_SERVER_ERROR: Final = 500
_PAUSE_UNSAID_SECONDS: Final = 5
_DESCRIPTION_MAX: Final = 200
_NUL: Final = rb"\u0000"  # as JSON writes it
_SECONDS = re.compile(r"\d{1,5}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A platform's answer, completed to what Telegram itself would have sent."""

    code: int
    document: dict[str, object]

    def result(self) -> object:
        """Return the result, or raise what stands in its way."""
        if self.document.get("ok") is True and "result" in self.document:
            return self.document["result"]
        raise self._failure()

    def _failure(self) -> CallFailed:
        if self.code >= _SERVER_ERROR or self.code < _BAD_REQUEST:
            return Unreachable(f"status {self.code}")
        parameters = self.document.get("parameters")
        said: dict[str, object] = parameters if isinstance(parameters, dict) else {}
        retry_after, moved_to = said.get("retry_after"), said.get("migrate_to_chat_id")
        return Refused(
            code=self.code,
            description=str(self.document.get("description", ""))[:_DESCRIPTION_MAX],
            retry_after_seconds=retry_after if isinstance(retry_after, int | float) else None,
            migrate_to_chat_id=moved_to if isinstance(moved_to, int) else None,
        )


def read_answer(platform: Platform, method: str, code: int, body: bytes) -> Answer:
    """Read an answer, filling in what this platform is known to leave out."""
    try:
        document = loads(body)
    except ValueError:
        raise Unreachable(f"status {code} without JSON") from None
    if not isinstance(document, dict):
        raise Unreachable(f"status {code} without a JSON object")
    if code == _TOO_MANY:
        _say_how_long(document)
    if (
        code == _NOT_FOUND
        and not platform.has_every_method
        and method not in bale.ESSENTIAL_METHODS
    ):
        code = _BAD_REQUEST
    if platform.complete is not None and "result" in document:
        document["result"] = platform.complete(method, document["result"])
    return Answer(code, document)


def loads(body: bytes) -> object:
    """Read JSON; what the strict reader refuses (a lone surrogate, bad UTF-8) is read leniently.

    One update that cannot be read must not hold up the hundred beside it. A NUL, which no client
    sends and no server of a database keeps, is left out.
    """
    try:
        document = _read(body)
        return _without_nul(document) if _NUL in body else document
    except RecursionError:
        message = "nested too deeply"
        raise ValueError(message) from None


def _read(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return json.loads(body.decode(errors="replace"))


def _without_nul(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(one) for name, one in value.items()}
    return value


def dumps(value: object) -> bytes:
    """Write JSON; what the strict writer refuses (a lone surrogate) is written escaped.

    Raises ValueError for what is nested too deeply for either.
    """
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        pass
    try:
        return json.dumps(value).encode()
    except RecursionError:
        message = "nested too deeply"
        raise ValueError(message) from None


def _say_how_long(document: dict[str, object]) -> None:
    parameters = document.setdefault("parameters", {})
    if isinstance(parameters, dict) and "retry_after" not in parameters:
        found = _SECONDS.search(str(document.get("description", "")).replace("429", ""))
        parameters["retry_after"] = int(found.group()) if found else _PAUSE_UNSAID_SECONDS
