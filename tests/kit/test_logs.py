import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from bot.kit.logs import log_context, redact, set_up

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (f"token {TOKEN} end", "token [token] end"),
        (
            f"https://api.telegram.org/bot{TOKEN}/getMe",
            "https://api.telegram.org/bot[token]/getMe",
        ),
        ("paid to 1234567:TEST:abc-1 now", "paid to [payment token] now"),
        ("paid to WALLET-TEST-1111111111111111", "paid to [payment token]"),
        ("call 09121234567 now", "call [phone] now"),
        ("call +98 912 123 4567", "call [phone]"),
        ("call ۰۹۱۲۱۲۳۴۵۶۷", "call [phone]"),
        ("national id 0012345679.", "national id [id]."),
        ("national id ۰۰۱۲۳۴۵۶۷۹.", "national id [id]."),
        ("card 6037-9911-2233-4455", "card [card]"),
        ("card 6037991122334455", "card [card]"),
        ("IR820540102680020817909002 it is", "[iban] it is"),
        ("IR82 0540 1026 8002 0817 9090 02", "[iban]"),
        ("chat 1001 took 250 ms at 12:30", "chat 1001 took 250 ms at 12:30"),
        ("2026-11-22T02:00:00+0330", "2026-11-22T02:00:00+0330"),
    ],
)
def test_what_nobody_should_read_is_blacked_out(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    set_up("DEBUG", stream)
    yield stream
    root.handlers[:], root.level = handlers, level


def test_a_token_in_a_traceback_is_blacked_out(stream: io.StringIO) -> None:
    try:
        int(f"https://api.telegram.org/bot{TOKEN}/getUpdates")
    except ValueError:
        logging.getLogger("any").exception("failed for %s", "09121234567")
    written = stream.getvalue()
    assert "Traceback" in written
    assert TOKEN not in written
    assert "0912" not in written


def test_the_update_that_is_worked_on_is_named(stream: io.StringIO) -> None:
    with log_context(1234567890):
        logging.getLogger("any").info("inside")
    logging.getLogger("any").info("outside")
    inside, outside = stream.getvalue().splitlines()
    assert inside.endswith("inside [update 1234567890]")
    assert outside.endswith("outside")


@pytest.mark.parametrize("name", ["httpx", "httpcore", "telegram", "aiohttp.access"])
def test_libraries_that_log_addresses_are_kept_short(name: str, stream: io.StringIO) -> None:
    logging.getLogger(name).info("POST https://api.telegram.org/bot…")
    assert stream.getvalue() == ""


@pytest.fixture
def objects() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """Let JSON be logged; gives what was, an object a line."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    set_up("DEBUG", stream, style="json")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = handlers, level


def test_one_line_of_json_is_one_event(objects: Callable[[], list[dict[str, object]]]) -> None:
    logging.getLogger("any").warning("two lines\nand «%s»", 'quotes"')
    (event,) = objects()
    assert event.keys() == {"at", "level", "logger", "message"}
    assert (event["level"], event["logger"]) == ("WARNING", "any")
    assert event["message"] == 'two lines\nand «quotes"»'
    assert datetime.fromisoformat(str(event["at"])).utcoffset() == timedelta(0)


def test_what_was_worked_on_is_a_field_of_its_own(
    objects: Callable[[], list[dict[str, object]]],
) -> None:
    with log_context(1234567890):
        logging.getLogger("any").info("an update")
    with log_context("close_answered", "round"):
        logging.getLogger("any").info("a round")
    update, turn = objects()
    assert update["update"] == 1234567890
    assert turn["round"] == "close_answered"


def test_in_json_a_traceback_is_in_the_line_and_nothing_secret_is(
    objects: Callable[[], list[dict[str, object]]],
) -> None:
    try:
        int(f"bot{TOKEN} of 09121234567")
    except ValueError:
        logging.getLogger("any").exception("failed for %s", "0012345679")
    (event,) = objects()
    assert event["message"] == "failed for [id]"
    assert "ValueError" in str(event["traceback"])
    assert "[token]" in str(event["traceback"])
    assert not re.search(r"AAF-|0912|0012345679", str(event))
