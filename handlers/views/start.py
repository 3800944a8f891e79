"""The first page, help, languages, and what is said to things the desk does not take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.text import isolate
from handlers.callback_data import LanguagePressed, OfficePressed, PagePressed
from handlers.reply import Button, Reply
from handlers.views.catalogue.facets import channels
from handlers.views.common import office_names, said, tell_button, way_back
from handlers.views.helping import begun_line
from handlers.views.my_affairs import affairs_button
from handlers.views.workshops.workshops import workshops_button

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalogue.model import Catalogue, OfficeCatalogue
    from bot.kit.words import Language, Words


def home(
    words: Words, catalogue: Catalogue, *, begun: str | None = None, is_page: bool = False
) -> Reply:
    """Welcome a person: what this is, what to do first; and what was `begun` and is not ended."""
    _ = words.gettext
    text = _(
        "Welcome to the service desk of {offices} 🌿\n"
        "Write your question in your own words, or choose:"
    ).format(offices=office_names(catalogue.offices, words))
    if begun is not None:
        text += "\n\n" + begun_line(words, begun)
    rows = [*office_rows(words, catalogue), [tell_button(words)]]
    second = [affairs_button(words)]
    if any(published.desk.wallet is not None for published in catalogue.offices):
        second.insert(0, workshops_button(words))
    rows += [second, [Button(_("❓ Help and language"), PagePressed("help"))]]
    return Reply(text, rows, is_page=is_page)


def office_rows(words: Words, catalogue: Catalogue) -> list[list[Button]]:
    """A button for each office."""
    return [
        [
            Button(
                "🏛 " + published.office.short_name.in_language(words.language),
                OfficePressed(published.office.id),
            )
        ]
        for published in catalogue.offices
    ]


def language_page(words: Words, spoken: Mapping[Language, Words], *, is_page: bool) -> Reply:
    """Offer the languages, each by its own name."""
    _ = words.gettext
    names = [
        Button(own_name(other), LanguagePressed(language)) for language, other in spoken.items()
    ]
    return Reply(_("Which language shall I speak?"), [names, way_back(words)], is_page=is_page)


def own_name(words: Words) -> str:
    """Name a language in that language."""
    _ = words.gettext
    return _("English")


def language_chosen(words: Words) -> str:
    """Confirm the language, in that language."""
    _ = words.gettext
    return _("From now on I speak English.")


def file_refused(words: Words, offices: Sequence[OfficeCatalogue]) -> Reply:
    """Refuse a document kindly, and name the channels the office does take (MZ-19, KN-21)."""
    _ = words.gettext
    text = _(
        "Thank you, but to keep your information safe I take no documents, pictures or voice "
        "messages in this chat, and I have not opened this one."
    )
    where = [
        f"<b>{said(published.office.short_name, words)}</b>\n{channels(words, published)}"
        for published in offices
    ]
    ask = _("If you have a question, please write it in a few words.")
    return Reply("\n\n".join([text, *where, ask]), [way_back(words)])


def words_only(words: Words) -> Reply:
    """Answer a sticker, a contact or a place: the desk reads words."""
    _ = words.gettext
    text = _("I can only read text. Please write your question in a few words.")
    return Reply(text, [way_back(words)])


def unknown_command(words: Words) -> Reply:
    """Answer a command that does not exist."""
    _ = words.gettext
    text = _("I do not know this command. You can write your question, or start from here:")
    return Reply(text, [[Button(_("❓ Help"), PagePressed("help"))], way_back(words)])


def private_only(words: Words, bot_username: str) -> Reply:
    """In a group, answer only that the desk talks in private."""
    _ = words.gettext
    text = _("For your privacy I answer in a private chat only: {bot}")
    return Reply(text.format(bot=isolate(f"@{bot_username}")))
