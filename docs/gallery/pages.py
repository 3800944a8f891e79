"""Draw what was said as a page that a person can read: chapters, scenes, bubbles and buttons."""  # noqa: INP001 - beside the documentation

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

CSS = (Path(__file__).parent / "page.css").read_text()
_TAGS_ALLOWED = re.compile(r"</?(?:b|i|u|s|a|code|pre|blockquote)(?: [^<>]*)?>")
_CHART = "handlers/views/office/chart.py"
_TITLES = {"fa": "همه پیام‌های میزبان", "en": "All messages of Mizban"}
Message = dict[str, Any]


@dataclass(frozen=True)
class Chapter:
    """Scenes that belong together, with a title in both languages."""

    title: str
    persian: str
    scenes: tuple[str, ...]

    def titled(self, language: str) -> str:
        """Give the title in a language."""
        return self.persian if language == "fa" else self.title


@dataclass
class Gallery:
    """The page of one language, which shows each message of the product where it first stands."""

    language: str
    files: dict[str, str]  # of each message of the product, the file that says it
    unsaid: dict[str, str] = field(default_factory=dict)  # by no scene, with the reason
    shown: set[str] = field(default_factory=set)
    count: int = 0

    def page(self, chapters: list[Chapter], tapes: dict[str, list[dict[str, Any]]]) -> str:
        """Draw every chapter, with a table of contents before them."""
        drawn = []
        for number, chapter in enumerate(chapters, 1):
            scenes = [self._scene(name, tapes[name]) for name in chapter.scenes if name in tapes]
            drawn.append((number, chapter.titled(self.language), "".join(scenes)))
        listed = "".join(f'<li><a href="#c{one}">{title}</a></li>' for one, title, _ in drawn)
        body = "".join(
            f'<h2 id="c{number}">{number}. {title}</h2>{scenes}' for number, title, scenes in drawn
        )
        direction = "rtl" if self.language == "fa" else "ltr"
        other = "en" if self.language == "fa" else "fa"
        return (
            f'<!doctype html><html lang="{self.language}" dir="{direction}">'
            f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>{_TITLES[self.language]}</title><style>{CSS}</style>"
            f"<header><h1>{_TITLES[self.language]}</h1>"
            f"<p>{self.count} · {len(self.shown)} / {len(self.files)} · "
            f'<a href="{other}.html">{_TITLES[other]}</a></p></header>'
            f"<nav><ol>{listed}</ol></nav><main>{body}{self._left()}</main></html>"
        )

    def _left(self) -> str:
        """Name what no scene says, with the reason."""
        left = "".join(
            f"<li><code>{escape(id_)}</code>: {escape(why)}</li>"
            for id_, why in self.unsaid.items()
            if id_ not in self.shown
        )
        return f'<details dir="ltr"><summary>Said by no scene</summary><ul>{left}</ul></details>'

    def _scene(self, name: str, turns: list[dict[str, Any]]) -> str:
        labels: dict[tuple[int, str], str] = {}
        drawn = []
        for turn in turns:
            asked = self._asked(turn, labels)
            said = turn.get(self.language, [])
            for message in said:
                _learn(message, labels)
            fresh = [self._message(one) for one in said if self._new(one)]
            if fresh:
                drawn.append(f'<div class="turn">{asked}{"".join(fresh)}</div>')
        if not drawn:
            return ""
        return f'<h3>{escape(sentence(name))}</h3><div class="scene">{"".join(drawn)}</div>'

    def _new(self, message: Message) -> set[str]:
        drawn = {id_ for id_ in message.get("drawn", ()) if self.files.get(id_) == _CHART}
        return ({*message["ids"], *drawn} & self.files.keys()) - self.shown

    def _asked(self, turn: dict[str, Any], labels: dict[tuple[int, str], str]) -> str:
        content = turn.get("content") or {}
        words = content.get("words", "")
        place = f'<div class="place">{_place(content.get("chat"))}</div>'
        if turn["asked"] is None:
            return ""
        if turn["asked"] == "round":
            return f'<div class="asked press">⏰ {escape(words)}</div>'
        if content["kind"] == "callback_query":
            label = labels.get((content["chat"], words), words)
            return f'{place}<div class="asked press" dir="auto">👆 {escape(label)}</div>'
        kind = "" if content["kind"] == "message" else f"[{content['kind']}] "
        return f'{place}<div class="asked" dir="auto">{escape(kind + words)}</div>'

    def _message(self, message: Message) -> str:
        new = sorted(self._new(message))
        self.shown |= set(new)
        self.count += 1
        listed = "".join(
            f"<li><code>{escape(self.files[id_])}</code> {escape(id_)}</li>" for id_ in new
        )
        ids = f"<details><summary>{len(new)} new</summary><ul>{listed}</ul></details>"
        return _drawn(message) + ids


