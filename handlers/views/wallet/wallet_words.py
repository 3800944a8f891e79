"""What all pages and files about a wallet say alike: names, and what is asked of an amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.amounts import Amount, Unit
from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.wallet.model import Bucket, TransferCode
from handlers.reply import Button
from handlers.views.common import money

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from handlers.callback_data import Payload


def office_rows(
    words: Words, offices: Sequence[OfficeCatalogue], leading: Callable[[str], Payload]
) -> list[list[Button]]:
    """A button for each of the offices that keep a wallet."""
    return [
        [Button(f"🏛 {one.office.short_name.in_language(words.language)}", leading(one.office.id))]
        for one in offices
    ]


def amount_line(words: Words, amount_rial: int) -> str:
    """Say how much it is about."""
    _ = words.gettext
    return _("💵 Amount: {amount}").format(amount=money(amount_rial, words))


def at(moment: datetime, words: Words) -> str:
    """Write a moment as people in Tehran do."""
    return jalali_moment(moment, words.language)


def unit_asked(words: Words, bare: int, least_rial: int) -> tuple[str, dict[Unit, str]]:
    """Ask what a number counts, with what a button says for each answer."""
    _ = words.gettext
    shown = number(bare, words.language)
    readings = Amount(bare).readings(least_rial)
    if Unit.THOUSAND_TOMANS in readings:
        text = _(
            "Do you mean {number} tomans, or {number} thousand tomans as people often say it? I "
            "would rather not guess."
        )
    else:
        text = _(
            "You wrote {number} without a unit. Do you mean rials or tomans? They differ by a "
            "zero, so I would rather not guess."
        )
    names = {
        Unit.RIAL: _("{number} rials"),
        Unit.TOMAN: _("{number} tomans"),
        Unit.THOUSAND_TOMANS: _("{number} thousand tomans"),
    }
    return text.format(number=shown), {unit: names[unit].format(number=shown) for unit in readings}


def amount_unreadable(words: Words) -> str:
    """Say that a text was no amount."""
    _ = words.gettext
    return _(
        "I could not read an amount in that. Digits are best, such as “500,000 tomans” or “5 "
        "million rials”. To ask something else, please cancel first; nothing has been sent yet."
    )


def bucket_name(bucket: Bucket, words: Words) -> str:
    """Name which money it is."""
    _ = words.gettext
    return {Bucket.CASH: _("cash"), Bucket.CREDIT: _("service credit")}[bucket]


def movement_name(what: TransferCode, words: Words) -> str:
    """Name why money moved; what never touches a wallet is named all the same."""
    _ = words.gettext
    names = {
        TransferCode.TOP_UP: _("Paid in"),
        TransferCode.MATCHED: _("Paid in, found later"),
        TransferCode.FEE: _("Fee paid"),
        TransferCode.SERVICE_CREDIT: _("Service credit granted"),
        TransferCode.PAYOUT: _("Paid out"),
        TransferCode.PAYOUT_RETURNED: _("Payout sent back by the bank"),
        TransferCode.DEBT_PAID: _("Debt settled"),
        TransferCode.REVERSAL: _("Amount given back"),
    }
    return names.get(what, _("Movement of money"))
