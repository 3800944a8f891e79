"""The words by which banks head the columns of their files, in their own spelling and in English.

Of several columns that would do, the one whose name stands first here is read.
"""

from typing import Final

REFERENCE: Final = (
    "شماره پیگیری",
    "کد پیگیری",
    "شماره مرجع",
    "شماره ارجاع",
    "کد رهگیری",
    "شماره رهگیری",
    "شناسه پرداخت",
    "شناسه واریز",
    "شماره تراکنش",
    "شناسه تراکنش",
    "شماره سند",
    "مرجع",
    "reference",
    "ref",
    "tracking code",
    "charge id",
    "transaction id",
)
AMOUNT: Final = ("مبلغ", "مبلغ تراکنش", "amount")
AMOUNT_IN: Final = ("واریز", "مبلغ واریز", "بستانکار", "مبلغ بستانکار", "deposit", "credit")
AMOUNT_OUT: Final = ("برداشت", "مبلغ برداشت", "بدهکار", "مبلغ بدهکار", "withdrawal", "debit")
DATE: Final = (
    "تاریخ",
    "تاریخ تراکنش",
    "تاریخ واریز",
    "تاریخ سند",
    "تاریخ و ساعت",
    "date",
)
NOTE: Final = ("شرح", "شرح تراکنش", "شرح سند", "توضیحات", "توضیح", "note", "description")
KIND: Final = ("نوع", "نوع تراکنش", "نوع سند", "kind", "type")
SETTLEMENT: Final = ("تسویه درگاه", "تسویه", "واریز درگاه", "settlement", "gateway settlement")
RIAL: Final = ("ریال", "به ریال", "rial", "rials", "irr", "in rials")
