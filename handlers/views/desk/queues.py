"""The lists of the staff desk: how many cases each has, and a page of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cases.model import CaseState, MessageKind, Queue, QueueItem
from bot.kit.digits import number
from bot.kit.text import ltr
from bot.kit.tracking import shown
from handlers.callback_data.desk import (
    CaseDeskPressed,
    DeskVerb,
    QueuePressed,
    QueuesPressed,
    QueueTurned,
)
from handlers.reply import Button, Reply
from handlers.views.cases.case_words import head, kind_icon, kind_name
from handlers.views.common import in_pairs, said, shielded
from handlers.views.desk.desk_words import queue_name, time_left

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.cases.model import Dossier
    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words

SUBJECT = "lists:cases"  # a reply to a list names no case
CASES_ON_A_PAGE = 8
_FIRST_WORDS_UNITS_MAX = 120
_ALWAYS_SHOWN = (Queue.NEW, Queue.OPEN)


@dataclass(frozen=True)
class QueuePage:
    """A page of one list: its lines, where it starts, and how long the whole list is."""

    queue: Queue
    items: Sequence[QueueItem]
    offset: int
    count: int


def counted(
    words: Words,
    offices: Sequence[tuple[OfficeCatalogue, Mapping[Queue, int]]],
    *,
    is_page: bool,
) -> Reply:
    """Show how many cases each list has; a button for each list that has any."""
    _ = words.gettext
    rows: list[list[Button]] = []
    lines = [_("<b>Cases</b>")]
    for published, counts in offices:
        waits = counts.get(Queue.OPEN, 0)
        office = said(published.office.short_name, words)
        if waits:
            line = _("🏛 {office}: {count} wait for us.")
        else:
            line = _("🏛 {office}: nothing waits for us. 🌿")
        lines.append(line.format(office=office, count=number(waits, words.language)))
        rows += _count_rows(words, published, counts, names_office=len(offices) > 1)
    return Reply("\n".join(lines), rows, is_page=is_page)


def _count_rows(
    words: Words, published: OfficeCatalogue, counts: Mapping[Queue, int], *, names_office: bool
) -> list[list[Button]]:
    buttons = []
    for queue in Queue:
        count = counts.get(queue, 0)
        if not count and queue not in _ALWAYS_SHOWN:
            continue
        label = f"{queue_name(queue, words)}: {number(count, words.language)}"
        if names_office:
            label += f" ({published.office.short_name.in_language(words.language)})"
        buttons.append(Button(label, QueuePressed(published.office.id, queue.value, "0")))
    return [[button] for button in buttons] if names_office else in_pairs(buttons)


def listed(
    words: Words, published: OfficeCatalogue, page: QueuePage, now: datetime, *, is_page: bool
) -> Reply:
    """Show one page of a list: the code, the kind, when it is due, and its first words."""
    _ = words.gettext
    office = said(published.office.short_name, words)
    heading = _("<b>{queue}</b> · {office} ({count})").format(
        queue=queue_name(page.queue, words),
        office=office,
        count=number(page.count, words.language),
    )
    if not page.items:
        heading += "\n\n" + _("Nothing is in this list now.")
    lines = [
        _line(words, item, place, now) for place, item in enumerate(page.items, page.offset + 1)
    ]
    rows = [[_open(words, item, place)] for place, item in enumerate(page.items, page.offset + 1)]
    text = "\n\n".join([heading, *lines])
    back = Button(_("↩️ All lists"), QueuesPressed())
    return Reply(text, [*rows, _turn(words, published, page), [back]], is_page=is_page)


def together(
    words: Words,
    published: OfficeCatalogue,
    queue: Queue,
    dossiers: Sequence[Dossier],
    now: datetime,
) -> Reply:
    """Tell the same news of many cases at once, in place of a card for each."""
    _ = words.gettext
    heads = {
        Queue.DUE: _("⏰ <b>{count} cases are due soon</b>"),
        Queue.LATE: _(
            "🔴 <b>{count} cases are late.</b> Their citizens were told so, with the new dates "
            "below; who is anonymous reads it by the code."
        ),
        Queue.NEW: _(
            "🙌 <b>{count} cases are back in the list:</b> nothing was done to them for a while"
        ),
        Queue.OPEN: _("🔔 <b>{count} cases are no longer snoozed</b>"),
    }
    count = number(len(dossiers), words.language)
    shown_items = [_item(dossier) for dossier in dossiers[:CASES_ON_A_PAGE]]
    lines = [_line(words, item, place, now) for place, item in enumerate(shown_items, 1)]
    rows = [[_open(words, item, place)] for place, item in enumerate(shown_items, 1)]
    whole = Button(
        _("📂 The whole list: {list}").format(list=queue_name(queue, words)),
        QueuePressed(published.office.id, queue.value, "0"),
    )
    office = said(published.office.short_name, words)
    head_line = f"{heads[queue].format(count=count)}\n🏛 {office}"
    return Reply("\n\n".join([head_line, *lines]), [*rows, [whole]])


def _item(dossier: Dossier) -> QueueItem:
    clock = dossier.next_clock
    told = (message.text for message in dossier.messages if message.kind is MessageKind.WORDS)
    return QueueItem(dossier.case, None if clock is None else clock.promised_at, next(told, ""))


def _line(words: Words, item: QueueItem, place: int, now: datetime) -> str:
    """One case of a list; a waiting one has no time left to count."""
    first = shielded(item.first_words, units_max=_FIRST_WORDS_UNITS_MAX)
    due = _due(words, item, now)
    position = number(place, words.language)
    return f"{position}. {head(words, item.case)}{due}\n{first}"


def _due(words: Words, item: QueueItem, now: datetime) -> str:
    if item.due_at is None or item.case.is_over or item.case.state is CaseState.WAITING:
        return ""
    sign = "🔴 " if item.due_at < now else ""
    return f" · {sign}{time_left(item.due_at, now, words)}"


def _open(words: Words, item: QueueItem, place: int) -> Button:
    """Lead to a card, under the number that its line has in the list."""
    case = item.case
    code = ltr(shown(case.tracking_code))  # else the number before it joins it
    position = number(place, words.language)
    label = f"{position}. {kind_icon(case.kind)} {kind_name(case.kind, words)} {code}"
    return Button(label, CaseDeskPressed.on(case.id, DeskVerb.OPEN))


def _turn(words: Words, published: OfficeCatalogue, page: QueuePage) -> list[Button]:
    _ = words.gettext

    def turn(label: str, offset: int) -> Button:
        return Button(label, QueueTurned(published.office.id, page.queue.value, str(offset)))

    row = []
    if page.offset > 0:
        row.append(turn(_("◀️ Previous"), max(0, page.offset - CASES_ON_A_PAGE)))
    if page.offset + len(page.items) < page.count:
        row.append(turn(_("Next ▶️"), page.offset + CASES_ON_A_PAGE))
    return row
