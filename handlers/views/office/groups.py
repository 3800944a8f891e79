"""What is said about a group that becomes, is, or no longer is the admin chat of an office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.callback_data.members import DeskPressed
from handlers.reply import Button, Reply
from handlers.views.common import office_names, said
from handlers.views.office.members import offices_to_choose, setup_button

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words


def desk_help(words: Words) -> Reply:
    """Say how the admin chat works, on one screen."""
    _ = words.gettext
    return Reply(
        _(
            "<b>How this chat works</b>\n\n"
            "A new case comes as a card. ✋ takes it, a reply to the card answers the citizen, "
            "and /note as a reply to it is a note among colleagues.\n\n"
            "<b>Cases</b>: /cases, /case with a code, and /unanswered for questions that I could "
            "not answer\n"
            "<b>Workshops</b>: /workshops\n"
            "<b>Money</b>, for finance and managers: /payouts to citizens, /topups that they paid "
            "at the bank, /reconcile for the bank's file, /suspense for unclaimed money\n"
            "<b>Days</b>: /calendar, and /close to close or shorten one\n"
            "<b>Figures</b>: /digest, and /report as a file\n"
            "<b>Terms</b>: /circular, /versions and /endagreement\n"
            "<b>Colleagues</b>: /staff, /invite, and /audit for who did what\n\n"
            "Please write nobody's national ID, card or phone number here, and send no documents."
        )
    )


def desk_needs_group(words: Words) -> Reply:
    """Say where /desk is written."""
    _ = words.gettext
    return Reply(
        _(
            "The admin chat of an office is a group. Make a group of staff only, add me to it, "
            "and write /desk in that group."
        )
    )


def desk_commands_elsewhere(words: Words) -> Reply:
    """Say to staff, in private, where the commands of the admin chat are written."""
    _ = words.gettext
    return Reply(
        _("This command is written in the group of your colleagues; here it does nothing.")
    )


def desk_to_choose(words: Words, offices: Sequence[OfficeCatalogue]) -> Reply:
    """Ask whose desk this group shall be."""
    return offices_to_choose(words, offices, DeskPressed)


def desk_bound(words: Words, published: OfficeCatalogue) -> Reply:
    """Say what a group gets from now on."""
    _ = words.gettext
    text = _(
        "🏛 <b>This group is now the admin chat of {office}.</b>\n\n"
        "• Here you get new cases, warnings before a promised date, and the daily and weekly "
        "digest.\n"
        "• Reply to a message about a case, and the citizen gets your answer. Talk among "
        "yourselves without replying to me.\n"
        "• /cases shows the lists, /staff your colleagues, /invite brings new ones.\n"
        "• Everybody in this group can read what citizens write: keep it to staff. Only staff can "
        "press the buttons, and the record shows who did what."
    )
    rows = [[setup_button(words, published)]]
    return Reply(text.format(office=said(published.office.short_name, words)), rows)


def desk_was_bound(words: Words, published: OfficeCatalogue) -> Reply:
    """Say that nothing changed."""
    _ = words.gettext
    text = _("This group already is the admin chat of {office}.")
    return Reply(text.format(office=said(published.office.short_name, words)))


def desk_moved_away(words: Words, published: OfficeCatalogue) -> Reply:
    """Tell the group that was the desk until now."""
    _ = words.gettext
    text = _(
        "A manager made another group the admin chat of {office}. What is new about its cases is "
        "said there from now on."
    )
    return Reply(text.format(office=said(published.office.short_name, words)))


def added_to_group(words: Words, offices: Sequence[OfficeCatalogue]) -> Reply:
    """Greet a group that a manager of these offices let the desk into."""
    _ = words.gettext
    rows = [
        [
            Button(
                _("👥 Admin chat of {office}").format(
                    office=published.office.short_name.in_language(words.language)
                ),
                DeskPressed(published.office.id),
            )
        ]
        for published in offices
    ]
    text = _(
        "Hello! If this is a group of staff only, make it your admin chat with the button below, "
        "or write /desk."
    )
    return Reply(text, rows)


def removed_from_desk(words: Words, offices: Sequence[OfficeCatalogue]) -> Reply:
    """Tell a manager that the desk can no longer speak in its group."""
    _ = words.gettext
    names = office_names(offices, words)
    text = _(
        "⚠️ I am no longer in the admin chat of {offices}, so staff do not hear of new cases. "
        "Please add me again, or make another group the admin chat with /desk."
    )
    return Reply(text.format(offices=names))
