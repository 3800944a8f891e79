"""Bank files in the admin chat: how one is asked for, and what it led to. References, no names."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_day
from bot.kit.text import cut, isolate
from bot.kit.tracking import shown
from bot.wallet.model import ALARMING, BankFileKind, LineOutcome
from handlers.callback_data.bank_files import BankFileAsked, FindingsPressed
from handlers.reply import Button, Reply
from handlers.views.common import code, in_pairs, money, said
from handlers.views.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.errors import DeskError
    from bot.kit.words import Words
    from bot.wallet.model import BankFile, Differences, FileFinding

FINDINGS_ON_A_PAGE: Final = 8
FIRST_FINDINGS: Final = 3  # of each kind that somebody must look into
_NAME_UNITS_MAX: Final = 60


def kinds(words: Words, published: OfficeCatalogue) -> Reply:
    """Ask whose file it is."""
    _ = words.gettext
    text = _(
        "🏦 <b>Bank file · {office}</b>\n"
        "I compare it with what is recorded here: payments that wait are confirmed by it, what "
        "nobody claimed is kept apart, and what differs is listed. The same file twice does no "
        "harm. Where is the file from?"
    ).format(office=said(published.office.short_name, words))
    office_id = published.office.id
    row = [Button(name, BankFileAsked(office_id, kind)) for kind, name in _kinds(words).items()]
    return Reply(text, [row])


def prompt(words: Words, published: OfficeCatalogue, kind: BankFileKind) -> Reply:
    """Ask for the file, in a message to be replied to, and say which columns it takes."""
    _ = words.gettext
    reference = {
        BankFileKind.BANK: _("the reference of the payment"),
        BankFileKind.GATEWAY: _("the number of the charge"),
    }
    text = _(
        "📎 {kind} · {office}\n"
        "Please reply to this message with the file: XLSX, or CSV in UTF-8, of at most two "
        "megabytes and 5,000 lines. It needs three columns: the day, {reference}, and the "
        "amount <b>in rials</b>. To cancel, simply do not reply."
    )
    return Reply(
        text.format(
            kind=_kinds(words)[kind],
            office=said(published.office.short_name, words),
            reference=reference[kind],
        )
    )


def _kinds(words: Words) -> dict[BankFileKind, str]:
    _ = words.gettext
    return {
        BankFileKind.BANK: _("🏦 The bank's"),
        BankFileKind.GATEWAY: _("💳 The payment gateway's"),
    }


def received(words: Words) -> Reply:
    """Say that the file came, and that what it says comes soon."""
    _ = words.gettext
    return Reply(_("📥 I have the file. What it says comes here within a minute."))


def no_wallet(words: Words) -> Reply:
    """Say that there is nothing to lay a file beside."""
    _ = words.gettext
    return Reply(_("👛 No office keeps a wallet here."))


def file_needed(words: Words) -> Reply:
    """Say that nothing but a file is taken as an answer."""
    _ = words.gettext
    return Reply(_("Please reply to the prompt with the file itself, XLSX or CSV."))


def refused(words: Words, file: BankFile, error: DeskError) -> Reply:
    """Say why nothing of a file was taken."""
    return Reply(f"{_named(words, file)}\n{refusal(error, words)}")


def lost(words: Words, file: BankFile) -> Reply:
    """Say that a file cannot be fetched any more."""
    _ = words.gettext
    text = _(
        "⚠️ I could not fetch this file from the messenger, so nothing of it was taken. Please "
        "send it once more: /reconcile"
    )
    return Reply(f"{_named(words, file)}\n{text}")


def given_up(words: Words, file: BankFile) -> Reply:
    """Say that a fault of ours kept a file from being taken up whole, and what to do."""
    _ = words.gettext
    text = _(
        "❗️ A fault on our side keeps me from taking this file up whole. What I have confirmed "
        "of it stays right; the rest is untouched. Please give whoever runs the desk this "
        "number: {number}. Sent once more later, nothing of it counts twice: /reconcile"
    ).format(number=number(file.id, words.language))
    return Reply(f"{_named(words, file)}\n{text}")


def outcome_name(words: Words, outcome: LineOutcome) -> str:
    """Name what a line led to."""
    _ = words.gettext
    return {
        LineOutcome.MATCHED: _("🔗 Was recorded already"),
        LineOutcome.VERIFIED: _("✅ Confirmed, and in the wallet"),
        LineOutcome.PAID: _("💸 Payouts that were paid"),
        LineOutcome.SETTLED: _("🔁 Handed over by the gateway"),
        LineOutcome.SUSPENSE: _("❓ Nobody has claimed it"),
        LineOutcome.REPEATED: _("↺ In an earlier file already"),
        LineOutcome.AMOUNT_DIFFERS: _("⚠️ The amount differs"),
        LineOutcome.MISSING: _("⚠️ Recorded here, not in the file"),
        LineOutcome.RETURNED: _("⚠️ Looks like a payout that came back"),
        LineOutcome.UNKNOWN_OUT: _("⚠️ Left the account, unknown here"),
    }[outcome]


def differences(
    words: Words,
    published: OfficeCatalogue,
    found: Differences,
    first: Mapping[LineOutcome, Sequence[FileFinding]],
) -> Reply:
    """Say what a file led to: each kind counted, and the first lines of what is not in order."""
    _ = words.gettext
    file = found.file
    counted = [
        _("{outcome}: {count} · {amount}").format(
            outcome=outcome_name(words, outcome),
            count=number(one.count, words.language),
            amount=money(abs(one.total_rial), words),
        )
        for outcome in LineOutcome
        if (one := found.sums.get(outcome)) is not None
    ]
    parts = [
        _named(words, file)
        + " · "
        + said(published.office.short_name, words)
        + "\n"
        + _("{count} lines were read.").format(count=number(file.lines_count, words.language)),
        "\n".join(counted),
    ]
    for outcome in ALARMING:
        if first.get(outcome):
            lines = "\n".join(finding_line(words, one) for one in first[outcome])
            parts.append(f"<b>{outcome_name(words, outcome)}</b>\n{lines}")
    if found.is_clean:
        parts.append(_("👌 The bank and this desk say the same."))
    if found.count(LineOutcome.SUSPENSE):
        parts.append(_("Unclaimed money: /suspense"))
    buttons = [
        Button(
            f"{outcome_name(words, outcome)} ({number(one.count, words.language)})",
            FindingsPressed(str(file.id), outcome.value, "0"),
        )
        for outcome in LineOutcome
        if (one := found.sums.get(outcome)) is not None and outcome is not LineOutcome.REPEATED
    ]
    return Reply("\n\n".join(parts), in_pairs(buttons))


def findings_page(
    words: Words,
    published: OfficeCatalogue,
    found: Differences,
    outcome: LineOutcome,
    findings: Sequence[FileFinding],
) -> Reply:
    """List what a file led to of one kind; one more than fits leads further."""
    _ = words.gettext
    head = f"{_named(words, found.file)} · {said(published.office.short_name, words)}"
    shown_ones = findings[:FINDINGS_ON_A_PAGE]
    lines = [finding_line(words, one) for one in shown_ones] or [_("Nothing more.")]
    text = "\n".join([f"{head}\n<b>{outcome_name(words, outcome)}</b>", *lines])
    turn = []
    if len(findings) > FINDINGS_ON_A_PAGE:
        after = str(shown_ones[-1].seq)
        turn.append(
            Button(_("Further"), FindingsPressed(str(found.file.id), outcome.value, after))
        )
    return Reply(text, [turn])


def finding_line(words: Words, finding: FileFinding) -> str:
    """Say one finding in a line: reference, amount, day, and what is recorded instead."""
    _ = words.gettext
    parts = [code(finding.reference), money(abs(finding.amount_rial), words)]
    if finding.on is not None:
        parts.append(jalali_day(finding.on, words.language))
    if finding.other_rial is not None:
        parts.append(_("recorded: {amount}").format(amount=money(abs(finding.other_rial), words)))
    if finding.code is not None:
        parts.append(code(shown(finding.code)))
    return "• " + " · ".join(parts)


def _named(words: Words, file: BankFile) -> str:
    name = isolate(escape(cut(file.name, _NAME_UNITS_MAX), quote=False))
    return f"{_kinds(words)[file.kind]} «{name}»"
