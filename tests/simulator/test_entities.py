"""Texts and their formatting, measured in UTF-16 units as the real messenger does."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.entities import displayed_markdown, from_bot, from_person
from bot.simulator.errors import ApiError
from bot.simulator.profiles import BALE, TELEGRAM
from bot.simulator.texts import clean, utf16_length

PLAIN = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf", "Mn"),
        exclude_characters=".@/#",
    ),
    max_size=60,
).map(lambda text: f"آ{text}ب")
TAGS = {"b": "bold", "i": "italic", "u": "underline", "s": "strikethrough", "code": "code"}


def piece(text: str, offset: int, length: int) -> str:
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


@given(st.lists(st.tuples(st.sampled_from([*TAGS, ""]), PLAIN), min_size=1, max_size=6))
def test_tags_around_any_text_come_back_as_entities_around_it(
    parts: list[tuple[str, str]],
) -> None:
    markup = "".join(
        f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text) for tag, text in parts
    )
    formatted = from_bot(markup, TELEGRAM, "HTML", None)
    assert formatted.text == "".join(text for _, text in parts)
    assert formatted.units == utf16_length(formatted.text)
    found = [
        (one["type"], piece(formatted.text, one["offset"], one["length"]))
        for one in formatted.entities
    ]
    assert found == [(TAGS[tag], text) for tag, text in parts if tag]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(written: str) -> None:
    try:
        formatted = from_bot(written, TELEGRAM, "HTML", None)
    except ApiError as error:
        refusal = error
    else:
        places = [(one["offset"], one["offset"] + one["length"]) for one in formatted.entities]
        assert all(0 <= start < end <= formatted.units for start, end in places)
        return
    assert (refusal.code, refusal.description[:13]) == (400, "Bad Request: ")


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_more(written: str) -> None:
    try:
        once = clean(written)
    except ApiError:
        return
    assert clean(once) == once


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("سلام <br>", 'Unsupported start tag "br" at byte offset 9'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<span class="x">y</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 3"),
        ('<a "x">y</a>', 'Empty attribute name in the tag "a" at byte offset 3'),
    ],
)
def test_bad_markup_is_refused_with_the_real_words(markup: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refused:
        from_bot(markup, TELEGRAM, "HTML", None)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("markup", "text", "entity"),
    [
        ('<a href="https://a.ir/x?a=1&amp;b=2">y</a>', "y", {"url": "https://a.ir/x?a=1&b=2"}),
        ('<a href="a.ir">y</a>', "y", {"type": "text_link", "url": "http://a.ir/"}),
        ('<a href="tg://user?id=1001">y</a>', "y", {"type": "text_mention", "user_id": 1001}),
        ('<pre><code class="language-py">x</code></pre>', "x", {"type": "pre", "language": "py"}),
        ("<blockquote expandable>q</blockquote>", "q", {"type": "expandable_blockquote"}),
        ("<tg-spoiler>s</tg-spoiler>", "s", {"type": "spoiler"}),
        ("🙂<B>x</B>", "🙂x", {"type": "bold", "offset": 2, "length": 1}),
        ("  <b>x</b>\n", "x", {"offset": 0, "length": 1}),
        ("<b>&lt;&#1705;&gt; &nbsp;</b>", "<ک> &nbsp;", {"length": 10}),
    ],
)
def test_good_markup_is_understood(markup: str, text: str, entity: dict[str, object]) -> None:
    formatted = from_bot(markup, TELEGRAM, "HTML", None)
    assert formatted.text == text
    (found,) = formatted.entities
    assert entity.items() <= found.items()


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("بزنید: \u2066/start\u2069", "bot_command", "/start"),
        ("🙂 /help@mizban_demo_bot", "bot_command", "/help@mizban_demo_bot"),
        ("به @sara_m بگو", "mention", "@sara_m"),
        ("ببینید: https://kpf.ir/lms؟", "url", "https://kpf.ir/lms"),
        ("نشانی kpf.ir/lms.", "url", "kpf.ir/lms"),
        ("a@b.ir", "email", "a@b.ir"),
        ("#شکایت تازه", "hashtag", "#شکایت"),
    ],
)
def test_the_obvious_is_spotted(text: str, kind: str, part: str) -> None:
    formatted = from_person(text, TELEGRAM)
    (found,) = formatted.entities
    assert (found["type"], piece(formatted.text, found["offset"], found["length"])) == (kind, part)


def test_nothing_is_spotted_inside_code() -> None:
    formatted = from_bot("<code>/start a.ir</code>", TELEGRAM, "HTML", None)
    assert [one["type"] for one in formatted.entities] == ["code"]


def test_embeddings_vanish_and_isolates_stay() -> None:
    written = "a\u202ab\u202ec\u2028d \u2066x\u2069\tz\x00\r\n\u200e\u200f\u200eq"
    assert clean(written) == "abcd \u2066x\u2069 z \n\u200c\u200c\u200eq"


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ApiError, match="strings must be encoded in UTF-8"):
        from_bot("a\ud83d", TELEGRAM, None, None)


def test_entities_counted_by_the_bot_follow_their_text_through_cleaning() -> None:
    bold = {"type": "bold", "offset": 3, "length": 2}
    formatted = from_bot(" \u202a🙂ab"[1:], TELEGRAM, None, [bold])
    assert piece(formatted.text, **_place(formatted.entities[0])) == "ab"
    with pytest.raises(ApiError, match="middle of a UTF-16 symbol"):
        from_bot("\u202a🙂ab", TELEGRAM, None, [{"type": "bold", "offset": 2, "length": 1}])
    with pytest.raises(ApiError, match="lies outside"):
        from_bot("ab", TELEGRAM, None, [{"type": "bold", "offset": 1, "length": 2}])


def _place(entity: dict[str, int]) -> dict[str, int]:
    return {"offset": entity["offset"], "length": entity["length"]}


def test_bale_returns_a_text_as_written_and_shows_markdown() -> None:
    formatted = from_bot("<b>x</b> *مهم* /start a.ir", BALE, "HTML", None)
    assert formatted.text == "<b>x</b> *مهم* /start a.ir"
    assert [one["type"] for one in formatted.entities] == ["bot_command"]
    assert displayed_markdown("🙂 *مهم* و *بی‌فاصله*، [لینک](https://a.ir)") == (
        "🙂 مهم و *بی‌فاصله*، لینک",
        [
            {"type": "bold", "offset": 3, "length": 3},
            {"type": "text_link", "offset": 21, "length": 4, "url": "https://a.ir"},
        ],
    )
