"""References that a sheet keeps as numbers, and the accounts of the first workshop."""

import pytest

from bot.wallet.errors import OwnerUnreadable
from bot.wallet.model import BankFileKind, Bucket
from bot.wallet.rules import escrow_code
from bot.wallet.rules.bank_columns import UnreadableCell, read_reference_cell
from bot.wallet.rules.payouts import owner_of

BANK = BankFileKind.BANK


@pytest.mark.parametrize("cell", ["123456", 123_456, 123_456.0], ids=["text", "whole", "float"])
def test_a_reference_may_be_a_number_in_its_sheet(cell: object) -> None:
    assert read_reference_cell(cell, BANK) == "123456"


@pytest.mark.parametrize("cell", [123_456.5, True], ids=["broken", "yes"])
def test_what_is_no_whole_number_is_no_reference(cell: object) -> None:
    with pytest.raises(UnreadableCell):
        read_reference_cell(cell, BANK)


def test_the_first_workshop_has_an_escrow_and_none_comes_before_it() -> None:
    codes = {escrow_code("kanoon", number, Bucket.CASH) for number in (1, 2)}
    assert len(codes) == 2
    with pytest.raises(AssertionError):
        escrow_code("kanoon", 0, Bucket.CASH)


def test_a_name_may_be_written_with_its_vowels_and_not_with_other_signs() -> None:
    assert owner_of("مُحَمَّد رضایی") == "مُحَمَّد رضایی"
    with pytest.raises(OwnerUnreadable):
        owner_of("محمد+رضایی")
