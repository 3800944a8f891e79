"""How an agreement is ended, and what citizens read of it from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalogue.model import EndReason
from bot.kit.jalali import jalali_day
from bot.kit.text import isolate
from handlers.callback_data.circulars import (
    AgreementEndConfirmed,
    AgreementEndDropped,
    AgreementReasonPressed,
)
from handlers.reply import Button, Reply
from handlers.views.common import code, said, shielded

if TYPE_CHECKING:
    from datetime import date

    from bot.catalogue.model import AgreementEnd, OfficeCatalogue
    from bot.kit.words import Words


def ended_banner(
    words: Words, published: OfficeCatalogue, end: AgreementEnd, today: date
) -> list[str]:
    """Tell citizens, on all that rests on an agreement, that it has ended, and by what (MZ-26)."""
    _ = words.gettext
    if today < end.ended_on:
        notice = _("⚠️ This document ends on {day}, by {document}.")
    else:
        notice = _(
            "⚠️ This document ended on {day}, by {document}. Please check with {office} what "
            "holds now."
        )
    return [
        notice.format(
            day=jalali_day(end.ended_on, words.language),
            document=document_said(words, end.reason, end.document_ref),
            office=said(published.office.short_name, words),
        )
    ]


def document_said(words: Words, reason: EndReason, reference: str) -> str:
    """Name the document by which an agreement ends."""
    _ = words.gettext
    texts = {
        EndReason.INSTRUCTION: _("a change of the instructions ({reference})"),
        EndReason.CIRCULAR: _("a circular ({reference})"),
        EndReason.PROCEDURE: _("a change of the procedure ({reference})"),
    }
    return texts[reason].format(reference=isolate(shielded(reference)))


def reason_choice(words: Words, published: OfficeCatalogue, *, is_page: bool) -> Reply:
    """Offer the three reasons for which an agreement ends; there is no other."""
    _ = words.gettext
    text = _(
        "🏁 <b>End of the agreement</b> · {office}\n«{title}»\n\nIt ends only when one of these "
        "changes, by a document. Which is it?"
    ).format(
        office=said(published.office.short_name, words),
        title=said(published.agreement.short_title, words),
    )
    labels = {
        EndReason.INSTRUCTION: _("The instructions"),
        EndReason.CIRCULAR: _("A circular"),
        EndReason.PROCEDURE: _("The procedure"),
    }
    rows = [
        [Button(labels[reason], AgreementReasonPressed(published.office.id, reason.value))]
        for reason in EndReason
    ]
    return Reply(text, rows, is_page=is_page)


def reference_prompt(words: Words, published: OfficeCatalogue) -> Reply:
    """Ask for the document, in a message to be replied to."""
    _ = words.gettext
    text = _(
        "🏁 <b>End of the agreement</b> · {office}\n\n✍️ Please reply to this message with the "
        "document: its number, its date and who issued it. Without one, an agreement does not end."
    )
    return Reply(text.format(office=said(published.office.short_name, words)))


def day_prompt(words: Words, published: OfficeCatalogue) -> Reply:
    """Ask for the day, in a message to be replied to."""
    _ = words.gettext
    text = _(
        "🏁 <b>End of the agreement</b> · {office}\n\n✍️ Please reply to this message with the day "
        "on which it ends, like {example}."
    )
    office = said(published.office.short_name, words)
    return Reply(text.format(office=office, example=code("1405/09/01")))


def end_preview(
    words: Words,
    published: OfficeCatalogue,
    reason: EndReason,
    reference: str,
    ended_on: date,
    *,
    token: str,
) -> Reply:
    """Show what is to be confirmed."""
    _ = words.gettext
    text = _(
        "🏁 <b>End of the agreement</b> · {office}\n«{title}»\n\nIt ends on {day}, by {document}. "
        "Every page that rests on it will say so. Open cases go on as they are. This cannot be "
        "taken back here."
    ).format(
        office=said(published.office.short_name, words),
        title=said(published.agreement.short_title, words),
        day=jalali_day(ended_on, words.language, with_weekday=True),
        document=document_said(words, reason, reference),
    )
    buttons = [
        Button(_("✅ It ends"), AgreementEndConfirmed(token)),
        Button(_("✖️ Drop"), AgreementEndDropped(token)),
    ]
    return Reply(text, [buttons])


def ended(words: Words, published: OfficeCatalogue, end: AgreementEnd) -> Reply:
    """Say that the end is entered."""
    _ = words.gettext
    text = _("🏁 It is entered: the agreement of {office} ends on {day}, by {document}.")
    return Reply(
        text.format(
            office=said(published.office.short_name, words),
            day=jalali_day(end.ended_on, words.language),
            document=document_said(words, end.reason, end.document_ref),
        )
    )