def sentence(name: str) -> str:
    """Read the name of a test as the sentence that it is."""
    parts = name.partition("::")[2].replace("::", ": ").replace("test_", "").replace("_", " ")
    return parts[:1].upper() + parts[1:]


def _place(chat_id: int | None) -> str:
    return "👥" if chat_id is not None and chat_id < 0 else "👤"


def _learn(message: Message, labels: dict[tuple[int, str], str]) -> None:
    for row in _rows(message):
        for button in row:
            labels[message["chat"], button.get("callback_data", "")] = button["text"]


def _rows(message: Message) -> list[list[dict[str, str]]]:
    rows: list[list[dict[str, str]]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def _drawn(message: Message) -> str:
    if message["method"].startswith("answer"):
        return f'<div class="toast" dir="auto">{escape(message["text"])}</div>'
    text = message.get("text") or message.get("caption") or ""
    inside = _file(message) + f'<div class="text" dir="auto">{_safe(text)}</div>'
    rows = _rows(message)
    if message["method"] == "sendInvoice":
        text = f"<b>{escape(message['title'])}</b>\n{escape(message['description'])}"
        inside = f'<div class="text" dir="auto">{text}</div>'
        rows = [[{"text": f"💳 {message['prices'][0]['amount']:,} IRR"}]]
    if message["method"] == "setMyCommands":
        lines = [f"/{one['command']}  {escape(one['description'])}" for one in message["commands"]]
        inside = f'<div class="text" dir="auto">{chr(10).join(lines)}</div>'
    where = _place(message["chat"])
    return f'<div class="place">{where}</div><div class="bubble">{inside}</div>{_keyboard(rows)}'


def _keyboard(rows: list[list[dict[str, str]]]) -> str:
    drawn = []
    for row in rows:
        keys = "".join(
            f'<div class="key">{escape(button["text"])}{" ↗" if "url" in button else ""}</div>'
            for button in row
        )
        drawn.append(f'<div class="row">{keys}</div>')
    return "".join(drawn)


def _file(message: Message) -> str:
    photo, document = message.get("photo"), message.get("document")
    if isinstance(photo, dict) and "file_base64" in photo:
        return f'<img alt="" src="data:image/png;base64,{photo["file_base64"]}">'
    if isinstance(document, dict):
        name = document.get("file_name") or document.get("name") or ""
        lines = "\n".join(message["inside"])
        inside = f'<pre dir="auto">{escape(lines)}</pre>' if lines else ""
        return f'<div class="file">📎 {escape(str(name))}</div>{inside}'
    return ""


def _safe(html: str) -> str:
    """Let the tags of the messenger through, and no others."""
    rest = _TAGS_ALLOWED.sub("", html)
    return html if "<" not in rest else escape(html)


def unshown(files: dict[str, str], shown: set[str]) -> dict[str, list[str]]:
    """Name the messages that no page shows, by the file that says them."""
    missing: dict[str, list[str]] = defaultdict(list)
    for id_ in sorted(files.keys() - shown):
        missing[files[id_]].append(id_)
    return dict(sorted(missing.items()))
