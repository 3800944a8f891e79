"""How a circular is entered, previewed and confirmed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.kit.text import cut, isolate
from bot.kit.tracking import shown
from handlers.callback_data.circulars import (
    CircularAllPressed,
    CircularConfirmed,
    CircularDropped,
    CircularPagePressed,
    CircularServicePressed,
    CircularServicesChosen,
)
from handlers.callback_data.desk import CaseDeskPressed, DeskVerb
from handlers.reply import Button, Reply
from handlers.views.cases.case_words import kind_icon, kind_name
from handlers.views.common import code, said, shielded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from bot.cases.model import QueueItem
    from bot.catalogue.model import Circular, OfficeCatalogue, Service
    from bot.citizens.model import Dialogue
    from bot.kit.words import Words
    from handlers.callback_data import Payload

SERVICES_ON_A_PAGE = 8
REVIEWED_MAX = 40
_CASE_BUTTONS_MAX = 8
_LABEL_UNITS_MAX = 60


@dataclass(frozen=True)
class CircularDraft:
    """What was entered so far, by whom; `step` is what is asked for next, "confirm" at the end."""

    office_id: str
    officer_name: str
    number: str | None = None
    dispatched_at: datetime | None = None
    service_ids: tuple[str, ...] = ()
    are_services_chosen: bool = False
    summary: str | None = None

    @property
    def step(self) -> str:
        """What is still missing, in the order in which it is asked for."""
        if self.number is None:
            return "number"
        if self.dispatched_at is None:
            return "dispatch"
        if not self.are_services_chosen:
            return "services"
        return "confirm" if self.summary is not None else "summary"

    def toggled(self, service_id: str) -> CircularDraft:
        """Add a service, or take it out again."""
        others = tuple(one for one in self.service_ids if one != service_id)
        is_new = len(others) == len(self.service_ids)
        return replace(self, service_ids=(*others, service_id) if is_new else others)


@dataclass(frozen=True)
class Change:
    """What a circular does to one service."""

    service: Service
    number: int  # of the version it makes
    has_later: bool = False  # a circular that was dispatched later holds already


@dataclass(frozen=True)
class Effect:
    """All that a circular does, and the cases that it leaves as they are."""

    changes: Sequence[Change]
    cases_going_on: int
    registered_meanwhile: Sequence[QueueItem]


def prompt(words: Words, published: OfficeCatalogue, draft: CircularDraft) -> Reply:
    """Ask for what is missing, in a message to be replied to."""
    _ = words.gettext
    asks = {
        "number": _("✍️ Please reply to this message with the number of the circular."),
        "dispatch": _(
            "✍️ Please reply to this message with the day of its dispatch, and the hour if it is "
            "known, like {example}. It holds from then on; without an hour, from the beginning "
            "of that day."
        ).format(example=code("1405/08/20 10:30")),
        "summary": _(
            "✍️ Please reply to this message with what changes, in one or two sentences. "
            "Everybody may read it, so please write nothing personal."
        ),
    }
    return Reply(f"{_head(words, published, draft)}\n\n{asks[draft.step]}")


def not_yours_or_over(words: Words) -> Reply:
    """Tell somebody that what they reply to is a colleague's, or over."""
    _ = words.gettext
    return Reply(
        _(
            "This entry was begun by a colleague, or is over. To begin one of your own, use the "
            "command again."
        )
    )


def service_choice(
    words: Words, published: OfficeCatalogue, draft: CircularDraft, talk: Dialogue, page: int
) -> Reply:
    """Offer the services of the office, those marked that the circular changes."""
    _ = words.gettext
    services = published.services
    chosen = set(draft.service_ids)
    text = _("Which services does it change? Marked: {count}").format(
        count=number(len(chosen), words.language)
    )
    rows = [
        [
            Button(
                service_label("☑️" if one.id in chosen else "◻️", one, words),
                CircularServicePressed(talk.token, one.id, str(page)),
            )
        ]
        for one in on_page(services, page)
    ]
    rows.append(
        page_turns(words, services, page, lambda to: CircularPagePressed(talk.token, str(to)))
    )
    every = _("None") if len(chosen) == len(services) else _("All of them")
    last = [Button(every, CircularAllPressed(talk.token, str(page)))]
    if chosen:
        last.append(Button(_("✅ These are all"), CircularServicesChosen(talk.token)))
    return Reply(f"{_head(words, published, draft)}\n\n{text}", [*rows, last], is_page=True)


