"""The number that stands for a person who was erased, where something still has to be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens.model import CitizenId
from bot.citizens.rules import nobodys_number
from bot.kit.database import keyring_of

if TYPE_CHECKING:
    from bot.kit.database import Transaction


def veiled(tx: Transaction, citizen_id: CitizenId, *, column: str) -> CitizenId:
    """Give the number of a person in a column to which only the keys of the desk lead.

    Whoever comes back is known by it; whose it is cannot be read.
    """
    digest = keyring_of(tx).index(str(int(citizen_id)), column=column)
    return CitizenId(nobodys_number(lambda bits: int.from_bytes(digest) % (1 << bits)))
