"""What a citizen sees of a place that is kept for them, of paying for it, and the receipt."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.workshops.model import RegistrationState
from handlers.callback_data.my_workshops import CalendarFilePressed
from handlers.callback_data.registering import (
    AbandonPressed,
    BankPressed,
    OfferAccepted,
    OfferDeclined,
    PayPressed,
    written,
)
from handlers.callback_data.top_ups import TopUpBegins, TopUpNeeded
from handlers.reply import Button, Reply
from handlers.views.common import money, way_back
from handlers.views.wallet.top_up_words import claimed_line, my_top_ups_button
from handlers.views.workshops.registering_words import (
    code_said,
    deadline_line,
    fee_said,
    learners_said,
    mine_button,
    paid_lines,
    registration_button,
    sessions_line,
    title_said,
    workshop_button,
)
from handlers.views.workshops.workshop_words import deadline_said

if TYPE_CHECKING:
    from bot.kit.words import Words
    from bot.workshops.model import Registration
    from handlers.callback_data import Payload
    from handlers.views.workshops.registering_words import Sheet

_OPERATION_BYTES: Final = 9


def drawn() -> str:
    """Number what a button confirms, so that it is done once."""
    return secrets.token_urlsafe(_OPERATION_BYTES)


def kept(sheet: Sheet) -> Reply:
    """Say until when places are kept, and how they are paid for."""
    words = sheet.words
    _ = words.gettext
    parts = [
        _("🎓 {workshop}\n👤 For: {learners}").format(
            workshop=title_said(sheet.workshop, words), learners=learners_said(sheet)
        ),
        kept_line(sheet),
        money_lines(sheet),
    ]
    rows = [*paying_rows(sheet), [mine_button(words)], way_back(words)]
    return Reply("\n\n".join(parts), rows, is_page=True)


def kept_line(sheet: Sheet) -> str:
    """Say until when, and what happens then."""
    words = sheet.words
    _ = words.gettext
    until = sheet.first.expires_at
    assert until is not None
    if until <= sheet.now:
        return _("⏰ The place was kept until {moment}; that is over.").format(
            moment=deadline_said(until, words)
        )
    if sheet.first.is_bank_awaited:
        return _(
            "⏰ Because you pay by bank, the place is kept until {moment} (the office's own "
            "decision). Once the money is in your wallet, please come back here and pay; after "
            "that moment the place is given on."
        ).format(moment=deadline_said(until, words))
    return _(
        "⏰ The place is kept for you until {moment} (the office's own decision). Until then it "
        "is nobody else's; after that it is given on."
    ).format(moment=deadline_said(until, words))


def money_lines(sheet: Sheet) -> str:
    """Say what is to be paid, from which part of the wallet, and what is missing."""
    words = sheet.words
    _ = words.gettext
    total, balance = sheet.fee_rial, sheet.balance
    if not total:
        return _("💰 Fee: {fee}").format(fee=fee_said(sheet.workshop, total, words))
    lines = [_("💰 To pay: {fee}").format(fee=fee_said(sheet.workshop, total, words))]
    if not sheet.keeps_wallet:
        lines.append(_("This office keeps no wallet here. Please ask it how to pay."))
        return "\n".join(lines)
    missing = _missing_rial(sheet)
    if missing > 0:
        lines += [
            _("👛 In your wallet: {amount}").format(amount=money(balance.available_rial, words)),
            _("❗️ Missing: {amount}").format(amount=money(missing, words)),
        ]
        if sheet.claimed_rial:
            lines += [
                claimed_line(words, sheet.claimed_rial),
                _("There is no need to pay it again; I tell you when it is in your wallet."),
            ]
        return "\n".join(lines)
    credit_part = min(total, balance.credit_rial)
    if credit_part:
        lines.append(_("• from service credit: {amount}").format(amount=money(credit_part, words)))
    if total > credit_part:
        lines.append(_("• from cash: {amount}").format(amount=money(total - credit_part, words)))
    return "\n".join(lines)


def paying_rows(sheet: Sheet) -> list[list[Button]]:
    """Offer what leads to the place being theirs, and what lets it go."""
    words, ids, office_id = sheet.words, written(sheet.ids), sheet.workshop.office_id
    _ = words.gettext
    rows: list[list[Button]] = []
    missing = _missing_rial(sheet)
    if not sheet.fee_rial:
        rows.append([Button(_("✅ Register"), _pay(sheet))])
    elif sheet.keeps_wallet and missing > 0:
        if sheet.claimed_rial:
            rows.append([my_top_ups_button(words)])
        label = _("➕ Pay {amount} in").format(amount=money(missing, words))  # noqa: RUF001 - a plus sign for the eye
        rows.append([Button(label, TopUpNeeded(office_id, str(missing)))])
        rows.append([Button(_("🔄 I have paid in, go on"), _pay(sheet))])
        if not sheet.first.is_bank_awaited:
            rows.append(
                [Button(_("🏦 I send it by bank: keep the place longer"), BankPressed(ids))]
            )
    elif sheet.keeps_wallet:
        rows.append([Button(_("✅ Pay and register"), _pay(sheet))])
    if sheet.turn is None:
        rows.append([Button(_("✖️ Not now, release the place"), AbandonPressed(ids))])
    else:
        rows.append([Button(_("✖️ No, thank you"), OfferDeclined(str(sheet.turn.id)))])
    return rows


def _missing_rial(sheet: Sheet) -> int:
    return sheet.fee_rial - sheet.balance.available_rial


def _pay(sheet: Sheet) -> Payload:
    if sheet.turn is None:
        return PayPressed(written(sheet.ids), drawn())
    return OfferAccepted(str(sheet.turn.id), drawn())


def bank_awaited(sheet: Sheet) -> Reply:
    """Say until when places wait for money that is sent by bank, and what is to be done."""
    words = sheet.words
    _ = words.gettext
    text = _(
        "🏦 Please send the money to the office's account, and then tell me the bank's reference "
        "number: the office looks for it, and it comes into your wallet. A wait is given once, "
        "for {days} working days; that is the office's own decision."
    ).format(days=number(sheet.policy.bank_grace_days, words.language))
    parts = [title_said(sheet.workshop, words), kept_line(sheet), text]
    rows = [
        [Button(_("✍️ Tell the reference number"), _paying_in(sheet))],
        [registration_button(words, sheet.first)],
        way_back(words),
    ]
    return Reply("\n\n".join(parts), rows, is_page=True)


def _paying_in(sheet: Sheet) -> Payload:
    """Begin to pay in what is missing, if anything still is."""
    office_id, missing = sheet.workshop.office_id, _missing_rial(sheet)
    return TopUpNeeded(office_id, str(missing)) if missing > 0 else TopUpBegins(office_id)


def receipt(sheet: Sheet, *, note: str = "") -> Reply:
    """Confirm places, with everything that can be asked about them later."""
    words, workshop = sheet.words, sheet.workshop
    _ = words.gettext
    lines = [
        _("✅ Registered: {workshop}").format(workshop=title_said(workshop, words)),
        "\n".join(paid_lines(sheet)),
        "\n".join(
            [
                sessions_line(sheet.sessions, words),
                deadline_line(workshop, words),
                _("⏳ Registration ends: {moment}").format(
                    moment=deadline_said(workshop.closes_at, words)
                ),
            ]
        ),
        _(
            "If too few people come together, the fee comes back to your wallet by itself. I "
            "remind you before the sessions."
        )
        if sheet.fee_rial
        else _("I remind you before the sessions."),
    ]
    opened = [
        registration_button(words, one, _open_label(sheet, one), below=True)
        for one in sheet.registrations
    ]
    rows = [
        *([button] for button in opened),
        [Button(_("🗓 For my calendar"), CalendarFilePressed(str(sheet.first.id)))],
        [mine_button(words, below=True)],
        way_back(words),
    ]
    return Reply("\n\n".join([note, *lines] if note else lines), rows, is_page=True)


def _open_label(sheet: Sheet, one: Registration) -> str:
    _ = sheet.words.gettext
    return _("📂 Open {code}").format(code=code_said(one.id, sheet.words))


def not_kept(words: Words, sheet: Sheet) -> str:
    """Say that there is nothing to be paid: it was paid before, or the place is gone."""
    _ = words.gettext
    if sheet.first.state is RegistrationState.CONFIRMED:
        return _("This is registered and paid already; nothing was paid again.")
    return _("Nothing was paid: no place is kept here at the moment.")


def waits_already(words: Words, sheet: Sheet) -> str:
    """Say that places wait once for a bank, or are no longer kept at all."""
    _ = words.gettext
    if sheet.is_held:
        return _("The place waits for your transfer already; that is given once.")
    return _("No place is kept here at the moment.")


def over(sheet: Sheet, why: str) -> Reply:
    """Say that a place was not kept any longer, with what can be done now."""
    words = sheet.words
    rows = [
        [workshop_button(words, sheet.workshop)],
        [mine_button(words)],
        way_back(words),
    ]
    return Reply(f"{title_said(sheet.workshop, words)}\n\n{why}", rows, is_page=True)
