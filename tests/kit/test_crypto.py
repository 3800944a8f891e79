"""Sealed values open in their place alone, with their key alone."""

import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.crypto import Keyring, WrongKey

IBAN = "IR820540102680020817909002"
PLACE = {"column": "payout.iban", "row": 7}
KEYS = [bytes([number]) * 32 for number in range(5)]
RING = Keyring({1: KEYS[1]}, 1, KEYS[0])


@given(st.text(), st.integers(-(2**63), 2**63), st.sampled_from(["payout.iban", "citizen.name"]))
def test_what_is_sealed_opens_in_its_place(value: str, row: int, column: str) -> None:
    sealed = RING.seal(value, column=column, row=row)
    assert RING.open(sealed, column=column, row=row) == value


def test_nothing_of_a_value_can_be_read_and_no_two_seals_are_alike() -> None:
    sealed = [RING.seal(IBAN, **PLACE) for _ in range(100)]
    assert len({one[3:15] for one in sealed}) == len(set(sealed)) == 100
    assert not [one for one in sealed if b"IR" in one[15:20] or IBAN[-8:].encode() in one]
    assert {len(one) for one in sealed} == {len(IBAN) + 31}


def test_the_first_bytes_name_the_form_and_the_key() -> None:
    ring = Keyring({1: KEYS[1], 515: KEYS[2]}, 515, KEYS[0])
    assert ring.seal(IBAN, **PLACE)[:3] == bytes([1, 2, 3])


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"column": "payout.iban", "row": 8},
        {"column": "citizen.iban", "row": 7},
        {"column": "payout.ibans", "row": 7},
    ],
)
def test_a_value_that_was_moved_does_not_open(elsewhere: dict[str, object]) -> None:
    sealed = RING.seal(IBAN, **PLACE)
    with pytest.raises(WrongKey) as refused:
        RING.open(sealed, **elsewhere)
    assert str(refused.value) == f"{elsewhere['column']}:{elsewhere['row']}"


def test_a_changed_byte_anywhere_is_noticed() -> None:
    sealed = RING.seal(IBAN, **PLACE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(WrongKey):
            RING.open(bytes(changed), **PLACE)


def test_what_was_cut_off_or_was_never_sealed_does_not_open() -> None:
    sealed = RING.seal("", **PLACE)
    for length in range(len(sealed)):
        with pytest.raises(WrongKey):
            RING.open(sealed[:length], **PLACE)
    for foreign in (b"", IBAN.encode(), os.urandom(60), bytes(60)):
        with pytest.raises(WrongKey):
            RING.open(foreign, **PLACE)


def test_another_key_under_the_same_number_does_not_open() -> None:
    sealed = RING.seal(IBAN, **PLACE)
    with pytest.raises(WrongKey):
        Keyring({1: KEYS[2]}, 1, KEYS[0]).open(sealed, **PLACE)


def test_the_number_of_a_key_is_sealed_in() -> None:
    """Else a value could be passed off as sealed by a newer key that is the same by mistake."""
    sealed = RING.seal(IBAN, **PLACE)
    renumbered = Keyring({2: KEYS[1]}, 2, KEYS[0])
    with pytest.raises(WrongKey):
        renumbered.open(sealed[:2] + bytes([2]) + sealed[3:], **PLACE)


def test_after_a_rotation_the_old_key_reads_and_the_new_one_writes() -> None:
    old = RING.seal(IBAN, **PLACE)
    ring = Keyring({1: KEYS[1], 2: KEYS[2]}, 2, KEYS[0])
    assert ring.open(old, **PLACE) == IBAN
    assert not ring.is_current(old)
    new = ring.seal(IBAN, **PLACE)
    assert ring.is_current(new)
    assert ring.open(new, **PLACE) == IBAN
    with pytest.raises(WrongKey):
        RING.open(new, **PLACE)
    without_old = Keyring({2: KEYS[2]}, 2, KEYS[0])
    with pytest.raises(WrongKey):
        without_old.open(old, **PLACE)


def test_an_index_finds_a_number_however_it_is_typed_and_after_a_rotation() -> None:
    index = RING.index(IBAN, column="payout.iban")
    assert len(index) == 16
    persian = "ir۸۲-۰۵۴۰ ۱۰۲۶ ۸۰۰۲ ۰۸۱۷ ۹۰۹۰ ۰۲"
    assert RING.index(persian, column="payout.iban") == index
    rotated = Keyring({1: KEYS[1], 2: KEYS[2]}, 2, KEYS[0])
    assert rotated.index(IBAN, column="payout.iban") == index


def test_an_index_tells_numbers_columns_and_keys_apart() -> None:
    other_key = replace(RING, index_key=KEYS[4])
    digests = {
        RING.index(IBAN, column="payout.iban"),
        RING.index(IBAN[:-1], column="payout.iban"),
        RING.index(IBAN, column="citizen.iban"),
        other_key.index(IBAN, column="payout.iban"),
    }
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("keys", "current", "index_key", "complaint"),
    [
        ({1: KEYS[1]}, 2, KEYS[0], "no key 2"),
        ({}, 1, KEYS[0], "no key 1"),
        ({0: KEYS[1]}, 0, KEYS[0], "numbered from 1"),
        ({65_536: KEYS[1]}, 65_536, KEYS[0], "to 65535"),
        ({1: b"short"}, 1, KEYS[0], "32 bytes"),
        ({1: KEYS[1]}, 1, b"short", "32 bytes"),
        ({1: KEYS[1]}, 1, KEYS[1], "the same"),
        ({1: KEYS[1], 2: KEYS[1]}, 1, KEYS[0], "the same"),
    ],
)
def test_keys_that_would_protect_nothing_are_refused(
    keys: dict[int, bytes], current: int, index_key: bytes, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint) as refused:
        Keyring(keys, current, index_key)
    assert "short" not in str(refused.value)


def test_a_keyring_never_shows_its_keys() -> None:
    assert repr(RING) == "Keyring(current=1)"


def test_drawn_keys_work_and_are_nobody_elses() -> None:
    ring = Keyring.drawn()
    assert ring.open(ring.seal(IBAN, **PLACE), **PLACE) == IBAN
    with pytest.raises(WrongKey):
        Keyring.drawn().open(ring.seal(IBAN, **PLACE), **PLACE)
