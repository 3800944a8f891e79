"""What a citizen sees of their money at this desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.jalali import jalali_day, tehran_day
from bot.kit.tracking import shown
from handlers.callback_data.wallet import (
    StatementFilesPressed,
    StatementPressed,
    WalletPressed,
)
from handlers.reply import Button, Reply
from handlers.views.common import code, money, shielded, way_back
from handlers.views.wallet.payout_words import my_payouts_button, payout_button
from handlers.views.wallet.top_up_words import claimed_line, my_top_ups_button, top_up_button
from handlers.views.wallet.wallet_words import bucket_name, movement_name, office_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.wallet.model import Balance, Line

LINES_ON_A_PAGE: Final = 6
_REASON_UNITS_MAX: Final = 250


def wallet_button(words: Words, office_id: str = "") -> Button:
    """Lead to one's own wallet, at an office or wherever there is one."""
    _ = words.gettext
    return Button(_("👛 Wallet"), WalletPressed(office_id))


def keepers(words: Words, offices: Sequence[OfficeCatalogue], *, is_page: bool) -> Reply:
    """Ask at which office, where several keep a wallet; say so where none does."""
    _ = words.gettext
    text = _("👛 At which office?") if offices else _("👛 No office keeps a wallet here.")
    rows = office_rows(words, offices, WalletPressed)
    return Reply(text, [*rows, way_back(words)], is_page=is_page)


def wallet_page(
    words: Words,
    published: OfficeCatalogue,
    balance: Balance,
    *,
    has_payouts: bool = False,
    claimed_rial: int = 0,
    is_page: bool,
) -> Reply:
    """Say what a person has, part by part, and what each part is good for."""
    _ = words.gettext
    lines = [
        _("👛 <b>Your wallet</b>"),
        _("💵 Withdrawable cash: {amount}").format(amount=money(balance.withdrawable_rial, words)),
        _(
            "🎫 Service credit: {amount}\nIt is for fees; it is not withdrawable and never turns "
            "into cash. The fee of a workshop is paid from it first."
        ).format(amount=money(balance.credit_rial, words)),
        _("🔒 Set aside: {amount}").format(amount=money(balance.held_rial, words)),
        _(
            "This is what is held for you at this desk. It is not the wallet of Kanoon's own "
            "website, which I cannot see."
        ),
    ]
    office_id = published.office.id
    if claimed_rial:
        lines.insert(2, claimed_line(words, claimed_rial))
    rows = [
        [top_up_button(words, office_id)],
        [Button(_("🧾 Statement"), StatementPressed(office_id, "0"))],
    ]
    if claimed_rial:
        rows.insert(0, [my_top_ups_button(words)])
    if balance.withdrawable_rial > 0:
        rows.append([payout_button(words, office_id)])
    if has_payouts:
        rows.append([my_payouts_button(words, office_id)])
    return Reply("\n\n".join(lines), [*rows, way_back(words)], is_page=is_page)


def statement(
    words: Words, published: OfficeCatalogue, lines: Sequence[Line], *, is_first: bool
) -> Reply:
    """List what came and went, the latest first; one line more than fits leads further back."""
    _ = words.gettext
    office_id, listed = published.office.id, lines[:LINES_ON_A_PAGE]
    turn = []
    if not is_first:
        turn.append(Button(_("Latest"), StatementPressed(office_id, "0")))
    if len(lines) > LINES_ON_A_PAGE:
        turn.append(Button(_("Older"), StatementPressed(office_id, str(listed[-1].id))))
    said = [_line(words, line) for line in listed]
    take_along = []
    if said:
        take_along.append(Button(_("📄 Statement as a file"), StatementFilesPressed(office_id)))
    else:
        said = [_("No money has moved here yet.")]
    text = "\n\n".join([_("🧾 <b>Statement of your wallet at this desk</b>"), *said])
    rows = [turn, take_along, [wallet_button(words, office_id)], way_back(words)]
    return Reply(text, rows, is_page=True)


def _line(words: Words, line: Line) -> str:
    _ = words.gettext
    sign = "➖" if line.amount_rial < 0 else "➕"  # noqa: RUF001 - as people see it on a bill
    day = jalali_day(tehran_day(line.at), words.language)
    return "\n".join(
        [
            f"{sign} <b>{money(abs(line.amount_rial), words)}</b>",
            f"{movement_name(line.code, words)} · {bucket_name(line.bucket, words)} · {day}",
            _("Reason: {reason}").format(
                reason=shielded(line.reason, units_max=_REASON_UNITS_MAX)
            ),
            _("Reference: {code}").format(code=code(shown(line.journal_id))),
            _("Balance after it: {amount}").format(amount=money(line.balance_rial, words)),
        ]
    )
