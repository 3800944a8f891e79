"""What is kept of a person, and for how long: what matters to all, and a page for each part."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.keeping import KEPT_FOR, Kind
from handlers.callback_data import PagePressed
from handlers.reply import Button, Reply
from handlers.views.common import in_pairs, way_back

if TYPE_CHECKING:
    from bot.kit.words import Words


class Part(StrEnum):
    """What can be read of by itself; the name of its page."""

    QUESTIONS = "privacy-questions"
    CASES = "privacy-cases"
    MONEY = "privacy-money"
    WORKSHOPS = "privacy-workshops"


def privacy_page(words: Words, *, is_page: bool = False) -> Reply:
    """Say what is so for everybody, and lead to what is kept of whom."""
    _ = words.gettext
    text = _(
        "<b>Privacy</b>\n\n"
        "• To ask a question you need to give nothing and agree to nothing.\n"
        "• The office's staff read the words of your case, not your name or number.\n"
        "• A message itself is deleted from the desk as soon as it has been answered; the fact "
        "that one was received stays for 7 days. One that I failed to answer is kept for up to "
        "30 days, so that the fault can be found.\n"
        "• Documents and pictures are never opened.\n\n"
        "What is kept, and for how long:"
    )
    return Reply(text, _rows(words), is_page=is_page)


def privacy_part(words: Words, part: Part, *, is_national_id_asked: bool = False) -> Reply:
    """Say all that is kept of one kind; of national IDs where an office here requires them."""
    _ = words.gettext
    text = {
        Part.QUESTIONS: _(
            "<b>Questions</b>\n\n"
            "• Of you I keep your user number in this messenger with the language and office you "
            "chose, if you chose one, and for half an hour what we last spoke of.\n"
            "• Questions are kept for 30 days without your name or number, so that the office "
            "sees what is not answered yet. The wording of one that the office answers for "
            "everybody is kept with that answer."
        ),
        Part.CASES: _(
            "<b>Cases</b>\n\n"
            "• A case is kept with your user number, so that you can be answered. A year after "
            "its end your number, your words and your rating are deleted.\n"
            "• An anonymous case is kept without your number: only its code leads to it. For an "
            "hour I remember that you registered something, without saying what, so that nobody "
            "floods the desk."
        ),
        Part.MONEY: _(
            "<b>Wallet</b>\n\n"
            "• What is held for you, and what was proposed for it, is kept line by line with your "
            "user number and is not deleted: money has to be accounted for.\n"
            "• The account that you name for a payout, and its owner, are kept encrypted; only "
            "the office's finance and the bank read them. I delete your message with the number."
        ),
        Part.WORKSHOPS: _(
            "<b>Workshops</b>\n\n"
            "• Of whom you register, the given name is kept, encrypted, with the birth date, "
            "until you take them out of your list; staff see its first letter and the age.\n"
            "• The registrations stay with your user number, as places and money have to be "
            "accounted for.\n"
            "• What you say of getting ready for a session, and your rating of a workshop, are "
            "deleted after a year.\n"
            "• If you wish to be told of new workshops, your user number is kept with the age, "
            "the province and the subject that you chose, until you end it. I keep no record of "
            "whom I told."
        ),
    }[part]
    if part is Part.WORKSHOPS and is_national_id_asked:
        text += "\n" + _(
            "• Where an office requires the national ID of a learner, it is asked for when you "
            "register, in this private chat, and I delete your message with it. It is kept "
            "encrypted until {days} days after the registration is over; staff see its last "
            "three digits."
        ).format(days=number(KEPT_FOR[Kind.NATIONAL_ID].days, words.language))
    return Reply(text, _rows(words, part), is_page=True)


def _rows(words: Words, shown: Part | None = None) -> list[list[Button]]:
    _ = words.gettext
    names = {
        Part.QUESTIONS: _("❓ Questions"),
        Part.CASES: _("📂 Cases"),
        Part.MONEY: _("👛 Wallet"),
        Part.WORKSHOPS: _("🎨 Workshops"),
    }
    others = [Button(name, PagePressed(part)) for part, name in names.items() if part is not shown]
    if shown is not None:
        others.append(Button(_("🔒 Privacy"), PagePressed("privacy")))
    return [*in_pairs(others), way_back(words)]
