"""What is kept of a person, and for how long: what matters to all, and a page for each part."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.keeping import KEPT_FOR, Kind
from handlers.callback_data import PagePressed
from handlers.callback_data.rights import Right, RightPressed
from handlers.reply import Button, Reply
from handlers.views.common import in_pairs, office_names, way_back
from handlers.views.rights.spans import kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words


class Part(StrEnum):
    """What can be read of by itself; the name of its page."""

    QUESTIONS = "privacy-questions"
    CASES = "privacy-cases"
    MONEY = "privacy-money"
    WORKSHOPS = "privacy-workshops"


def privacy_page(
    words: Words, offices: Sequence[OfficeCatalogue], *, is_page: bool = False
) -> Reply:
    """Say what is so for everybody, and lead to what is kept of whom."""
    _ = words.gettext
    text = _(
        "<b>Privacy</b>\n\n"
        "• To ask a question you need to give nothing and agree to nothing.\n"
        "• The staff of {offices} read the words of your case, not your name or number. Nobody "
        "else reads them, and nothing is sent anywhere but to this messenger.\n"
        "• What you write is kept encrypted.\n"
        "• A message itself is deleted from the desk as soon as it has been answered; the fact "
        "that one was received stays for {update}. One that I failed to answer is kept for up to "
        "{failed}, so that the fault can be found.\n"
        "• Documents and pictures are never opened.\n"
        "• All that is kept of you is yours to see (/mydata), to correct (/correct) and to erase "
        "(/erase).\n\n"
        "What is kept, and for how long:"
    ).format(
        offices=office_names(offices, words),
        update=kept(words, Kind.UPDATE),
        failed=kept(words, Kind.FAILED_UPDATE),
    )
    return Reply(text, _rows(words), is_page=is_page)


def privacy_part(words: Words, part: Part, *, is_national_id_asked: bool = False) -> Reply:
    """Say all that is kept of one kind; of national IDs where an office here requires them."""
    _ = words.gettext
    text = _texts(words)[part].format(
        topic=kept(words, Kind.TOPIC),
        question=kept(words, Kind.QUESTION),
        case=kept(words, Kind.CASE),
        dialogue=kept(words, Kind.DIALOGUE),
        consent=kept(words, Kind.CONSENT),
        account=kept(words, Kind.PAYOUT_ACCOUNT),
        preparation=kept(words, Kind.PREPARATION),
        rating=kept(words, Kind.RATING),
    )
    if part is Part.WORKSHOPS and is_national_id_asked:
        text += "\n" + _(
            "• Where an office requires the national ID of a learner, it is asked for when you "
            "register, in this private chat, and I delete your message with it. It is kept "
            "encrypted until {days} days after the registration is over; staff see its last "
            "three digits."
        ).format(days=number(KEPT_FOR[Kind.NATIONAL_ID].days, words.language))
    return Reply(text, _rows(words, part), is_page=True)


def _texts(words: Words) -> dict[Part, str]:
    _ = words.gettext
    return {
        Part.QUESTIONS: _(
            "<b>Questions</b>\n\n"
            "• Of you I keep your user number in this messenger with the language and office you "
            "chose and the notices you ended, if you did, and for {topic} what we last spoke of; "
            "for a day which buttons I showed you last, so that you can write instead of "
            "pressing.\n"
            "• Questions are kept for {question} without your name or number, so that the office "
            "sees what is not answered yet. The wording of one that the office answers for "
            "everybody is kept with that answer."
        ),
        Part.CASES: _(
            "<b>Cases</b>\n\n"
            "• A case is kept with your user number, so that you can be answered. Your "
            "number, your words and your rating are deleted {case} after its end.\n"
            "• An anonymous case is kept without your number: only its code leads to it. For an "
            "hour I remember that you registered something, without saying what, so that nobody "
            "floods the desk.\n"
            "• What you have begun and not sent is forgotten after {dialogue}. That you agreed "
            "to what is kept is remembered for {consent}."
        ),
        Part.MONEY: _(
            "<b>Wallet</b>\n\n"
            "• What is held for you, and what was proposed for it, is kept line by line with your "
            "user number, as money has to be accounted for; once you erase yourself, with a "
            "number that leads to nobody.\n"
            "• The account that you name for a payout, and its owner, are kept encrypted until "
            "{account} after the payout; only the office's finance and the bank read them. Its "
            "last four digits stay, with a digest by which the same account is known again. I "
            "delete your message with the number."
        ),
        Part.WORKSHOPS: _(
            "<b>Workshops</b>\n\n"
            "• Of whom you register, the given name is kept, encrypted, with the birth date, "
            "until you take them out of your list; staff see its first letter and the age. A "
            "child is registered by somebody who cares for them, and is erased with them.\n"
            "• The registrations stay with your user number, as places and money have to be "
            "accounted for; once you erase yourself, with a number that leads to nobody.\n"
            "• What you say of getting ready for a session is deleted after {preparation}, your "
            "rating of a workshop after {rating}.\n"
            "• If you wish to be told of new workshops, your user number is kept with the age, "
            "the province and the subject that you chose, until you end it. I keep no record of "
            "whom I told."
        ),
    }


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
    rights = [
        [Button(_("📄 What is kept of me"), RightPressed(Right.SEE))],
        [Button(_("🗑 Erase what is kept of me"), RightPressed(Right.ERASE))],
    ]
    return [*in_pairs(others), *rights, way_back(words)]
