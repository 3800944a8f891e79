"""How a bank's reference is read, however it was typed, and what key a charge has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.digits import persian_digits
from bot.wallet import rules
from bot.wallet.errors import ReferenceIsAccount, ReferenceUnreadable
from bot.wallet.model import KEY_LENGTH_MAX

references = st.text("0123456789ABCDEFGH", min_size=6, max_size=30).filter(
    lambda text: sum(sign.isdecimal() for sign in text) >= 4
)
gaps = st.sampled_from(["", " ", "-", "\u200c", "_", "/", ".", "\u00a0", "\u2068", "ـ"])


@given(reference=references, between=st.lists(gaps, min_size=30, max_size=30))
def test_a_reference_is_read_as_the_same_with_any_gaps_case_and_digits(
    reference: str, between: list[str]
) -> None:
    typed = "".join(sign + gap for sign, gap in zip(reference, between, strict=False))
    try:
        read = rules.read_reference(reference)
    except ReferenceIsAccount:
        return
    assert read == reference
    for spelt in (typed, typed.lower(), persian_digits(typed), f" {typed}\n"):
        assert rules.read_reference(spelt) == read


@given(st.text())
def test_whatever_is_typed_is_a_reference_or_refused(text: str) -> None:
    try:
        read = rules.read_reference(text)
    except (ReferenceUnreadable, ReferenceIsAccount):
        return
    assert rules.read_reference(read) == read
    assert read.isascii()
    assert read.isalnum()
    assert 6 <= len(read) <= 30


@pytest.mark.parametrize(
    "typed", ["", "12345", "سلام", "hello123", "1" * 31, "123456؛", "🙂123456"]
)
def test_what_is_no_reference_is_refused(typed: str) -> None:
    with pytest.raises(ReferenceUnreadable):
        rules.read_reference(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "6037991234567893",
        "۶۰۳۷ ۹۹۱۲ ۳۴۵۶ ۷۸۹۳",
        "IR062960000000100324200001",
        "062960000000100324200001",
    ],
)
def test_a_number_of_a_card_or_an_account_is_not_kept(typed: str) -> None:
    with pytest.raises(ReferenceIsAccount):
        rules.read_reference(typed)


@given(provider=st.text("abc", min_size=1, max_size=32), charge_id=st.text(max_size=300))
def test_a_key_of_any_charge_fits_and_is_its_own(provider: str, charge_id: str) -> None:
    key = rules.charge_key(provider, charge_id)
    assert len(key) <= KEY_LENGTH_MAX
    assert key != rules.charge_key(provider, charge_id + "x")
