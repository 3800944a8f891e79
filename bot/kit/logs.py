"""What may be written into a log, how it is written, and what is blacked out on the way.

A line is for people to read, or one JSON object for programs. The formatter blacks out, not a
filter: a token also stands in the tracebacks of libraries.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final, Literal, TextIO

_DIGIT: Final = "[0-9\u06f0-\u06f9\u0660-\u0669]"
_BLACKED_OUT: Final = (
    # Not \b before the digits: in ".../bot123:..." there is no word boundary.
    (re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}"), "[token]"),
    (re.compile(r"(?<!\d)\d{6,12}:(?:TEST|LIVE):\S+|\bWALLET-\S+"), "[payment token]"),
    (re.compile(rf"(?i)\bIR[ -]?(?:{_DIGIT}[ -]?){{23}}{_DIGIT}"), "[iban]"),
    (re.compile(rf"(?<!{_DIGIT})(?:{_DIGIT}{{4}}[ -]?){{3}}{_DIGIT}{{4}}(?!{_DIGIT})"), "[card]"),
    (
        re.compile(
            rf"(?<!{_DIGIT})(?:\+|00)?(?:98|\u06f9\u06f8|\u0669\u0668|0|\u06f0|\u0660)"
            rf"[ -]?[9\u06f9\u0669]{_DIGIT}{{2}}[ -]?{_DIGIT}{{3}}[ -]?{_DIGIT}{{4}}(?!{_DIGIT})"
        ),
        "[phone]",
    ),
    (re.compile(rf"(?<!{_DIGIT}){_DIGIT}{{10}}(?!{_DIGIT})"), "[id]"),
)
_CHATTY: Final = (
    "alembic",
    "httpx",
    "httpcore",
    "telegram",
    "aiohttp.access",
    "asyncio",
    "aiosqlite",
)

_bot: ContextVar[str] = ContextVar("bot", default="")
_about: ContextVar[tuple[str, int | str] | None] = ContextVar("about", default=None)
Style = Literal["text", "json"]


def redact(text: str) -> str:
    """Black out tokens, account and card numbers, phones and national IDs."""
    for pattern, label in _BLACKED_OUT:
        text = pattern.sub(label, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Writes a line, tracebacks included, with what nobody should read blacked out."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record, naming what was being worked on."""
        line, about = redact(super().format(record)), _about.get()
        if about is not None:
            line = f"{line} [{about[0]} {about[1]}]"
        return f"{line} [bot {_bot.get()}]" if _bot.get() else line


class JsonFormatter(logging.Formatter):
    """Writes one JSON object in one line, with what nobody should read blacked out."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record; the name of what was worked on leads to all lines about it."""
        fields: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if _bot.get():
            fields["bot"] = _bot.get()
        about = _about.get()
        if about is not None:
            fields[about[0]] = about[1]
        if record.exc_info:
            fields["traceback"] = redact(self.formatException(record.exc_info))
        return json.dumps(fields)


@contextmanager
def log_context(
    name: int | str, of: Literal["update", "outgoing", "round"] = "update"
) -> Iterator[None]:
    """Name an update, or what else is worked on, in every line that is logged inside."""
    token = _about.set((of, name))
    try:
        yield
    finally:
        _about.reset(token)


@contextmanager
def of_bot(name: str) -> Iterator[None]:
    """Name one of several bots in every line that is logged inside."""
    token = _bot.set(name)
    try:
        yield
    finally:
        _bot.reset(token)


def set_up(level: str, stream: TextIO | None = None, *, style: Style = "text") -> None:
    """Send every log through a redacting formatter, and keep the chatty libraries short."""
    handler = logging.StreamHandler(stream or sys.stderr)
    lines = RedactingFormatter(
        "%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z"
    )
    handler.setFormatter(JsonFormatter() if style == "json" else lines)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
