"""Versions of the catalogue in the admin chat: what came into force, and the ways back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from handlers.callback_data.catalogue_book import BackConfirmed, BackPressed, CataloguePressed
from handlers.reply import Button, Reply
from handlers.views.common import said, shielded
from handlers.views.desk.desk_words import colleague
from handlers.views.office.catalogue_changes import cut_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalogue.model import CatalogueChange, OfficeCatalogue
    from bot.citizens.model import CitizenId
    from bot.kit.words import Words

_REASON_UNITS_MAX: Final = 200


def back_preview(
    words: Words,
    published: OfficeCatalogue,
    way: tuple[int | None, int],
    pages: Sequence[str],
    page: int,
) -> Reply:
    """Say what going back changes for citizens, with the button to do so.

    The way leads to a version, None for what is shipped, after the change that was seen last.
    """
    _ = words.gettext
    target, last = way
    office_id, to, seen = published.office.id, str(target or 0), str(last)
    head = _("↩️ <b>Back to {version} · {office}</b>\nThis is what changes for citizens:").format(
        version=version_name(words, target), office=said(published.office.short_name, words)
    )
    turned = [
        Button(label, BackPressed(office_id, to, seen, str(page_to)))
        for label, page_to in turns(words, pages, page)
    ]
    decide = [
        Button(_("✅ Go back"), BackConfirmed(office_id, to, seen)),
        Button(_("✖️ Leave it"), CataloguePressed(office_id)),
    ]
    return Reply(paged_changes(words, head, pages, page), [turned, decide], is_page=True)


def paged_changes(words: Words, head: str, pages: Sequence[str], page: int) -> str:
    """Set a page of what changes below a head."""
    _ = words.gettext
    text = pages[min(page, len(pages) - 1)] or _("Nothing that citizens see.")
    foot = ""
    if len(pages) > 1:
        foot = "\n\n" + _("Page {page} of {count}").format(
            page=number(min(page, len(pages) - 1) + 1, words.language),
            count=number(len(pages), words.language),
        )
    return f"{head}\n\n{text}{foot}"


def turns(words: Words, pages: Sequence[str], page: int) -> list[tuple[str, int]]:
    """Name the pages beside this one."""
    _ = words.gettext
    count = len(pages)
    found_turns = [(_("◀️ Back"), page - 1)] if page > 0 else []
    return [*found_turns, (_("Further"), page + 1)] if page + 1 < count else found_turns


def history(
    words: Words,
    published: OfficeCatalogue,
    changes: Sequence[CatalogueChange],
    names: Mapping[CitizenId, str],
) -> Reply:
    """List what came into force, the latest first, with the ways back."""
    _ = words.gettext
    head = _("🕘 <b>Versions · {office}</b>").format(
        office=said(published.office.short_name, words)
    )
    numbers: list[int | None] = list(dict.fromkeys([*(one.number for one in changes), None]))
    now_number = changes[0].number if changes else None
    seen = str(changes[0].id if changes else 0)
    rows = [
        [
            Button(
                _("↩️ Back to {version}").format(version=version_name(words, one)),
                BackPressed(published.office.id, str(one or 0), seen, "0"),
            )
        ]
        for one in numbers
        if one != now_number
    ]
    rows.append([Button(_("📖 Catalogue"), CataloguePressed(published.office.id))])
    lines = [change_line(words, one, names) for one in changes] or [_("Nothing was applied yet.")]
    return Reply(cut_lines([head, "", *lines], 3000), rows[:8], is_page=True)


def version_name(words: Words, version_number: int | None) -> str:
    """Name a version by its number, or as what the files say."""
    _ = words.gettext
    if version_number is None:
        return _("the shipped catalogue")
    return _("version {number}").format(number=number(version_number, words.language))


def change_line(words: Words, change: CatalogueChange, names: Mapping[CitizenId, str]) -> str:
    """Say in a line or two what came into force, when, by whom and why."""
    _ = words.gettext
    line = _("• {version}, since {when}").format(
        version=version_name(words, change.number),
        when=jalali_moment(change.changed_at, words.language, with_weekday=False),
    )
    if change.changed_by is None:
        line += " · " + _("by whoever runs the desk")
    else:
        line += " · " + colleague(names, change.changed_by, words)
    return line + (
        f"\n   «{shielded(change.reason, units_max=_REASON_UNITS_MAX)}»" if change.reason else ""
    )
