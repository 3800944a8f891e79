"""A whole file, sealed piece by piece, so that its size does not matter to the memory.

    magic 8 · number of the key 2 · salt 32 · pieces of one megabyte, each with its tag

The key of a file is derived from a key of the keyring and the salt, so it seals this file alone.
Each piece is sealed with its number, the last one as the last, and all of them with the head: a
file that was cut off, put together anew or exchanged in part does not open.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.kit.crypto import KEY_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.kit.crypto import Keyring

_MAGIC: Final = b"MIZBAN\x00\x01"
_ID_BYTES: Final = 2
_SALT_BYTES: Final = 32
_HEAD_BYTES: Final = len(_MAGIC) + _ID_BYTES + _SALT_BYTES
_PIECE_BYTES: Final = 2**20
_TAG_BYTES: Final = 16
_COUNTER_BYTES: Final = 11
_PURPOSE: Final = b"mizban sealed file 1"


class Unopenable(Exception):  # noqa: N818 - named for what happened
    """A sealed file does not open; it says why in words that follow the name of the file."""


def seal_file(source: BinaryIO, target: BinaryIO, keyring: Keyring) -> None:
    """Seal what can be read, with the key for writing."""
    salt = os.urandom(_SALT_BYTES)
    head = _MAGIC + keyring.current.to_bytes(_ID_BYTES, "big") + salt
    cipher = _cipher(keyring.keys[keyring.current], salt)
    target.write(head)
    target.writelines(
        cipher.encrypt(_nonce(number, is_last=is_last), piece, head)
        for number, piece, is_last in _pieces(source, _PIECE_BYTES)
    )


def open_file(source: BinaryIO, target: BinaryIO, keyring: Keyring) -> None:
    """Open what was sealed. Raises Unopenable; what was written until then is worth nothing."""
    head = source.read(_HEAD_BYTES)
    if len(head) < _HEAD_BYTES or not head.startswith(_MAGIC):
        raise Unopenable("is no backup of this desk")
    number = int.from_bytes(head[len(_MAGIC) : len(_MAGIC) + _ID_BYTES], "big")
    if number not in keyring.keys:
        raise Unopenable(
            f"was sealed with key {number}, which is not in the file of keys; take the copy of "
            "that file from the time of the backup"
        )
    cipher = _cipher(keyring.keys[number], head[-_SALT_BYTES:])
    for count, piece, is_last in _pieces(source, _PIECE_BYTES + _TAG_BYTES):
        try:
            target.write(cipher.decrypt(_nonce(count, is_last=is_last), piece, head))
        except InvalidTag:
            why = "was sealed with another key of that number, or is damaged"
            raise Unopenable(why if count == 0 else "is damaged or cut off") from None


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, _PURPOSE).derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(_COUNTER_BYTES, "big") + bytes([is_last])


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Read piece by piece, of which there is at least one, and say which is the last."""
    number, piece = 0, source.read(size)
    while True:
        following = source.read(size)
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following
