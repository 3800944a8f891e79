"""The way to one's own data, and to having it corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from handlers.callback_data import PagePressed
from handlers.callback_data.cases import MyCasesPressed
from handlers.callback_data.learners import LearnersPressed, LearnerVerb
from handlers.callback_data.rights import Right, RightPressed
from handlers.reply import Button, FileToMake, Reply
from handlers.views.common import way_back

if TYPE_CHECKING:
    from bot.kit.words import Words

OWN_PAGE: Final = "own_page"
OWN_JSON: Final = "own_json"
ABOUT: Final = "mydata"  # what such a file is about, by which it is taken back
TAKEN_BACK_AFTER_HOURS: Final = 12


def data_page(words: Words, *, is_page: bool = False) -> Reply:
    """Offer all that is kept, in two forms."""
    _ = words.gettext
    text = _(
        "<b>What is kept of you</b>\n\n"
        "All of it, as a page to read or as data for a program: your cases with what was said, "
        "those you register, workshops, wallet, ratings, what you agreed to.\n\n"
        "• Each form once a day, and only here, to you.\n"
        "• The file is made as it is sent, and no copy of it stays with me. After {hours} hours I "
        "take the message back, where the messenger lets me; what you saved is yours to guard: "
        "names, words and account numbers stand in it."
    ).format(hours=number(TAKEN_BACK_AFTER_HOURS, words.language))
    rows = [
        [Button(_("📄 A page to read"), RightPressed(Right.AS_PAGE))],
        [Button(_("🗂 Data for a program (JSON)"), RightPressed(Right.AS_DATA))],
        [Button(_("✏️ Something is wrong"), RightPressed(Right.CORRECT))],
        [Button(_("🔒 Privacy"), PagePressed("privacy"))],
        way_back(words),
    ]
    return Reply(text, rows, is_page=is_page)


def data_file(words: Words, kind: str, citizen_id: int) -> Reply:
    """Send one of the forms."""
    _ = words.gettext
    name = "mydata.html" if kind == OWN_PAGE else "mydata.json"
    text = _("All that is kept of you, as it stands now. Please guard it well.")
    file = FileToMake(name, kind, citizen_id, {"language": words.language})
    return Reply(text, file=file)


def correcting_page(words: Words, *, is_page: bool = False) -> Reply:
    """Say how each kind of thing is corrected: most of it by the person themselves."""
    _ = words.gettext
    text = _(
        "<b>Something is wrong?</b> You can correct it:\n\n"
        "• <b>Names and birth dates</b> of those you register: take the entry out and add it "
        "anew; where somebody has a place, staff correct it.\n"
        "• <b>Your words in a case</b>: edit your message, or add to the case.\n"
        "• <b>Language and office</b>: choose them anew.\n"
        "• <b>A payout's account</b>: withdraw the payout and ask anew.\n\n"
        "For all else, or if you and the office disagree, tell the staff: a case is opened, you "
        "get a code, and they note what you say beside what is kept."
    )
    rows = [
        [Button(_("👪 Those I register"), LearnersPressed(LearnerVerb.LIST))],
        [Button(_("📂 My cases"), MyCasesPressed("0"))],
        [Button(_("🌐 Language"), PagePressed("language"))],
        [Button(_("📝 Tell the staff"), RightPressed(Right.TELL_STAFF))],
    ]
    return Reply(text, [*rows, way_back(words)], is_page=is_page)


def words_of_correction(words: Words) -> str:
    """Prepare what a person tells the staff who wants something corrected."""
    _ = words.gettext
    return _("Please correct something that is kept of me.")
