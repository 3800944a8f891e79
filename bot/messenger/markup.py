"""The little HTML of our messages, for readers that know less of it."""

from html.parser import HTMLParser
from typing import Final

_MARKS: Final = {"b": "*", "strong": "*", "i": "_", "em": "_"}


class _Writer(HTMLParser):
    def __init__(self, marks: dict[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self._marks = marks
        self._links: list[str] = []
        self._is_after_mark = False
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data("\n")
        elif tag == "a" and self._marks:
            self._links.append(dict(attrs).get("href") or "")
            self.handle_data("[")
        elif tag in self._marks:
            is_apart = not self.text or self.text[-1].isspace()
            self.handle_data(("" if is_apart else " ") + self._marks[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self.text += f"]({self._links.pop()})"
        elif tag in self._marks:
            self.text = self.text.rstrip() + self._marks[tag]
            self._is_after_mark = True

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
