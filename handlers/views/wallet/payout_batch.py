"""The file for the bank (KN-17): what it must know of each payout, and nothing of any other.

It is made when it is sent and kept nowhere. Numbers of accounts are text, so that no program
rounds them; no cell is a formula, whatever somebody is called.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from bot.kit.tracking import shown
from handlers.views.wallet.payout_words import file_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.wallet.model import BatchRow, PayoutBatch

_WIDTHS: Final = (6, 30, 32, 18, 16)
_OWNER_COLUMN, _AMOUNT_COLUMN = 2, 3


def as_xlsx(
    words: Words, published: OfficeCatalogue, batch: PayoutBatch, rows: Sequence[BatchRow]
) -> bytes:
    """Write the payouts of a batch as a sheet that reads in the direction of its language."""
    import xlsxwriter  # noqa: PLC0415 - a tenth of a second that most desks never need

    _ = words.gettext
    is_right_to_left = words.language == "fa"
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": file_title(words, published, batch)})
        sheet = book.add_worksheet(shown(batch.code))
        if is_right_to_left:
            sheet.right_to_left()
        order = {"reading_order": 2 if is_right_to_left else 1}
        text = book.add_format({"num_format": "@", **order})
        code = book.add_format({"num_format": "@", "reading_order": 1})
        whole = book.add_format({"num_format": "0"})
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#e9edf1", **order})
        titles = (_("Row"), _("Sheba"), _("Account owner"), _("Amount (rials)"), _("Payout code"))
        for column, (title, width) in enumerate(zip(titles, _WIDTHS, strict=True)):
            sheet.write_string(0, column, title, head)
            sheet.set_column(column, column, width)
        for place, row in enumerate(rows, start=1):
            sheet.write_number(place, 0, place, whole)
            sheet.write_string(place, 1, row.iban, code)
            sheet.write_string(place, _OWNER_COLUMN, row.owner, text)
            sheet.write_number(place, _AMOUNT_COLUMN, row.amount_rial, whole)
            sheet.write_string(place, len(titles) - 1, shown(row.code), code)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
