"""Payouts on their way to the bank, as the admin chat and who gets the file read them (KN-17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit import tracking
from bot.kit.digits import number
from handlers.callback_data.payouts import (
    BatchSentAgain,
    ExportConfirmed,
    PayoutCountsPressed,
)
from handlers.reply import Button, FileToMake, Reply
from handlers.views.common import code, money, said
from handlers.views.desk.desk_words import colleague
from handlers.views.wallet.wallet_words import at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId, Staff
    from bot.kit.words import Words
    from bot.wallet.model import PayoutBatch

BATCH_FILE = "payout_batch"
BATCHES_LISTED = 6


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


def batches(
    words: Words,
    published: OfficeCatalogue,
    made: Sequence[PayoutBatch],
    *,
    names: Mapping[CitizenId, str],
) -> Reply:
    """List the last files for the bank, each to be had again by finance."""
    _ = words.gettext
    title = _("📎 <b>Files for the bank</b> · {office}").format(
        office=said(published.office.short_name, words)
    )
    lines = [
        "\n".join(
            [
                code(tracking.shown(batch.code)),
                _("{count} payouts, {total} in all.").format(
                    count=number(batch.count, words.language),
                    total=money(batch.total_rial, words),
                ),
                _("Made by {name} on {moment}.").format(
                    name=colleague(names, batch.created_by, words),
                    moment=at(batch.created_at, words),
                ),
            ]
        )
        for batch in made
    ]
    rows = [
        [
            Button(
                _("📎 {code} again").format(code=tracking.shown(batch.code)),
                BatchSentAgain(str(batch.id)),
            )
        ]
        for batch in made
    ]
    back = [Button(_("📋 All lists"), PayoutCountsPressed())]
    return Reply("\n\n".join([title, *lines]), [*rows, back], is_page=True)


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
