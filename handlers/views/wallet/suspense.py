"""Money that came in and that nobody has claimed: the list, and how it is sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_day
from bot.wallet.model import BankFileKind
from handlers.callback_data.bank_files import SendBackPressed, SuspensePressed
from handlers.reply import Button, Reply
from handlers.views.common import code, money, quoted, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.wallet.model import BankLine, OutcomeSum

LINES_ON_A_PAGE: Final = 6


def listed(
    words: Words,
    published: OfficeCatalogue,
    lines: Sequence[BankLine],
    total: OutcomeSum,
    *,
    after: int,
    is_page: bool,
) -> Reply:
    """List it, the oldest first, each with a button; one more than fits leads further."""
    _ = words.gettext
    office_id = published.office.id
    head = _("❓ <b>Unclaimed money · {office}</b>").format(
        office=said(published.office.short_name, words)
    )
    if not lines:
        return Reply(f"{head}\n\n" + _("There is none."), is_page=is_page)
    shown = lines[:LINES_ON_A_PAGE]
    text = "\n\n".join(
        [
            head
            + "\n"
            + _("{count} lines, {amount} in all.").format(
                count=number(total.count, words.language), amount=money(total.total_rial, words)
            ),
            "\n".join(_line(words, line) for line in shown),
            _(
                "Whoever registers the reference and the amount as theirs gets it once finance "
                "confirms it. What stays unclaimed the bank sends back when a manager asks it "
                "to; the manager then enters it here."
            ),
        ]
    )
    rows = [[_button(words, line)] for line in shown]
    turn = []
    if after:
        turn.append(Button(_("From the beginning"), SuspensePressed(office_id, "0")))
    if len(lines) > LINES_ON_A_PAGE:
        turn.append(Button(_("Further"), SuspensePressed(office_id, str(shown[-1].id))))
    return Reply(text, [*rows, turn], is_page=is_page)


def _line(words: Words, line: BankLine) -> str:
    _ = words.gettext
    parts = [
        code(line.reference),
        money(line.amount_rial, words),
        jalali_day(line.on, words.language),
    ]
    if line.kind is BankFileKind.GATEWAY:
        parts.append(_("by the gateway"))
    return "• " + " · ".join(parts)


def _button(words: Words, line: BankLine) -> Button:
    _ = words.gettext
    label = _("↩️ {reference} was sent back").format(reference=line.reference[-12:])
    return Button(label, SendBackPressed(str(line.id)))


def prompt(words: Words, published: OfficeCatalogue, line: BankLine, *, note: str = "") -> Reply:
    """Ask a manager why it was sent back, in a message to be replied to."""
    _ = words.gettext
    text = _(
        "↩️ Has the bank sent back {amount}, {reference} · {office}?\n"
        "Please reply to this message with the reason. This desk itself sends nothing, and the "
        "entry cannot be undone here. To cancel, simply do not reply."
    ).format(
        amount=money(line.amount_rial, words),
        reference=code(line.reference),
        office=said(published.office.short_name, words),
    )
    return Reply(f"{note}\n\n{text}" if note else text)


def reason_needed(words: Words) -> str:
    """Say that the reply had no words in it."""
    _ = words.gettext
    return _("I found no reason in that.")


def sent_back(words: Words, published: OfficeCatalogue, line: BankLine) -> Reply:
    """Confirm what was entered."""
    _ = words.gettext
    text = _("↩️ Entered: {amount}, {reference} · {office} was sent back.").format(
        amount=money(line.amount_rial, words),
        reference=code(line.reference),
        office=said(published.office.short_name, words),
    )
    return Reply(f"{text}\n{quoted(line.reason or '')}")
