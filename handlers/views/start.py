"""The first page, help, privacy, languages, and what is said to things the desk does not take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.text import isolate
from handlers.callback_data import LanguagePressed, OfficePressed, PagePressed
from handlers.callback_data.cases import MyCasesPressed
from handlers.reply import Button, Reply
from handlers.views.catalogue.facets import channels
from handlers.views.common import said, tell_button, way_back
from handlers.views.wallet.wallet import wallet_button
from handlers.views.workshops.workshops import workshops_button

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalogue.model import Catalogue, OfficeCatalogue
    from bot.kit.words import Language, Words


def home(words: Words, catalogue: Catalogue, *, is_page: bool = False) -> Reply:
    """Welcome a person: what this is, what to do first."""
    _ = words.gettext
    names = _(" and ").join(
        said(published.office.short_name, words) for published in catalogue.offices
    )
    text = _(
        "Welcome to the service desk of {offices} 🌿\n\n"
        "I can tell you about their services, documents, costs and deadlines, each answer with "
        "its source; and I take your comments and complaints to their staff, day and night.\n\n"
        "Write your question in your own words, or choose:"
    ).format(offices=names)
    rows = [*office_rows(words, catalogue), [tell_button(words)]]
    if any(published.desk.wallet is not None for published in catalogue.offices):
        rows.append([workshops_button(words)])
    rows.append([Button(_("📂 My cases"), MyCasesPressed("0")), wallet_button(words)])
    rows.append(
        [
            Button(_("❓ Help"), PagePressed("help")),
            Button(_("🔒 Privacy"), PagePressed("privacy")),
        ]
    )
    rows.append([Button(_("🌐 Language"), PagePressed("language"))])
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


def help_page(words: Words, *, is_page: bool = False) -> Reply:
    """Say what can be asked, and how."""
    _ = words.gettext
    text = _(
        "<b>How can I help?</b>\n\n"
        "• Write a question, such as “What documents does a private training school need?” "
        "or “Until when can I drop a workshop?”\n"
        "• Or walk through the menu: office, then service, then what you want to know.\n"
        "• Under each answer you see where it comes from. If it did not help, press the button "
        "under it.\n"
        "• When I am not sure I say so, and never guess; then a person can answer you.\n"
        "• Tell the office anything: comment, complaint, thanks, a fault of its website. You get "
        "a tracking code and a date by which you are answered. It is open day and night: /case\n"
        "• See your cases, add to them or reopen them: /cases. Look one up by its code: /track\n\n"
        "I take no documents or pictures, and please write no national ID, card or phone number."
    )
    rows = [[tell_button(words)], [Button(_("📂 My cases"), MyCasesPressed("0"))]]
    return Reply(text, [*rows, way_back(words)], is_page=is_page)


def privacy_page(words: Words, *, is_page: bool = False) -> Reply:
    """Say what is kept of a person, and for how long."""
    _ = words.gettext
    text = _(
        "<b>Privacy</b>\n\n"
        "• You need to give nothing and agree to nothing to ask a question.\n"
        "• For questions I keep of you your user number in this messenger with the language and "
        "office you chose, if you chose one, and for half an hour what we last spoke of.\n"
        "• Questions are kept for 30 days without your name or number, so that the office sees "
        "what is not answered yet. The wording of one that the office answers for everybody is "
        "kept with that answer.\n"
        "• A case that you register is kept with your user number, so that you can be answered, "
        "and a year after its end your number, your words and your rating are deleted. The "
        "office's staff read its words, not your name or number.\n"
        "• An anonymous case is kept without your number: only its code leads to it. For an hour "
        "I remember that you registered something, without saying what, so that nobody floods "
        "the desk.\n"
        "• What is held for you in the wallet, and what was proposed for it, is kept line by line "
        "with your user number and is not deleted: money has to be accounted for.\n"
        "• The account that you name for a payout, and its owner, are kept encrypted; only the "
        "office's finance and the bank read them. I delete your message with the number.\n"
        "• Of whom you register for a workshop the given name is kept, encrypted, with the birth "
        "date, until you take them out of your list; staff see its first letter and the age. The "
        "registrations stay with your user number, as places and money have to be accounted "
        "for; what you say of getting ready for a session, and your rating of a workshop, are "
        "deleted after a year.\n"
        "• If you wish to be told of new workshops, your user number is kept with the age, the "
        "province and the subject that you chose, until you end it. Of whom I told is not kept.\n"
        "• A message itself is deleted from the desk as soon as it has been answered; the fact "
        "that one was received stays for 7 days. One that I failed to answer is kept for up to "
        "30 days, so that the fault can be found.\n"
        "• Documents and pictures are never opened."
    )
    return Reply(text, [way_back(words)], is_page=is_page)


def language_page(
    words: Words, spoken: Mapping[Language, Words], *, is_page: bool = False
) -> Reply:
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
