"""Names of what happens to money, as all pages and files about a wallet say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet.model import Bucket, TransferCode

if TYPE_CHECKING:
    from bot.kit.words import Words


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
        TransferCode.FEE: _("Fee"),
        TransferCode.SERVICE_CREDIT: _("Service credit granted"),
        TransferCode.PAYOUT: _("Paid out"),
        TransferCode.PAYOUT_RETURNED: _("Payout sent back by the bank"),
        TransferCode.DEBT_PAID: _("Debt settled"),
        TransferCode.REVERSAL: _("Amount given back"),
    }
    return names.get(what, _("Movement of money"))
