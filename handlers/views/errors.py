"""How each refusal is said: kindly, without blame, and with a way forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.errors import NotFound
from handlers.callback_data import StaleButton
from handlers.reply import Reply
from handlers.views.common import way_back
from handlers.views.refusals import bank_files as refusals_of_bank_files
from handlers.views.refusals import cases as refusals_of_cases
from handlers.views.refusals import catalogue as refusals_of_catalogue
from handlers.views.refusals import identifying as refusals_of_identifying
from handlers.views.refusals import learners as refusals_of_learners
from handlers.views.refusals import learning as refusals_of_learning
from handlers.views.refusals import payouts as refusals_of_payouts
from handlers.views.refusals import refusal
from handlers.views.refusals import staff as refusals_of_staff
from handlers.views.refusals import top_ups as refusals_of_top_ups
from handlers.views.refusals import wallet as refusals_of_wallet
from handlers.views.refusals import workshop_desk as refusals_of_workshop_desk
from handlers.views.refusals import workshops as refusals_of_workshops

if TYPE_CHECKING:
    from bot.kit.errors import DeskError
    from bot.kit.words import Words

__all__ = [
    "given_up",
    "given_up_at_desk",
    "refusal",
    "refusals_of_bank_files",
    "refusals_of_cases",
    "refusals_of_catalogue",
    "refusals_of_identifying",
    "refusals_of_learners",
    "refusals_of_learning",
    "refusals_of_payouts",
    "refusals_of_staff",
    "refusals_of_top_ups",
    "refusals_of_wallet",
    "refusals_of_workshop_desk",
    "refusals_of_workshops",
    "refused",
    "refused_at_desk",
]


def refused(words: Words, error: DeskError) -> Reply:
    """Say a refusal in a private chat, and lead back to the first page."""
    return Reply(refusal(error, words), [way_back(words)])


def refused_at_desk(words: Words, error: DeskError) -> Reply:
    """Say a refusal in an admin chat, which has no first page."""
    _ = words.gettext
    if type(error) in (StaleButton, NotFound):  # the others name what is gone
        return Reply(
            _("This button is out of date. Please write its command anew, such as /cases.")
        )
    return Reply(refusal(error, words))


def given_up(words: Words) -> Reply:
    """Say that the desk itself failed, and what can be done."""
    _ = words.gettext
    text = _(
        "I am sorry, something went wrong on my side with your last message, and I could not "
        "answer it. Please write it once more, or start from the first page."
    )
    return Reply(text, [way_back(words)])


def not_paid(words: Words) -> str:
    """Say to whoever was about to pay that the desk itself failed, and that nothing was taken."""
    _ = words.gettext
    return _(
        "I am sorry, I could not check this payment, so nothing was paid. Please open your wallet "
        "again in a moment and try once more."
    )


def payment_given_up(words: Words) -> Reply:
    """Say to whoever has paid that the desk itself failed, and that they must not pay again."""
    _ = words.gettext
    text = _(
        "I am sorry: your payment reached me, but something went wrong on my side and it is not "
        "in your wallet yet. The receipt is kept, and whoever runs the desk enters it. Please do "
        "not pay again; you can ask the office at any time."
    )
    return Reply(text, [way_back(words)])


def given_up_at_desk(words: Words) -> Reply:
    """Say to staff that the desk itself failed, and that their words are still theirs to send."""
    _ = words.gettext
    return Reply(
        _(
            "⚠️ I am sorry, something went wrong on my side: this was not carried out, and nothing "
            "reached the citizen. Please try it once more; if it fails again, tell whoever runs "
            "the desk."
        )
    )
