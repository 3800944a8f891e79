import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from bot.kit.digits import persian_digits
from bot.kit.tracking import ALPHABET, LENGTH, code_in, new_code, read_code, shown

codes = st.builds(new_code)
places = st.integers(min_value=0, max_value=LENGTH - 1)


def test_a_code_is_not_one_that_was_drawn_before() -> None:
    assert len({new_code() for _ in range(2000)}) == 2000


def test_no_sign_of_a_code_looks_like_another() -> None:
    assert not set("01OILU") & set(ALPHABET)
    assert all(set(new_code()) <= set(ALPHABET) for _ in range(200))


@given(codes)
def test_a_code_is_read_as_it_is_shown(code: str) -> None:
    assert read_code(shown(code)) == read_code(code) == code
    assert len(shown(code)) == LENGTH + 1


@given(codes)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    half = shown(code)
    assert read_code(half.lower()) == code
    assert read_code(persian_digits(half)) == code
    assert read_code(half.translate(arabic)) == code
    assert read_code(f" \u2066{half.replace('-', ' – ')}\u2069\u200f\n") == code
    assert read_code("#" + "\u200c".join(code)) == code
    assert read_code("".join(chr(ord(sign) + 0xFEE0) for sign in code)) == code


@given(codes, places, st.sampled_from(ALPHABET))
def test_a_mistyped_sign_is_noticed(code: str, place: int, other: str) -> None:
    typed = code[:place] + other + code[place + 1 :]
    assert read_code(typed) == (code if typed == code else None)


def test_every_mistyped_sign_of_many_codes_is_noticed() -> None:
    unnoticed = 0
    for code in (new_code() for _ in range(100)):
        for place in range(LENGTH):
            for other in set(ALPHABET) - {code[place]}:
                typed = code[:place] + other + code[place + 1 :]
                unnoticed += read_code(typed) is not None
    assert unnoticed == 0


def test_of_neighbouring_signs_that_changed_places_hardly_any_go_unnoticed() -> None:
    swapped = unnoticed = 0
    for code in (new_code() for _ in range(2000)):
        for place in range(LENGTH - 1):
            typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            swapped += typed != code
            unnoticed += typed != code and read_code(typed) is not None
    assert swapped > 15_000
    assert unnoticed / swapped < 0.005


@given(codes, st.sampled_from(string.ascii_uppercase + string.digits))
def test_a_sign_too_many_or_too_few_is_noticed(code: str, more: str) -> None:
    assert read_code(code[1:]) is None
    assert read_code(code + more) is None


@pytest.mark.parametrize(
    "typed", ["", "سلام", "0013542419", "ABCDEFGHJK", "2345678923", "🙂" * 10]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
    assert code_in(typed) is None


@given(codes)
def test_a_code_is_found_in_a_sentence(code: str) -> None:
    for written in (code, shown(code), shown(code).lower(), persian_digits(shown(code))):
        assert code_in(f"سلام، پرونده {written} چه شد؟") == code
        assert code_in(f"کدم{written}است") == code
        assert code_in(f"about every {written}, please") == code


@given(codes)
def test_a_code_inside_a_longer_word_is_not_meant(code: str) -> None:
    assert code_in(f"X{code}") is None
    assert code_in(f"{code}0") is None


def test_words_and_numbers_of_ten_signs_are_no_codes() -> None:
    assert (
        code_in("The departments answer BACKGROUND questions 2026-11-22 at 0912 345 6789") is None
    )


@pytest.mark.parametrize("signs", [ALPHABET[:8], ALPHABET[8:]])
def test_ten_digits_or_ten_letters_are_no_code_even_where_the_check_is_right(signs: str) -> None:
    drawn = (prefix + rest for prefix, rest in zip(signs, signs[::-1], strict=True))
    checked = [
        whole
        for head in drawn
        for whole in (
            head * 4 + signs[0] + mod_37_36.calc_check_digit(head * 4 + signs[0], ALPHABET),
        )
        if set(whole) <= set(signs)
    ]
    assert checked
    assert not [whole for whole in checked if read_code(whole) or code_in(whole)]


@given(st.text())
def test_any_text_can_be_looked_through(text: str) -> None:
    for found in (read_code(text), code_in(text)):
        assert found is None or len(found) == LENGTH
