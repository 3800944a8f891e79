"""Wishes to be told of new workshops: made, listed, ended, and the notice that they lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.workshops.model import Sieve
from handlers.callback_data.sieves import written
from handlers.callback_data.workshops import (
    SubscriptionPressed,
    SubscriptionVerb,
    WorkshopOpened,
    WorkshopsPressed,
)
from handlers.reply import Button, Reply
from handlers.views.common import in_pairs, said, way_back
from handlers.views.workshops.registering_words import fee_said, title_said
from handlers.views.workshops.workshop_sieve import sieve_said
from handlers.views.workshops.workshop_words import deadline_said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import Catalogue, OfficeCatalogue
    from bot.citizens.model import Dialogue
    from bot.kit.words import Words
    from bot.workshops.model import Listing, Subscription


def subscribe_button(words: Words, office_id: str, sieve: Sieve) -> Button:
    """Offer to tell of new workshops of this kind."""
    _ = words.gettext
    kind = Sieve(sieve.age, sieve.province, sieve.subject)
    pressed = SubscriptionPressed(SubscriptionVerb.ADD.value, office_id, written(kind))
    return Button(_("🔔 Tell me of new ones"), pressed)


def subscriptions_button(words: Words) -> Button:
    """Lead to what one is told of."""
    _ = words.gettext
    return Button(_("🔔 What I am told of"), SubscriptionPressed(SubscriptionVerb.LIST.value))


def about_to(words: Words, published: OfficeCatalogue, sieve: Sieve, dialogue: Dialogue) -> Reply:
    """Say what will be told of, to who has not agreed yet to what is kept for it."""
    _ = words.gettext
    kind = sieve_said(words, Sieve(sieve.age, sieve.province, sieve.subject)) or _("all of them")
    text = _("🔔 I will tell you of every new workshop of {office} once registration opens.")
    lines = [
        text.format(office=said(published.office.short_name, words)),
        _("Which ones: {chosen}").format(chosen=kind),
    ]
    agrees = SubscriptionPressed(SubscriptionVerb.AGREE.value, dialogue.token)
    rows = [[Button(_("✅ Yes, tell me"), agrees)], way_back(words, published.office)]
    return Reply("\n\n".join(lines), rows, is_page=True)


def made(
    words: Words, published: OfficeCatalogue, subscription: Subscription, *, is_new: bool
) -> Reply:
    """Promise to tell, and say how to end it."""
    _ = words.gettext
    promise = _("🔔 I tell you of every new workshop of {office} once registration opens.")
    if not is_new:
        promise = _("🔔 I tell you of new workshops of {office} already.")
    lines = [
        promise.format(office=said(published.office.short_name, words)),
        _("Which ones: {chosen}").format(chosen=_which(words, subscription)),
        _(
            "For this I keep your user number with these words until you end it, with one tap "
            "here or under any such message. For another age, province or subject choose them in "
            "the list first."
        ),
    ]
    ends = SubscriptionPressed(SubscriptionVerb.END.value, str(subscription.id))
    rows = [
        [Button(_("🔕 End this"), ends), subscriptions_button(words)],
        [_list_button(words, published, subscription.sieve)],
        way_back(words, published.office),
    ]
    return Reply("\n\n".join(lines), rows, is_page=True)


def list_page(
    words: Words, catalogue: Catalogue, subscriptions: Sequence[Subscription], note: str
) -> Reply:
    """List what somebody is told of, each with a button that ends it."""
    _ = words.gettext
    lines = [note] if note else []
    if not subscriptions:
        lines.append(
            _(
                "🔕 You are told of no new workshops. In the list of workshops, choose an age, a "
                "province or a subject if you like, and press “Tell me of new ones”."
            )
        )
        rows = [[Button(_("🎨 Workshops"), WorkshopsPressed())], way_back(words)]
        return Reply("\n\n".join(lines), rows, is_page=True)
    lines.append(_("🔔 <b>You are told of new workshops</b>"))
    buttons = []
    for position, one in enumerate(subscriptions, start=1):
        published = catalogue.find(one.office_id)
        office = one.office_id if published is None else said(published.office.short_name, words)
        shown_position = number(position, words.language)
        lines.append(f"{shown_position}. {office}: {_which(words, one)}")
        ends = SubscriptionPressed(SubscriptionVerb.END.value, str(one.id))
        label = _("🔕 End number {number}").format(number=shown_position)
        buttons.append(Button(label, ends))
    rows = in_pairs(buttons)
    if len(subscriptions) > 1:
        all_of_them = SubscriptionPressed(SubscriptionVerb.END_ALL.value)
        rows.append([Button(_("🔕 End all"), all_of_them)])
    rows += [[Button(_("🎨 Workshops"), WorkshopsPressed())], way_back(words)]
    return Reply("\n\n".join(lines), rows, is_page=True)


def ended_words(words: Words) -> str:
    """Say that a wish is forgotten."""
    _ = words.gettext
    return _("🔕 Ended: I tell you no more of this.")


def ended_here(words: Words) -> Reply:
    """Say below a notice that it was the last of its kind."""
    _ = words.gettext
    text = _(
        "🔕 Ended: I tell you no more of workshops like this one. What concerns your own "
        "registrations I still tell you."
    )
    return Reply(text, [[subscriptions_button(words)], way_back(words)])


def told(
    words: Words, published: OfficeCatalogue, listing: Listing, subscription: Subscription
) -> Reply:
    """Tell somebody of a new workshop, as they wished, with a tap that ends it."""
    _ = words.gettext
    workshop = listing.workshop
    text = "\n".join(
        [
            _("🔔 New at {office}: {title}").format(
                office=said(published.office.short_name, words), title=title_said(workshop, words)
            ),
            _("🗓 Begins: {moment}").format(
                moment=jalali_moment(listing.first_session_at, words.language)
            ),
            _("💰 Fee: {fee}").format(fee=fee_said(workshop, workshop.fee_rial, words)),
            _("⏳ Register until: {moment}").format(
                moment=deadline_said(workshop.closes_at, words)
            ),
            "",
            _("You wished to be told of: {chosen}").format(chosen=_which(words, subscription)),
        ]
    )
    ends = SubscriptionPressed(SubscriptionVerb.END_HERE.value, str(subscription.id))
    rows = [
        [Button(_("📄 The workshop"), WorkshopOpened(str(workshop.id)))],
        [Button(_("🔕 Tell me no more of these"), ends)],
    ]
    return Reply(text, rows)


def _which(words: Words, subscription: Subscription) -> str:
    _ = words.gettext
    return sieve_said(words, subscription.sieve) or _("all of them")


def _list_button(words: Words, published: OfficeCatalogue, sieve: Sieve) -> Button:
    _ = words.gettext
    return Button(_("🎨 The workshops now"), WorkshopsPressed(published.office.id, written(sieve)))
