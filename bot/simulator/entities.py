"""From what a bot or a person wrote to what the messenger keeps: a clean text and its entities."""

import re
from dataclasses import dataclass

from bot.simulator.errors import bad_request, cant_parse
from bot.simulator.html import parse_html
from bot.simulator.profiles import Profile
from bot.simulator.texts import clean, is_blank, utf16_length, utf16_offsets
from bot.simulator.wire import Json

_TLD = "com|org|net|ir|me|io|info|gov|edu|app|dev|shop|tv"
_LINK_END = '\\s<>"«»،؛\u2066-\u2069\u200e\u200f'
_URL = re.compile(
    rf"(?<![\w@./-])(?:https?://[^{_LINK_END}]+"
    rf"|(?:[A-Za-z0-9-]+\.)+(?:{_TLD})(?![\w-])(?::\d+)?(?:[/?#][^{_LINK_END}]*)?)",
)
_TRAILING = ".,:;!?)'؟"
_EMAIL = re.compile(r"(?<![\w.@-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,8}(?!\w)")
_MENTION = re.compile(r"(?<![\w@.])@[A-Za-z]\w{2,31}(?![\w@])", re.ASCII)
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![A-Za-z0-9_/<>])")
_HASHTAG = re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w+")
_SPOTTED = (
    (".", "url", _URL),
    ("@", "email", _EMAIL),
    ("@", "mention", _MENTION),
    ("/", "bot_command", _COMMAND),
    ("#", "hashtag", _HASHTAG),
)
_OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji"})
_MARKDOWN = re.compile(
    r"(?P<pre>```(?P<pre_text>.+?)```)"
    r"|(?P<bold>(?<!\S)\*(?P<bold_text>[^*\n]+)\*(?!\S))"
    r"|(?P<italic>(?<!\S)_(?P<italic_text>[^_\n]+)_(?!\S))"
    r"|(?P<text_link>\[(?P<text_link_text>[^\]\n]+)\]\((?P<url>https?://[^)\s]+)\))",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text as the messenger keeps it."""

    text: str
    entities: list[Json]
    units: int


def from_bot(
    written: str, profile: Profile, parse_mode: str | None, explicit: list[Json] | None
) -> Formatted:
    """Read a text a bot sent, strictly."""
    if not profile.parses_html:
        return from_person(written, profile)
    mode = (parse_mode or "").lower()
    if mode not in {"", "none", "html"}:
        raise bad_request("unsupported parse_mode")
    text = clean(written)
    entities: list[Json] = []
    if mode == "html":
        text, entities = parse_html(text)
    elif explicit:
        entities = _checked(written, text, explicit)
    return _finished(text, entities, profile)


def from_person(written: str, profile: Profile) -> Formatted:
    """Read a text typed by a person; nothing but the obvious is formatted."""
    return _finished(clean(written), [], profile)


def displayed_markdown(text: str) -> tuple[str, list[Json]]:
    """Show a text as Bale's own app does: formatting marks count only between spaces."""
    pieces: list[str] = []
    entities: list[Json] = []
    units = at = 0
    for found in _MARKDOWN.finditer(text):
        kind = next(name for name in ("pre", "bold", "italic", "text_link") if found[name])
        inner = found[f"{kind}_text"]
        units += utf16_length(text[at : found.start()])
        entity: Json = {"type": kind, "offset": units, "length": utf16_length(inner)}
        entities.append(entity | ({"url": found["url"]} if kind == "text_link" else {}))
        pieces += [text[at : found.start()], inner]
        units += utf16_length(inner)
        at = found.end()
    return "".join([*pieces, text[at:]]), entities


def _finished(text: str, entities: list[Json], profile: Profile) -> Formatted:
    text, entities = _trimmed(text, entities)
    if is_blank(text):
        return Formatted("", [], 0)
    spotted = _spotted(text, entities)
    if profile.entity_kinds is not None:
        spotted = [entity for entity in spotted if entity["type"] in profile.entity_kinds]
    if spotted:
        entities = sorted([*entities, *spotted], key=lambda one: (one["offset"], -one["length"]))
    return Formatted(text, entities, utf16_length(text))


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    trimmed = text.strip(" \n")
    if len(trimmed) == len(text) or not entities:
        return trimmed, entities
    shift = len(text) - len(text.lstrip(" \n"))
    units = utf16_length(trimmed)
    kept: list[Json] = []
    for entity in entities:
        begins_at = max(0, entity["offset"] - shift)
        ends_at = min(units, entity["offset"] + entity["length"] - shift)
        if begins_at < ends_at:
            kept.append(entity | {"offset": begins_at, "length": ends_at - begins_at})
    return trimmed, kept


def _spotted(text: str, entities: list[Json]) -> list[Json]:
    found = [
        (match.start(), _link_end(match) if kind == "url" else match.end(), kind)
        for sign, kind, pattern in _SPOTTED
        if sign in text
        for match in pattern.finditer(text)
    ]
    if not found:
        return []
    offsets = utf16_offsets(text)
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in _OPAQUE
    ]
    spotted: list[Json] = []
    for start, end, kind in sorted(found):
        begins_at, ends_at = offsets[start], offsets[end]
        if all(ends_at <= other[0] or begins_at >= other[1] for other in taken):
            taken.append((begins_at, ends_at))
            spotted.append({"type": kind, "offset": begins_at, "length": ends_at - begins_at})
    return spotted


def _link_end(match: re.Match[str]) -> int:
    return match.start() + len(match.group().rstrip(_TRAILING))


def _checked(written: str, text: str, explicit: list[Json]) -> list[Json]:
    """Move the entities a bot counted itself to where cleaning has left their text."""
    if written == text:
        return [_within(entity, utf16_length(text)) for entity in explicit]
    raw = written.encode("utf-16-le")
    moved: list[Json] = []
    for entity in explicit:
        _within(entity, len(raw) // 2)
        begins_at = _units_kept(raw, entity["offset"])
        ends_at = _units_kept(raw, entity["offset"] + entity["length"])
        if begins_at < ends_at:
            moved.append(entity | {"offset": begins_at, "length": ends_at - begins_at})
    return moved


def _within(entity: Json, units: int) -> Json:
    try:
        begins_at, length = int(entity["offset"]), int(entity["length"])
        kind = str(entity["type"])
    except (KeyError, TypeError, ValueError):
        raise bad_request("can't parse MessageEntity") from None
    if begins_at < 0 or length <= 0 or begins_at + length > units:
        raise cant_parse(f"entity of type {kind} lies outside of the text")
    return dict(entity)


def _units_kept(raw: bytes, units: int) -> int:
    try:
        return utf16_length(clean(raw[: 2 * units].decode("utf-16-le")))
    except UnicodeDecodeError:
        raise cant_parse("entity begins or ends in the middle of a UTF-16 symbol") from None
