"""What is shown to whoever asks from within another chat: at most ten cards with their source."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.kit.text import cut, strip_bidi
from bot.messenger.markup import plain_text
from handlers.reply import utf16_units
from handlers.views.catalogue.ask import entry_label, entry_text
from handlers.views.catalogue.catalogue import service_card

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.catalogue.model import Catalogue
    from bot.catalogue.search import Answer
    from bot.kit.words import Words

RESULTS_MAX: Final = 10
_TEXT_UNITS_MAX: Final = 4000
_DESCRIPTION_UNITS_MAX: Final = 120


def entries(
    words: Words, catalogue: Catalogue, answer: Answer, today: date, link: Callable[[str], str]
) -> list[dict[str, object]]:
    """List what the desk would answer with, the best first."""
    found = []
    for ranked in answer.ranked[:RESULTS_MAX]:
        entry = ranked.entry
        published = catalogue.published_by(entry.office_id)
        text = entry_text(words, published, entry, today)
        payload = f"off_{entry.office_id}"
        if entry.service_id is not None:
            payload = f"svc_{entry.office_id}_{entry.service_id}"
        title = entry_label(words, catalogue, entry, names_office=True)
        found.append(_article(words, entry.key, title, text, link(payload)))
    return _fitting(found)


def services(
    words: Words, catalogue: Catalogue, today: date, link: Callable[[str], str]
) -> list[dict[str, object]]:
    """List the cards of services, those of each office in turn."""
    found = []
    for published in catalogue.offices:
        for service in published.services:
            card = service_card(words, published, service, today)
            payload = f"svc_{published.office.id}_{service.id}"
            title = service.title.in_language(words.language)
            found.append(_article(words, payload, title, card.text, link(payload)))
    return _fitting(found)[:RESULTS_MAX]


def _fitting(found: list[dict[str, object]]) -> list[dict[str, object]]:
    """Leave out what would not fit a message whole: a source that is cut off is none."""
    return [one for one in found if _units(one) <= _TEXT_UNITS_MAX]


def _units(article: dict[str, object]) -> int:
    content = article["input_message_content"]
    assert isinstance(content, dict)
    return utf16_units(content["message_text"])


def _article(words: Words, key: str, title: str, text: str, address: str) -> dict[str, object]:
    _ = words.gettext
    description = " ".join(strip_bidi(plain_text(text)).split())
    button = {"text": _("Open at the service desk"), "url": address}
    return {
        "type": "article",
        "id": sha256(key.encode()).hexdigest()[:32],
        "title": cut(strip_bidi(title), _DESCRIPTION_UNITS_MAX),
        "description": cut(description, _DESCRIPTION_UNITS_MAX),
        "input_message_content": {
            "message_text": text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
        "reply_markup": {"inline_keyboard": [[button]]},
    }
