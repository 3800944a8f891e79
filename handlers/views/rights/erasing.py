"""What goes and what stays when a person is erased, what must end before, and a question."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.text import isolate
from bot.wallet.model.parting import Unfinished
from handlers.callback_data import HomePressed
from handlers.callback_data.my_workshops import MyWorkshopsPressed
from handlers.callback_data.rights import ErasurePressed, Right, RightPressed
from handlers.reply import Button, Reply
from handlers.views.common import money, said, way_back
from handlers.views.wallet.wallet import wallet_button

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Dialogue
    from bot.kit.words import Words
    from bot.wallet.model.parting import MoneyLeft

_TITLES_MAX = 5
FLOW = "erase"


@dataclass(frozen=True)
class Leaving:
    """How somebody stands who wants to be erased."""

    money: Sequence[MoneyLeft]
    titles: Sequence[str]  # of the workshops in which they have places
    is_in_line: bool
    is_staff: bool
    is_banned: bool

    @property
    def is_free(self) -> bool:
        """True where nothing has to come to its end first."""
        return not (self.titles or self.is_in_line or any(one.unfinished for one in self.money))


def erasing_page(
    words: Words,
    leaving: Leaving,
    offices: Mapping[str, OfficeCatalogue],
    *,
    is_page: bool,
) -> Reply:
    """Say what goes, what stays and why, and either go on or say what has to end first."""
    _ = words.gettext
    parts = [part for part in (_what_goes(words), _what_stays(words, leaving)) if part]
    if leaving.is_free:
        parts += _given_up(words, leaving)
        rows = [
            [Button(_("🗑 Erase everything…"), RightPressed(Right.ERASE_SURELY))],
            [Button(_("No, keep it"), HomePressed())],
        ]
        return Reply("\n\n".join(parts), rows, is_page=is_page)
    parts.append(_what_is_first(words, leaving, offices))
    rows = []
    if any(one.unfinished for one in leaving.money):
        rows.append([wallet_button(words)])
    if leaving.titles or leaving.is_in_line:
        rows.append([Button(_("🎫 My workshops"), MyWorkshopsPressed())])
    return Reply("\n\n".join(parts), [*rows, way_back(words)], is_page=is_page)


def _what_goes(words: Words) -> str:
    _ = words.gettext
    return _(
        "<b>Erasing what is kept of you</b>\n\n"
        "<b>Deleted for good:</b> your cases with all that was said in them (open ones end), the "
        "names and birth dates of those you register, national IDs, the accounts you named for "
        "payouts, your comments, your wishes to be told of workshops, your choices here."
    )


def _what_stays(words: Words, leaving: Leaving) -> str:
    _ = words.gettext
    text = _(
        "<b>What stays, without you:</b> that money moved and that places were taken, under a "
        "random number that leads to nobody, because offices must account for them; your scores "
        "and the bare numbers of cases. What staff wrote about their own work, and what was said "
        "in their group of the messenger, is not reached from here. Copies that were made of the "
        "records before today are deleted as they grow old. How often you did what is limited "
        "stays for two days at most, without your number."
    )
    if leaving.is_staff:
        text += "\n" + _("You are staff here: that, and what you did as staff, stays.")
    if leaving.is_banned:
        text += "\n" + _(
            "That an office keeps you from writing stays until its day, without your number."
        )
    return text


def _given_up(words: Words, leaving: Leaving) -> list[str]:
    _ = words.gettext
    lost = sum(one.cash_rial + one.credit_rial for one in leaving.money)
    if not lost:
        return []
    return [
        _(
            "<b>You give up {amount}</b> in your wallet: it is service credit, which is never "
            "paid out, or less than can be paid out. You can still spend it on a workshop before."
        ).format(amount=money(lost, words))
    ]


def _what_is_first(words: Words, leaving: Leaving, offices: Mapping[str, OfficeCatalogue]) -> str:
    """Say what has to come to its end: afterwards nobody could be paid, or told of anything."""
    _ = words.gettext
    lines = [_("<b>Not yet.</b> First this has to come to its end:")]
    for one in leaving.money:
        published = offices.get(one.office_id)
        name = one.office_id if published is None else said(published.office.short_name, words)
        lines += [f"• {name}: {_unfinished(words, kind, one)}" for kind in sorted(one.unfinished)]
    for title in leaving.titles[:_TITLES_MAX]:
        lines.append(
            "• "
            + _(
                "{title}: a place is yours; give it back, or wait until the workshop is over"
            ).format(title=isolate(escape(title, quote=False)))
        )
    more = len(leaving.titles) - _TITLES_MAX
    if more > 0:
        lines.append("• " + _("and {count} more").format(count=number(more, words.language)))
    if leaving.is_in_line:
        lines.append("• " + _("You wait in a line for a place; leave it"))
    lines.append("\n" + _("Then come back here with /erase."))
    return "\n".join(lines)


def _unfinished(words: Words, kind: Unfinished, left: MoneyLeft) -> str:
    _ = words.gettext
    return {
        Unfinished.CASH: _("{amount} of yours is in your wallet; ask for a payout").format(
            amount=money(left.cash_rial, words)
        ),
        Unfinished.DEBT: _("{amount} is owed to the office").format(
            amount=money(left.debt_rial, words)
        ),
        Unfinished.PAYOUT: _("a payout is under way; wait for it, or withdraw it"),
        Unfinished.TOP_UP: _("money you paid in is looked for; wait for it, or withdraw it"),
        Unfinished.CREDIT: _("service credit was proposed for you and is being decided"),
    }[kind]


def last_question(words: Words, dialogue: Dialogue) -> Reply:
    """Ask once more."""
    _ = words.gettext
    text = _(
        "<b>Erase everything now?</b>\n\n"
        "Nobody can undo it. Whoever has your tracking codes can no longer look "
        "anything up with them."
    )
    rows = [
        [Button(_("🗑 Yes, erase everything now"), ErasurePressed(dialogue.token))],
        [Button(_("No, keep it"), HomePressed())],
    ]
    return Reply(text, rows, is_page=True)


def erased(words: Words) -> Reply:
    """Say that it is done, and what only the person can do."""
    _ = words.gettext
    text = _(
        "<b>It is done.</b> Nothing of you is kept here any more; this message was the last.\n\n"
        "What stands in this chat is yours: clear its history in your messenger. You can always "
        "ask again, as somebody I have never met."
    )
    return Reply(text, is_page=True)


def case_erased(words: Words, code_shown: str) -> Reply:
    """Tell an admin chat that a case has ended because its author had everything erased."""
    _ = words.gettext
    text = _(
        "Case {code} has ended: whoever wrote it had all that was kept of them erased. Nobody "
        "needs to answer any more."
    )
    return Reply(text.format(code=code_shown))
