"""What JSON says is read, whatever is in it, and what no database keeps is left out."""

import pytest

from bot.messenger.reading import loads


def test_a_nul_is_left_out_wherever_it_stands() -> None:
    body = rb'{"te\u0000xt": "\u0000a\u0000", "many": [{"data": "\u0000"}, 1, null, true]}'
    assert loads(body) == {"text": "a", "many": [{"data": ""}, 1, None, True]}


def test_who_writes_how_one_is_escaped_is_read_as_they_wrote() -> None:
    assert loads(rb'{"text": "\\u0000"}') == {"text": r"\u0000"}


@pytest.mark.parametrize("count", [500, 5_000, 100_000])
def test_what_is_nested_too_deeply_for_that_is_unreadable_and_no_more(count: int) -> None:
    body = b"[" * count + rb'"\u0000"' + b"]" * count
    try:
        found = loads(body)
    except ValueError:
        return
    for _ in range(count):
        assert isinstance(found, list)
        (found,) = found
    assert found == ""
