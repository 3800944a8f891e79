"""Which messages of the product stand in a text."""  # noqa: INP001 - beside the documentation

import re
from collections.abc import Iterable
from functools import cache
from html import unescape

from handlers.reply import words_first

_GAP = re.compile(r"{[a-z_]*}")
_TAG = re.compile(r"<[^>]*>")


@cache
def _on_a_button(said: str) -> re.Pattern[str]:
    """A label has its words first and its picture last; who it is for may stand between them."""
    words, _, picture = words_first(said).rpartition(" ")
    return re.compile(rf"{_escaped(words)}(?: \([^)\n]*\))? {re.escape(picture)}")


@cache
def _pattern(said: str) -> re.Pattern[str]:
    return re.compile(_escaped(said), re.DOTALL)


def _escaped(said: str) -> str:
    parts = _GAP.split(said.replace("{{", "{").replace("}}", "}"))
    return ".*?".join(re.escape(part) for part in parts)


def ids_in(text: str, looked_up: Iterable[tuple[str, str]]) -> set[str]:
    """Say which of the messages that were looked up, each with its translation, are there."""
    forms = (text, unescape(text), unescape(_TAG.sub("", text)))
    return {
        id_
        for id_, said in looked_up
        if (words_first(said) != said and any(_on_a_button(said).search(one) for one in forms))
        or any(
            _pattern(form).search(shown)
            for form in {
                said,
                _TAG.sub("", said),
                unescape(_TAG.sub("", said)),
            }
            for shown in forms
        )
    }
