"""Reads the messenger's HTML: a text with tags becomes a text and its entities, or a refusal."""

import re
from dataclasses import dataclass
from html import unescape

from bot.simulator.errors import cant_parse
from bot.simulator.texts import clean, collapse_marks, utf16_length
from bot.simulator.wire import Json

_SPECIAL = re.compile("[<&]")
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_NAME_END = re.compile(r"[\s>]|$")
_ATTRIBUTE_NAME_END = re.compile(r"[\s=>/\"']|$")
_BARE_VALUE = re.compile(r"[A-Za-z0-9.-]*")
_SPACE = re.compile(r"\s*")
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")
_WEB_LINK = re.compile(
    r"(?:(?:https?|tg|ton)://)?[^\s/.]+(?:\.[^\s/.]+)*(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE
)

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    begins_at: int  # In UTF-16 units of the text read so far.
    piece: int


def parse_html(markup: str) -> tuple[str, list[Json]]:
    """Separate a text from its formatting; offsets are in UTF-16 units."""
    if _SPECIAL.search(markup) is None:
        return markup, []
    return _Reader(markup).read()


class _Reader:
    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.at = 0
        self.pieces: list[str] = []
        self.units = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.markup):
            special = _SPECIAL.search(self.markup, self.at)
            if special is None:
                self._write(self.markup[self.at :])
                break
            self._write(self.markup[self.at : special.start()])
            self.at = special.start()
            if special.group() == "&":
                self._read_reference()
            elif self.markup.startswith("</", self.at):
                self._read_end_tag()
            else:
                self._read_start_tag()
        if self.open:
            tag = self.open[-1].tag
            raise cant_parse(f'Can\'t find end tag corresponding to start tag "{tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return collapse_marks("".join(self.pieces)), self.entities

    def _write(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self.units += utf16_length(text)

    def _read_reference(self) -> None:
        found = _REFERENCE.match(self.markup, self.at)
        written = found.group() if found else "&"
        self._write(clean(unescape(written)) if found else written)
        self.at += len(written)

    def _read_start_tag(self) -> None:
        begins_at = self.at
        name_end = _end(_NAME_END, self.markup, begins_at + 1)
        tag = self.markup[begins_at + 1 : name_end].lower()
        if name_end == len(self.markup):
            raise cant_parse(f"Unclosed start tag at byte offset {self._byte(begins_at)}")
        if tag not in _KINDS:
            raise cant_parse(
                f'Unsupported start tag "{tag}" at byte offset {self._byte(begins_at)}'
            )
        self.at = name_end
        attributes = self._read_attributes(tag, begins_at)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise cant_parse(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begins_at)}'
            )
        self.open.append(_Open(tag, attributes, self.units, len(self.pieces)))

    def _read_attributes(self, tag: str, begins_at: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self.at = _end(_SPACE, self.markup, self.at, whole=True)
            if self.at >= len(self.markup):
                raise cant_parse(f"Unclosed start tag at byte offset {self._byte(begins_at)}")
            if self.markup[self.at] == ">":
                self.at += 1
                return attributes
            name, value = self._read_attribute(tag)
            attributes[name] = value

    def _read_attribute(self, tag: str) -> tuple[str, str]:
        begins_at = self.at
        name_end = _end(_ATTRIBUTE_NAME_END, self.markup, begins_at)
        where = f'the tag "{tag}" at byte offset {self._byte(begins_at)}'
        name = self.markup[begins_at:name_end].lower()
        if not name:
            raise cant_parse(f"Empty attribute name in {where}")
        self.at = _end(_SPACE, self.markup, name_end, whole=True)
        if not self.markup.startswith("=", self.at):
            if (
                tag == "blockquote"
            ):  # <blockquote expandable> is the one attribute without a value.
                return name, ""
            raise cant_parse(f"Expected equal sign in declaration of an attribute of {where}")
        self.at = _end(_SPACE, self.markup, self.at + 1, whole=True)
        quote = self.markup[self.at : self.at + 1]
        if quote not in {'"', "'"}:
            bare = _BARE_VALUE.match(self.markup, self.at)
            assert bare is not None
            self.at = bare.end()
            return name, bare.group().lower()
        value_end = self.markup.find(quote, self.at + 1)
        if value_end < 0:
            raise cant_parse(f"Unclosed start tag at byte offset {self._byte(begins_at)}")
        value = self.markup[self.at + 1 : value_end]
        self.at = value_end + 1
        return name, _REFERENCE.sub(lambda found: unescape(found.group()), value)

    def _read_end_tag(self) -> None:
        offset = self._byte(self.at)
        if not self.open:
            raise cant_parse(f"Unexpected end tag at byte offset {offset}")
        closes_at = self.markup.find(">", self.at)
        if closes_at < 0:
            raise cant_parse(f"Unclosed end tag at byte offset {offset}")
        tag = self.markup[self.at + 2 : closes_at].strip().lower()
        begun = self.open.pop()
        if tag not in {"", begun.tag}:
            raise cant_parse(
                f"Unmatched end tag at byte offset {offset}, "
                f'expected "</{begun.tag}>", found "</{tag}>"'
            )
        self.at = closes_at + 1
        self._close(begun)

    def _close(self, begun: _Open) -> None:
        length = self.units - begun.begins_at
        entity = self._entity(begun) if length > 0 else None
        if entity is not None:
            self.entities.append(entity | {"offset": begun.begins_at, "length": length})

    def _entity(self, begun: _Open) -> Json | None:
        kind = _KINDS[begun.tag]
        if kind == "text_link":
            return _link(begun.attributes.get("href") or "".join(self.pieces[begun.piece :]))
        if kind == "custom_emoji":
            return {"type": kind, "custom_emoji_id": begun.attributes.get("emoji-id", "")}
        if kind == "blockquote" and "expandable" in begun.attributes:
            return {"type": "expandable_blockquote"}
        language = begun.attributes.get("class", "")
        if kind == "code" and language.startswith("language-") and self._is_in_pre():
            self.open[-1].attributes["language"] = language.removeprefix("language-")
            return None
        if kind == "pre" and "language" in begun.attributes:
            return {"type": kind, "language": begun.attributes["language"]}
        return {"type": kind}

    def _is_in_pre(self) -> bool:
        return bool(self.open) and self.open[-1].tag == "pre"

    def _byte(self, position: int) -> int:
        return len(self.markup[:position].encode())


def _link(target: str) -> Json | None:
    user = _USER_LINK.fullmatch(target)
    if user is not None:
        return {"type": "text_mention", "user_id": int(user.group(1))}
    if _WEB_LINK.fullmatch(target) is None or ("." not in target and "://" not in target):
        return None
    url = target if "://" in target else f"http://{target}"
    has_path = "/" in url.split("://", 1)[1] or url.startswith("tg:")
    return {"type": "text_link", "url": url if has_path else f"{url}/"}


def _end(pattern: re.Pattern[str], text: str, start: int, *, whole: bool = False) -> int:
    found = pattern.match(text, start) if whole else pattern.search(text, start)
    return len(text) if found is None else found.end() if whole else found.start()
