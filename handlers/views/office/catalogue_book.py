"""The catalogue in the admin chat: how it stands, its workbook, and what that would change."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.sheets import SheetFault
from bot.kit.text import cut, isolate
from handlers.callback_data.catalogue_book import (
    BookAsked,
    CataloguePressed,
    ChangesPressed,
    MeterPressed,
    PreviewPressed,
    VersionApplied,
    VersionDiscarded,
)
from handlers.callback_data.workshop_desk import DeskWorkshopPressed
from handlers.reply import Button, File, FileToMake, Reply
from handlers.views.common import code, in_pairs, said
from handlers.views.office.catalogue_changes import cut_lines
from handlers.views.office.catalogue_versions import (
    change_line,
    paged_changes,
    turns,
    version_name,
)
from handlers.views.wallet.bank_faults import sheet_faults
from handlers.views.workbook.faults import cell_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalogue.model import CatalogueChange, CatalogueVersion, OfficeCatalogue
    from bot.citizens.model import CitizenId
    from bot.kit.words import Words
    from bot.workshops.model import Workshop, Written
    from handlers.views.workbook.reading import CellWrong

BOOK_FILE: Final = "catalogue_book"
FAULTS_NAMED_MAX: Final = 6
_ROWS_MAX: Final = 3_000
_CAPTION_UNITS: Final = 940
_DRAFTS_NAMED: Final = 8
_TITLE_UNITS_MAX: Final = 30


def standing(
    words: Words,
    published: OfficeCatalogue,
    changes: Sequence[CatalogueChange],
    percent: int,
    names: Mapping[CitizenId, str],
    *,
    is_page: bool,
) -> Reply:
    """Say which version is in force, and lead to all that can be done about the catalogue."""
    _ = words.gettext
    office_id, held = published.office.id, published.held
    parts = [
        _("📖 <b>Catalogue · {office}</b>").format(office=said(published.office.short_name, words))
    ]
    if held is None or held.number is None:
        parts.append(_("In force: what is shipped with the desk."))
    else:
        parts.append(
            _("In force: version {number}.").format(number=number(held.number, words.language))
        )
    if changes:
        parts.append(change_line(words, changes[0], names))
    if held is not None and held.trouble:
        parts.append(
            _(
                "⚠️ The last version cannot be used by this desk, so the one before it is in "
                "force: {why}"
            ).format(why=isolate(escape(held.trouble, quote=False)))
        )
    parts.append(
        _("What citizens ask and the cards say: {percent}%.").format(
            percent=number(percent, words.language)
        )
    )
    rows = [
        [Button(_("📤 Take the workbook"), BookAsked(office_id))],
        [Button(_("📊 What is not said yet"), MeterPressed(office_id, "0"))],
    ]
    if changes:
        rows.append([Button(_("🕘 Versions and undoing"), ChangesPressed(office_id))])
    return Reply("\n\n".join(parts), rows, is_page=is_page)


def passed_over(words: Words, published: OfficeCatalogue) -> Reply:
    """Say that the last version cannot be used, and what holds instead."""
    _ = words.gettext
    assert published.held is not None
    text = _(
        "⚠️ The last version of the catalogue of {office} cannot be used by this desk since it was "
        "upgraded, so {version} is in force. Please take the workbook anew, mend it and apply it: "
        "/catalogue"
    ).format(
        office=said(published.office.short_name, words),
        version=version_name(words, published.held.number),
    )
    return Reply(text, [[Button(_("📖 Catalogue"), CataloguePressed(published.office.id))]])


def prompt(words: Words, published: OfficeCatalogue) -> Reply:
    """Send the workbook, which is written when it is sent, and say what to do with it."""
    _ = words.gettext
    text = _(
        "📖 <b>The workbook of {office}</b>\n\nChange it in Excel and send it as a reply to this "
        "message; write in the caption why. I look at every cell and show you what changes for "
        "citizens. Nothing changes before you press the button."
    ).format(office=said(published.office.short_name, words))
    name = f"catalogue-{published.office.id}.xlsx"
    file = FileToMake(name, BOOK_FILE, published.office.id, {"language": words.language})
    return Reply(text, file=file)


def received(words: Words) -> Reply:
    """Say that the workbook came."""
    _ = words.gettext
    return Reply(_("📥 I have the workbook and am looking at every cell. It takes a moment."))


def file_needed(words: Words) -> Reply:
    """Say that nothing but the workbook is taken as an answer."""
    _ = words.gettext
    return Reply(_("Please reply with the workbook itself, an XLSX file."))


def lost(words: Words) -> Reply:
    """Say that a workbook cannot be fetched any more."""
    _ = words.gettext
    return Reply(
        _(
            "⚠️ I could not fetch this workbook from the messenger, so nothing was changed. Please "
            "send it once more."
        )
    )


def no_book(words: Words, fault: SheetFault, where: str) -> Reply:
    """Say why a file is no workbook."""
    _ = words.gettext
    said_so = sheet_faults(words, _ROWS_MAX) | {
        SheetFault.OTHER_KIND: _("it is no XLSX file; please save it as one."),
        SheetFault.SEVERAL_SHEETS: _("it has too many sheets."),
    }
    text = _("❗️ I cannot read this workbook, and nothing was changed: {why}").format(
        why=said_so[fault]
    )
    return Reply(text + (f" ({isolate(escape(where, quote=False))})" if where else ""))


def faulty(words: Words, wrong: Sequence[CellWrong], name: str, content: bytes) -> Reply:
    """Send the workbook back with its faults marked, and name the first of them."""
    _ = words.gettext
    head = _(
        "❗️ {count} cells need mending, so nothing was changed. They are red in this copy, each "
        "with a comment. Mend them and send the copy back the same way."
    ).format(count=number(len(wrong), words.language))
    lines = [
        _("• {sheet}, {cell}: {what}").format(
            sheet=isolate(escape(one.spot.sheet, quote=False)),
            cell=code(one.spot.cell),
            what=escape(cell_words(words, one), quote=False),
        )
        for one in wrong[:FAULTS_NAMED_MAX]
    ]
    if len(wrong) > FAULTS_NAMED_MAX:
        rest = number(len(wrong) - FAULTS_NAMED_MAX, words.language)
        lines.append(_("… and {count} more").format(count=rest))
    return Reply(cut_lines([head, "", *lines], _CAPTION_UNITS), file=File(name, content))


def unchanged(words: Words) -> Reply:
    """Say that a workbook says what is in force."""
    _ = words.gettext
    return Reply(_("👌 This workbook says just what is in force; there is nothing to change."))


def preview(
    words: Words,
    published: OfficeCatalogue,
    version: CatalogueVersion,
    pages: Sequence[str],
    page: int = 0,
    *,
    made_before: bool = False,
    is_page: bool = False,
) -> Reply:
    """Say what a version changes for citizens, with the buttons to apply or discard it."""
    _ = words.gettext
    office_id, version_id = published.office.id, str(version.id)
    head = _("👀 <b>Preview · {office}</b>\nThis is what changes for citizens:").format(
        office=said(published.office.short_name, words)
    )
    if made_before:
        head += "\n" + _(
            "⚠️ This workbook was taken before the last version came into force: what that one "
            "changed would be taken back. Look closely."
        )
    turned = [
        Button(label, PreviewPressed(office_id, version_id, str(to)))
        for label, to in turns(words, pages, page)
    ]
    decide = [
        Button(_("✅ Apply"), VersionApplied(office_id, version_id)),
        Button(_("✖️ Discard"), VersionDiscarded(office_id, version_id)),
    ]
    return Reply(paged_changes(words, head, pages, page), [turned, decide], is_page=is_page)


def ask_reason(words: Words) -> Reply:
    """Ask why, in a message to be replied to."""
    _ = words.gettext
    return Reply(
        _("✍️ Please reply to this message with why, in a few words; then it is in force at once.")
    )


def applied(
    words: Words,
    published: OfficeCatalogue,
    change: CatalogueChange | None,
    written: Sequence[Written] = (),
    drafts: Sequence[Workshop] = (),
) -> Reply:
    """Say that something else is in force, and what was entered of workshops."""
    _ = words.gettext
    parts, rows = [], []
    if change is not None:
        parts.append(
            _(
                "✅ {version} of {office} is in force. Within a few seconds citizens see it; "
                "nothing has to be restarted."
            ).format(
                version=version_name(words, change.number),
                office=said(published.office.short_name, words),
            )
        )
        rows.append([Button(_("🕘 Versions and undoing"), ChangesPressed(published.office.id))])
    if written:
        parts.append(
            _("✅ Workshops: {drafts} new drafts, {changed} changed.").format(
                drafts=number(len(drafts), words.language),
                changed=number(len(written) - len(drafts), words.language),
            )
        )
        rows += in_pairs(_to_card(words, one) for one in drafts[:_DRAFTS_NAMED])
    return Reply("\n\n".join(parts), rows)


def _to_card(words: Words, draft: Workshop) -> Button:
    label = f"{number(draft.id, words.language)}. {cut(draft.details.title, _TITLE_UNITS_MAX)}"
    return Button(label, DeskWorkshopPressed(str(draft.id)))


def discarded(words: Words) -> Reply:
    """Say that everything stays as it is."""
    _ = words.gettext
    return Reply(_("✖️ Discarded; nothing was changed."), is_page=True)
