"""What must not be read in the file of records: sealed values, and digests to find them by.

A sealed value is bound to the column and the row that it stands in, so that who can write to the
records but has no key cannot move the account of one person into the row of another. Each value
names the key it was sealed with: a new key is for what is written from now on, and the old ones
go on opening what they sealed.
"""

from __future__ import annotations

import hmac
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.kit.digits import latin_digits
from bot.kit.text import strip_bidi

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_BYTES: Final = 32
_FORM: Final = 1  # of a sealed value: form, key id, nonce, ciphertext with its tag
_ID_BYTES: Final = 2
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_HEAD_BYTES: Final = 1 + _ID_BYTES
_SEALED_BYTES_MIN: Final = _HEAD_BYTES + _NONCE_BYTES + _TAG_BYTES
KEY_IDS: Final = range(1, 2 ** (8 * _ID_BYTES))
_INDEX_BYTES: Final = 16
_GAPS: Final = re.compile(r"[\s\-\u200b-\u200d\u2010-\u2015\u2212_.]")
_PLACE: Final = re.compile(r"[a-z_]+\.[a-z_]+")


class WrongKey(Exception):  # noqa: N818 - named for what happened
    """A sealed value cannot be opened: its key is not here, or it is not what was put there.

    It says the place and nothing of the value. Nobody who writes to the desk can cause or mend it.
    """

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by their numbers, of which one is for writing, and one more to find things by.

    The key of the index is apart: digests are compared with digests of years ago, so it does not
    change when a new key for writing comes.
    """

    keys: Mapping[int, bytes] = field(repr=False)
    current: int
    index_key: bytes = field(repr=False)
    _ciphers: Mapping[int, AESGCM] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse keys that would protect nothing; a ValueError names the fault, never a key."""
        if self.current not in self.keys:
            raise ValueError(f"there is no key {self.current} to write with")
        if any(number not in KEY_IDS for number in self.keys):
            raise ValueError(f"keys are numbered from {KEY_IDS.start} to {KEY_IDS.stop - 1}")
        every = [*self.keys.values(), self.index_key]
        if any(len(key) != KEY_BYTES for key in every):
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        if len(set(every)) < len(every):
            raise ValueError("two keys are the same")
        # Made once: to make one takes as long as to seal with it.
        ciphers = {number: AESGCM(key) for number, key in self.keys.items()}
        object.__setattr__(self, "_ciphers", ciphers)

    @classmethod
    def drawn(cls) -> Self:
        """Draw keys at random, for a trial that nothing outlives."""
        return cls({1: os.urandom(KEY_BYTES)}, 1, os.urandom(KEY_BYTES))

    def seal(self, value: str | bytes, *, column: str, row: int | str) -> bytes:
        """Seal a value for one place: a column such as "payout.iban", and what names a row."""
        plain = value if isinstance(value, bytes) else value.encode()
        nonce = os.urandom(_NONCE_BYTES)
        head = bytes([_FORM]) + self.current.to_bytes(_ID_BYTES, "big")
        cipher = self._ciphers[self.current]
        return head + nonce + cipher.encrypt(nonce, plain, _bound_to(head, column, row))

    def open(self, sealed: bytes, *, column: str, row: int | str) -> str:
        """Open the text that was sealed for this place. Raises WrongKey."""
        return self.open_bytes(sealed, column=column, row=row).decode()

    def open_bytes(self, sealed: bytes, *, column: str, row: int | str) -> bytes:
        """Open what was sealed for this place, whatever it is. Raises WrongKey."""
        if not isinstance(sealed, bytes):  # a file keeps whatever somebody wrote into it by hand
            raise WrongKey(_place(column, row))
        head, rest = sealed[:_HEAD_BYTES], sealed[_HEAD_BYTES:]
        cipher = self._ciphers.get(int.from_bytes(head[1:], "big"))
        if cipher is None or head[0] != _FORM or len(rest) < _NONCE_BYTES + _TAG_BYTES:
            raise WrongKey(_place(column, row))
        nonce, ciphertext = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, ciphertext, _bound_to(head, column, row))
        except InvalidTag:
            raise WrongKey(_place(column, row)) from None

    def is_current(self, sealed: bytes) -> bool:
        """True for what needs no sealing anew, because the key for writing sealed it."""
        return key_of(sealed) == self.current

    def index(self, value: str, *, column: str) -> bytes:
        """Digest a number such as an account's, to find it again without opening anything.

        However its digits and gaps are typed, it is the same number. Without the key nobody can
        try all the numbers there are, as one could with a bare digest.
        """
        assert _PLACE.fullmatch(column), column
        message = f"{column}|{_GAPS.sub('', latin_digits(strip_bidi(value))).upper()}".encode()
        return hmac.digest(self.index_key, message, "sha256")[:_INDEX_BYTES]


def key_of(stored: bytes) -> int | None:
    """Say which key a value is sealed with; None for what does not look sealed at all."""
    is_sealed = len(stored) >= _SEALED_BYTES_MIN and stored[0] == _FORM
    return int.from_bytes(stored[1:_HEAD_BYTES], "big") if is_sealed else None


def _place(column: str, row: int | str) -> str:
    assert _PLACE.fullmatch(column), column
    return f"{column}:{row}"


def _bound_to(head: bytes, column: str, row: int | str) -> bytes:
    return head + _place(column, row).encode()
