"""What may be written into a log, and what is blacked out on the way.

The formatter blacks out, not a filter: a token also stands in the tracebacks of libraries.
"""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TextIO

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

_update_id: ContextVar[int | None] = ContextVar("update_id", default=None)


def redact(text: str) -> str:
    """Black out tokens, account and card numbers, phones and national IDs."""
    for pattern, label in _BLACKED_OUT:
        text = pattern.sub(label, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Writes a line, tracebacks included, with what nobody should read blacked out."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record, naming the update that was being worked on."""
        line = super().format(record)
        update_id = _update_id.get()
        return redact(line) if update_id is None else f"{redact(line)} [update {update_id}]"


@contextmanager
def log_context(update_id: int) -> Iterator[None]:
    """Name an update in every line that is logged inside."""
    token = _update_id.set(update_id)
    try:
        yield
    finally:
        _update_id.reset(token)


def set_up(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every log through the redacting formatter, and keep the chatty libraries short."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        RedactingFormatter(
            "%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z"
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
