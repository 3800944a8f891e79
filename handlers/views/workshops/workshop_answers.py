"""What is answered to a message about workshops that are open, in the person's own words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.catalogue.search import WorkshopFact
from bot.kit.digits import number
from bot.kit.text import isolate
from bot.workshops.model import Sieve
from handlers.callback_data.sieves import written
from handlers.callback_data.workshops import WorkshopOpened, WorkshopsPressed
from handlers.reply import Button, Reply
from handlers.views.common import shielded, way_back
from handlers.views.workshops import workshop_facts as facts
from handlers.views.workshops.registering_words import label_of, title_said
from handlers.views.workshops.subscriptions import subscribe_button
from handlers.views.workshops.workshop_sieve import sieve_said
from handlers.views.workshops.workshops import listing_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.workshops.model import Listing
    from handlers.views.workshops.workshop_facts import Showcase

TOLD_MAX: Final = 3
_SESSIONS_TOLD: Final = 6
_TOPIC_UNITS_MAX: Final = 80
_CLAUSES: Final = {
    WorkshopFact.SESSIONS: facts.CLAUSE_OF_SESSIONS,
    WorkshopFact.FEE: facts.CLAUSE_OF_FEES,
    WorkshopFact.DROPPING: facts.CLAUSE_OF_DROPPING,
}


def _sessions(shown: Showcase) -> str:
    return facts.sessions_fact(shown, most=_SESSIONS_TOLD)


_LINES: Final[dict[WorkshopFact, Callable[[Showcase], str]]] = {
    WorkshopFact.REGISTRATION: facts.registration_fact,
    WorkshopFact.SESSIONS: _sessions,
    WorkshopFact.FEE: facts.fee_fact,
    WorkshopFact.PLACES: facts.places_fact,
    WorkshopFact.DROPPING: facts.dropping_fact,
    WorkshopFact.AGES: facts.ages_fact,
    WorkshopFact.WHERE: facts.where_fact,
    WorkshopFact.INSTRUCTOR: facts.instructor_fact,
}


@dataclass(frozen=True)
class Told:
    """One workshop of an answer: as it stands in lists, and with all that its page says."""

    listing: Listing
    shown: Showcase


def answered(
    words: Words, told: Sequence[Told], asked: Collection[WorkshopFact], sieve: Sieve, count: int
) -> Reply:
    """Tell of the workshops that a message asks for, and lead to them and to the list."""
    _ = words.gettext
    paragraphs = [
        "\n".join([listing_text(words, one.listing), *_asked(one, asked)]) for one in told
    ]
    left = count - len(told)
    if left > 0:
        paragraphs.append(
            _("… and {count} more, in the list.").format(count=number(left, words.language))
        )
    paragraphs += _sources([one.shown for one in told], asked)
    rows = [[_page_button(words, one.shown)] for one in told]
    office_id = told[0].shown.published.office.id
    return Reply("\n\n".join(paragraphs), [*rows, *_foot(words, office_id, sieve)])


def spoken_of(words: Words, shown: Showcase, asked: Collection[WorkshopFact]) -> Reply:
    """Tell a fact of the workshop whose page was just read."""
    lines = [f"🎨 {title_said(shown.workshop, words)}", facts.state_fact(shown)]
    lines += [_LINES[fact](shown) for fact in WorkshopFact if fact in asked]
    text = "\n\n".join(["\n".join(lines), *_sources([shown], asked)])
    rows = [[_page_button(words, shown)]]
    return Reply(text, [*rows, *_foot(words, shown.published.office.id, Sieve())])


def going_on(
    words: Words, shown: Sequence[Showcase], asked: Collection[WorkshopFact], sieve: Sieve
) -> Reply:
    """Tell of workshops that can no longer be registered for, and lead to those that can."""
    _ = words.gettext
    wanted = {WorkshopFact.SESSIONS, *asked} - {WorkshopFact.PLACES, WorkshopFact.REGISTRATION}
    paragraphs = [
        "\n".join(
            [
                f"▪️ {title_said(one.workshop, words)}",
                facts.state_fact(one),
                *(_LINES[fact](one) for fact in WorkshopFact if fact in wanted),
            ]
        )
        for one in shown
    ]
    paragraphs += [
        _("Registration for it is over. I can tell you when a new one opens."),
        *_sources(shown, wanted),
    ]
    rows = [[_page_button(words, one)] for one in shown]
    office_id = shown[0].published.office.id
    return Reply("\n\n".join(paragraphs), [*rows, *_foot(words, office_id, sieve)])


def nothing(words: Words, published: OfficeCatalogue, topic: str, sieve: Sieve) -> Reply:
    """Say that no such workshop is open, and what can be done instead."""
    _ = words.gettext
    text = _("🎨 No workshop that can be registered for fits this now.")
    if topic:
        text = _("🎨 No workshop about {topic} can be registered for now.").format(
            topic=isolate(shielded(topic, units_max=_TOPIC_UNITS_MAX))
        )
    chosen = sieve_said(words, sieve)
    lines = [text, *([f"🔎 {chosen}"] if chosen else [])]
    lines.append(_("Here are those that there are; or I tell you as soon as a new one opens."))
    everything = [Button(_("🎨 All workshops"), WorkshopsPressed(published.office.id))]
    return Reply(
        "\n\n".join(lines),
        [
            everything,
            [subscribe_button(words, published.office.id, sieve)],
            way_back(words, published.office),
        ],
    )


def _asked(told: Told, asked: Collection[WorkshopFact]) -> list[str]:
    in_card = {WorkshopFact.FEE}
    if told.shown.is_open:
        in_card.add(WorkshopFact.REGISTRATION)
    left = set(asked) - in_card
    return [_LINES[fact](told.shown) for fact in WorkshopFact if fact in left]


def _sources(shown: Sequence[Showcase], asked: Collection[WorkshopFact]) -> list[str]:
    """Name the source once for each office."""
    clauses = [_CLAUSES[fact] for fact in WorkshopFact if fact in asked and fact in _CLAUSES]
    by_office = {one.published.office.id: one for one in shown}
    return [facts.source(one, *clauses) for one in by_office.values()]


def _page_button(words: Words, shown: Showcase) -> Button:
    return Button(f"📄 {label_of(shown.workshop, words)}", WorkshopOpened(str(shown.workshop.id)))


def _foot(words: Words, office_id: str, sieve: Sieve) -> list[list[Button]]:
    _ = words.gettext
    listed = WorkshopsPressed(office_id, written(replace(sieve, is_room_wanted=False)))
    return [
        [Button(_("🎨 The list"), listed), subscribe_button(words, office_id, sieve)],
        way_back(words),
    ]
