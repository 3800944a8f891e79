"""What people are told when it is decided whether a workshop takes place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_day, tehran_day
from bot.kit.tracking import shown
from handlers.reply import Button, Reply
from handlers.views.common import code, money, quoted, tell_button, way_back
from handlers.views.wallet.payout_words import payout_button
from handlers.views.workshops.registering_words import (
    code_said,
    deadline_line,
    mine_button,
    others_button,
    title_said,
)
from handlers.views.workshops.workshop_facts import session_lines
from handlers.views.workshops.workshop_notices import SESSIONS_SHOWN, head, opened, with_calendar
from handlers.views.workshops.workshop_words import deadline_said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.wallet.model import JournalId
    from bot.workshops.model import MakeUp, RegistrationId
    from handlers.views.workshops.workshop_notices import Told


def confirmed(told: Told) -> Reply:
    """Say that a workshop takes place for certain, and when it meets."""
    words = told.words
    _ = words.gettext
    lines = session_lines(words, told.sessions[:SESSIONS_SHOWN])
    left = len(told.sessions) - SESSIONS_SHOWN
    if left > 0:
        lines.append(_("… and {count} more").format(count=number(left, words.language)))
    parts = [
        _("✅ This workshop takes place for certain."),
        head(told),
        _("🗓 Sessions: {count}").format(count=number(len(told.sessions), words.language))
        + "\n"
        + "\n".join(lines),
        _("I remind you a day and an hour before each session."),
    ]
    return with_calendar(told, parts, _kept(told))


def failed(told: Told, proofs: Mapping[RegistrationId, JournalId]) -> Reply:
    """Say that the quorum was not reached, and that the fee is back (KN-16, KN-17)."""
    words = told.words
    _ = words.gettext
    parts = [
        _("The course {title} did not reach its quorum, so it is not held.").format(
            title=title_said(told.workshop, words)
        ),
        head(told),
    ]
    rows = [[others_button(words, told.workshop.office_id)]]
    if told.fee_rial:
        parts += [
            _(
                "<b>{amount}</b> went back to your wallet, to be used for another course. If you "
                "would rather have it in your bank account, press “Ask for a payout”."
            ).format(amount=money(told.fee_rial, words)),
            "\n".join(_proof_lines(told, proofs)),
        ]
        rows.append([payout_button(words, told.workshop.office_id)])
    rows += [[mine_button(words, below=True)], way_back(words)]
    return Reply("\n\n".join(part for part in parts if part), rows)


def _proof_lines(told: Told, proofs: Mapping[RegistrationId, JournalId]) -> list[str]:
    words = told.words
    _ = words.gettext
    return [
        _("{registration}: {amount}, reference {code}").format(
            registration=code_said(one.id, words),
            amount=money(one.fee_rial, words),
            code=code(shown(proofs[one.id])),
        )
        for one in told.registrations
        if one.id in proofs
    ]


def not_held(told: Told) -> Reply:
    """Say to who was not registered yet that a workshop is not held; nothing was paid."""
    words = told.words
    _ = words.gettext
    text = _(
        "This workshop is not held, so your place or your turn in the line is over. Nothing was "
        "taken from your wallet."
    )
    rows = [[others_button(words, told.workshop.office_id)], [mine_button(words, below=True)]]
    return Reply(f"🚫 {head(told)}\n\n{text}", rows)


def cancelled(told: Told, make_ups: Sequence[MakeUp], reason: str) -> Reply:
    """Say that the office cancelled a workshop, and what it owes for it (KN-18)."""
    words = told.words
    _ = words.gettext
    parts = [
        _("⛔️ The office has cancelled this workshop."),
        head(told),
        _("Reason:") + "\n" + quoted(reason),
    ]
    if make_ups:
        due_at = max(one.due_at for one in make_ups)
        parts.append(
            _(
                "For each session that was not held ({count}) the office owes you a make-up "
                "class, and has set itself {moment} as the latest day for it. I write to you as "
                "soon as a date is known. If you would rather have the fee back, you can ask for "
                "it in your registration; a manager decides. We are sorry, and thank you for your "
                "patience."
            ).format(
                count=number(len(make_ups), words.language),
                moment=jalali_day(tehran_day(due_at), words.language, with_weekday=True),
            )
        )
    rows = [
        [opened(told)],
        [tell_button(words, told.workshop.office_id)],
        [mine_button(words, below=True)],
    ]
    return with_calendar(told, parts, rows)


def extended(told: Told) -> Reply:
    """Say that registration goes on, and with it the time to drop or move."""
    words = told.words
    _ = words.gettext
    parts = [
        _(
            "⏳ Too few people have come together for this workshop so far, so registration goes "
            "on until <b>{moment}</b>. Your place stays yours."
        ).format(moment=deadline_said(told.workshop.closes_at, words)),
        head(told),
        deadline_line(told.workshop, words),
    ]
    return Reply("\n\n".join(parts), _kept(told))


def _kept(told: Told) -> list[list[Button]]:
    return [[opened(told)], [mine_button(told.words, below=True)]]
