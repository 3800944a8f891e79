"""The list of workshops, and what is said where it is empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.workshops.model import Sieve, WorkshopState
from handlers.callback_data.sieves import written
from handlers.callback_data.workshops import SievePressed, WorkshopPressed, WorkshopsPressed
from handlers.reply import Button, Reply
from handlers.views.common import in_pairs, said, way_back
from handlers.views.workshops.registering_words import fee_said, label_of, mine_button, title_said
from handlers.views.workshops.subscriptions import subscribe_button, subscriptions_button
from handlers.views.workshops.workshop_sieve import side_labels, sieve_said, without
from handlers.views.workshops.workshop_words import deadline_said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.workshops.model import Listing

LISTED_ON_A_PAGE: Final = 5


@dataclass(frozen=True)
class Shelf:
    """A list of workshops of an office, as far as it passes a filter."""

    words: Words
    published: OfficeCatalogue
    sieve: Sieve
    listings: Sequence[Listing]  # from where the page begins
    count: int  # of all that pass
    is_first: bool = True

    def leads_to(self, sieve: Sieve, after: int = 0) -> WorkshopsPressed:
        """The list again, through another filter or further on."""
        return WorkshopsPressed(self.published.office.id, written(sieve), str(after))


def workshops_button(words: Words, office_id: str = "") -> Button:
    """Lead to the workshops of an office, or wherever there are any."""
    _ = words.gettext
    return Button(_("🎨 Workshops"), WorkshopsPressed(office_id))


def list_page(shelf: Shelf, *, is_page: bool) -> Reply:
    """List workshops, what begins first before the others; an empty list says what now."""
    _ = shelf.words.gettext
    if not shelf.listings:
        return _nothing(shelf, is_page=is_page)
    words = shelf.words
    shown = shelf.listings[:LISTED_ON_A_PAGE]
    head = _("🎨 <b>Workshops of {office}</b>").format(
        office=said(shelf.published.office.short_name, words)
    )
    lines = [head, *_passing(shelf), *(listing_text(words, one) for one in shown)]
    rows = [[listing_button(words, one)] for one in shown]
    turns = []
    if not shelf.is_first:
        turns.append(Button(_("⏮ The first ones"), shelf.leads_to(shelf.sieve)))
    if len(shelf.listings) > LISTED_ON_A_PAGE:
        turns.append(Button(_("More"), shelf.leads_to(shelf.sieve, shown[-1].workshop.id)))
    return Reply("\n\n".join(lines), [*rows, turns, *_foot(shelf)], is_page=is_page)


def _foot(shelf: Shelf) -> list[list[Button]]:
    _ = shelf.words.gettext
    words, office = shelf.words, shelf.published.office
    sides = Button(_("🔎 Choose by…"), SievePressed(office.id, written(shelf.sieve)))
    return [
        [sides, subscribe_button(words, office.id, shelf.sieve)],
        [mine_button(words), subscriptions_button(words)],
        way_back(words, office),
    ]


def _passing(shelf: Shelf) -> list[str]:
    _ = shelf.words.gettext
    words = shelf.words
    counted = _("{count} to register for, the soonest first.").format(
        count=number(shelf.count, words.language)
    )
    chosen = sieve_said(words, shelf.sieve)
    return [counted if not chosen else f"{counted}\n🔎 {chosen}"]


def _nothing(shelf: Shelf, *, is_page: bool) -> Reply:
    _ = shelf.words.gettext
    words, office = shelf.words, shelf.published.office
    chosen = sieve_said(words, shelf.sieve)
    if not chosen:
        text = _(
            "🎨 {office} has no workshop to register for at the moment. If you like, I tell you "
            "as soon as one opens."
        ).format(office=said(office.short_name, words))
        return Reply(text, _foot(shelf), is_page=is_page)
    text = _(
        "🎨 There is no such workshop now:\n🔎 {chosen}\n\n"
        "Remove a filter to see more, or let me tell you as soon as one opens."
    ).format(chosen=chosen)
    wider = [
        Button(f"✖️ {label}", shelf.leads_to(without(shelf.sieve, side)))
        for side, label in side_labels(words, shelf.sieve).items()
    ]
    rows = in_pairs(wider)
    if len(wider) > 1:
        rows.append([Button(_("🎨 All workshops"), shelf.leads_to(Sieve()))])
    return Reply(text, [*rows, *_foot(shelf)], is_page=is_page)


def listing_text(words: Words, listing: Listing) -> str:
    """Say what one wants to know of a workshop before anything else."""
    _ = words.gettext
    workshop, language = listing.workshop, words.language
    free = _("full, with a waiting list")
    if listing.room_count:
        free = _("{count} places free").format(count=number(listing.room_count, language))
    until = _("⏳ Register until: {moment}").format(
        moment=deadline_said(workshop.closes_at, words)
    )
    if workshop.state is WorkshopState.PUBLISHED:
        until = _("⏳ Registration begins: {moment}").format(
            moment=jalali_moment(workshop.opens_at, language)
        )
    elif workshop.state is WorkshopState.PAUSED:
        until = _("⏸ Registration is paused for the time being.")
    return "\n".join(
        [
            f"▪️ {title_said(workshop, words)}",
            _("🗓 Begins: {moment}").format(
                moment=jalali_moment(listing.first_session_at, language)
            ),
            f"🪑 {free}",
            _("💰 Fee: {fee}").format(fee=fee_said(workshop, workshop.fee_rial, words)),
            until,
        ]
    )


def listing_button(words: Words, listing: Listing) -> Button:
    """Lead to a workshop of a list."""
    return Button(label_of(listing.workshop, words), WorkshopPressed(str(listing.workshop.id)))


def offices_page(words: Words, offices: Sequence[OfficeCatalogue], *, is_page: bool) -> Reply:
    """Ask whose workshops; say so where nobody has any."""
    _ = words.gettext
    text = _("🎨 Whose workshops would you like to see?")
    if not offices:
        text = _("🎨 No office has workshops here. You can still ask me anything in your words.")
    rows = [
        [
            Button(
                f"🏛 {one.office.short_name.in_language(words.language)}",
                WorkshopsPressed(one.office.id),
            )
        ]
        for one in offices
    ]
    return Reply(text, [*rows, way_back(words)], is_page=is_page)
