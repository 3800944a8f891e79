"""Which messages of the product stand in a text."""  # noqa: INP001 - beside the documentation

import re
from collections.abc import Iterable
from functools import cache
from html import unescape

from handlers.reply import words_first

_GAP = re.compile(r"{[a-z_]*}")
_TAG = re.compile(r"<[^>]*>")


@cache
def _pattern(said: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in _GAP.split(said.replace("{{", "{").replace("}}", "}"))]
    return re.compile(".*?".join(parts), re.DOTALL)


def ids_in(text: str, looked_up: Iterable[tuple[str, str]]) -> set[str]:
    """Say which of the messages that were looked up, each with its translation, are there."""
    forms = (text, unescape(text), unescape(_TAG.sub("", text)))
    return {
        id_
        for id_, said in looked_up
        if any(
            _pattern(form).search(shown)
            for form in {
                said,
                words_first(said),  # as it stands on a button
                _TAG.sub("", said),
                unescape(_TAG.sub("", said)),
            }
            for shown in forms
        )
    }