def preview(
    words: Words, published: OfficeCatalogue, draft: CircularDraft, effect: Effect, talk: Dialogue
) -> Reply:
    """Show what the circular will do, for a manager to confirm."""
    _ = words.gettext
    assert draft.summary is not None
    parts = [
        _head(words, published, draft),
        f"«{shielded(draft.summary)}»",
        "\n".join([_("<b>New versions from then on</b>"), *_changes(words, effect.changes)]),
        *_left_alone(words, effect),
        _("Entered by {name}. Nothing has changed yet: a manager confirms it.").format(
            name=isolate(shielded(draft.officer_name))
        ),
    ]
    who = (str(talk.citizen_id), talk.token)
    buttons = [
        Button(_("✅ Confirm (manager)"), CircularConfirmed(*who)),
        Button(_("✖️ Drop"), CircularDropped(*who)),
    ]
    return Reply("\n\n".join(parts), [buttons])


def entered(words: Words, published: OfficeCatalogue, circular: Circular, effect: Effect) -> Reply:
    """Say that the circular holds, and list the cases that came before it was entered."""
    _ = words.gettext
    text = _("✅ Circular {number} of {office} is entered and holds from {when} on.").format(
        number=shown_number(circular.number),
        office=said(published.office.short_name, words),
        when=jalali_moment(circular.dispatched_at, words.language),
    )
    items = effect.registered_meanwhile
    if not items:
        return Reply(text)
    review = _(
        "🔍 <b>Please look at these cases</b>: they were registered after the dispatch and before "
        "it was entered here. They keep the version of their day; nothing about them was changed."
    )
    lines = [
        _("{case}, registered {when}").format(
            case=f"{kind_icon(item.case.kind)} {code(shown(item.case.tracking_code))}",
            when=jalali_moment(item.case.registered_at, words.language, with_weekday=False),
        )
        for item in items
    ]
    rows = [
        [
            Button(
                f"{kind_name(item.case.kind, words)} {shown(item.case.tracking_code)}",
                CaseDeskPressed.on(item.case.id, DeskVerb.OPEN),
            )
        ]
        for item in items[:_CASE_BUTTONS_MAX]
    ]
    return Reply("\n\n".join([text, review, "\n".join(lines)]), rows)


def dropped(words: Words) -> Reply:
    """Say that nothing was changed."""
    _ = words.gettext
    return Reply(_("Dropped; nothing was changed."))


def _head(words: Words, published: OfficeCatalogue, draft: CircularDraft) -> str:
    _ = words.gettext
    office = said(published.office.short_name, words)
    lines = [_("📄 <b>Circular</b> · {office}").format(office=office)]
    if draft.number is not None:
        lines.append(_("Number: {number}").format(number=shown_number(draft.number)))
    if draft.dispatched_at is not None:
        when = jalali_moment(draft.dispatched_at, words.language)
        lines.append(_("Dispatched: {when}").format(when=when))
    return "\n".join(lines)


def _changes(words: Words, changes: Sequence[Change]) -> list[str]:
    _ = words.gettext
    lines = []
    for change in changes:
        line = _("• {service}: version {number}").format(
            service=said(change.service.title, words),
            number=number(change.number, words.language),
        )
        if change.has_later:
            line += " " + _("(only until the version of a later circular, which is entered)")
        lines.append(line)
    return lines


def _left_alone(words: Words, effect: Effect) -> list[str]:
    _ = words.gettext
    parts = [
        _("{count} open cases keep the version of their day.").format(
            count=number(effect.cases_going_on, words.language)
        )
        if effect.cases_going_on
        else _("No open case is about these services.")
    ]
    if effect.registered_meanwhile:
        parts.append(
            _(
                "⚠️ Of these, {count} were registered after the dispatch. They are not changed "
                "either; you get their list to look at."
            ).format(count=number(len(effect.registered_meanwhile), words.language))
        )
    return parts


def shown_number(typed: str) -> str:
    """Show a number as it was typed, however it is written."""
    return isolate(shielded(typed))


def service_label(sign: str, service: Service, words: Words) -> str:
    """Name a service on its button."""
    return cut(f"{sign} {service.title.in_language(words.language)}", _LABEL_UNITS_MAX)


def on_page(services: Sequence[Service], page: int) -> Sequence[Service]:
    """Pick the services of one page."""
    return services[page * SERVICES_ON_A_PAGE : (page + 1) * SERVICES_ON_A_PAGE]


def page_turns(
    words: Words, services: Collection[Service], page: int, turn: Callable[[int], Payload]
) -> list[Button]:
    """The buttons that turn the pages of the services."""
    _ = words.gettext
    row = []
    if page > 0:
        row.append(Button(_("◀️ Previous"), turn(page - 1)))
    if (page + 1) * SERVICES_ON_A_PAGE < len(services):
        row.append(Button(_("Next ▶️"), turn(page + 1)))
    return row
