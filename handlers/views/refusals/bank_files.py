"""How bank files are refused, in words."""

from __future__ import annotations

from bot.kit.words import Words
from bot.wallet.errors import BankFileUnreadable, LineMoved, NoSuchBankLine
from bot.wallet.model import LineState
from handlers.views.refusals import refusal
from handlers.views.wallet.bank_faults import fault_lines


@refusal.register
def _bank_file_unreadable(error: BankFileUnreadable, words: Words) -> str:
    _ = words.gettext
    return "\n".join(
        [
            _("⚠️ Nothing of this file was taken: something in it cannot be read."),
            *fault_lines(words, error.faults, error.count),
        ]
    )


@refusal.register
def _no_such_bank_line(_error: NoSuchBankLine, words: Words) -> str:
    _ = words.gettext
    return _("I found no such money here. Please open the list anew: /suspense")


@refusal.register
def _line_moved(error: LineMoved, words: Words) -> str:
    _ = words.gettext
    said = {
        LineState.CLAIMED.value: _("It has been put into the wallet of who claimed it."),
        LineState.SENT_BACK.value: _("It has been sent back already."),
    }
    meanwhile = said.get(error.state, _("It is no longer in suspense."))
    return f"{meanwhile} " + _("Nothing was changed.")
