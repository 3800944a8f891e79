"""How a statement is offered as a file, and the message that brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.jalali import jalali_day, jalali_numbers, tehran_day
from handlers.callback_data.wallet import (
    StatementFilePressed,
    StatementForm,
    StatementPressed,
    StatementStretch,
)
from handlers.reply import Button, FileToMake, Reply
from handlers.views.common import said, way_back
from handlers.views.wallet.wallet import wallet_button

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId
    from bot.kit.words import Words
    from bot.wallet.model import StatementSpan

KINDS: Final = {
    StatementForm.XLSX: "statement_xlsx",
    StatementForm.PAGE: "statement_page",
}
"""How the sender asks for each form."""


def choices(
    words: Words,
    published: OfficeCatalogue,
    spans: Mapping[StatementStretch, StatementSpan],
) -> Reply:
    """Offer each stretch of time in each form."""
    _ = words.gettext
    office_id = published.office.id
    names = {
        StatementStretch.MONTH: _("One month"),
        StatementStretch.THREE_MONTHS: _("Three months"),
        StatementStretch.ALL: _("All"),
    }
    forms = {StatementForm.XLSX: _("Excel"), StatementForm.PAGE: _("to print")}
    rows = [
        [
            Button(
                _("{span}, {format}").format(span=names[stretch], format=forms[form]),
                StatementFilePressed(office_id, stretch.value, form.value),
            )
            for form in StatementForm
        ]
        for stretch in spans
    ]
    begins = [
        _("{span}: from {day}").format(
            span=names[stretch], day=jalali_day(tehran_day(span.since), words.language)
        )
        for stretch, span in spans.items()
        if span.since is not None
    ]
    text = _(
        "📄 <b>Statement as a file</b>\nOver how long, and as what? “Excel” is a sheet to reckon "
        "with; “to print” is a page that any phone or computer opens, without a network too.\n\n"
        "{begins}\n\nYour name is not in it. Whoever has the file can read it: please keep it "
        "to yourself."
    ).format(begins="\n".join(begins))
    back = [
        Button(_("🧾 Statement"), StatementPressed(office_id, "0")),
        wallet_button(words, office_id),
    ]
    return Reply(text, [*rows, back, way_back(words)], is_page=True)


def sent(
    words: Words,
    published: OfficeCatalogue,
    span: StatementSpan,
    form: StatementForm,
    *,
    citizen_id: CitizenId,
) -> Reply:
    """Bring the file, which is made when the message is sent and kept nowhere."""
    _ = words.gettext
    year, month, day = jalali_numbers(tehran_day(span.until))
    name = f"statement-{published.office.id}-{year:04}{month:02}{day:02}.{form.value}"
    more = {
        "office": published.office.id,
        "since": None if span.since is None else span.since.isoformat(),
        "until": span.until.isoformat(),
        "language": words.language,
    }
    last = jalali_day(tehran_day(span.until), words.language)
    text = _("📄 Your statement at {office}, until {last}.").format(
        office=said(published.office.short_name, words), last=last
    )
    if form is StatementForm.PAGE:
        text += "\n" + _("It opens in any browser; from there it can be printed or kept as a PDF.")
    return Reply(text, file=FileToMake(name, KINDS[form], citizen_id, more))
