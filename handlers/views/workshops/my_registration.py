"""What a citizen sees of a registration of theirs, with everything still possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.tracking import shown
from bot.wallet.model import Bucket
from bot.workshops.model import (
    MakeUpState,
    RegistrationState,
    WorkshopState,
)
from handlers.callback_data.my_workshops import (
    CalendarFilePressed,
    CreditAsked,
    DropPressed,
    MovePressed,
    MyHistoryPressed,
    MySessionsPressed,
    WithdrawPressed,
)
from handlers.reply import Button, Reply
from handlers.views.common import code, money, way_back
from handlers.views.wallet.payout_words import payout_button
from handlers.views.workshops import identifying
from handlers.views.workshops.my_sessions import attendance_line
from handlers.views.workshops.registering_words import (
    code_said,
    deadline_line,
    fee_said,
    learners_said,
    mine_button,
    others_button,
    sessions_line,
    title_said,
    workshop_button,
)
from handlers.views.workshops.workshop_words import (
    deadline_said,
    registration_state,
    workshop_state,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.kit.words import Words
    from bot.wallet.model import Journal
    from bot.workshops.model import Workshop
    from handlers.views.workshops.my_sessions import Sessions
    from handlers.views.workshops.registering_words import Sheet

_OWED: Final = (MakeUpState.OWED, MakeUpState.OVERDUE)
_GOING_ON: Final = (
    WorkshopState.OPEN,
    WorkshopState.PAUSED,
    WorkshopState.CLOSED,
    WorkshopState.QUORUM_FAILED_PENDING,
    WorkshopState.CONFIRMED,
    WorkshopState.RUNNING,
)
_GIVEN_BACK: Final = (
    RegistrationState.DROPPED,
    RegistrationState.CREDITED,
    RegistrationState.REMOVED,
)


def page(sheet: Sheet, journal: Journal | None, sessions: Sessions) -> Reply:
    """Say where a registration stands, what was paid, and what can be done until when."""
    words, workshop, first = sheet.words, sheet.workshop, sheet.first
    _ = words.gettext
    lines = [
        f"🎓 {title_said(workshop, words)}",
        f"<b>{code_said(first.id, words)}</b> · {learners_said(sheet)}",
        _("📌 Registration: {state}").format(state=registration_state(first.state, words)),
        _("🏷 Workshop: {state}").format(state=workshop_state(workshop.state, words)),
        sessions_line(sheet.sessions, words),
    ]
    attendance = attendance_line(sessions)
    if attendance is not None:
        lines.append(attendance)
    if first.moved_from_id is not None:
        lines.insert(
            2, _("🔀 Moved from {code}").format(code=code_said(first.moved_from_id, words))
        )
    parts = ["\n".join(lines), "\n".join(_money(sheet, journal))]
    if first.state is RegistrationState.CONFIRMED:
        parts += _possible(sheet)
    owed = sum(one.state in _OWED for one in sessions.make_ups)
    if owed and first.state is RegistrationState.CONFIRMED:
        parts.append(_("🔁 The office owes make-up classes; their dates come here."))
    if first.state is RegistrationState.CREDITED:
        parts.append(
            _(
                "The fee is back in your wallet: it can pay for another workshop, and what was "
                "cash can be paid out to your bank account."
            )
        )
    return Reply("\n\n".join(part for part in parts if part), _rows(sheet), is_page=True)


def _money(sheet: Sheet, journal: Journal | None) -> list[str]:
    words, first = sheet.words, sheet.first
    _ = words.gettext
    if first.journal_id is None:
        return [_("💰 Fee: {fee}").format(fee=fee_said(sheet.workshop, first.fee_rial, words))]
    lines = [
        _("💰 Paid: {fee}").format(fee=fee_said(sheet.workshop, first.fee_rial, words)),
        _("Reference: {code}").format(code=code(shown(first.journal_id))),
    ]
    if journal is not None:
        lines += parts_said(buckets_of(journal), words)
    return lines


def buckets_of(journal: Journal) -> dict[Bucket, int]:
    """Say from which parts of a wallet a fee was paid, to which it goes back."""
    found = dict.fromkeys(Bucket, 0)
    for transfer in journal.transfers:
        name = transfer.debit.partition("@")[0]
        for bucket in Bucket:
            if name.startswith("wallet:") and name.endswith(f":{bucket}"):
                found[bucket] += transfer.amount_rial
    return found


def parts_said(parts: Mapping[Bucket, int], words: Words) -> list[str]:
    """Say how much of a fee each part of the wallet paid."""
    _ = words.gettext
    said = []
    if parts[Bucket.CREDIT]:
        said.append(
            _("• from service credit: {amount}").format(amount=money(parts[Bucket.CREDIT], words))
        )
    if parts[Bucket.CASH]:
        said.append(_("• from cash: {amount}").format(amount=money(parts[Bucket.CASH], words)))
    return said


def is_droppable(sheet: Sheet) -> bool:
    """True while a place can be dropped or moved with its fee (KN-27)."""
    until = sheet.workshop.drop_until
    return until is not None and sheet.now < until and sheet.workshop.state in _GOING_ON


def _possible(sheet: Sheet) -> list[str]:
    words, workshop = sheet.words, sheet.workshop
    _ = words.gettext
    if workshop.state is WorkshopState.CANCELLED_BY_OFFICE:
        return [
            _(
                "The office cancelled this workshop, so it owes make-up classes for the sessions "
                "that were not held. If you would rather have the fee back, you can ask for it; "
                "a manager decides."
            )
        ]
    if workshop.state not in _GOING_ON:
        return []
    if is_droppable(sheet):
        return [deadline_line(workshop, words)]
    assert workshop.drop_until is not None
    return [
        _(
            "The last moment to drop or move was {moment}. The place can still be given up, but "
            "the fee does not come back."
        ).format(moment=deadline_said(workshop.drop_until, words))
    ]


def _rows(sheet: Sheet) -> list[list[Button]]:
    words, own = sheet.words, str(sheet.first.id)
    _ = words.gettext
    rows = [[Button(_("📅 Sessions"), MySessionsPressed(own)), _history(words, own)]]
    if sheet.first.state is RegistrationState.CONFIRMED:
        rows += _acts(sheet)
    if sheet.first.state in _GIVEN_BACK and sheet.keeps_wallet and sheet.balance.withdrawable_rial:
        rows.append([payout_button(words, sheet.workshop.office_id)])
    if not sheet.first.is_active:
        rows.append([others_button(words, sheet.workshop.office_id)])
    rows += [[workshop_button(words, sheet.workshop), mine_button(words)], way_back(words)]
    return rows


def _history(words: Words, own: str) -> Button:
    _ = words.gettext
    return Button(_("🕘 History"), MyHistoryPressed(own))


def _acts(sheet: Sheet) -> list[list[Button]]:
    words, own, workshop = sheet.words, str(sheet.first.id), sheet.workshop
    _ = words.gettext
    rows = [[Button(_("🗓 For my calendar"), CalendarFilePressed(own))]]
    rows += identifying.correction(sheet)
    if is_droppable(sheet):
        drop = Button(_("↩️ Drop it, with the fee back"), DropPressed(own))
        if not sheet.first.fee_rial:
            drop = Button(_("↩️ Drop it"), DropPressed(own))
        rows += [[Button(_("🔀 Move to another workshop"), MovePressed(own))], [drop]]
    elif workshop.state is WorkshopState.CANCELLED_BY_OFFICE:
        if sheet.first.fee_rial and workshop.settled_at is None:
            rows.append([Button(_("💸 Ask for the fee instead"), CreditAsked(own))])
    elif workshop.state in _GOING_ON:
        rows.append([Button(_("✖️ Give the place up"), WithdrawPressed(own))])
    return rows


def is_owed(workshop: Workshop) -> bool:
    """True while the fee of a cancelled workshop can be asked for."""
    return workshop.state is WorkshopState.CANCELLED_BY_OFFICE and workshop.settled_at is None
