"""A sealed file opens whole with its key, or not at all."""

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.crypto import Keyring
from bot.kit.sealed_file import Unopenable, open_file, seal_file

KEYRING = Keyring.drawn()
MEGABYTE = 2**20
HEAD = 42


def sealed(content: bytes, keyring: Keyring = KEYRING) -> bytes:
    target = io.BytesIO()
    seal_file(io.BytesIO(content), target, keyring)
    return target.getvalue()


def opened(content: bytes, keyring: Keyring = KEYRING) -> bytes:
    target = io.BytesIO()
    open_file(io.BytesIO(content), target, keyring)
    return target.getvalue()


@pytest.mark.parametrize(
    "size", [0, 1, MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, 3 * MEGABYTE], ids=str
)
def test_what_was_sealed_opens_again(size: int) -> None:
    content = os.urandom(size)
    assert opened(sealed(content)) == content


def test_nothing_of_the_content_is_in_it_and_no_two_are_alike() -> None:
    content = b"Sara lives in Babol. " * 1000
    first, second = sealed(content), sealed(content)
    assert b"Babol" not in first
    assert first[HEAD:] != second[HEAD:]


@given(st.data())
def test_a_file_that_was_changed_anywhere_does_not_open(data: st.DataObject) -> None:
    content = bytearray(sealed(b"x" * 50))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unopenable):
        opened(bytes(content))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file[:-1],
        lambda file: file[: HEAD + MEGABYTE + 16],
        lambda file: file[:HEAD] + file[HEAD + MEGABYTE + 16 :],
        lambda file: (
            file[:HEAD]
            + file[HEAD + MEGABYTE + 16 : HEAD + 2 * (MEGABYTE + 16)]
            + file[HEAD : HEAD + MEGABYTE + 16]
            + file[HEAD + 2 * (MEGABYTE + 16) :]
        ),
        lambda file: file + b"x",
        lambda file: file[:HEAD],
        lambda file: file[:10],
        lambda _: b"",
    ],
    ids=[
        "a byte short",
        "cut between two pieces",
        "without its first piece",
        "in another order",
        "a byte long",
        "its head alone",
        "half a head",
        "empty",
    ],
)
def test_a_file_that_is_not_whole_does_not_open(spoil) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - bytes to bytes
    with pytest.raises(Unopenable):
        opened(spoil(sealed(os.urandom(2 * MEGABYTE + 7))))


def test_a_piece_of_another_file_does_not_fit() -> None:
    first, second = sealed(b"a" * 100), sealed(b"b" * 100)
    with pytest.raises(Unopenable):
        opened(first[:HEAD] + second[HEAD:])


def test_an_older_key_opens_and_a_lost_or_another_one_says_which_it_is() -> None:
    key, index = KEYRING.keys[1], KEYRING.index_key
    file = sealed(b"older")
    rotated = Keyring({1: key, 2: os.urandom(32)}, 2, index)
    assert opened(file, rotated) == b"older"
    with pytest.raises(Unopenable, match="key 1, which is not in the file of keys"):
        opened(file, Keyring({2: rotated.keys[2]}, 2, index))
    with pytest.raises(Unopenable, match="another key of that number"):
        opened(file, Keyring.drawn())
