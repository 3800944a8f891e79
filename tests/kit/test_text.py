import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.text import (
    Stemmer,
    cut,
    folded,
    isolate,
    ltr,
    normalise,
    strip_bidi,
    tokens,
    words,
)

ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from("يكةۀأإآؤئـ\u200c\u200d\u200e\u202e\u2066\x00ًٌّْ١۲3 \n\ud800가İß"),
    ),
    max_size=80,
)
STEMMER = Stemmer(
    prefixes=("نمی", "می"),
    suffixes=("های", "هایی", "ها", "ی", "ش", "ه"),
    stop_words=frozenset({"را", "های"}),
)


@given(ANY_TEXT)
def test_any_text_is_brought_to_a_form_that_stays_the_same(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert folded(folded(text)) == folded(text)


@given(ANY_TEXT)
def test_a_normalised_text_can_be_stored_and_holds_no_hidden_signs(text: str) -> None:
    once = normalise(text)
    once.encode("utf-8")
    hidden = {"Cc", "Cf", "Cs", "Mn", "Me", "Zl", "Zp"}
    assert not [c for c in once if unicodedata.category(c) in hidden]
    assert once == once.strip()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("گواهينامهٔ مهارت", "گواهینامه مهارت"),
        ("كارت ملي", "کارت ملی"),
        ("۱۴۰۵/٠٨/30", "1405/08/30"),
        ("می‌شود", "می شود"),
        ("هزیـــنه", "هزینه"),
        ("هَزِینِه", "هزینه"),
        ("مسؤول، أداره", "مسوول، اداره"),
        ("آموزش", "اموزش"),
        ("ﻣﺪﺍﺭﻙ", "مدارک"),
        ("\u202eمدارک\u202c\u2066 \u2069", "مدارک"),
        ("مدا\x00رک", "مدا رک"),
        ("z̷̢̛a̶l̴g̵o̷", "zalgo"),
        ("SLA", "sla"),
        ("\ud800سلام\udfff", "سلام"),
        ("  چند \n\t جلسه ", "چند جلسه"),
        ("کارگاه‌‌ها‌ ", "کارگاه ها"),
    ],
)
def test_ways_of_typing_come_to_one_form(typed: str, meant: str) -> None:
    assert normalise(typed) == meant


def test_a_half_space_holds_a_word_together_for_words_and_parts_it_for_tokens() -> None:
    assert words("کارگاه‌های مجازی!") == ["کارگاه\u200cهای", "مجازی"]
    assert tokens("کارگاه‌های مجازی!") == ["کارگاه", "های", "مجازی"]


@pytest.mark.parametrize(
    "written", ["هزینه‌هایش را", "هزینه‌ها", "هزینه", "هزینش", "هزينه", "هزینه ی"]
)
def test_forms_of_one_word_share_a_stem(written: str) -> None:
    assert STEMMER.stems(tokens(written))[0] == STEMMER.stem("هزینه")


def test_a_short_word_is_left_whole() -> None:
    assert STEMMER.stem("شما") == "شما"
    assert STEMMER.stem("آبی") == "آبی"


@given(ANY_TEXT, st.integers(1, 40))
def test_what_is_cut_fits_and_begins_like_the_whole(text: str, units: int) -> None:
    short = cut(text, units)
    assert len(short.encode("utf-16-le", "surrogatepass")) // 2 <= units
    assert short == text or text.startswith(short.rstrip("\u2069")[:-1].rstrip())


def test_cutting_keeps_an_emoji_a_mark_and_an_isolate_whole() -> None:
    assert cut("خانواده 👩‍👩‍👧 ما", 12) == "خانواده…"
    assert cut("سلاَم بر شما", 5) == "سلا…"[:0] + "سلاَ…"
    assert cut(f"کد {ltr('KN-1234567')} است", 10) == "کد \u2066KN-1…\u2069"
    assert cut("کوتاه", 5) == "کوتاه"


def test_shields_hold_exactly_one_pair_of_signs() -> None:
    assert ltr("IR05\u202e") == "\u2066IR05\u2069"
    assert isolate("\u2068علی\u2069") == "\u2068علی\u2069"
    assert strip_bidi("\u200eA\u200f\u061c") == "A"
