"""The lists of payouts, and the files for the bank, as the admin chat reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit import tracking
from bot.kit.digits import number
from bot.kit.jalali import jalali_month_day, tehran_day
from bot.wallet.model import PayoutState
from handlers.callback_data.payouts import (
    BatchSentAgain,
    ExportAsked,
    ExportConfirmed,
    PayoutCountsPressed,
    PayoutDeskPressed,
    PayoutListPressed,
    PayoutVerb,
)
from handlers.reply import Button, FileToMake, Reply
from handlers.views.common import code, in_pairs, money, said
from handlers.views.desk_words import colleague
from handlers.views.payout_card import waits_for
from handlers.views.payout_words import at, icon, list_name, shown_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId, Staff
    from bot.kit.words import Words
    from bot.wallet.model import Payout, PayoutBatch

SUBJECT = "lists:payouts"  # a reply to a list names no payout
PAYOUTS_ON_A_PAGE = 8
BATCH_FILE = "payout_batch"
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
    is_page: bool = False,
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
    ending = f" ({published.office.short_name.in_language(words.language)})"
    buttons = [
        Button(
            f"{list_name(state, words)}: {number(counts[state], words.language)}"
            + (ending if names_office else ""),
            PayoutListPressed(office_id, state.value, "0"),
        )
        for state in PayoutState
        if counts.get(state)
    ]
    rows = in_pairs(buttons)
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


def export_asked(
    words: Words, published: OfficeCatalogue, count: int, total_rial: int, mark: str
) -> Reply:
    """Say what goes to the bank, and ask whether it shall."""
    _ = words.gettext
    office_id = published.office.id
    text = _(
        "📤 <b>To the bank: {office}</b>\n"
        "{count} approved payouts, {total} in all.\n\n"
        "Whoever confirms gets the file in their private chat with me, never here; they must have "
        "pressed Start there. All of them are then “sent to the bank”, and each citizen is told. "
        "This cannot be undone in the chat."
    ).format(
        office=said(published.office.short_name, words),
        count=number(count, words.language),
        total=money(total_rial, words),
    )
    rows = [
        [Button(_("✅ Make the file"), ExportConfirmed(office_id, mark))],
        [Button(_("📋 Not now"), PayoutCountsPressed())],
    ]
    return Reply(text, rows, is_page=True)


def exported(
    words: Words,
    published: OfficeCatalogue,
    batch: PayoutBatch,
    *,
    names: Mapping[CitizenId, str],
    private_chat: str,
    is_page: bool,
) -> Reply:
    """Tell the admin chat that a file was made: its code, how many, how much, by whom."""
    _ = words.gettext
    lines = [
        _("📤 <b>File for the bank</b> · {code} · {office}").format(
            code=code(tracking.shown(batch.code)), office=said(published.office.short_name, words)
        ),
        _("{count} payouts, {total} in all.").format(
            count=number(batch.count, words.language), total=money(batch.total_rial, words)
        ),
        _("Made by {name} on {moment}.").format(
            name=colleague(names, batch.created_by, words), moment=at(batch.created_at, words)
        ),
        "",
        _(
            "The file goes to the private chat of whoever asked for it. If it does not come, "
            "please open that chat, press Start, and ask for the file again here."
        ),
    ]
    rows = [
        [
            Button(_("💬 My private chat"), url=private_chat),
            Button(_("📎 The file again"), BatchSentAgain(str(batch.id))),
        ],
        [Button(_("📋 All lists"), PayoutCountsPressed())],
    ]
    return Reply("\n".join(lines), rows, is_page=is_page)


def batch_file(
    words: Words, published: OfficeCatalogue, batch: PayoutBatch, staff: Staff
) -> Reply:
    """Send the file to who may read it; it is made when it is sent, if they still may then."""
    _ = words.gettext
    text = _(
        "🏦 File for the bank {code}: {count} payouts, {total} in all.\n\n"
        "It holds account numbers and names. Please pass it to nobody but the bank, and delete "
        "it here once the bank has it."
    ).format(
        code=code(tracking.shown(batch.code)),
        count=number(batch.count, words.language),
        total=money(batch.total_rial, words),
    )
    name = f"payouts-{published.office.id}-{tracking.shown(batch.code)}.xlsx"
    more = {"language": words.language, "for": int(staff.id)}
    return Reply(text, file=FileToMake(name, BATCH_FILE, int(batch.id), more))


def file_undelivered(
    words: Words,
    published: OfficeCatalogue,
    batch: PayoutBatch,
    *,
    names: Mapping[CitizenId, str],
    staff_id: CitizenId,
    private_chat: str,
) -> Reply:
    """Tell the admin chat that a file did not reach who asked for it, and what helps."""
    _ = words.gettext
    text = _(
        "📵 The file {code} for the bank did not reach {name}. Please open the private chat with "
        "me, press Start there, and ask for the file again."
    ).format(code=code(tracking.shown(batch.code)), name=colleague(names, staff_id, words))
    rows = [
        [
            Button(_("💬 My private chat"), url=private_chat),
            Button(_("📎 The file again"), BatchSentAgain(str(batch.id))),
        ]
    ]
    whole = f"{text}\n🏛 {said(published.office.short_name, words)}"
    return Reply(whole, rows)


def list_changed(words: Words) -> str:
    """Say over the chat that what waits for the bank is no longer what was shown."""
    _ = words.gettext
    return _("What is approved has changed meanwhile; nothing was sent. Here it is as it is now.")


def sent_before(words: Words) -> str:
    """Say over the chat that these payouts are in a file already."""
    _ = words.gettext
    return _("These payouts are in a file already; nothing was sent twice.")


def file_on_its_way(words: Words) -> str:
    """Say over the chat where the file goes."""
    _ = words.gettext
    return _("The file is on its way to your private chat with me.")
