"""The lists of payouts, and the files for the bank, as the admin chat reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit import tracking
from bot.kit.digits import number
from bot.kit.jalali import jalali_month_day, tehran_day
from bot.wallet.model import PayoutState
from handlers.callback_data.payouts import (
    BatchesPressed,
    ExportAsked,
    PayoutCountsPressed,
    PayoutDeskPressed,
    PayoutListPressed,
    PayoutVerb,
)
from handlers.reply import Button, Reply
from handlers.views.common import in_pairs, money, said
from handlers.views.wallet.payout_card import waits_for
from handlers.views.wallet.payout_words import icon, list_name, shown_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.wallet.model import Payout

_BEEN_SENT = (
    PayoutState.SENT,
    PayoutState.PAID,
    PayoutState.RETURNED,
    PayoutState.RETURNED_LATE,
)
SUBJECT = "lists:payouts"  # a reply to a list names no payout
PAYOUTS_ON_A_PAGE = 8
_WAITING = (
    PayoutState.REQUESTED,
    PayoutState.REVIEW,
    PayoutState.SECONDING,
    PayoutState.APPROVED,
    PayoutState.SENT,
)


def counted(
    words: Words,
    offices: Sequence[tuple[OfficeCatalogue, Mapping[PayoutState, int]]],
    *,
    is_page: bool,
) -> Reply:
    """Show how many payouts each list has; a button for each that has any."""
    _ = words.gettext
    lines, rows = [_("🏦 <b>Payouts</b>")], []
    for published, counts in offices:
        waiting = sum(counts.get(state, 0) for state in _WAITING)
        office = said(published.office.short_name, words)
        line = _("🏛 {office}: {count} are under way.")
        if not waiting:
            line = _("🏛 {office}: none is under way. 🌿")
        lines.append(line.format(office=office, count=number(waiting, words.language)))
        rows += _lists(words, published, counts, names_office=len(offices) > 1)
    return Reply("\n".join(lines), rows, is_page=is_page)


def no_wallet(words: Words) -> Reply:
    """Say that the office of this chat keeps no wallet."""
    _ = words.gettext
    return Reply(_("The office of this chat keeps no wallet here, so there are no payouts."))


def _lists(
    words: Words,
    published: OfficeCatalogue,
    counts: Mapping[PayoutState, int],
    *,
    names_office: bool,
) -> list[list[Button]]:
    _ = words.gettext
    office_id = published.office.id
    ending_of = ""
    if names_office:
        ending_of = f" ({published.office.short_name.in_language(words.language)})"
    buttons = [
        Button(
            f"{list_name(state, words)}: {number(counts[state], words.language)}" + ending_of,
            PayoutListPressed(office_id, state.value, "0"),
        )
        for state in PayoutState
        if counts.get(state)
    ]
    rows = in_pairs(buttons)
    if any(counts.get(state) for state in _BEEN_SENT):
        rows.append([Button(_("📎 Files for the bank") + ending_of, BatchesPressed(office_id))])
    approved_count = counts.get(PayoutState.APPROVED, 0)
    if approved_count:
        rows.append([_export(words, office_id, approved_count)])
    return rows


def _export(words: Words, office_id: str, count: int) -> Button:
    _ = words.gettext
    label = _("📤 Send {count} approved to the bank").format(count=number(count, words.language))
    return Button(label, ExportAsked(office_id))


def listed(
    words: Words,
    published: OfficeCatalogue,
    state: PayoutState,
    payouts: Sequence[Payout],
    *,
    is_first: bool,
) -> Reply:
    """List the payouts in one state, the oldest first; one more than fits leads on."""
    _ = words.gettext
    office_id, shown = published.office.id, payouts[:PAYOUTS_ON_A_PAGE]
    title = f"<b>{list_name(state, words)}</b> · {said(published.office.short_name, words)}"
    lines = [_line(words, payout) for payout in shown] or [_("There is none in this list.")]
    rows = [
        [
            Button(
                f"{icon(state)} {tracking.shown(payout.code)}",
                PayoutDeskPressed.on(payout, PayoutVerb.OPEN),
            )
        ]
        for payout in shown
    ]
    turn = []
    if not is_first:
        turn.append(Button(_("Oldest"), PayoutListPressed(office_id, state.value, "0")))
    if len(payouts) > PAYOUTS_ON_A_PAGE:
        after = str(shown[-1].id)
        turn.append(Button(_("Newer"), PayoutListPressed(office_id, state.value, after)))
    back = [Button(_("📋 All lists"), PayoutCountsPressed())]
    if state is PayoutState.APPROVED and shown:
        back.insert(0, Button(_("📤 To the bank…"), ExportAsked(office_id)))
    return Reply("\n\n".join([title, *lines]), [*rows, turn, back], is_page=True)


def _line(words: Words, payout: Payout) -> str:
    _ = words.gettext
    since = jalali_month_day(tehran_day(payout.changed_at), words.language)
    return "\n".join(
        [
            f"{icon(payout.state)} {shown_code(payout)} · {money(payout.amount_rial, words)}",
            _("{state}, since {day}").format(state=waits_for(words, payout), day=since),
        ]
    )
