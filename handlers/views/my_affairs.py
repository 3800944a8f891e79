"""All that a person has under way at the desk, in one view, with one press to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.cases.model import CaseState
from bot.kit.digits import number
from bot.kit.jalali import jalali_moment, jalali_month_day, tehran_day
from bot.kit.text import isolate, ltr
from bot.kit.tracking import shown
from bot.workshops.model import RegistrationState
from handlers.callback_data import AffairsPressed
from handlers.callback_data.cases import MyCasesPressed
from handlers.callback_data.learners import LearnersPressed, LearnerVerb
from handlers.callback_data.my_workshops import MyRegistrationPressed
from handlers.callback_data.payouts import MyPayoutPressed, MyPayoutVerb
from handlers.reply import Button, Reply
from handlers.views.cases.case_words import CaseVerb, case_button, kind_name, shown_code
from handlers.views.common import in_pairs, led, money, said, shielded, tell_button, way_back
from handlers.views.wallet.payout_words import shown_code as shown_payout
from handlers.views.wallet.payout_words import state_name
from handlers.views.wallet.wallet import wallet_button
from handlers.views.workshops.registering_words import label_of, mine_button, title_said
from handlers.views.workshops.workshops import workshops_button

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.cases.model import QueueItem
    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.wallet.model import Balance, Payout
    from bot.workshops.model import Registration, Workshop

LISTED_MAX: Final = 4


@dataclass(frozen=True)
class Place:
    """A place of one's own, or a turn for one, and when it meets next."""

    registration: Registration
    workshop: Workshop
    learner: str = ""
    next_at: datetime | None = None
    offered_until: datetime | None = None


@dataclass(frozen=True)
class Purse:
    """What a person has at one office, and what of it is on its way out."""

    published: OfficeCatalogue
    balance: Balance
    payouts: Sequence[Payout] = ()

    @property
    def has_any(self) -> bool:
        """True where there is money, or was until it went on its way out."""
        return bool(self.balance.available_rial or self.balance.held_rial or self.payouts)


@dataclass(frozen=True)
class Affairs:
    """Everything of a person that is not over."""

    cases: Sequence[QueueItem] = ()
    places: Sequence[Place] = ()
    purses: Sequence[Purse] = ()
    learners_count: int = 0

    @property
    def is_nothing(self) -> bool:
        """True for somebody who has nothing under way."""
        has_money = any(one.has_any for one in self.purses)
        return not (self.cases or self.places or has_money or self.learners_count)


def affairs_button(words: Words) -> Button:
    """Lead to all that one has under way."""
    _ = words.gettext
    return Button(_("📂 My affairs"), AffairsPressed())


def page(words: Words, affairs: Affairs, now: datetime, *, is_page: bool) -> Reply:
    """Show all of it, what waits for the person first."""
    _ = words.gettext
    if affairs.is_nothing:
        text = _(
            "<b>My affairs</b>\n\nNothing of yours is under way here. You can write to the office "
            "or look at the workshops:"
        )
        own = [wallet_button(words)] if affairs.purses else []
        rows = [[tell_button(words)], [workshops_button(words)], [_cases_button(words), *own]]
        return Reply(text, [*rows, way_back(words)], is_page=is_page)
    parts = [_("<b>My affairs</b>")]
    parts += _part(_("<b>Cases</b>"), [_case_line(words, one, now) for one in affairs.cases])
    parts += _part(_("<b>Workshops</b>"), [_place_line(words, one) for one in affairs.places])
    parts += _part(_("<b>Money</b>"), [_purse_line(words, one) for one in affairs.purses])
    rows = [[_case_button(words, one)] for one in affairs.cases]
    rows += [[_place_button(words, one)] for one in affairs.places]
    rows += [[_payout_button(words, one)] for purse in affairs.purses for one in purse.payouts]
    general = [_cases_button(words), mine_button(words)]
    if affairs.purses:
        general.append(wallet_button(words))
    general.append(_learners_button(words, affairs.learners_count))
    rows += in_pairs(general)
    return Reply("\n\n".join(parts), [*rows, way_back(words)], is_page=is_page)


def _part(heading: str, lines: Sequence[str]) -> list[str]:
    return ["\n".join([heading, *lines])] if lines else []


def _case_line(words: Words, item: QueueItem, now: datetime) -> str:
    _ = words.gettext
    case = item.case
    line = f"• {kind_name(case.kind, words)} {shown_code(case)}"
    if case.state is CaseState.WAITING:
        return line + _(": the office waits for your answer")
    if item.due_at is None or case.state is not CaseState.OPEN:
        return line
    day = jalali_month_day(tehran_day(item.due_at), words.language)
    late = _(": was due on {day}") if item.due_at < now else _(": answer by {day}")
    return line + late.format(day=day)


def _case_button(words: Words, item: QueueItem) -> Button:
    _ = words.gettext
    case = item.case
    label = f"{kind_name(case.kind, words)} {ltr(shown(case.tracking_code))}"
    return case_button(label, case, CaseVerb.SHOW)


def _place_line(words: Words, place: Place) -> str:
    _ = words.gettext
    name = f"{isolate(shielded(place.learner, units_max=60))}: " if place.learner else ""
    line = f"• {name}{title_said(place.workshop, words)}"
    if place.offered_until is not None:
        until = jalali_moment(place.offered_until, words.language)
        return line + "\n" + _("A place is kept for you until {moment}.").format(moment=until)
    if place.registration.state is RegistrationState.DRAFT:
        return line + "\n" + _("In the waiting list.")
    if place.next_at is None:
        return line
    moment = jalali_moment(place.next_at, words.language)
    return line + "\n" + _("Next session: {moment}").format(moment=moment)


def _place_button(words: Words, place: Place) -> Button:
    title = label_of(place.workshop, words)
    label = f"{isolate(place.learner)} · {title}" if place.learner else title
    return Button(led(label, words), MyRegistrationPressed(str(place.registration.id), ""))


def _purse_line(words: Words, purse: Purse) -> str:
    _ = words.gettext
    balance = purse.balance
    line = _("• Wallet at {office}: {amount}").format(
        office=said(purse.published.office.short_name, words),
        amount=money(balance.available_rial, words),
    )
    if balance.held_rial:
        line += "\n" + _("Set aside: {amount}").format(amount=money(balance.held_rial, words))
    for one in purse.payouts:
        line += "\n" + _("• Payout {code}, {amount}: {state}").format(
            code=shown_payout(one),
            amount=money(one.amount_rial, words),
            state=state_name(one.state, words),
        )
    return line


def _payout_button(words: Words, payout: Payout) -> Button:
    _ = words.gettext
    label = _("Payout {code}").format(code=ltr(shown(payout.code)))
    return Button(label, MyPayoutPressed.on(payout, MyPayoutVerb.SHOW))


def _cases_button(words: Words) -> Button:
    _ = words.gettext
    return Button(_("📂 My cases"), MyCasesPressed("0"))


def _learners_button(words: Words, count: int) -> Button:
    _ = words.gettext
    label = _("👨‍👩‍👧 My learners")
    if count:
        label = f"{label} ({number(count, words.language)})"
    return Button(label, LearnersPressed(LearnerVerb.LIST.value))
