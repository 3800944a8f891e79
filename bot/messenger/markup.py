"""The little HTML of our messages, for readers that know less of it."""

from html.parser import HTMLParser
from typing import Final

_DIRECTIONS: Final = "\u200e\u200f\u061c"
_MARKS: Final = {"b": "*", "strong": "*", "i": "_", "em": "_"}


class _Writer(HTMLParser):
    def __init__(self, marks: dict[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self._marks = marks
        self._links: list[str] = []
        self._is_after_mark = False
        self._open: list[str] = []  # marks do not stand within others of their kind
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data("\n")
        elif tag == "a" and self._marks:
            self._links.append(dict(attrs).get("href") or "")
            self.handle_data("[")
        elif tag in self._marks:
            self._open.append(self._marks[tag])
            if self._open.count(self._marks[tag]) == 1:
                self._begin(self._marks[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self.text += f"]({self._links.pop()})"
        elif tag in self._marks and self._marks[tag] in self._open:
            self._open.remove(self._marks[tag])
            if self._marks[tag] not in self._open:
                self.text = self.text.rstrip() + self._marks[tag]
                self._is_after_mark = True

    def _begin(self, mark: str) -> None:
        """Set a mark after a blank; what gives the line its direction stands within the marks."""
        before = self.text.rstrip(_DIRECTIONS)
        directions = self.text[len(before) :]
        self.text = before
        is_apart = not before or before[-1].isspace()
        self.handle_data(("" if is_apart else " ") + mark + directions)

    def handle_data(self, data: str) -> None:
        if self._is_after_mark and not data[:1].isspace():
            self.text += " "
        self._is_after_mark = False
        self.text += data


def plain_text(html: str) -> str:
    """Leave the words and drop the tags."""
    return _written(html, {})


def bale_markdown(html: str) -> str:
    """Write bold, italic and links as Bale reads them: its marks need blanks around them."""
    return _written(html, _MARKS)


def _written(html: str, marks: dict[str, str]) -> str:
    writer = _Writer(marks)
    writer.feed(html)
    writer.close()
    return writer.text
